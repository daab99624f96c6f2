import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Patches against what a real API server made of them (V-10; sessions 060 to 062).
@Suite(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
struct RecordedPatchTests {
  @Test(arguments: ["060-json-patch", "061-merge-patch", "062-strategic-merge"])
  func `patches give what the server answered`(_ name: String) throws {
    let session = try Recordings.session(name)
    var objects: [String: Value] = [:]
    for object in session.setup {
      guard let kind = object["kind"]?.stringValue, let metadata = object["metadata"] else { continue }
      // Pods and Services gain defaults at creation, so what is known of them begins with the first answer.
      if kind == "Pod" || kind == "Service" { continue }
      let plural = [
        "PodClique": "podcliques", "ConfigMap": "configmaps", "ServiceAccount": "serviceaccounts",
      ][kind]
      objects["\(plural ?? kind)/\(metadata["name"]?.stringValue ?? "")"] = object
    }
    // Steps after the patch drop unknown fields, keep what the server owns, and add tolerations to pods.
    let changedLater: Set<Int> =
      switch name.prefix(3) {
      case "060": [29]
      case "061": [13, 26, 27, 29]
      default: [4]
      }
    var compared = 0
    for exchange in session.exchanges {
      let parts = exchange.path.split(separator: "/").map(String.init)
      let place = try #require(parts.firstIndex(of: "namespaces")) + 2
      let key = parts[place] + "/" + parts[place + 1]
      let subresource = parts.count > place + 2 ? parts[place + 2] : ""
      defer { if exchange.status == 200 { objects[key] = exchange.answer } }
      guard exchange.method == "PATCH", let object = objects[key] else { continue }
      // Refusals of later steps, and writes of which a later step keeps a part only.
      let laterRefusals = [
        "is invalid", "does not match", "Operation cannot be fulfilled", "error decoding patch: inv",
        "error decoding patch: unexp", "unsupported", "unknown format", "415",
      ]
      if exchange.status >= 400, laterRefusals.contains(where: exchange.message.contains) { continue }
      let note = Comment(rawValue: "\(name) \(exchange.number)")
      do throws(PatchError) {
        let result = try apply(exchange, to: object, resource: parts[place])
        #expect(exchange.status == 200, note)
        let keepsAll = !(parts[place] == "pods" && exchange.body["status"] != nil && subresource.isEmpty)
        if keepsAll, !changedLater.contains(exchange.number) {
          let expected = comparable(exchange.answer, dropping: madeByServer)
          #expect(comparable(normalized(result, parts[place]), dropping: madeByServer) == expected, note)
          compared += 1
        }
      } catch {
        #expect(error.code == exchange.status, note)
        #expect(error.message == exchange.message, note)
        #expect(error.reason == exchange.answer["reason"]?.stringValue ?? "", note)
        compared += 1
      }
    }
    #expect(compared >= 14)
  }

  /// What later steps add to a Service whose ports were patched.
  private func normalized(_ value: Value, _ resource: String) -> Value {
    guard resource == "services" else { return value }
    var draft = ValueDraft(value)
    if var ports = draft["spec"]?["ports"]?.elements {
      for index in ports.indices {
        if ports[index]["protocol"] == nil { ports[index]["protocol"] = ValueDraft(.string("TCP")) }
        if ports[index]["targetPort"] == nil { ports[index]["targetPort"] = ports[index]["port"] }
      }
      draft["spec"]?["ports"] = .array(ports)
    }
    if draft["metadata"]?["finalizers"]?.elements.isEmpty == true { draft["metadata"]?["finalizers"] = nil }
    return draft.value
  }

  private func apply(_ exchange: Exchange, to object: Value, resource: String) throws(PatchError) -> Value {
    let kinds = [
      "pods": "Pod", "services": "Service", "serviceaccounts": "ServiceAccount", "configmaps": "ConfigMap",
    ]
    switch exchange.header("Content-Type") ?? "" {
    case "application/json-patch+json": return try JSONPatch.apply(exchange.body, to: object)
    case "application/strategic-merge-patch+json":
      let kind = GroupVersionKind(group: "", version: "v1", kind: kinds[resource] ?? "")
      let type = TypeCatalog.kubernetes.position(of: kind) ?? 0
      return try StrategicMergePatch.apply(exchange.body, to: object, type: type)
    default: return try MergePatch.apply(exchange.body, to: object)
    }
  }
}
