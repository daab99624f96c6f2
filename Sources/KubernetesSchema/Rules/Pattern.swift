internal import KubernetesModel

/// A regular expression of a schema, matched in time linear in the text.
///
/// It is compiled to a position automaton: one bit for each character class of the expression, so a step of
/// the match is a table look-up and a few words of bit operations. There is no backtracking to attack.
///
/// It takes what the patterns of Kubernetes' schemas use: characters, escapes, classes, groups, alternation,
/// `*`, `+`, `?`, `^` at the beginning and `$` at the end. Anything else is refused by ``init(_:)`` rather
/// than guessed.
///
///     let domain = try Pattern("^[a-z][a-z0-9-]*$")
///     domain.matches("rack")    // true
///     domain.matches("Rack_1")  // false
public struct Pattern: Sendable {
  /// The expression as it was written.
  public let source: String

  /// For each ASCII character, the positions that take it; the last entry is for all other characters.
  private let takers: [UInt64]
  /// For each position, the positions that may come next.
  private let followers: [UInt64]
  private let first: UInt64
  private let last: UInt64
  private let takesEmpty: Bool
  private let isAnchoredAtStart: Bool
  private let isAnchoredAtEnd: Bool

  /// Compiles an expression.
  ///
  /// - Throws: ``PatternError`` when it is malformed, uses something outside the supported syntax, or has
  ///   more than 64 character positions.
  public init(_ source: String) throws(PatternError) {
    var parser = PatternParser(source)
    let tree = try parser.parse()
    self.source = source
    takers = parser.takers
    followers = parser.followers
    first = tree.first
    last = tree.last
    takesEmpty = tree.takesEmpty
    isAnchoredAtStart = parser.isAnchoredAtStart
    isAnchoredAtEnd = parser.isAnchoredAtEnd
  }

  /// Whether a text matches; a part of it is enough where the expression is not anchored.
  ///
  /// - Complexity: O(characters).
  public func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  /// Whether a UTF-8 text matches.
  ///
  /// - Complexity: O(bytes).
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if takesEmpty, !isAnchoredAtStart || !isAnchoredAtEnd || text.isEmpty { return true }
    // The positions that may take the next character, and those that took the last one.
    var expected = first
    var reached: UInt64 = 0
    for byte in text {
      // Later bytes of a character beyond ASCII belong to its first.
      if byte & 0xC0 == 0x80 { continue }
      reached = expected & takers[byte < 0x80 ? Int(byte) : 0x80]
      if !isAnchoredAtEnd, reached & last != 0 { return true }
      expected = isAnchoredAtStart ? 0 : first
      var rest = reached
      while rest != 0 {
        expected |= followers[rest.trailingZeroBitCount]
        rest &= rest &- 1
      }
      if expected == 0, reached & last == 0 { return false }
    }
    return reached & last != 0
  }
}

/// Why an expression is not a ``Pattern``.
public enum PatternError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The expression ends too early or has something out of place.
  case malformed(String)
  /// The expression uses syntax that a ``Pattern`` does not have.
  case unsupported(String)
  /// The expression has more than 64 character positions.
  case tooLarge

  /// The reason in words.
  public var description: String {
    switch self {
    case .malformed(let reason): "malformed pattern: \(reason)"
    case .unsupported(let syntax): "pattern uses \(syntax), which is not supported"
    case .tooLarge: "pattern has more than 64 character positions"
    }
  }
}
