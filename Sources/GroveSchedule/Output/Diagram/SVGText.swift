/// The pieces of an SVG document: numbers, escaped texts, outlines.
enum SVGText {
  /// A number with at most one decimal place.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let size = tenths.magnitude
    return size % 10 == 0 ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
  }

  /// A text without characters that mean something to XML, or that it forbids.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text of at most so many letters; the middle of a longer one is left out.
  static func shortened(_ text: String, to count: Int) -> String {
    guard text.count > count else { return text }
    guard count > 1 else { return "" }
    let head = count / 2
    return text.prefix(head) + "…" + text.suffix(count - head - 1)
  }
}

/// Many rectangles in one path, so that a picture of a large cluster has few elements.
struct RectanglePath {
  private(set) var commands = ""

  var isEmpty: Bool { commands.isEmpty }

  mutating func add(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    let (across, down) = (SVGText.number(width), SVGText.number(height))
    commands += "M\(SVGText.number(x)) \(SVGText.number(y))h\(across)v\(down)h-\(across)z"
  }

  mutating func addCircle(_ x: Double, _ y: Double, _ radius: Double) {
    let r = SVGText.number(radius)
    let across = SVGText.number(2 * radius)
    commands += "M\(SVGText.number(x - radius)) \(SVGText.number(y))a\(r) \(r) 0 1 0 \(across) 0"
    commands += "a\(r) \(r) 0 1 0 -\(across) 0z"
  }

  mutating func addCross(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    let (across, down) = (SVGText.number(width), SVGText.number(height))
    commands += "M\(SVGText.number(x)) \(SVGText.number(y))l\(across) \(down)"
    commands += "m0 -\(down)l-\(across) \(down)"
  }

  /// The path as an element.
  func element(_ style: String) -> String { isEmpty ? "" : "<path class=\"\(style)\" d=\"\(commands)\"/>\n" }
}
