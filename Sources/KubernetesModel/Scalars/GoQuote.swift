/// A text in double quotes as Go's time package puts it in error messages: what is not printable ASCII
/// becomes `\xNN` byte by byte.
package func quotedAsInGo(_ text: String) -> String {
  var quoted: [UInt8] = [UInt8(ascii: "\"")]
  quoted.reserveCapacity(text.utf8.count + 2)
  let digits: StaticString = "0123456789abcdef"
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      quoted.append(UInt8(ascii: "\\"))
      quoted.append(byte)
    case 0x20..<0x80:
      quoted.append(byte)
    default:
      quoted.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "x")])
      digits.withUTF8Buffer {
        quoted.append($0[Int(byte >> 4)])
        quoted.append($0[Int(byte & 15)])
      }
    }
  }
  quoted.append(UInt8(ascii: "\""))
  return String(decoding: quoted, as: UTF8.self)
}
