import KubernetesModel

/// A `Swift.Encoder` that builds a ``Value``: enough to see what ``CodableBridge`` writes, without Foundation.
final class RecordingEncoder: Encoder {
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate var result: () -> Value = { .null }

  static func encode(_ value: some Encodable) throws -> Value {
    let encoder = RecordingEncoder()
    try value.encode(to: encoder)
    return encoder.result()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let container = Keyed<Key>()
    result = { .object(container.members.map { ($0.0, $0.1()) }) }
    return KeyedEncodingContainer(container)
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let container = Unkeyed()
    result = { .array(container.elements.map { $0() }) }
    return container
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(owner: self) }

  private final class Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    var codingPath: [any CodingKey] = []
    var members: [(String, () -> Value)] = []

    func encodeNil(forKey key: Key) throws { members.append((key.stringValue, { .null })) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      let encoder = RecordingEncoder()
      try value.encode(to: encoder)
      members.append((key.stringValue, { encoder.result() }))
    }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { superEncoder(forKey: key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      superEncoder(forKey: key).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { RecordingEncoder() }
    func superEncoder(forKey key: Key) -> any Encoder {
      let encoder = RecordingEncoder()
      members.append((key.stringValue, { encoder.result() }))
      return encoder
    }
  }

  private final class Unkeyed: UnkeyedEncodingContainer {
    var codingPath: [any CodingKey] = []
    var elements: [() -> Value] = []
    var count: Int { elements.count }

    func encodeNil() throws { elements.append({ .null }) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: superEncoder()) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
      superEncoder().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { superEncoder().unkeyedContainer() }
    func superEncoder() -> any Encoder {
      let encoder = RecordingEncoder()
      elements.append({ encoder.result() })
      return encoder
    }
  }

  private struct Single: SingleValueEncodingContainer {
    var codingPath: [any CodingKey] = []
    let owner: RecordingEncoder

    func encodeNil() throws { owner.result = { .null } }
    func encode(_ value: Bool) throws { owner.result = { .boolean(value) } }
    func encode(_ value: String) throws { owner.result = { .string(value) } }
    func encode(_ value: Int64) throws { owner.result = { .integer(value) } }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: owner) }
  }
}
