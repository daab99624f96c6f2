import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Label and field selectors (V-15; sessions 014 and 015).
struct SelectorTests {
  @Test(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
  func `label selectors select and complain as the server does`() throws {
    let session = try Recordings.session("014-label-selectors")
    let root = try json(#"{"metadata":{"name":"kube-root-ca.crt"}}"#)
    let maps = session.setup.filter { $0["kind"]?.stringValue == "ConfigMap" } + [root]
    var compared = 0
    for exchange in session.exchanges {
      let selector = try #require(exchange.query("labelSelector"))
      do throws(LabelQuery.Failure) {
        let query = try LabelQuery(parsing: selector)
        #expect(
          maps.filter { query.matches($0) }.map(name) == exchange.answer["items"]?.elements.map(name),
          "\(selector)")
      } catch {
        #expect(error.message == exchange.message, "\(selector)")
        #expect(exchange.status == 400, "\(selector)")
      }
      compared += 1
    }
    #expect(compared == 24)
  }

  @Test(.enabled(if: Recordings.areHere, "../shared/api-recordings is not here"))
  func `field selectors select and complain as the server does`() throws {
    let session = try Recordings.session("015-field-selectors")
    let kinds = [
      "configmaps": "ConfigMap", "podcliquesets": "PodCliqueSet", "podcliques": "PodClique", "pods": "Pod",
      "nodes": "Node", "namespaces": "Namespace", "secrets": "Secret", "events": "Event",
      "services": "Service",
      "serviceaccounts": "ServiceAccount",
    ]
    var compared = 0
    for exchange in session.exchanges {
      let parts = exchange.path.split(separator: "/").map(String.init)
      let kind = try #require(kinds[parts.last ?? ""])
      let isCustom = kind.hasPrefix("PodClique")
      let type = GroupVersionKind(group: isCustom ? "grove.io" : "", version: "v1", kind: kind)
      let fields = SelectableFields(type, custom: isCustom ? [] : nil)
      let selector = try #require(exchange.query("fieldSelector"))
      do throws(LabelQuery.Failure) {
        let query = try FieldQuery(parsing: selector)
        if let complaint = fields.complaint(query) { throw .init(message: complaint) }
        #expect(exchange.status == 200, "\(selector)")
        guard isCustom else { continue }
        let objects = session.setup.filter { $0["kind"]?.stringValue == kind }
        #expect(
          objects.filter { query.matches($0, fields) }.map(name)
            == exchange.answer["items"]?.elements.map(name),
          "\(selector)")
      } catch {
        #expect(error.message == exchange.message, "\(selector)")
        #expect(exchange.status == 400, "\(selector)")
      }
      compared += 1
    }
    #expect(compared >= 14)
  }

  @Test(arguments: [
    ("spec.nodeName=n1", true), ("spec.nodeName!=n1", false), ("spec.hostNetwork=false", true),
    ("status.phase==Running", true), ("metadata.name=a\\,b", true), ("spec.nodeName=", false),
  ])
  func `fields of pods`(_ selector: String, _ matches: Bool) throws {
    let pod = try json(#"{"metadata":{"name":"a,b"},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}}"#)
    let query = try FieldQuery(parsing: selector)
    let fields = SelectableFields(GroupVersionKind(group: "", version: "v1", kind: "Pod"))
    #expect(fields.complaint(query) == nil)
    #expect(query.matches(pod, fields) == matches)
  }

  private func name(_ value: Value) -> String { value["metadata"]?["name"]?.stringValue ?? "" }
}
