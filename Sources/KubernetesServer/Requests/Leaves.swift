internal import KubernetesModel

/// The pure functions that requests use.
enum Leaves {
  static func mergePatch(_ patch: Value, to document: Value) -> Value {
    guard patch.kind == .object else { return patch }
    var result = document.kind == .object ? document : .object([])
    for (name, value) in patch.members {
      result = result.setting(
        name, to: value.isNull ? nil : mergePatch(value, to: result[name] ?? .object([])))
    }
    return result
  }

  static func jsonPatch(_ patch: Value, to document: Value) throws(StatusError) -> Value {
    throw .internalError("JSON patches are not served")
  }

  static func strategicPatch(
    _ patch: Value, to document: Value, _ resource: APIResource
  ) throws(StatusError) -> Value {
    mergePatch(patch, to: document)
  }
}

/// Bodies in protobuf.
enum ProtobufBody {
  static func read(_ bytes: [UInt8]) throws(GoComplaint) -> Value {
    throw GoComplaint(text: "protobuf is not served")
  }
}

extension KubernetesServer {
  /// Reads the selectors of a request.
  func selection(_ target: Target) throws(StatusError) -> Selection {
    var selection = Selection()
    if let text = target.request.parameter("labelSelector"), !text.isEmpty {
      do throws(LabelSelectorError) {
        selection.labels = try LabelSelector(parsing: text)
      } catch {
        throw .badRequest("\(error)")
      }
    }
    if let text = target.request.parameter("fieldSelector"), !text.isEmpty {
      for part in text.split(separator: ",") {
        guard let sign = part.firstIndex(of: "=") else {
          throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
        }
        var field = String(part[..<sign])
        var value = String(part[part.index(after: sign)...])
        let isEqual = !field.hasSuffix("!")
        if !isEqual { field.removeLast() }
        if value.hasPrefix("=") { value.removeFirst() }
        selection.fields.append(FieldRequirement(field: field, value: value, isEqual: isEqual))
      }
    }
    return selection
  }

  /// Documents as a table.
  func table(
    _ documents: [Value], as id: ResourceID, version: String, includes: String, withColumns: Bool,
    metadata: Value
  ) -> Value {
    .object(["kind": .string("Table"), "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata])
  }
}

extension KubernetesServer {
  /// A Scale as a table.
  func scaleTable(_ scale: Value, version: String, includes: String) -> Value { scale }

  /// Discovery and OpenAPI.
  func discovery(_ path: RequestPath, _ request: APIRequest) throws(StatusError) -> APIResponse {
    .pageNotFound
  }
}

extension Leaves {
  /// Why a JSON patch cannot be applied, in the words of the library that the server uses.
  static func jsonPatchComplaint(_ patch: Value, _ document: Value) -> String? { nil }
}
