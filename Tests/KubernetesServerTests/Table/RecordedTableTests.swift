import GroveAdmission
import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Tables against those of a real API server (V-12; sessions 016 and 017).
@Suite(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
struct RecordedTableTests {
  private let now = Timestamp(secondsSince1970: 1_767_225_600)

  @Test func `tables of core kinds`() throws {
    let session = try Recordings.session("017-table-core")
    var objects: [String: Value] = [:]
    for object in session.setup { objects["\(kind(object))/\(name(object))"] = object }
    var compared = 0
    for exchange in session.exchanges {
      if exchange.method == "PATCH" {
        objects["\(kind(exchange.answer))/\(name(exchange.answer))"] = exchange.answer
      }
      guard kind(exchange.answer) == "Table" else { continue }
      let parts = exchange.path.split(separator: "/").map(String.init)
      let kinds = [
        "pods": "Pod", "services": "Service", "serviceaccounts": "ServiceAccount", "secrets": "Secret",
        "configmaps": "ConfigMap", "events": "Event", "leases": "Lease",
        "horizontalpodautoscalers":
          "HorizontalPodAutoscaler", "roles": "Role", "rolebindings": "RoleBinding", "nodes": "Node",
        "namespaces": "Namespace", "customresourcedefinitions": "CustomResourceDefinition",
      ]
      let resource = try #require(parts.last { kinds[$0] != nil })
      let group = parts[0] == "api" ? "" : parts[1]
      let type = GroupVersionKind(group: group, version: "v1", kind: kinds[resource] ?? "")
      let layout = TableLayout.builtIn(type)
      let note = Comment(rawValue: "\(exchange.number)")
      #expect(layout.columns.map(shape) == exchange.answer["columnDefinitions"]?.elements.map(shape), note)
      for row in exchange.answer["rows"]?.elements ?? [] {
        let cells = row["cells"]?.elements ?? []
        guard let object = objects["\(type.kind)/\(cells.first?.stringValue ?? "")"] else { continue }
        let table = TableDocument.table([object], layout, metadata: .object([]), now: now)
        let ours = try #require(table["rows"]?[0])
        for (index, column) in layout.columns.enumerated() {
          // Defaults of objects as they were sent are not known here, nor are ages and addresses.
          if ["Age", "Created At", "Cluster-IP", "Targets", "MinPods", "Data"].contains(column.name) {
            continue
          }
          if type.kind == "Secret" || type.kind == "Namespace"
            || (type.kind == "Pod" && column.name == "Status")
          {
            continue
          }
          #expect(ours["cells"]?[index] == cells[index], "\(exchange.number) \(type.kind) \(column.name)")
          compared += 1
        }
        #expect(ours["conditions"] == row["conditions"], note)
      }
    }
    #expect(compared >= 60)
  }

  @Test func `tables of Grove's kinds`() throws {
    let session = try Recordings.session("016-table-grove")
    var objects: [String: Value] = [:]
    for object in session.setup {
      // The schema's default, which the setup does not show.
      var draft = ValueDraft(object)
      if kind(object) == "PodCliqueScalingGroup" { draft["spec"]?["minAvailable"] = ValueDraft(.integer(1)) }
      objects["\(kind(object))/\(name(object))"] = draft.value
    }
    var compared = 0
    for exchange in session.exchanges {
      if exchange.method != "GET" {
        objects["\(kind(exchange.answer))/\(name(exchange.answer))"] = exchange.answer
        continue
      }
      guard kind(exchange.answer) == "Table" else { continue }
      let parts = exchange.path.split(separator: "/").map(String.init)
      let definition = try #require(
        CustomResourceDefinitions.all().first {
          parts.contains($0["spec"]?["names"]?["plural"]?.stringValue ?? "-")
        })
      let layout = TableLayout.custom(
        definition["spec"]?["versions"]?[0]?["additionalPrinterColumns"]?.elements ?? [])
      let note = Comment(rawValue: "\(exchange.number)")
      let columns = exchange.answer["columnDefinitions"]?.elements ?? []
      #expect(layout.columns.map(shape) == columns.map(shape), note)
      #expect(
        layout.columns.dropFirst().map(\.description)
          == columns.dropFirst().map { $0["description"]?.stringValue })
      for row in exchange.answer["rows"]?.elements ?? [] {
        let cells = row["cells"]?.elements ?? []
        let type = definition["spec"]?["names"]?["kind"]?.stringValue ?? ""
        let object = try #require(objects["\(type)/\(cells.first?.stringValue ?? "")"])
        #expect(layout.cells(object, now: now).dropLast() == cells.dropLast(), note)
        compared += 1
      }
    }
    #expect(compared == 11)
  }

  @Test func `an unknown inclusion is refused`() {
    let error = #expect(throws: PatchError.self) { try TableDocument.Inclusion(parsing: "Some") }
    #expect(
      error?.message
        == "Unable to convert to Table as requested: includeObject: Invalid value: \"Some\": must be 'Metadata', "
        + "'Object', 'None', or empty")
  }

  private func kind(_ value: Value) -> String { value["kind"]?.stringValue ?? "" }
  private func name(_ value: Value) -> String { value["metadata"]?["name"]?.stringValue ?? "" }
  private func shape(_ column: TableColumn) -> [String] {
    [column.name, column.type, column.format, "\(column.priority)"]
  }
  private func shape(_ column: Value) -> [String] {
    ["name", "type", "format", "priority"].map { column[$0]?.scalarText ?? "" }
  }
}
