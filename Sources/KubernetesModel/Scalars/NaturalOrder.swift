/// The order in which people expect names: runs of digits by their value, the rest by bytes.
package enum NaturalOrder {
  /// Whether one name comes before another: `demo-2` before `demo-10`.
  package static func precedes(_ a: String, _ b: String) -> Bool {
    var (first, second) = (a.utf8[...], b.utf8[...])
    while let x = first.first, let y = second.first {
      if isDigit(x), isDigit(y) {
        let (one, other) = (digits(&first), digits(&second))
        if one.count != other.count { return one.count < other.count }
        for (p, q) in zip(one, other) where p != q { return p < q }
        continue
      }
      if x != y { return x < y }
      first.removeFirst()
      second.removeFirst()
    }
    if first.isEmpty != second.isEmpty { return first.isEmpty }
    // Names that differ in leading zeros only.
    return a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// Takes a run of digits and returns it without leading zeros.
  private static func digits(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let run = text.prefix(while: isDigit)
    text = text[run.endIndex...]
    return run.drop { $0 == 0x30 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
