internal import GroveModel
internal import KubernetesModel

/// The words of a command line: what stands alone, and the flags.
struct CommandWords {
  /// The words that are no flags, in order.
  private(set) var words: [String] = []
  private var flags: [(name: String, value: String)] = []

  /// Flags that may stand without a value.
  private static let switches: Set<String> = ["all", "force", "now", "overwrite", "ignore-daemonsets"]
  private static let longNames = [
    "f": "filename", "l": "selector", "n": "namespace", "p": "patch", "c": "containers",
  ]

  /// Splits a line as a shell does: at blanks, except in quotes.
  ///
  /// - Throws: ``ClusterCommandError`` for a quote that is not closed and a flag without its value.
  init(_ line: String) throws(ClusterCommandError) {
    let parts = try Self.split(line)
    var position = 0
    while position < parts.count {
      let part = parts[position]
      position += 1
      guard part.utf8.count > 1, part.hasPrefix("-"), part != "--" else {
        words.append(part)
        continue
      }
      let body = part.drop { $0 == "-" }
      let isLong = part.hasPrefix("--")
      let separator = body.firstIndex(of: "=")
      let given = String(separator.map { body[..<$0] } ?? body)
      let name = isLong ? given : Self.longNames[given] ?? given
      if let separator {
        flags.append((name, String(body[body.index(after: separator)...])))
      } else if Self.switches.contains(name) {
        flags.append((name, "true"))
      } else if position < parts.count {
        flags.append((name, parts[position]))
        position += 1
      } else {
        throw ClusterCommandError("\(part) needs a value")
      }
    }
  }

  private static func split(_ line: String) throws(ClusterCommandError) -> [String] {
    var parts: [String] = []
    var current = ""
    var isInWord = false
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        current.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
        isInWord = true
      } else if let open = quote {
        if character == open { quote = nil } else { current.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        isInWord = true
      } else if character.isWhitespace {
        if isInWord { parts.append(current) }
        (current, isInWord) = ("", false)
      } else {
        current.append(character)
        isInWord = true
      }
    }
    if let quote { throw ClusterCommandError("the quote \(quote) is not closed") }
    if isEscaped { throw ClusterCommandError("a \\ stands at the end") }
    if isInWord { parts.append(current) }
    return parts
  }

  /// Takes the first word.
  mutating func next(_ what: String) throws(ClusterCommandError) -> String {
    if words.isEmpty { throw ClusterCommandError("\(what) is missing") }
    return words.removeFirst()
  }

  /// Takes all words that are left.
  mutating func rest() -> [String] {
    defer { words = [] }
    return words
  }

  /// Takes a flag; the last one counts.
  mutating func flag(_ name: String) -> String? {
    let value = flags.last { $0.name == name }?.value
    flags.removeAll { $0.name == name }
    return value
  }

  /// Takes a flag that may be given several times.
  mutating func flags(_ name: String) -> [String] {
    let values = flags.filter { $0.name == name }.map(\.value)
    flags.removeAll { $0.name == name }
    return values
  }

  /// Takes a flag with a whole number.
  mutating func number<Number: FixedWidthInteger>(
    _ name: String, _ type: Number.Type = Number.self
  ) throws(ClusterCommandError) -> Number? {
    guard let text = flag(name) else { return nil }
    guard let number = Number(text) else {
      throw ClusterCommandError("--\(name)=\(text) is not a whole number")
    }
    return number
  }

  /// Fails when something was given that nobody took.
  func finish() throws(ClusterCommandError) {
    if let flag = flags.first {
      throw ClusterCommandError("there is no flag \(Self.spelled(flag.name)) here")
    }
    if let word = words.first { throw ClusterCommandError("'\(word)' is one word too many") }
  }

  private static func spelled(_ name: String) -> String {
    guard let short = longNames.first(where: { $0.value == name })?.key else { return "--\(name)" }
    return "-\(short)"
  }
}
