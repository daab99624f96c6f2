internal import GroveSimulate

/// A page that is being written: text is escaped, markup is not.
struct HTMLText {
  private(set) var html = ""

  /// Adds markup as it is.
  mutating func markup(_ text: String) { html += text }

  /// Adds markup and ends the line.
  mutating func line(_ text: String) {
    html += text
    html += "\n"
  }

  /// Adds an element with text in it.
  mutating func element(_ tag: String, _ text: String, _ attributes: String = "") {
    html += "<\(tag)\(attributes.isEmpty ? "" : " " + attributes)>\(Self.escaped(text))</\(tag)>"
  }

  /// A text without characters that mean something in markup.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// A length with at most one digit after the point.
  static func length(_ number: Double) -> String {
    let tenths = (number * 10).rounded()
    let whole = Int(tenths / 10)
    let rest = Int(tenths.magnitude.truncatingRemainder(dividingBy: 10))
    let sign = tenths < 0 && whole == 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}
