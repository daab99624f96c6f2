/// The forms that Kubernetes prescribes for names, keys and values, with its own words for what is wrong.
///
/// Each function answers all objections; none means that the text is well formed. Lengths are in bytes. The words are
/// those of Kubernetes 1.34 and later.
public enum NameSyntax {
  /// A DNS label (RFC 1123): at most 63 bytes of `a-z0-9-`, alphanumeric at both ends.
  public static func dnsLabelObjections(_ text: String) -> [String] {
    var objections = lengthObjections(text, limit: 63)
    if !isDNSLabel(text) {
      objections.append(
        isDNSSubdomain(text)
          ? "must not contain dots"
          : mismatch(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
              + "start and end with an alphanumeric character",
            pattern: "[a-z0-9]([-a-z0-9]*[a-z0-9])?", examples: ["my-name", "123-abc"]))
    }
    return objections
  }

  /// A DNS subdomain (RFC 1123): at most 253 bytes, DNS labels of any length joined by dots.
  public static func dnsSubdomainObjections(_ text: String) -> [String] {
    subdomainObjections(text, unit: "characters")
  }

  /// The API server speaks of characters in names and of bytes in labels; both mean bytes.
  private static func subdomainObjections(_ text: String, unit: String) -> [String] {
    var objections = lengthObjections(text, limit: 253, unit: unit)
    if !isDNSSubdomain(text) {
      objections.append(
        mismatch(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
            + "must start and end with an alphanumeric character",
          pattern: "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
          examples: ["example.com"]))
    }
    return objections
  }

  /// A key of labels and annotations: an optional DNS subdomain and `/`, then at most 63 bytes of
  /// `A-Za-z0-9-_.`, alphanumeric at both ends.
  public static func qualifiedNameObjections(_ text: String) -> [String] {
    if isPlainQualifiedName(text) { return [] }
    let pattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
    let words =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
      + "character"
    let examples = ["MyName", "my.name", "123-abc"]
    var objections: [String] = []
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    guard parts.count <= 2 else {
      return [
        "a valid label key " + mismatch(words, pattern: pattern, examples: examples)
          + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
      ]
    }
    if parts.count == 2 {
      if parts[0].isEmpty {
        objections.append("prefix part must be non-empty")
      } else {
        objections += subdomainObjections(parts[0], unit: "bytes").map { "prefix part " + $0 }
      }
    }
    let name = parts[parts.count - 1]
    if name.isEmpty {
      objections.append("name part must be non-empty")
    } else {
      objections += lengthObjections(name, limit: 63, unit: "bytes").map { "name part " + $0 }
    }
    if name.isEmpty || !isNamePart(name) {
      objections.append("name part " + mismatch(words, pattern: pattern, examples: examples))
    }
    return objections
  }

  /// A label value: empty, or at most 63 bytes of `A-Za-z0-9-_.`, alphanumeric at both ends.
  public static func labelValueObjections(_ text: String) -> [String] {
    var objections = lengthObjections(text, limit: 63, unit: "bytes")
    if !text.isEmpty, !isNamePart(text) {
      objections.append(
        mismatch(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
            + "must start and end with an alphanumeric character",
          pattern: "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", examples: ["MyValue", "my_value", "12345"]))
    }
    return objections
  }

  /// A name of an environment variable: `A-Za-z0-9-_.`, not beginning with a digit, neither `.` nor
  /// `..` nor anything that begins with `..`.
  public static func environmentNameObjections(_ text: String) -> [String] {
    var objections: [String] = []
    let bytes = Array(text.utf8)
    let wellFormed =
      bytes.first.map { !isDigit($0) } == true && bytes.allSatisfy { isAlphanumeric($0) || isNameMark($0) }
    if !wellFormed {
      objections.append(
        mismatch(
          "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
            + "and must not start with a digit",
          pattern: "[-._a-zA-Z][-._a-zA-Z0-9]*", examples: ["my.env-name", "MY_ENV.NAME", "MyEnvName1"]))
    }
    switch text {
    case ".": objections.append("must not be '.'")
    case "..": objections.append("must not be '..'")
    default:
      if bytes.starts(with: [UInt8(ascii: "."), UInt8(ascii: ".")]) {
        objections.append("must not start with '..'")
      }
    }
    return objections
  }

  // MARK: The forms themselves

  /// Whether the text has the form of a DNS label; the length does not count.
  public static func isDNSLabel(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isDNSLabel($0[...]) }
  }

  /// Whether the text has the form of a DNS subdomain; the length does not count.
  public static func isDNSSubdomain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isDNSSubdomain($0[...]) }
  }

  private static func isDNSSubdomain(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var rest = bytes
    while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      guard isDNSLabel(rest[..<dot]) else { return false }
      rest = rest[(dot + 1)...]
    }
    return isDNSLabel(rest)
  }

  private static func isDNSLabel(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    return isLowercaseAlphanumeric(first) && isLowercaseAlphanumeric(last)
      && bytes.allSatisfy { isLowercaseAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isNamePart(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isNamePart($0[...]) }
  }

  private static func isNamePart(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || isNameMark($0) }
  }

  /// Whether a text is so plainly a qualified name that nothing can be wrong with it: most are, and they are many.
  private static func isPlainQualifiedName(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
        return bytes.count <= 63 && isNamePart(bytes[...])
      }
      let name = bytes[(slash + 1)...]
      guard name.count <= 63, isNamePart(name), slash <= 63 else { return false }
      return isDNSSubdomain(bytes[..<slash])
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isLowercaseAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte >= 0x61 && byte <= 0x7A)
  }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowercaseAlphanumeric(byte) || (byte >= 0x41 && byte <= 0x5A)
  }
  private static func isNameMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }

  // MARK: Words

  private static func lengthObjections(
    _ text: String, limit: Int, unit: String = "characters"
  ) -> [String] {
    text.utf8.count > limit ? ["must be no more than \(limit) \(unit)"] : []
  }

  private static func mismatch(_ words: String, pattern: String, examples: [String]) -> String {
    let list = examples.map { "'\($0)', " }.joined(separator: " or ")
    return "\(words) (e.g. \(list)regex used for validation is '\(pattern)')"
  }
}
