/// The offending value of a field error, printed as Kubernetes prints it.
public enum FieldValue: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  /// A string: in double quotes, escaped as Go's `%q` does.
  case string(String)
  /// A number: plain.
  case integer(Int64)
  /// A boolean: plain.
  case boolean(Bool)
  /// Anything else: its JSON text.
  case json(String)

  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A number.
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// A list of strings.
  public static func strings(_ texts: [String]) -> FieldValue {
    .json("[" + texts.map { jsonString($0, escapesHTML: true) }.joined(separator: ",") + "]")
  }

  /// A string of a named type, such as a protocol or a pull policy: Go prints those as JSON.
  public static func named(_ text: String) -> FieldValue { .json(jsonString(text, escapesHTML: true)) }

  /// A number that may be absent.
  public static func integer(_ number: Int32?) -> FieldValue {
    guard let number else { return .json("null") }
    return .integer(Int64(number))
  }

  /// The text in the message.
  public var text: String {
    switch self {
    case .string(let text): goQuoted(text)
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .json(let text): text
    }
  }
}

/// A text in double quotes as Go's `%q` verb writes it: printable characters stay, the rest is escaped.
public func goQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\u{7}": quoted += "\\a"
    case "\u{8}": quoted += "\\b"
    case "\u{C}": quoted += "\\f"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case "\u{B}": quoted += "\\v"
    default:
      if isPrintable(scalar) {
        quoted.unicodeScalars.append(scalar)
      } else if scalar.value < 0x80 {
        quoted += "\\x" + hexadecimal(scalar.value, digits: 2)
      } else if scalar.value < 0x10000 {
        quoted += "\\u" + hexadecimal(scalar.value, digits: 4)
      } else {
        quoted += "\\U" + hexadecimal(scalar.value, digits: 8)
      }
    }
  }
  return quoted + "\""
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space: what Go calls printable.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
    .paragraphSeparator:
    return false
  default:
    return true
  }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
