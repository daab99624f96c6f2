internal import KubernetesModel

/// What to do about the usual mistakes in YAML.
enum SyntaxHint {
  /// Advice on an error, or nil.
  static func hint(for error: ReadError, in text: UnsafeBufferPointer<UInt8>) -> String? {
    switch error.code {
    case .syntax: break
    case .encoding where error.message.hasPrefix("control characters"):
      return "remove it, or write it as an escape in double quotes"
    case .encoding, .tooDeep, .tooLarge, .badAlias: return nil
    }
    let message = error.message
    if holdsTemplate(atLine: error.line, in: text) {
      return "this is a template, not YAML yet: render it first, for instance with helm template"
    }
    if message.hasPrefix("found character that cannot start any token") {
      return byte(atLine: error.line, column: error.column, in: text) == 0x09
        ? "indent with spaces: YAML does not allow tabs" : "quote the text"
    }
    if message.hasPrefix("mapping values are not allowed") {
      return "quote the text if it holds ': ', or check the indentation"
    }
    if message.hasPrefix("did not find expected key")
      || message.hasPrefix("did not find expected '-' indicator")
    {
      return "check the indentation of this line against the ones above"
    }
    if message.hasPrefix("could not find expected ':'") { return "a key needs ': ' behind it" }
    if message.hasPrefix("found unknown escape") { return "use single quotes for text with backslashes" }
    if message.hasPrefix("found a tab character") { return "indent with spaces: YAML does not allow tabs" }
    return nil
  }

  /// Whether a line holds what template engines replace: `{{ … }}`.
  private static func holdsTemplate(atLine line: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line > 0 else { return false }
    var current = 1
    for index in text.indices.dropLast() {
      if text[index] == 0x0A {
        current += 1
        if current > line { return false }
      } else if current == line, text[index] == 0x7B, text[index + 1] == 0x7B {
        return true
      }
    }
    return false
  }

  private static func byte(
    atLine line: Int, column: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> UInt8? {
    var current = 1
    var offset = 0
    while current < line, offset < text.count {
      if text[offset] == 0x0A { current += 1 }
      offset += 1
    }
    let wanted = offset + column - 1
    return wanted < text.count ? text[wanted] : nil
  }
}
