import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// One answer for a whole PodCliqueSet.
struct DesiredTests {
  @Test func bringsEverythingAbout() throws {
    let desired = try TestCluster(workedExample).set()
    var cluster = try TestCluster(workedExample)
    var wanted = desired
    wanted.metadata = ObjectMeta(name: "demo", namespace: "ns", labels: ["team": "red"])
    cluster.state = ObservedState()
    var rounds = 0
    while rounds < 20 {
      let answer = cluster.reconciler.reconcile(desired: wanted, observed: cluster.state, now: cluster.now)
      if answer.steps.isEmpty, answer.outcome == .settled { break }
      if rounds == 0 { #expect(answer.summary == ["create PodCliqueSet demo"]) }
      for step in answer.steps { cluster.carryOut(step.action) }
      cluster.run()
      cluster.now += .seconds(5)
      rounds += 1
    }
    #expect(rounds < 20)
    #expect(try cluster.set().status.availableReplicas == 1)
    #expect(cluster.state.pods.byName.count == 14)

    // A change of what is desired is written first.
    wanted.spec.replicas = 2
    let answer = cluster.reconciler.reconcile(desired: wanted, observed: cluster.state, now: cluster.now)
    #expect(answer.summary == ["update PodCliqueSet demo"])
    #expect(answer.outcome == .waiting("PodCliqueSet ns/demo has to be updated first"))
  }

  /// A later pass of the same answer builds on what an earlier one is going to write.
  @Test func stepsFollowOneAnother() throws {
    var cluster = try TestCluster(workedExample)
    try cluster.settleAndRun()
    try cluster.changeSet { $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "nginx:2" }
    var view = cluster.state
    let set = try cluster.set()
    let answer = cluster.reconciler.reconcile(desired: set, observed: cluster.state, now: cluster.now)
    var changed: [ObjectKey] = []
    for step in answer.steps {
      switch step.action {
      case .update(let new, let old), .updateStatus(let new, let old):
        #expect(view[old.key] == old)
        view.insert(new)
        changed.append(new.key)
      default: break
      }
    }
    // The PodClique gets its template from one pass and its status from another.
    #expect(changed.count { $0 == TestCluster.key(.podClique, "demo-0-fe") } == 2)
  }
}
