import Foundation
import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Where the real operator rests, so do we, but for what we do better (see the deviations named below).
@Suite(.enabled(if: RecordedState.isThere, "../shared/golden is not here: nothing to compare with"))
struct RecordedRestTests {
  @Test func nothingIsLeftToDoWhereTheRealOperatorRests() throws {
    var passes = 0
    for testCase in try RecordedState.cases() where !testCase.hasPrefix("own-broken") {
      for stage in try RecordedState.stages(of: testCase) {
        // Upstream takes one clique for another there and never rests (B-R08).
        if stage.label == "own-suffix-collision/07-spec-updated" { continue }
        let reconciler = Reconciler(configuration: stage.configuration)
        for podClique in stage.state.podCliques.byName {
          let result = reconciler.reconcilePodClique(
            ObjectName(podClique.object.metadata), observed: stage.state, now: RecordedState.now)
          // R-022-bind: a bound pod wakes us, and nobody upstream.
          let unexpected = result.steps.filter { !Self.tellsOfBoundPods($0) }
          // Nor does a terminating pod wake anybody upstream.
          if stage.label != "own-pod-lifecycle/17-terminating-held" {
            #expect(unexpected.isEmpty, "\(stage.label) \(podClique.object.metadata.name)")
          }
          passes += 1
        }
        for group in stage.state.podCliqueScalingGroups.byName {
          var group = group.object
          // B-R01: upstream keeps errors of former passes.
          group.status.lastErrors = []
          var state = stage.state
          state.insert(.podCliqueScalingGroup(group))
          let result = reconciler.reconcileScalingGroup(
            ObjectName(group.metadata), observed: state, now: RecordedState.now)
          #expect(result.steps.isEmpty, "\(stage.label) \(group.metadata.name)")
          passes += 1
        }
      }
    }
    #expect(passes > 3_000)
  }

  /// A pod that the API server refuses is told in status and event as upstream tells it.
  @Test(arguments: ["container-name", "dots", "empty-containers", "volume"])
  func refusedPods(problem: String) throws {
    let stage = try #require(try RecordedState.stage("01-created", of: "own-broken-\(problem)"))
    let broken = stage.state.podCliques.byName.filter { !$0.object.status.lastErrors.isEmpty }
    let podClique = try #require(broken.first?.object)
    let theirs = try #require(podClique.status.lastErrors.first)
    let refusal = try #require(theirs.description.components(separatedBy: ", cause: ").last)
    let reconciler = Reconciler(configuration: stage.configuration)
    let name = ObjectName(podClique.metadata)
    var state = stage.state
    var fresh = podClique
    fresh.status.lastErrors = []
    state.insert(.podClique(fresh))
    let first = reconciler.reconcilePodClique(name, observed: state, now: RecordedState.now)
    let creation = try #require(first.steps.first)
    #expect(creation.rule == "R-302")

    state.refusals = [Refusal(creation.action, message: refusal)]
    let second = reconciler.reconcilePodClique(name, observed: state, now: RecordedState.now)
    #expect(second.outcome != .settled)
    let events = second.steps.compactMap { step -> ObjectEvent? in
      if case .record(let event) = step.action { event } else { nil }
    }
    #expect(events.map(\.reason) == ["PodCreateFailed"])
    #expect(events.map(\.message) == ["Error creating pod : \(refusal)"])
    let written = second.steps.compactMap { step -> PodClique? in
      if case .updateStatus(.podClique(let new), _) = step.action { new } else { nil }
    }
    // The whole status: no observedGeneration, no conditions, the update ended, the error word for word.
    #expect(written.map(\.status) == [podClique.status])
  }

  /// Whether a step does no more than tell, in the status of a PodClique, of pods that were bound.
  private static func tellsOfBoundPods(_ step: Step) -> Bool {
    guard case .updateStatus(.podClique(let new), .podClique(let old)) = step.action else { return false }
    var status = new.status
    status.scheduledReplicas = old.status.scheduledReplicas
    status.scheduleGatedReplicas = old.status.scheduleGatedReplicas
    status.conditions = old.status.conditions
    return status == old.status && new.status.scheduleGatedReplicas < old.status.scheduleGatedReplicas
  }
}
