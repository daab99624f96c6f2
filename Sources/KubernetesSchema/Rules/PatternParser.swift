internal import KubernetesModel

/// Reads the expression of a ``Pattern`` and builds its automaton on the way.
struct PatternParser {
  /// What is known of a part of the expression.
  struct Part {
    /// Positions that can come first and last in it.
    var first: UInt64 = 0
    var last: UInt64 = 0
    /// Whether it matches nothing.
    var takesEmpty = true
  }

  private let source: [UInt8]
  private var position = 0
  private var depth = 0
  private(set) var takers = [UInt64](repeating: 0, count: 0x81)
  private(set) var followers: [UInt64] = []
  private(set) var isAnchoredAtStart = false
  private(set) var isAnchoredAtEnd = false

  init(_ source: String) {
    self.source = Array(source.utf8)
  }

  private var next: UInt8? { position < source.count ? source[position] : nil }

  mutating func parse() throws(PatternError) -> Part {
    if next == UInt8(ascii: "^") {
      isAnchoredAtStart = true
      position += 1
    }
    let start = position
    let whole = try parseAlternatives()
    guard position == source.count else { throw .malformed("unbalanced ')'") }
    if isAnchoredAtStart || isAnchoredAtEnd, hasBareAlternation(from: start) {
      throw .unsupported("an anchor in one of several alternatives")
    }
    return whole
  }

  /// Whether there is a `|` outside of every group, where an anchor would belong to one side only.
  private func hasBareAlternation(from start: Int) -> Bool {
    var depth = 0
    var isInClass = false
    var index = start
    while index < source.count {
      switch source[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "(") where !isInClass: depth += 1
      case UInt8(ascii: ")") where !isInClass: depth -= 1
      case UInt8(ascii: "|") where !isInClass && depth == 0: return true
      default: break
      }
      index += 1
    }
    return false
  }

  private mutating func parseAlternatives() throws(PatternError) -> Part {
    var whole = try parseSequence()
    while next == UInt8(ascii: "|") {
      position += 1
      let other = try parseSequence()
      whole.first |= other.first
      whole.last |= other.last
      whole.takesEmpty = whole.takesEmpty || other.takesEmpty
    }
    return whole
  }

  private mutating func parseSequence() throws(PatternError) -> Part {
    var whole = Part()
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if byte == UInt8(ascii: "$") {
        guard depth == 0, position == source.count - 1 else { throw .unsupported("'$' before the end") }
        isAnchoredAtEnd = true
        position += 1
        break
      }
      let part = try parseRepeated()
      connect(whole.last, to: part.first)
      whole.first |= whole.takesEmpty ? part.first : 0
      whole.last = part.takesEmpty ? whole.last | part.last : part.last
      whole.takesEmpty = whole.takesEmpty && part.takesEmpty
    }
    return whole
  }

  private mutating func parseRepeated() throws(PatternError) -> Part {
    var part = try parseAtom()
    guard let mark = next else { return part }
    switch mark {
    case UInt8(ascii: "*"), UInt8(ascii: "+"):
      connect(part.last, to: part.first)
      if mark == UInt8(ascii: "*") { part.takesEmpty = true }
    case UInt8(ascii: "?"): part.takesEmpty = true
    case UInt8(ascii: "{"): throw .unsupported("counted repetition")
    default: return part
    }
    position += 1
    if let more = next, more == UInt8(ascii: "*") || more == UInt8(ascii: "+") || more == UInt8(ascii: "?") {
      throw .unsupported("a repetition of a repetition")
    }
    return part
  }

  private mutating func parseAtom() throws(PatternError) -> Part {
    guard let byte = next else { throw .malformed("it ends too early") }
    position += 1
    switch byte {
    case UInt8(ascii: "("):
      if next == UInt8(ascii: "?") { throw .unsupported("a group with a flag") }
      depth += 1
      let inner = try parseAlternatives()
      guard next == UInt8(ascii: ")") else { throw .malformed("unbalanced '('") }
      depth -= 1
      position += 1
      return inner
    case UInt8(ascii: "["): return try add(parseClass())
    case UInt8(ascii: "."):
      var all = CharacterSet()
      all.insert(0...0x80)
      all.remove(UInt8(ascii: "\n"))
      return try add(all)
    case UInt8(ascii: "\\"): return try add(parseEscape())
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw .malformed("nothing to repeat before '\(Character(UnicodeScalar(byte)))'")
    case UInt8(ascii: "^"): throw .unsupported("'^' after the beginning")
    case 0x80...: throw .unsupported("characters beyond ASCII")
    default:
      var single = CharacterSet()
      single.insert(byte...byte)
      return try add(single)
    }
  }

  // MARK: Classes

  /// A set of ASCII characters, and one bit for all others.
  private struct CharacterSet {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var others = false

    mutating func insert(_ range: ClosedRange<UInt8>) {
      for byte in range {
        switch byte {
        case 0..<64: low |= 1 << UInt64(byte)
        case 64..<128: high |= 1 << UInt64(byte - 64)
        default: others = true
        }
      }
    }

    mutating func remove(_ byte: UInt8) {
      if byte < 64 { low &= ~(1 << UInt64(byte)) } else { high &= ~(1 << UInt64(byte - 64)) }
    }

    mutating func formUnion(_ other: CharacterSet) {
      low |= other.low
      high |= other.high
      others = others || other.others
    }

    mutating func invert() {
      low = ~low
      high = ~high
      others.toggle()
    }

    func contains(_ byte: Int) -> Bool {
      byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 ? high >> UInt64(byte - 64) & 1 == 1 : others
    }
  }

  private mutating func parseClass() throws(PatternError) -> CharacterSet {
    var set = CharacterSet()
    var isInverted = false
    if next == UInt8(ascii: "^") {
      isInverted = true
      position += 1
    }
    var isFirst = true
    while let byte = next, isFirst || byte != UInt8(ascii: "]") {
      isFirst = false
      position += 1
      if byte >= 0x80 { throw .unsupported("characters beyond ASCII") }
      if byte == UInt8(ascii: "["), next == UInt8(ascii: ":") { throw .unsupported("a named class") }
      if byte == UInt8(ascii: "\\") {
        set.formUnion(try parseEscape())
        continue
      }
      guard next == UInt8(ascii: "-"), position + 1 < source.count, source[position + 1] != UInt8(ascii: "]")
      else {
        set.insert(byte...byte)
        continue
      }
      let end = source[position + 1]
      guard end != UInt8(ascii: "\\"), end < 0x80 else {
        throw .unsupported("an escape as the end of a range")
      }
      guard byte <= end else { throw .malformed("a range that runs backwards") }
      set.insert(byte...end)
      position += 2
    }
    guard next == UInt8(ascii: "]") else { throw .malformed("unbalanced '['") }
    position += 1
    if isInverted { set.invert() }
    return set
  }

  private mutating func parseEscape() throws(PatternError) -> CharacterSet {
    guard let byte = next else { throw .malformed("it ends after a backslash") }
    position += 1
    var set = CharacterSet()
    switch byte {
    case UInt8(ascii: "d"), UInt8(ascii: "D"):
      set.insert(UInt8(ascii: "0")...UInt8(ascii: "9"))
    case UInt8(ascii: "w"), UInt8(ascii: "W"):
      set.insert(UInt8(ascii: "0")...UInt8(ascii: "9"))
      set.insert(UInt8(ascii: "A")...UInt8(ascii: "Z"))
      set.insert(UInt8(ascii: "a")...UInt8(ascii: "z"))
      set.insert(UInt8(ascii: "_")...UInt8(ascii: "_"))
    case UInt8(ascii: "s"), UInt8(ascii: "S"):
      for space: UInt8 in [0x09, 0x0A, 0x0C, 0x0D, 0x20] { set.insert(space...space) }
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
      set.insert(byte...byte)
    default: throw .unsupported("the escape '\\\(Character(UnicodeScalar(byte)))'")
    }
    // The upper-case classes are the complements.
    if byte == UInt8(ascii: "D") || byte == UInt8(ascii: "W") || byte == UInt8(ascii: "S") { set.invert() }
    return set
  }

  // MARK: The automaton

  private mutating func add(_ set: CharacterSet) throws(PatternError) -> Part {
    guard followers.count < 64 else { throw .tooLarge }
    let bit = UInt64(1) << UInt64(followers.count)
    followers.append(0)
    for byte in 0...0x80 where set.contains(byte) { takers[byte] |= bit }
    return Part(first: bit, last: bit, takesEmpty: false)
  }

  private mutating func connect(_ from: UInt64, to: UInt64) {
    var rest = from
    while rest != 0 {
      followers[rest.trailingZeroBitCount] |= to
      rest &= rest &- 1
    }
  }
}
