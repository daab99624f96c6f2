/// Lets any ``TapeCodable`` value take part in Swift's `Codable`, for embedders whose own types are `Codable`.
///
/// ```swift
/// struct Job: Codable {
///   var pod: CodableBridge<Pod>
/// }
/// ```
///
/// It is a bridge, not a fast road: it goes through an untyped value. Prefer ``JSONReader`` and ``JSONWriter``.
public struct CodableBridge<Wrapped: TapeCodable>: Sendable, Equatable {
  /// The value.
  public var value: Wrapped

  /// Wraps a value.
  public init(_ value: Wrapped) { self.value = value }
}

extension CodableBridge: Codable {
  /// Reads the value.
  ///
  /// - Throws: `DecodingError.dataCorrupted` naming the first problem when the value is not well-formed.
  public init(from decoder: any Swift.Decoder) throws {
    var builder = TapeBuilder()
    try BridgeReader.read(decoder, into: &builder)
    var tapeDecoder = TapeDecoder(builder.finish())
    value = tapeDecoder.decode(at: 0)
    if let issue = tapeDecoder.issues.first {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(issue.kind) at node \(issue.node)"))
    }
  }

  /// Writes the value.
  public func encode(to encoder: any Swift.Encoder) throws {
    try BridgeWriter.write(Value(encoding: value), to: encoder)
  }
}

/// A member name that was not known in advance.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

private enum BridgeReader {
  static func read(_ decoder: any Swift.Decoder, into builder: inout TapeBuilder) throws {
    if let object = try? decoder.container(keyedBy: AnyKey.self) {
      builder.beginObject()
      for key in object.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
        builder.key(key.stringValue)
        try read(object.superDecoder(forKey: key), into: &builder)
      }
      builder.endObject()
    } else if var array = try? decoder.unkeyedContainer() {
      builder.beginArray()
      while !array.isAtEnd { try read(array.superDecoder(), into: &builder) }
      builder.endArray()
    } else {
      try readScalar(decoder.singleValueContainer(), into: &builder)
    }
  }

  private static func readScalar(
    _ container: any SingleValueDecodingContainer, into builder: inout TapeBuilder
  ) throws {
    if container.decodeNil() {
      builder.null()
    } else if let flag = try? container.decode(Bool.self) {
      builder.boolean(flag)
    } else if let number = try? container.decode(Int64.self) {
      builder.integer(number)
    } else if let number = try? container.decode(Double.self) {
      builder.number("\(number)")
    } else {
      builder.string(try container.decode(String.self))
    }
  }
}

private enum BridgeWriter {
  static func write(_ value: Value, to encoder: any Swift.Encoder) throws {
    switch value.kind {
    case .object:
      var container = encoder.container(keyedBy: AnyKey.self)
      for (name, member) in value.members {
        try write(member, to: container.superEncoder(forKey: AnyKey(stringValue: name)))
      }
    case .array:
      var container = encoder.unkeyedContainer()
      for element in value.elements { try write(element, to: container.superEncoder()) }
    default:
      var container = encoder.singleValueContainer()
      if let flag = value.booleanValue {
        try container.encode(flag)
      } else if let number = value.integerValue {
        try container.encode(number)
      } else if let number = value.doubleValue {
        try container.encode(number)
      } else if let text = value.stringValue {
        try container.encode(text)
      } else {
        try container.encodeNil()
      }
    }
  }
}
