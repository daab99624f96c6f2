import GroveModel
import GroveReconcile
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// What a plan says goes is what goes in a run that knows nothing of plans (acceptance 2 and 7).
@Suite("Plans and runs")
struct IndependentRunTests {
  nonisolated(unsafe) private static let edits: [(name: String, edit: (inout PodCliqueSet) -> Void)] = [
    ("image", { $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "other:1" }),
    (
      "label of the last clique",
      { $0.spec.template.cliques[$0.spec.template.cliques.count - 1].labels["x"] = "1" }
    ),
    ("priority class", { $0.spec.template.priorityClassName = "gold" }),
    ("order of cliques", { $0.spec.template.cliques.reverse() }),
    ("set replicas", { $0.spec.replicas += 1 }),
    ("no replicas", { $0.spec.replicas = max($0.spec.replicas - 1, 0) }),
    ("label of the set", { $0.metadata.labels["x"] = "1" }),
    ("delay", { $0.spec.template.terminationDelay = .minutes(7) }),
    (
      "on delete",
      {
        $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
        $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "other:1"
      }
    ),
  ]

  @Test(arguments: PlanFixture.examples, Array(edits.indices)) func agree(example: String, edit: Int) throws {
    let sets = try PlanFixture.sets(example)
    var edited = sets
    for index in edited.indices { Self.edits[edit].edit(&edited[index]) }
    let cluster = try PlanFixture.cluster() + PlanFixture.others(example)
    let plan = GroveChange.plan(PlanFixture.request(old: sets, new: edited, cluster: cluster))

    var setup = PlanFixture.setup
    setup.keepsHistory = true
    var world = World(configuration: PlanFixture.configuration, setup: setup)
    for object in cluster { try world.write { server throws(APIError) in try server.create(object) } }
    for set in sets { try world.perform(.apply(.podCliqueSet(set))) }
    #expect(world.runToRest() == .atRest)
    _ = world.takeHistory()
    let before = Set(world.server.objects.resources(of: .pod).map(\.metadata.uid))
    #expect(plan.sets.reduce(0) { $0 + $1.totals.pods.before } == before.count)
    var isRejected = false
    for set in edited {
      do { try world.perform(.apply(.podCliqueSet(set))) } catch { isRejected = true }
    }
    #expect(isRejected == plan.meets(.rejected))
    #expect(world.runToRest() == .atRest)
    var deleted: Set<String> = []
    for case .change(let change) in world.takeHistory().map(\.what) {
      if case .pod(let pod)? = change.old, change.new == nil, before.contains(pod.metadata.uid) {
        deleted.insert(pod.metadata.uid)
      }
    }
    #expect(plan.sets.reduce(into: Set<String>()) { $0.formUnion($1.deletedPods) } == deleted)
    let after = world.server.objects.resources(of: .pod).count
    #expect(
      plan.sets.reduce(0) { $0 + $1.totals.pods.before + $1.totals.pods.added - $1.totals.pods.removed }
        == after)
  }

  /// plan(A→A) is empty.
  @Test(arguments: PlanFixture.examples) func nothingChangesNothing(example: String) throws {
    let sets = try PlanFixture.sets(example)
    let cluster = try PlanFixture.cluster() + PlanFixture.others(example)
    let plan = GroveChange.plan(PlanFixture.request(old: sets, new: sets, cluster: cluster))
    #expect(plan.isEmpty)
    #expect(plan.text() == "no changes\n")
    #expect(FailCondition.allCases.allSatisfy { !plan.meets($0) })
  }

  /// `--old A` and `--live` of A at rest give the same sets, steps and totals; after the change nothing is left to do.
  @Test(arguments: PlanFixture.examples) func aDumpIsAsGoodAsManifests(example: String) throws {
    let sets = try PlanFixture.sets(example)
    var edited = sets
    for index in edited.indices { edited[index].spec.template.cliques[0].labels["x"] = "1" }
    let cluster = try PlanFixture.cluster() + PlanFixture.others(example)
    let request = PlanFixture.request(old: sets, new: edited, cluster: cluster)
    let plan = GroveChange.plan(request)

    var world = World(configuration: PlanFixture.configuration, setup: PlanFixture.setup)
    for object in cluster { try world.write { server throws(APIError) in try server.create(object) } }
    for set in sets { try world.perform(.apply(.podCliqueSet(set))) }
    #expect(world.runToRest() == .atRest)
    var live = request
    live.before = .dump(world.server.objects.resources)
    live.cluster = []
    let other = GroveChange.plan(live)
    #expect(other.operatorChanges == [])
    for (one, another) in zip(plan.sets, other.sets) {
      #expect(one.verdict == another.verdict)
      #expect(one.totals == another.totals)
      #expect(one.steps == another.steps)
      #expect(one.worst == another.worst)
      #expect(one.ends == another.ends)
      #expect(one.deletedPods == another.deletedPods)
    }
    for set in edited { try world.perform(.apply(.podCliqueSet(set))) }
    #expect(world.runToRest() == .atRest)
    live.before = .dump(world.server.objects.resources)
    let rest = GroveChange.plan(live)
    #expect(rest.sets.allSatisfy { $0.causes.isEmpty && $0.totals.pods.restart == 0 && $0.steps.isEmpty })
    #expect(rest.operatorChanges == [])
  }

  /// P-24: the seed changes the names of pods and nothing else.
  @Test func theSeedNamesPods() throws {
    let set = try #require(try PlanFixture.sets("multi-node-aggregated.yaml").first)
    var edited = set
    edited.spec.template.cliques[0].labels["x"] = "1"
    var request = PlanFixture.request(old: [set], new: [edited], cluster: try PlanFixture.cluster())
    let one = GroveChange.plan(request)
    #expect(GroveChange.plan(request) == one)
    request.seed = 7
    let other = GroveChange.plan(request)
    #expect(one.text() == other.text())
    #expect(one.sets[0].pods.map(\.name) != other.sets[0].pods.map(\.name))
  }
}
