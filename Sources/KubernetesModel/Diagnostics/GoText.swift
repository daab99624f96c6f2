/// Numbers exactly as Go prints them.
package enum GoText {
  /// A number as `encoding/json` writes a `float64`: plain digits unless very large or very small.
  package static func json(_ number: Double) -> String {
    if number == 0 { return number.sign == .minus ? "-0" : "0" }
    let magnitude = number.magnitude
    if magnitude < 1e21, magnitude >= 1e-6 { return plain(number) }
    // Swift and Go agree on the shortest digits, and differ in how the exponent looks.
    let text = "\(number)"
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<mark])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
  }

  /// A number without an exponent, with the shortest digits that read back the same.
  private static func plain(_ number: Double) -> String {
    let text = "\(number)"
    let (mantissa, exponent): (Substring, Int)
    if let mark = text.firstIndex(of: "e") {
      (mantissa, exponent) = (text[..<mark], Int(text[text.index(after: mark)...]) ?? 0)
    } else {
      (mantissa, exponent) = (text[...], 0)
    }
    let isNegative = mantissa.first == "-"
    let parts = mantissa.drop { $0 == "-" }.split(separator: ".")
    var whole = String(parts[0])
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    if fraction == "0" { fraction = "" }
    for _ in 0..<max(exponent, 0) {
      whole.append(fraction.isEmpty ? "0" : fraction.removeFirst())
    }
    for _ in 0..<max(-exponent, 0) {
      fraction.insert(whole.count > 1 ? whole.removeLast() : whole[whole.startIndex], at: fraction.startIndex)
      if whole.count == 1, whole != "0" { whole = "0" }
    }
    while whole.count > 1, whole.first == "0" { whole.removeFirst() }
    return (isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
