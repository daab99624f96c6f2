internal import KubernetesModel
internal import KubernetesSchema

/// What is known of the types of built-in kinds: which fields they have, and which texts they take.
enum BuiltInDecoding {
  /// The paths of fields that a kind does not have.
  static func unknownFields(in value: Value, _ resource: APIResource) -> [String] {
    DocumentShape(resource.type)?.unknownFields(in: value) ?? []
  }

  /// Why Go could not read a document; nil when it could.
  static func complaint(_ value: Value, _ resource: APIResource) -> String? {
    var complaint: String?
    if resource.plural == "secrets" {
      for (_, text) in value["data"]?.members ?? [] {
        guard let text = text.stringValue else { continue }
        do throws(Base64Error) { _ = try Base64.decode(text) } catch {
          complaint = "\(error)"
        }
      }
    }
    if resource.plural == "leases" {
      for name in ["acquireTime", "renewTime"] {
        guard let text = value[path: "spec", name]?.stringValue, MicroTime(strict: text) == nil else {
          continue
        }
        return "parsing time \(goQuoted(text)) as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse "
          + "\(goQuoted(text)) as \"2006\""
      }
    }
    return complaint ?? DocumentShape(resource.type)?.complaint(value, of: resource.kind)
  }

  private static let schemas: [String: StructuralSchema] = {
    var schemas: [String: StructuralSchema] = [:]
    for name in SchemaTable.kubernetes.kindNames {
      if let type = SchemaTable.kubernetes.type(named: name), let kind = type.groupVersionKind {
        schemas["\(kind.apiVersion)/\(kind.kind)"] = StructuralSchema(.kubernetes, type: name)
      }
    }
    return schemas
  }()

  static func schema(_ resource: APIResource) -> StructuralSchema? {
    schemas["\(resource.apiVersion)/\(resource.kind)"]
  }
}

extension MicroTime {
  /// A time with exactly six digits of the second's fraction.
  init?(strict text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count > 27, bytes[19] == UInt8(ascii: "."),
      bytes[20..<26].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      bytes[26] == UInt8(ascii: "Z") || bytes[26] == UInt8(ascii: "+") || bytes[26] == UInt8(ascii: "-")
    else {
      guard bytes.count == 27, bytes[19] == UInt8(ascii: "."), bytes[26] == UInt8(ascii: "Z") else {
        return nil
      }
      self.init(text)
      return
    }
    self.init(text)
  }
}
