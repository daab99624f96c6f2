public import KubernetesModel
internal import KubernetesSchema

/// Bodies in Kubernetes' protobuf, which typed clients send (V-20).
///
/// Four bytes say that it is one, an envelope names the kind, and ``TypeCatalog/kubernetes`` knows the numbers of the
/// fields. The result is the document that the same client would have sent as JSON.
public enum ProtobufBody {
  /// Why a body cannot be read, in words for a `Status`.
  public struct Failure: Error, Sendable, Equatable {
    /// The words.
    public var message: String
  }

  /// How deep messages may be nested.
  static let depthLimit = 128

  /// Whether bytes begin as such a body does.
  public static func isOne(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x6B, 0x38, 0x73, 0x00])
  }

  /// The document in a body.
  ///
  /// - Throws: ``Failure`` for bytes that are no envelope, a kind without a table, and broken messages.
  /// - Complexity: O(bytes).
  public static func document(_ bytes: [UInt8]) throws(Failure) -> Value {
    do throws(ProtobufReader.Failure) { return try document(bytes[...], depth: 0) } catch {
      throw Failure(message: error.message)
    }
  }

  private static func document(_ bytes: ArraySlice<UInt8>, depth: Int) throws(ProtobufReader.Failure) -> Value
  {
    guard isOne(bytes) else {
      throw .init(
        message: "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    }
    var (apiVersion, kind) = ("", "")
    var raw: ArraySlice<UInt8> = []
    var contentType = ""
    var envelope = ProtobufReader(bytes.dropFirst(4))
    while let (number, payload) = try envelope.next() {
      guard case .bytes(let bytes) = payload else { continue }
      switch number {
      case 1:
        var type = ProtobufReader(bytes)
        while let (number, payload) = try type.next() {
          guard case .bytes(let text) = payload else { continue }
          if number == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
          if number == 2 { kind = String(decoding: text, as: UTF8.self) }
        }
      case 2: raw = bytes
      case 4: contentType = String(decoding: bytes, as: UTF8.self)
      default: break
      }
    }
    if contentType == "application/json" { return try json(raw) }
    guard let type = type(apiVersion, kind) else {
      throw .init(message: "no kind \(jsonString(kind)) is registered for version \(jsonString(apiVersion))")
    }
    var draft = ValueDraft(.object(["kind": .string(kind), "apiVersion": .string(apiVersion)]))
    draft.members += try members(raw, TypeCatalog.kubernetes.types[type], depth + 1)
    return draft.value
  }

  /// The type of a kind. The options of requests belong to every group.
  private static func type(_ apiVersion: String, _ kind: String) -> Int? {
    let parts = apiVersion.split(separator: "/").map(String.init)
    let group = parts.count == 2 ? parts[0] : ""
    let version = parts.last ?? ""
    let catalog = TypeCatalog.kubernetes
    return catalog.position(of: GroupVersionKind(group: group, version: version, kind: kind))
      ?? (kind.hasSuffix("Options") ? catalog.position(named: "meta/v1.\(kind)") : nil)
  }

  private static func json(_ bytes: ArraySlice<UInt8>) throws(ProtobufReader.Failure) -> Value {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let tape = try? JSONReader.read(text), let root = tape.roots.first else {
      throw .init(message: "invalid JSON inside a message")
    }
    return Value(tape: tape, index: root)
  }

  // MARK: Messages

  private static func members(
    _ bytes: ArraySlice<UInt8>, _ type: ObjectType, _ depth: Int
  ) throws(ProtobufReader.Failure) -> [ValueDraft.Member] {
    guard depth < depthLimit else { throw .init(message: "proto: nested too deep") }
    var found: [Int: [ProtobufReader.Payload]] = [:]
    var reader = ProtobufReader(bytes)
    // Fields that a newer client knows and this table does not are skipped, as Go does.
    while let (number, payload) = try reader.next() { found[number, default: []].append(payload) }
    var result: [ValueDraft.Member] = []
    for field in type.messageFields where field.number > 0 {
      guard let payloads = found[field.number], let last = payloads.last else { continue }
      switch field.shape {
      case .list(let element, _, let isWrapped):
        var elements: [ValueDraft] = []
        for payload in isWrapped ? [last] : payloads {
          try append(payload, element, isWrapped, depth, &elements)
        }
        if !elements.isEmpty || field.isPointer { result.append(.init(field.name, .array(elements))) }
      case .map(let element, _):
        var members: [ValueDraft.Member] = []
        for payload in payloads { try members.append(entry(payload, element, depth)) }
        result.append(.init(field.name, .object(members)))
      case .object(let inner) where field.name.isEmpty:
        guard case .bytes(let bytes) = last else { continue }
        result += try self.members(bytes, TypeCatalog.kubernetes.types[inner], depth + 1)
      default:
        guard let value = try value(last, field.shape, depth) else { continue }
        if !field.isPointer, !field.isAlwaysWritten, isZero(value) { continue }
        result.append(.init(field.name, value))
      }
    }
    return result
  }

  /// Elements of a list; numbers may come packed, and some lists are messages with the list in field 1.
  private static func append(
    _ payload: ProtobufReader.Payload, _ element: TypeShape, _ isWrapped: Bool, _ depth: Int,
    _ elements: inout [ValueDraft]
  ) throws(ProtobufReader.Failure) {
    guard isWrapped, case .bytes(let bytes) = payload else {
      if let value = try value(payload, element, depth) { elements.append(value) }
      return
    }
    var reader = ProtobufReader(bytes)
    while let (number, payload) = try reader.next() {
      if number == 1, let value = try value(payload, element, depth + 1) { elements.append(value) }
    }
  }

  private static func entry(
    _ payload: ProtobufReader.Payload, _ shape: TypeShape, _ depth: Int
  ) throws(ProtobufReader.Failure) -> ValueDraft.Member {
    guard case .bytes(let bytes) = payload else { throw .init(message: "proto: wrong wireType for a map") }
    var name = ""
    var result: ValueDraft?
    var reader = ProtobufReader(bytes)
    while let (number, payload) = try reader.next() {
      if number == 1, case .bytes(let text) = payload { name = String(decoding: text, as: UTF8.self) }
      guard number == 2 else { continue }
      if case .list(let element, _, let isWrapped) = shape {
        var elements: [ValueDraft] = []
        try append(payload, element, isWrapped, depth, &elements)
        result = .array(elements)
      } else {
        result = try value(payload, shape, depth)
      }
    }
    return .init(name, result ?? ValueDraft(.string("")))
  }

  private static func isZero(_ value: ValueDraft) -> Bool {
    guard case .untouched(let value) = value else { return false }
    return switch value.kind {
    case .string: value.stringValue?.isEmpty ?? true
    case .integer: value.integerValue == 0
    case .float: value.doubleValue == 0
    case .boolean: value.booleanValue == false
    default: false
    }
  }

  private static func value(
    _ payload: ProtobufReader.Payload, _ shape: TypeShape, _ depth: Int
  ) throws(ProtobufReader.Failure) -> ValueDraft? {
    switch (payload, shape) {
    case (.varint(let bits), .boolean): return ValueDraft(.boolean(bits != 0))
    case (.varint(let bits), .int32):
      return ValueDraft(.integer(Int64(Int32(truncatingIfNeeded: bits))))
    case (.varint(let bits), _): return ValueDraft(.integer(Int64(bitPattern: bits)))
    case (.fixed64(let bits), _): return number(Double(bitPattern: bits)).map { ValueDraft($0) }
    case (.bytes(let bytes), .string): return ValueDraft(.string(String(decoding: bytes, as: UTF8.self)))
    case (.bytes(let bytes), .bytes): return ValueDraft(.string(Base64.encode(Array(bytes))))
    case (.bytes(let bytes), .object(let type)):
      return .object(try members(bytes, TypeCatalog.kubernetes.types[type], depth + 1))
    case (.bytes(let bytes), _): return try special(bytes, shape, depth)
    }
  }

  private static func number(_ value: Double) -> Value? {
    guard value.isFinite else { return nil }
    if let integer = Int64(exactly: value) { return .integer(integer) }
    guard let tape = try? JSONReader.read("\(value)"), let root = tape.roots.first else { return nil }
    return Value(tape: tape, index: root)
  }

  /// Types that are messages in protobuf and scalars in JSON.
  private static func special(
    _ bytes: ArraySlice<UInt8>, _ shape: TypeShape, _ depth: Int
  ) throws(ProtobufReader.Failure) -> ValueDraft? {
    var numbers: [Int: UInt64] = [:]
    var texts: [Int: ArraySlice<UInt8>] = [:]
    var reader = ProtobufReader(bytes)
    while let (number, payload) = try reader.next() {
      switch payload {
      case .varint(let value), .fixed64(let value): numbers[number] = value
      case .bytes(let text): texts[number] = text
      }
    }
    func text(_ number: Int) -> String { String(decoding: texts[number] ?? [], as: UTF8.self) }
    switch shape {
    case .quantity: return ValueDraft(.string(text(1)))
    case .intOrString:
      return numbers[1] == 1
        ? ValueDraft(.string(text(3)))
        : ValueDraft(.integer(Int64(Int32(truncatingIfNeeded: numbers[2] ?? 0))))
    case .duration:
      return ValueDraft(.string(Duration(nanoseconds: Int64(bitPattern: numbers[1] ?? 0)).text))
    case .time, .microTime:
      // A time that was never set is an empty message; it is no time.
      guard !numbers.isEmpty else { return nil }
      let nanoseconds = Int32(clamping: min(max(Int64(bitPattern: numbers[2] ?? 0), 0), 999_999_999))
      let time = Timestamp(
        secondsSince1970: Int64(bitPattern: numbers[1] ?? 0), nanoseconds: shape == .time ? 0 : nanoseconds)
      return ValueDraft(.string(shape == .time ? time.text : MicroTime(time).text))
    case .fields, .any:
      guard let raw = texts[1], !raw.isEmpty else { return nil }
      return ValueDraft(isOne(raw) ? try document(raw, depth: depth + 1) : try json(raw))
    default: return nil
    }
  }
}
