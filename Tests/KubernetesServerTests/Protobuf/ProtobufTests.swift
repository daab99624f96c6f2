import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Bodies in protobuf (V-20), written here from the table's inverse.
struct ProtobufTests {
  @Test(arguments: [
    #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m","labels":{"a":"b"}},"data":{"x":"1","y":""}}"#,
    #"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"500m"}}}],"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}}]}},"strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}}},"status":{}}"#,
    #"{"kind":"DeleteOptions","apiVersion":"policy/v1","gracePeriodSeconds":0,"preconditions":{"uid":"u"},"propagationPolicy":"Background"}"#,
    #"{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"p","namespace":"n"},"deleteOptions":{"gracePeriodSeconds":5}}"#,
    #"{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{},"spec":{"audiences":["a"],"expirationSeconds":600},"status":{"token":"","expirationTimestamp":"2026-01-01T00:00:00Z"}}"#,
    #"{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}"#,
    #"{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"user":"u","extra":{"k":["a","b"]}}}"#,
    #"{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"l"},"spec":{"renewTime":"2026-01-01T00:00:00.000001Z","leaseTransitions":0}}"#,
    #"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"s"},"data":{"k":"AQID"}}"#,
    #"{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"x"},"spec":{"replicas":3}}"#,
  ])
  func `a document survives the way there and back`(_ text: String) throws {
    let document = try json(text)
    let decoded = try ProtobufBody.document(ProtobufWriter.body(document))
    #expect(withoutEmpty(decoded) == withoutEmpty(document), "\(JSONWriter.string(decoded))")
  }

  @Test func `what is no body is refused`() throws {
    #expect(throws: ProtobufBody.Failure.self) { try ProtobufBody.document(Array("{}".utf8)) }
    let body = ProtobufWriter.body(
      try json(#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"m"}}"#))
    for length in 5..<body.count {
      // A message that is cut off is broken or shorter, and never a trap.
      _ = try? ProtobufBody.document(Array(body.prefix(length)))
    }
    let unknown = #expect(throws: ProtobufBody.Failure.self) {
      try ProtobufBody.document(ProtobufWriter.envelope("x.io/v1", "Thing", []))
    }
    #expect(unknown?.message == #"no kind "Thing" is registered for version "x.io/v1""#)
  }

  /// Structs that Go always writes are on the wire even when nobody filled them in.
  private func withoutEmpty(_ value: Value) -> Value {
    switch value.kind {
    case .object:
      .object(
        value.members.map { ($0.name, withoutEmpty($0.value)) }.filter {
          !($0.1.kind == .object && $0.1.count == 0) && !($0.1.stringValue == "" && $0.0 == "token")
        })
    case .array: .array(value.elements.map(withoutEmpty))
    default: value
    }
  }
}

/// Writes bodies as Go clients do: the inverse of the reader, from the same table.
enum ProtobufWriter {
  static func body(_ document: Value) -> [UInt8] {
    let (apiVersion, kind) = (document["apiVersion"]?.stringValue ?? "", document["kind"]?.stringValue ?? "")
    let parts = apiVersion.split(separator: "/").map(String.init)
    let type = GroupVersionKind(
      group: parts.count == 2 ? parts[0] : "", version: parts.last ?? "", kind: kind)
    let catalog = TypeCatalog.kubernetes
    let position = catalog.position(of: type) ?? catalog.position(named: "meta/v1.\(kind)")
    return envelope(apiVersion, kind, message(document, catalog.types[position ?? 0]))
  }

  static func envelope(_ apiVersion: String, _ kind: String, _ raw: [UInt8]) -> [UInt8] {
    let type = bytes(1, Array(apiVersion.utf8)) + bytes(2, Array(kind.utf8))
    return [0x6B, 0x38, 0x73, 0] + bytes(1, type) + bytes(2, raw) + bytes(3, []) + bytes(4, [])
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  private static func bytes(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    varint(UInt64(number) << 3 | 2) + varint(UInt64(content.count)) + content
  }

  private static func integer(_ number: Int, _ value: Int64) -> [UInt8] {
    varint(UInt64(number) << 3) + varint(UInt64(bitPattern: value))
  }

  private static func message(_ value: Value, _ type: ObjectType) -> [UInt8] {
    var result: [UInt8] = []
    for field in type.messageFields where field.number > 0 {
      if field.name.isEmpty, case .object(let inner) = field.shape {
        result += bytes(field.number, message(value, TypeCatalog.kubernetes.types[inner]))
      } else if let member = value[field.name] {
        result += write(field.number, member, field.shape)
      } else if case .object(let inner) = field.shape, field.isAlwaysWritten {
        result += bytes(field.number, message(.object([]), TypeCatalog.kubernetes.types[inner]))
      }
    }
    return result
  }

  private static func write(_ number: Int, _ value: Value, _ shape: TypeShape) -> [UInt8] {
    switch shape {
    case .string: return bytes(number, Array((value.stringValue ?? "").utf8))
    case .bytes: return bytes(number, (try? Base64.decode(value.stringValue ?? "")) ?? [])
    case .int32, .int64: return integer(number, value.integerValue ?? 0)
    case .boolean: return integer(number, value.booleanValue == true ? 1 : 0)
    case .quantity: return bytes(number, bytes(1, Array((value.scalarText ?? "").utf8)))
    case .intOrString:
      guard let text = value.stringValue else {
        return bytes(number, integer(1, 0) + integer(2, value.integerValue ?? 0) + bytes(3, []))
      }
      return bytes(number, integer(1, 1) + integer(2, 0) + bytes(3, Array(text.utf8)))
    case .time, .microTime:
      let time = Timestamp(value.stringValue ?? "") ?? Timestamp(secondsSince1970: 0)
      return bytes(number, integer(1, time.secondsSince1970) + integer(2, Int64(time.nanoseconds)))
    case .list(let element, _, let isWrapped):
      if isWrapped { return bytes(number, value.elements.flatMap { write(1, $0, element) }) }
      return value.elements.flatMap { write(number, $0, element) }
    case .map(let element, _):
      return value.members.flatMap {
        bytes(number, bytes(1, Array($0.name.utf8)) + write(2, $0.value, element))
      }
    case .object(let type): return bytes(number, message(value, TypeCatalog.kubernetes.types[type]))
    default: return []
    }
  }
}
