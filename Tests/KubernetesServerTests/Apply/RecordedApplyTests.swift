import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Server-side apply against a real API server: objects, books and conflicts (V-11; sessions 063 to 065).
@Suite(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
struct RecordedApplyTests {
  private let now = Timestamp(secondsSince1970: 1_767_225_600)
  private let version = "grove.io/v1alpha1"
  private let kind = GroupVersionKind(group: "grove.io", version: "v1alpha1", kind: "PodClique")

  @Test(arguments: ["063-apply-basic", "064-apply-conflict"])
  func `objects and books are what the server answered`(_ name: String) throws {
    let session = try Recordings.session(name)
    let documents = try groveDocuments("PodClique")
    let manager = FieldManager(documents, kind: kind, resetFields: FieldSet([[.field("status")]]))
    var stored: Value?
    if let object = session.setup.first(where: { $0["kind"]?.stringValue == "PodClique" }) {
      stored = withUID(manager.updated(object, live: nil, manager: "tester", now: now))
    }
    var compared = 0
    for exchange in session.exchanges where exchange.path.contains("/podcliques/c1") {
      let note = Comment(rawValue: "\(name) \(exchange.number)")
      let writer = exchange.query("fieldManager") ?? "tester"
      if exchange.method == "DELETE" { stored = nil }
      guard exchange.method == "PATCH" else { continue }
      do throws(PatchError) {
        let result: Value
        if exchange.path.hasSuffix("/scale") {
          result = try scaled(stored ?? .null, to: exchange.body, by: writer)
        } else if exchange.header("Content-Type") == "application/apply-patch+yaml" {
          result = try manager.applied(
            exchange.body, to: stored, manager: writer, force: exchange.query("force") == "true", now: now)
        } else {
          let patched = try MergePatch.apply(exchange.body, to: stored ?? .null)
          result = manager.updated(patched, live: stored, manager: writer, now: now)
        }
        #expect(exchange.status < 300, note)
        if !exchange.path.hasSuffix("/scale") {
          #expect(masked(result) == masked(exchange.answer), note)
          compared += 1
        }
        if exchange.query("dryRun") == nil { stored = withUID(result) }
      } catch {
        #expect(error.code == exchange.status, note)
        #expect(error.message == exchange.message, note)
        let causes = exchange.answer["details"]?["causes"]?.elements ?? []
        #expect(error.causes.map(\.field) == causes.map { $0["field"]?.stringValue ?? "" }, note)
        #expect(error.causes.map(\.message) == causes.map { $0["message"]?.stringValue ?? "" }, note)
        compared += 1
      }
    }
    #expect(compared >= 11)
  }

  @Test func `what is refused is refused with the server's words`() throws {
    let session = try Recordings.session("065-apply-errors")
    let manager = FieldManager(try groveDocuments("PodClique"), kind: kind)
    let texts = FieldManager(
      try builtInDocuments("", "v1", "ConfigMap"),
      kind: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap"))
    let map = texts.updated(try #require(session.setup.last), live: nil, manager: "tester", now: now)
    var compared = 0
    for exchange in session.exchanges
    where [6, 7, 8, 11, 12, 13, 14, 18, 19, 20, 28].contains(exchange.number) {
      let isMap = exchange.path.contains("configmaps")
      let error = #expect(throws: PatchError.self) {
        try (isMap ? texts : manager).applied(
          exchange.body, to: isMap ? withUID(map) : nil, manager: "t",
          force: exchange.query("force") == "true",
          now: now)
      }
      #expect(error?.code == exchange.status)
      #expect(error?.message == exchange.message)
      compared += 1
    }
    #expect(compared == 11)
  }

  private func withUID(_ value: Value) -> Value {
    var draft = ValueDraft(value)
    draft["metadata"]?["uid"] = ValueDraft(.string("u"))
    return draft.value
  }

  private func scaled(_ object: Value, to body: Value, by writer: String) throws(PatchError) -> Value {
    let entries = ScaleFields.scaleEntries(
      of: object["metadata"]?["managedFields"], path: ".spec.replicas", version: version)
    let kind = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
    let position = TypeCatalog.kubernetes.position(of: kind) ?? 0
    let manager = FieldManager(
      TypedDocuments(.kubernetes, type: position), kind: kind, subresource: "scale")
    let scale = Value.object([
      "apiVersion": .string("autoscaling/v1"), "kind": .string("Scale"),
      "metadata": .object(["name": .string("c1"), "uid": .string("u"), "managedFields": entries]),
      "spec": .object(["replicas": object["spec"]?["replicas"] ?? .null]),
    ])
    let written = manager.updated(
      try MergePatch.apply(body, to: scale), live: scale, manager: writer, now: now)
    var draft = ValueDraft(object)
    draft["spec"]?["replicas"] = written["spec"]?["replicas"].map { ValueDraft($0) }
    draft["metadata"]?["managedFields"] = ValueDraft(
      ScaleFields.parentEntries(
        of: object["metadata"]?["managedFields"], scale: written["metadata"]?["managedFields"],
        path: ".spec.replicas", version: version))
    return draft.value
  }

  /// Without what later steps fill in; times in the books are there or not.
  private func masked(_ value: Value) -> Value {
    let plain = comparable(value, dropping: madeByServer)
    var draft = ValueDraft(plain)
    draft["metadata"]?["managedFields"] = value["metadata"]?["managedFields"].map { entries in
      .array(
        entries.elements.map { entry in
          var entry = ValueDraft(entry)
          if entry["time"] != nil { entry["time"] = ValueDraft(.string("<time>")) }
          return entry
        })
    }
    return draft.value
  }
}
