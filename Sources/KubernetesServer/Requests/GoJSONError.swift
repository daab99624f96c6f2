/// What Go's JSON decoder says of a text that is not JSON.
enum GoJSONError {
  /// The complaint; nil for a text that is one JSON value.
  static func message(_ bytes: [UInt8]) -> String? {
    var scanner = Scanner(bytes: bytes)
    return scanner.complaint()
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    mutating func complaint() -> String? {
      if let complaint = value("looking for beginning of value") { return complaint }
      skipBlanks()
      return position < bytes.count ? unexpected("after top-level value") : nil
    }

    private mutating func skipBlanks() {
      while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private var atEnd: Bool { position >= bytes.count }

    private func unexpected(_ context: String) -> String {
      guard position < bytes.count else { return "unexpected end of JSON input" }
      return "invalid character \(GoJSONError.quoted(bytes[position])) \(context)"
    }

    private mutating func value(_ context: String) -> String? {
      skipBlanks()
      guard !atEnd else { return "unexpected end of JSON input" }
      switch bytes[position] {
      case UInt8(ascii: "{"): return object()
      case UInt8(ascii: "["): return array()
      case UInt8(ascii: "\""): return string()
      case UInt8(ascii: "t"): return literal("true")
      case UInt8(ascii: "f"): return literal("false")
      case UInt8(ascii: "n"): return literal("null")
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
      default: return unexpected(context)
      }
    }

    private mutating func object() -> String? {
      position += 1
      skipBlanks()
      if !atEnd, bytes[position] == UInt8(ascii: "}") {
        position += 1
        return nil
      }
      while true {
        skipBlanks()
        guard !atEnd, bytes[position] == UInt8(ascii: "\"") else {
          return unexpected("looking for beginning of object key string")
        }
        if let complaint = string() { return complaint }
        skipBlanks()
        guard !atEnd, bytes[position] == UInt8(ascii: ":") else { return unexpected("after object key") }
        position += 1
        if let complaint = value("looking for beginning of value") { return complaint }
        skipBlanks()
        guard !atEnd else { return "unexpected end of JSON input" }
        if bytes[position] == UInt8(ascii: "}") {
          position += 1
          return nil
        }
        guard bytes[position] == UInt8(ascii: ",") else { return unexpected("after object key:value pair") }
        position += 1
      }
    }

    private mutating func array() -> String? {
      position += 1
      skipBlanks()
      if !atEnd, bytes[position] == UInt8(ascii: "]") {
        position += 1
        return nil
      }
      while true {
        if let complaint = value("looking for beginning of value") { return complaint }
        skipBlanks()
        guard !atEnd else { return "unexpected end of JSON input" }
        if bytes[position] == UInt8(ascii: "]") {
          position += 1
          return nil
        }
        guard bytes[position] == UInt8(ascii: ",") else { return unexpected("after array element") }
        position += 1
      }
    }

    private mutating func string() -> String? {
      position += 1
      while !atEnd {
        switch bytes[position] {
        case UInt8(ascii: "\""):
          position += 1
          return nil
        case UInt8(ascii: "\\"):
          position += 1
          guard !atEnd else { return "unexpected end of JSON input" }
          if bytes[position] == UInt8(ascii: "u") {
            for _ in 0..<4 {
              position += 1
              guard !atEnd else { return "unexpected end of JSON input" }
              guard GoJSONError.isHexadecimal(bytes[position]) else {
                return unexpected("in \\u hexadecimal character escape")
              }
            }
          } else if !Array("\"\\/bfnrt".utf8).contains(bytes[position]) {
            return unexpected("in string escape code")
          }
        case 0..<0x20: return unexpected("in string literal")
        default: break
        }
        position += 1
      }
      return "unexpected end of JSON input"
    }

    private mutating func literal(_ word: String) -> String? {
      let letters = Array(word.utf8)
      for (index, letter) in letters.enumerated() {
        guard !atEnd else { return "unexpected end of JSON input" }
        guard bytes[position] == letter else {
          return unexpected("in literal \(word) (expecting \(GoJSONError.quoted(letters[index])))")
        }
        position += 1
      }
      return nil
    }

    private mutating func number() -> String? {
      if bytes[position] == UInt8(ascii: "-") {
        position += 1
        guard !atEnd else { return "unexpected end of JSON input" }
        guard digit else { return unexpected("in numeric literal") }
      }
      if bytes[position] == UInt8(ascii: "0") { position += 1 } else { while digit { position += 1 } }
      if !atEnd, bytes[position] == UInt8(ascii: ".") {
        position += 1
        guard !atEnd else { return "unexpected end of JSON input" }
        guard digit else { return unexpected("after decimal point in numeric literal") }
        while digit { position += 1 }
      }
      if !atEnd, bytes[position] | 0x20 == UInt8(ascii: "e") {
        position += 1
        if !atEnd, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
          position += 1
        }
        guard !atEnd else { return "unexpected end of JSON input" }
        guard digit else { return unexpected("in exponent of numeric literal") }
        while digit { position += 1 }
      }
      return nil
    }

    private var digit: Bool { !atEnd && bytes[position] >= 0x30 && bytes[position] <= 0x39 }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66
  }

  /// A byte in single quotes, as Go prints it.
  private static func quoted(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): return "'\\''"
    case UInt8(ascii: "\""): return "'\"'"
    case UInt8(ascii: "\\"): return "'\\\\'"
    case 0x0A: return "'\\n'"
    case 0x0D: return "'\\r'"
    case 0x09: return "'\\t'"
    case 0x20..<0x7F: return "'\(Character(UnicodeScalar(byte)))'"
    default:
      let digits = String(byte, radix: 16)
      let padded = digits.utf8.count == 1 ? "0" + digits : digits
      return byte < 0x80 ? "'\\x\(padded)'" : "'\\u00\(padded)'"
    }
  }
}
