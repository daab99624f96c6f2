import GroveModel
import KubernetesModel
import Testing

@testable import KubernetesServer

/// Discovery and OpenAPI against a real API server (V-6; sessions 001, 002 and 004).
@Suite(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
struct DiscoveryTests {
  private let discovery = Discovery(APIResources.builtIn)

  @Test func `lists of built-in resources are the server's`() throws {
    var compared = 0
    for exchange in try Recordings.session("001-discovery-legacy").exchanges where exchange.status != 404 {
      let version = exchange.answer["groupVersion"]?.stringValue ?? ""
      guard exchange.answer["kind"]?.stringValue == "APIResourceList", !version.contains("grove") else {
        continue
      }
      let parts = version.split(separator: "/").map(String.init)
      let ours = try #require(
        discovery.resourceList(group: parts.count == 2 ? parts[0] : "", version: parts.last ?? ""),
        "\(version)")
      #expect(ours["apiVersion"] == exchange.answer["apiVersion"])
      let theirs = exchange.answer["resources"]?.elements ?? []
      for entry in theirs {
        let mine = ours["resources"]?.elements.first { $0["name"] == entry["name"] }
        #expect(mine == entry, "\(version) \(entry["name"]?.stringValue ?? "")")
        compared += 1
      }
    }
    #expect(compared > 70)
  }

  @Test func `aggregated discovery is the server's`() throws {
    var compared = 0
    for exchange in try Recordings.session("002-discovery-aggregated").exchanges {
      let ours = discovery.aggregated(isCore: exchange.path == "/api")
      for item in exchange.answer["items"]?.elements ?? [] {
        let name = item["metadata"]?["name"]?.stringValue ?? ""
        guard !name.contains("grove") else { continue }
        let mine = ours["items"]?.elements.first { ($0["metadata"]?["name"]?.stringValue ?? "") == name }
        for resource in item["versions"]?[0]?["resources"]?.elements ?? [] {
          let found = mine?["versions"]?[0]?["resources"]?.elements.first {
            $0["resource"] == resource["resource"]
          }
          #expect(found == resource, "\(name) \(resource["resource"]?.stringValue ?? "")")
          compared += 1
        }
      }
    }
    #expect(compared > 40)
  }

  @Test func `documents have schemas, parameters and no dangling reference`() throws {
    let document = OpenAPIDocument(APIResources.builtIn)
    let core = try #require(document.document(group: "", version: "v1"))
    let post = core["paths"]?["/api/v1/namespaces/{namespace}/pods"]?["post"]
    #expect(post?["parameters"]?.elements.contains { $0["name"]?.stringValue == "fieldValidation" } == true)
    let schemas = try #require(core["components"]?["schemas"])
    #expect(schemas["io.k8s.api.core.v1.PodSpec"]?["properties"]?["containers"]?["items"] != nil)
    let prefix = "#/components/schemas/"
    var references: Set<String> = []
    func collect(_ value: Value) {
      if let text = value["$ref"]?.stringValue { references.insert(text) }
      for member in value.members { collect(member.value) }
      for element in value.elements { collect(element) }
    }
    collect(core)
    #expect(references.count > 150)
    for reference in references.sorted() {
      #expect(
        reference.hasPrefix(prefix) && schemas[String(reference.dropFirst(prefix.count))] != nil,
        "\(reference)")
    }
  }
}
