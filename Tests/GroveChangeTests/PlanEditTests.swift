import Foundation
import GroveModel
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// The edits of `data/plan-edits.tsv`: what each of them restarts (acceptance 2 of `plan`).
@Suite("Edits and what they restart", .enabled(if: PlanFixture.hasShared, PlanFixture.noShared))
struct PlanEditTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var edit: String
    var deleted: Int
    var created: Int
    var moves: Bool
    var rejection: String
    var testDescription: String { edit }
  }

  static let rows: [Row] = {
    let url = PlanFixture.shared.appendingPathComponent("spec/data/plan-edits.tsv")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Row(
        edit: cells[0], deleted: Int(cells[1]) ?? -1, created: Int(cells[2]) ?? -1, moves: cells[3] == "True",
        rejection: cells.count > 4 ? cells[4] : "")
    }
  }()

  private static func clique(
    _ set: inout PodCliqueSet, _ name: String, _ edit: (inout PodCliqueTemplateSpec) -> Void
  ) {
    for index in set.spec.template.cliques.indices where set.spec.template.cliques[index].name == name {
      edit(&set.spec.template.cliques[index])
    }
  }

  private static func container(_ set: inout PodCliqueSet, _ name: String, _ edit: (inout Container) -> Void)
  {
    clique(&set, name) { edit(&$0.spec.podSpec.containers[0]) }
  }

  /// What each edit is.
  nonisolated(unsafe) private static let edits: [String: (inout PodCliqueSet) -> Void] = [
    "identical": { _ in },
    "label of the set": { $0.metadata.labels["team"] = "a" },
    "annotation of the set": { $0.metadata.annotations["note"] = "a" },
    "label of clique pleader": { clique(&$0, "pleader") { $0.labels["x"] = "1" } },
    "annotation of clique pleader": { clique(&$0, "pleader") { $0.annotations["x"] = "1" } },
    "labels: {} on clique pleader": { _ in },
    "image of pworker": { container(&$0, "pworker") { $0.image = "nginx:1.27" } },
    "template priorityClassName": { $0.spec.template.priorityClassName = "gold" },
    "podSpec priorityClassName": { clique(&$0, "pworker") { $0.spec.podSpec.priorityClassName = "gold" } },
    "terminationDelay": { $0.spec.template.terminationDelay = .hours(1) },
    "order of cliques": { $0.spec.template.cliques.swapAt(0, 3) },
    "order of groups": { $0.spec.template.podCliqueScalingGroups.swapAt(0, 1) },
    "group prefill replicas 2 to 3": { $0.spec.template.podCliqueScalingGroups[0].replicas = 3 },
    "clique replicas 4 to 5, minAvailable unset": { clique(&$0, "pworker") { $0.spec.replicas = 5 } },
    "set replicas 1 to 2": { $0.spec.replicas = 2 },
    "updateStrategy OnDelete": { $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete) },
    "nodeSelector": { clique(&$0, "pworker") { $0.spec.podSpec.nodeSelector["kubernetes.io/os"] = "linux" } },
    "cpu 10m to 0.01": { container(&$0, "pworker") { $0.resources.requests["cpu"] = Quantity("0.01") } },
    "memory 32Mi to 32768Ki": {
      container(&$0, "pworker") { $0.resources.requests["memory"] = Quantity("32768Ki") }
    },
    "restartPolicy: Always spelled out": {
      clique(&$0, "pworker") { $0.spec.podSpec.restartPolicy = "Always" }
    },
    "imagePullPolicy: Always spelled out": { container(&$0, "pworker") { $0.imagePullPolicy = "Always" } },
    "terminationGracePeriodSeconds: 30 spelled out": {
      clique(&$0, "pworker") { $0.spec.podSpec.terminationGracePeriodSeconds = 30 }
    },
    "a toleration added": {
      clique(&$0, "pworker") {
        $0.spec.podSpec.tolerations.append(Toleration(key: "extra", effect: "NoSchedule"))
      }
    },
    "roleName": { clique(&$0, "pworker") { $0.spec.roleName = "zz" } },
    "a clique added": {
      var added = $0.spec.template.cliques[0]
      added.name = "extra"
      added.spec.roleName = "extra"
      $0.spec.template.cliques.append(added)
    },
  ]

  @Test func rowsAreThere() {
    #expect(Self.rows.count == 26)
    let known = Set(Self.edits.keys)
    #expect(
      Self.rows.filter { !known.contains($0.edit) }.map(\.edit).allSatisfy { $0.hasPrefix("order of env") })
  }

  @Test(arguments: Self.rows) func restartsWhatWasSeen(row: Row) throws {
    let plan: Plan
    if row.edit.hasPrefix("order of env") {
      var set = try #require(try PlanFixture.sets("single-node-aggregated.yaml").first)
      set.spec.template.cliques[0].spec.podSpec.containers[0].env = [
        EnvVar(name: "A", value: "1"), EnvVar(name: "B", value: "2"),
      ]
      plan = try PlanFixture.plan(set) {
        $0.spec.template.cliques[0].spec.podSpec.containers[0].env.swapAt(0, 1)
      }
      #expect(plan.sets[0].causes.map(\.change.mark) == [.orderOnly])
    } else {
      let set = try #require(try PlanFixture.sets("multi-node-disaggregated.yaml").first)
      let edit = try #require(Self.edits[row.edit])
      plan = try PlanFixture.plan(set, edit)
    }
    let set = try #require(plan.sets.first)
    #expect(set.totals.pods.restart + set.totals.pods.removed == row.deleted)
    #expect(set.createdPods == row.created)
    #expect(plan.rejections.isEmpty == row.rejection.isEmpty)
    if let rejection = plan.rejections.first {
      #expect(rejection.message.contains(row.rejection))
      #expect(plan.meets(.rejected))
      #expect(set.verdict == .rejected)
    }
    #expect(plan.meets(.restart) == (row.deleted > 0))
    // What restarts pods has a cause, and what has none is said to have no effect.
    if row.deleted > 0 { #expect(set.causes.contains { $0.change.effect == .podTemplateHash }) }
  }

  /// P-4: what a server-side apply would accept is said with the rejection.
  @Test func hintAtServerSideApply() throws {
    let set = try #require(try PlanFixture.sets("multi-node-disaggregated.yaml").first)
    let plan = try PlanFixture.plan(set) { Self.clique(&$0, "pworker") { $0.spec.replicas = 5 } }
    #expect(plan.rejections.first?.hint?.contains("--apply server") == true)
    var new = set
    Self.clique(&new, "pworker") { $0.spec.replicas = 5 }
    var request = PlanFixture.request(old: [set], new: [new], cluster: try PlanFixture.cluster())
    request.apply = .server
    let accepted = GroveChange.plan(request)
    #expect(accepted.rejections.isEmpty)
    #expect(accepted.sets[0].totals.pods.restart == 0)
    // P-12: existing PodCliques keep their replicas.
    #expect(
      accepted.sets[0].noEffects.map(\.path.description) == ["spec.template.cliques[pworker].spec.replicas"])
  }
}
