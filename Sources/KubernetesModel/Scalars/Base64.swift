/// Base64 with the standard alphabet and padding, as JSON carries bytes in the Kubernetes API.
public enum Base64 {
  /// Encodes bytes.
  ///
  /// - Complexity: O(n).
  public static func encode(_ bytes: [UInt8]) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let isFull = index + 2 < bytes.count
      let second = index + 1 < bytes.count ? bytes[index + 1] : 0
      let third = isFull ? bytes[index + 2] : 0
      let group = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
      encoded.append(letter(group >> 18))
      encoded.append(letter(group >> 12))
      encoded.append(index + 1 < bytes.count ? letter(group >> 6) : padding)
      encoded.append(isFull ? letter(group) : padding)
      index += 3
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Decodes a text, skipping line breaks; unused bits at the end may be anything, as in Go.
  ///
  /// - Throws: ``Base64Error``.
  /// - Complexity: O(n).
  public static func decode(_ text: some StringProtocol) throws(Base64Error) -> [UInt8] {
    var text = String(text)
    return try text.withUTF8(read).get()
  }

  /// Decodes UTF-8.
  ///
  /// - Throws: ``Base64Error``.
  /// - Complexity: O(n).
  public static func decode(utf8 text: UnsafeBufferPointer<UInt8>) throws(Base64Error) -> [UInt8] {
    try read(text).get()
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>) -> Result<[UInt8], Base64Error> {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var letters = 0
    var position = 0
    while position < text.count {
      let byte = text[position]
      if let bits = value(byte) {
        group = group << 6 | bits
        letters += 1
        if letters == 4 {
          appendBytes(3, of: group, to: &decoded)
          (group, letters) = (0, 0)
        }
      } else if byte == padding {
        if let fault = faultInPadding(text, at: position, afterLetters: letters) { return .failure(fault) }
        appendBytes(letters - 1, of: group << (letters == 2 ? 12 : 6), to: &decoded)
        return .success(decoded)
      } else if !isLineBreak(byte) {
        return .failure(Base64Error(offset: position))
      }
      position += 1
    }
    return letters == 0 ? .success(decoded) : .failure(Base64Error(offset: position - letters))
  }

  /// Checks that the padding which starts here completes a group and ends the text.
  private static func faultInPadding(
    _ text: UnsafeBufferPointer<UInt8>, at start: Int, afterLetters letters: Int
  ) -> Base64Error? {
    guard letters >= 2 else { return Base64Error(offset: start) }
    var position = start + 1
    func skipLineBreaks() {
      while position < text.count && isLineBreak(text[position]) { position += 1 }
    }
    if letters == 2 {
      skipLineBreaks()
      guard position < text.count else { return Base64Error(offset: text.count) }
      guard text[position] == padding else { return Base64Error(offset: position - 1) }
      position += 1
    }
    skipLineBreaks()
    return position < text.count ? Base64Error(offset: position) : nil
  }

  private static func appendBytes(_ count: Int, of group: UInt32, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: group >> 16))
    if count > 1 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
    if count > 2 { bytes.append(UInt8(truncatingIfNeeded: group)) }
  }

  private static var padding: UInt8 { UInt8(ascii: "=") }

  private static func isLineBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private static func letter(_ bits: UInt32) -> UInt8 {
    let bits = UInt8(truncatingIfNeeded: bits & 63)
    return switch bits {
    case ..<26: UInt8(ascii: "A") + bits
    case ..<52: UInt8(ascii: "a") + bits - 26
    case ..<62: UInt8(ascii: "0") + bits - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  private static func value(_ letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// A text that is not base64.
public struct Base64Error: Error, Sendable, Hashable, CustomStringConvertible {
  /// The byte of the text, counted from 0, where decoding stopped.
  public var offset: Int

  /// The reason in the words of Go.
  public var description: String { "illegal base64 data at input byte \(offset)" }
}
