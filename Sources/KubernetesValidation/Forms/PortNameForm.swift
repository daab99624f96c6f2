/// Names of ports (IANA service names): at most 15 of `a-z0-9-`, with a letter, and no dash at an end or beside another.
enum PortNameForm {
  static func objections(_ name: String) -> [String] {
    var name = name
    return name.withUTF8 { bytes in
      let dash = UInt8(ascii: "-")
      var hasLetter = false
      var isPlain = !bytes.isEmpty
      var hasDoubleDash = false
      for (index, byte) in bytes.enumerated() {
        let isLetter = byte >= 0x61 && byte <= 0x7A
        hasLetter = hasLetter || isLetter
        if !isLetter, !(byte >= 0x30 && byte <= 0x39), byte != dash { isPlain = false }
        if byte == dash, index > 0, bytes[index - 1] == dash { hasDoubleDash = true }
      }
      var objections: [String] = []
      if bytes.count > 15 { objections.append("must be no more than 15 characters") }
      if !isPlain {
        objections.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
      }
      if !hasLetter { objections.append("must contain at least one letter (a-z)") }
      if hasDoubleDash { objections.append("must not contain consecutive hyphens") }
      if bytes.first == dash || bytes.last == dash {
        objections.append("must not begin or end with a hyphen")
      }
      return objections
    }
  }
}
