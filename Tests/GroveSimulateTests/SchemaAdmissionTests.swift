import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// The API server checks what users write against the schemas of Grove's kinds, before the webhook.
struct SchemaAdmissionTests {
  private var server = APIServer(webhooks: .kaiWithTopology)

  private func set(_ constraint: TopologyConstraint? = nil) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata = ObjectMeta(name: "demo", namespace: "default")
    var clique = PodCliqueTemplateSpec()
    clique.name = "a"
    clique.labels["kai.scheduler/queue"] = "test"
    clique.spec.roleName = "a"
    clique.spec.replicas = 1
    clique.spec.podSpec.containers = [Container(name: "main", image: "nginx")]
    set.spec.template.cliques = [clique]
    set.spec.template.topologyConstraint = constraint
    return set
  }

  @Test mutating func deprecatedFieldsAreForNobodyNew() throws {
    var constraint = TopologyConstraint()
    constraint.topologyName = "t"
    constraint.packDomain = "host"
    let refused = set(constraint)
    let error = try #require(throws: APIError.self) { try server.create(.podCliqueSet(refused)) }
    guard case .invalid(_, let found) = error else {
      Issue.record("refused otherwise: \(error)")
      return
    }
    #expect(found.map(\.rule) == ["A-447"])
    #expect(
      "\(error)".contains("packDomain is deprecated and cannot be used on new workloads; use pack.required"))
    #expect(server.objects.resources(of: .podCliqueSet).isEmpty)
  }

  @Test mutating func updatesAreCheckedWhenTheyChangeTheSpec() throws {
    let stored = try server.create(.podCliqueSet(set()))
    guard case .podCliqueSet(var changed) = stored else { return }
    changed.metadata.annotations["x"] = "y"
    guard case .podCliqueSet(var broken) = try server.update(.podCliqueSet(changed)) else { return }
    broken.spec.template.topologyConstraint = TopologyConstraint()
    broken.spec.template.topologyConstraint?.topologyName = "t"
    let error = try #require(throws: APIError.self) { try server.update(.podCliqueSet(broken)) }
    #expect("\(error)".contains("topologyConstraint must specify pack or deprecated packDomain"))
  }
}
