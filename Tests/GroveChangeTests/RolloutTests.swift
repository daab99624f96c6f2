import Foundation
import GroveModel
import GroveReconcile
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// P-15…P-18: how a rollout goes, and how it ends.
@Suite("Rollouts")
struct RolloutTests {
  private func image(_ set: inout PodCliqueSet) {
    set.spec.template.cliques[0].spec.podSpec.containers[0].image = "other:1"
  }

  /// B-R40: a clique whose minimum is all of it always dips.
  @Test func aFullMinimumDips() throws {
    let set = try #require(try PlanFixture.sets("single-node-aggregated.yaml").first)
    let plan = try PlanFixture.plan(set) { image(&$0) }
    let first = try #require(plan.sets.first)
    #expect(first.steps.map(\.podCount) == [1, 1])
    #expect(first.totals.pods.atOnce == 1)
    let below = try #require(first.worst?.below)
    #expect(below.map(\.available) == [1] && below.map(\.wanted) == [2] && below.map(\.minimum) == [2])
    #expect(first.worst?.rule?.hasPrefix("B-R40") == true)
    #expect(plan.meets(.availability) && plan.meets(.fullRoll) && plan.meets(.restart) && !plan.meets(.stuck))
    for (step, next) in zip(first.steps, first.steps.dropFirst()) { #expect(step.until == next.at) }
    let last = try #require(first.steps.last?.until)
    #expect(first.ends == .finishes(after: last))
  }

  /// P-17: `waits for you`.
  @Test func onDeleteWaits() throws {
    let set = try #require(try PlanFixture.sets("on-delete.yaml").first)
    let plan = try PlanFixture.plan(set) { image(&$0) }
    let first = try #require(plan.sets.first)
    #expect(first.totals.pods.restart == 0)
    guard case .waits(let pods) = first.ends else {
      Issue.record("ends \(first.ends)")
      return
    }
    #expect(!pods.isEmpty)
    #expect(first.noEffects.map(\.reason) == [.onDelete])
    #expect(plan.text().contains("waits for you: \(pods.count) outdated pod"))
  }

  /// P-17, P-18, acceptance 8: a day does not help, what is said to help does.
  @Test func stuckIsStuck() throws {
    let set = try #require(try PlanFixture.sets("topology.yaml").first)
    let small = try PlanFixture.cluster("zone=1,rack=2,node=1,gpu=9,cpu=200,memory=2Ti")
    func edit(_ set: inout PodCliqueSet) {
      set.spec.template.cliques[2].spec.podSpec.containers[0].resources.limits["nvidia.com/gpu"] = Quantity(
        "2")
    }
    let plan = try PlanFixture.plan(set, cluster: small, edit)
    let first = try #require(plan.sets.first)
    guard case .never(let reason) = first.ends else {
      Issue.record("ends \(first.ends)")
      return
    }
    #expect(reason.missing == ["8 pods of engine 0"])
    #expect(reason.text.hasPrefix("rack-scale-0 needs room for 7 pods"))
    #expect(first.steps.last?.until == nil)
    #expect(plan.meets(.stuck))

    var world = World(configuration: PlanFixture.configuration, setup: PlanFixture.setup)
    for object in small { try world.write { server throws(APIError) in try server.create(object) } }
    try world.perform(.apply(.podCliqueSet(set)))
    #expect(world.runToRest() == .atRest)
    var changed = set
    edit(&changed)
    try world.perform(.apply(.podCliqueSet(changed)))
    _ = world.run(for: .hours(24))
    for case .podCliqueSet(let set) in world.server.objects.resources(of: .podCliqueSet) {
      #expect(set.status.updateProgress?.updateEndedAt == nil)
    }

    let roomy = try PlanFixture.cluster("zone=1,rack=2,node=2,gpu=9,cpu=200,memory=2Ti")
    let helped = try PlanFixture.plan(set, cluster: roomy, edit)
    guard case .finishes = helped.sets[0].ends else {
      Issue.record("ends \(helped.sets[0].ends)")
      return
    }
  }

  /// P-3: live replicas count, and a member clique gets the template's back when it is made anew.
  @Test func liveReplicasCount() throws {
    let set = try #require(try PlanFixture.sets("multi-node-disaggregated.yaml").first)
    var world = World(configuration: PlanFixture.configuration, setup: PlanFixture.setup)
    for object in try PlanFixture.cluster() {
      try world.write { server throws(APIError) in try server.create(object) }
    }
    try world.perform(.apply(.podCliqueSet(set)))
    #expect(world.runToRest() == .atRest)
    let group = ObjectKey(
      .podCliqueScalingGroup, namespace: "default", name: "multinode-disaggregated-0-prefill")
    try world.perform(.scale(group, replicas: 4))
    #expect(world.runToRest() == .atRest)
    let member = ObjectKey(
      .podClique, namespace: "default", name: "multinode-disaggregated-0-prefill-1-pworker")
    try world.perform(.scale(member, replicas: 6))
    #expect(world.runToRest() == .atRest)
    var changed = set
    changed.spec.template.cliques[1].spec.podSpec.containers[0].image = "other:1"
    var request = PlanFixture.request(old: [], new: [changed], cluster: [])
    request.before = .dump(world.server.objects.resources)
    let plan = GroveChange.plan(request)
    let first = try #require(plan.sets.first)
    #expect(first.totals.pods.restart == 20)
    #expect(first.totals.pods.removed == 2)
    let scaled = try #require(first.objects.first { $0.key == member })
    #expect(scaled.verdict == .recreated)
    #expect(scaled.detail.hasSuffix("scaled 6 → 4 by the update"))
    #expect(plan.text().contains("scaled 6 → 4 by the update"))
  }

  /// P-11, P-12: what is listed as having no effect.
  @Test func noEffectsAreListed() throws {
    let old = try PlanFixture.example("multi-node-disaggregated.yaml")
    let text = old.replacing("memory: 32Mi", with: "memory: 32768Ki").replacing(
      "\n      replicas: 2\n", with: "\n      replicas: 3\n")
    var request = PlanRequest(
      before: .manifests(try PlanFixture.manifests(old, source: "old.yaml")),
      manifests: try PlanFixture.manifests(text), configuration: PlanFixture.configuration,
      setup: PlanFixture.setup)
    request.cluster = try PlanFixture.cluster()
    let plan = GroveChange.plan(request)
    let first = try #require(plan.sets.first)
    #expect(first.causes.isEmpty && first.totals.pods.restart == 0 && first.totals.pods.added == 0)
    #expect(
      first.noEffects.filter { $0.reason == .notForRunningPods }.map(\.path.description)
        == ["spec.template.podCliqueScalingGroups[prefill].replicas"])
    let same = first.noEffects.filter { $0.reason == .looksLikeChange }
    #expect(same.count == 4)
    #expect(same.allSatisfy { $0.path.description.hasSuffix("resources.requests.memory") })
    #expect(same.allSatisfy { $0.location?.file == "new.yaml" })
    #expect(Set(same.compactMap { $0.location?.line }).count == 4)
  }

  /// P-14: what another configuration makes stands apart.
  @Test func anotherConfiguration() throws {
    let set = try #require(try PlanFixture.sets("startup-order-in-order.yaml").first)
    var request = PlanFixture.request(old: [set], new: [set], cluster: try PlanFixture.cluster())
    request.configurations.after.defaultScheduler = .kai
    let plan = GroveChange.plan(request)
    #expect(plan.meets(.operator))
    #expect(plan.sets.allSatisfy { $0.totals.pods.restart == 0 })
  }

  /// P-14 a: hashes that this version would not compute.
  @Test func anotherVersionOfTheOperator() throws {
    let set = try #require(try PlanFixture.sets("single-node-aggregated.yaml").first)
    var world = World(configuration: PlanFixture.configuration, setup: PlanFixture.setup)
    for object in try PlanFixture.cluster() {
      try world.write { server throws(APIError) in try server.create(object) }
    }
    try world.perform(.apply(.podCliqueSet(set)))
    #expect(world.runToRest() == .atRest)
    let dump = world.server.objects.resources.map { object -> Resource in
      switch object {
      case .podCliqueSet(var set):
        set.status.currentGenerationHash = "other"
        return .podCliqueSet(set)
      case .podClique(var clique):
        clique.metadata.labels[LabelKey.podTemplateHash] = "other"
        clique.status.currentPodTemplateHash = "other"
        return .podClique(clique)
      case .pod(var pod):
        pod.metadata.labels[LabelKey.podTemplateHash] = "other"
        return .pod(pod)
      default: return object
      }
    }
    var request = PlanFixture.request(old: [], new: [], cluster: [])
    request.before = .dump(dump)
    let plan = GroveChange.plan(request)
    #expect(plan.operatorChanges.map(\.reason) == [.otherVersion])
    #expect(plan.operatorChanges[0].text.contains("another operator version wrote this"))
    #expect(plan.operatorChanges[0].restarts == 2)
    #expect(plan.sets[0].pods.filter { $0.verdict == .restarts }.allSatisfy { $0.isOperatorsOwn })
    #expect(plan.meets(.operator) && plan.meets(.restart))
  }

  /// P-21, acceptance 9: many sets still make one comment, complete in its counts.
  @Test func markdownHasALimit() throws {
    let set = try #require(try PlanFixture.sets("single-node-aggregated.yaml").first)
    let sets = (0..<100).map { number -> PodCliqueSet in
      var set = set
      set.metadata.name = "set-\(number)"
      return set
    }
    var edited = sets
    for index in edited.indices { image(&edited[index]) }
    let plan = GroveChange.plan(
      PlanFixture.request(old: sets, new: edited, cluster: try PlanFixture.cluster()))
    #expect(plan.sets.count == 100)
    let page = plan.markdown(maxBytes: 30_000)
    #expect(page.utf8.count <= 30_000)
    #expect(page.contains("100 of 100 PodCliqueSets change: 200 of 200 pods restart"))
    #expect(page.contains("Left out for size: "))
    #expect(
      page.components(separatedBy: "<details>").count == page.components(separatedBy: "</details>").count)
    #expect(plan.markdown(maxBytes: 1_000_000).contains("Left out") == false)
  }
}
