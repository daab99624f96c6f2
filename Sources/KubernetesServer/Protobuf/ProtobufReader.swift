/// Reads the wire format of protobuf.
struct ProtobufReader {
  /// Why bytes are no message.
  struct Failure: Error, Equatable {
    var message: String
  }

  /// What stands behind a tag.
  enum Payload {
    /// An integer or boolean.
    case varint(UInt64)
    /// A number of eight bytes.
    case fixed64(UInt64)
    /// Text, bytes, a message, or packed numbers.
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field; nil at the end.
  mutating func next() throws(Failure) -> (number: Int, payload: Payload)? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint()
    let number = Int(truncatingIfNeeded: tag >> 3)
    guard number > 0, tag >> 3 <= 0x1FFF_FFFF else {
      throw Failure(message: "proto: illegal tag \(tag >> 3)")
    }
    switch tag & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else { throw Failure(message: "unexpected EOF") }
      defer { rest = rest.dropFirst(Int(length)) }
      return (number, .bytes(rest.prefix(Int(length))))
    case 5: return (number, .varint(try fixed(4)))
    default: throw Failure(message: "proto: illegal wireType \(tag & 7)")
    }
  }

  private mutating func varint() throws(Failure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      guard shift < 64 else { throw Failure(message: "proto: integer overflow") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Failure(message: "unexpected EOF")
  }

  private mutating func fixed(_ count: Int) throws(Failure) -> UInt64 {
    guard rest.count >= count else { throw Failure(message: "unexpected EOF") }
    var value: UInt64 = 0
    for (index, byte) in rest.prefix(count).enumerated() { value |= UInt64(byte) << UInt64(index * 8) }
    rest = rest.dropFirst(count)
    return value
  }
}
