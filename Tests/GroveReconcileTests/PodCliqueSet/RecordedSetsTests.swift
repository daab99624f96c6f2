import Foundation
import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Where the real operator rests, so do the passes over PodCliqueSets, PodGangs and topology bindings, but for what
/// we do better.
@Suite(.enabled(if: RecordedState.isThere, "../shared/golden is not here: nothing to compare with"))
struct RecordedSetsTests {
  /// Cases and stages that are no rest of ours, with the reason.
  private static let exceptions = [
    "own-suffix-collision/": "B-R08: upstream takes one clique for another",
    "own-broken-hpa-": "the API server refuses a write; see refusedAutoscalers",
    "own-podspec-fields/": "an IP address in the template is masked, so the hash differs",
    "own-other-updates/": "written with a key `y`, which YAML reads as true, so the hash differs",
    "own-pod-lifecycle/17-terminating-held":
      "B-R32: upstream still counts terminating pods, so nobody is woken",
    "own-suffix-collision-2/": "B-R08: members of the wrong template, which an update replaces (R-650-open)",
    "e2e-workload-ondelete/01-created": "recorded before the pass after the token came",
  ]

  @Test func nothingIsLeftToDoWhereTheRealOperatorRests() throws {
    let bindings = try Self.bindings()
    var passes = 0
    for stage in try RecordedState.stages()
    where !Self.exceptions.keys.contains(where: stage.label.hasPrefix) {
      let reconciler = Reconciler(configuration: stage.configuration)
      var state = stage.state
      if stage.configuration.topologyAwareSchedulingEnabled { bindings.forEach { state.insert($0) } }
      for stored in stage.state.podGangs.byName
      where stored.object.metadata.labels[LabelKey.schedulerName] == "kai-scheduler" {
        // B-R22: upstream takes the annotation off again.
        var gang = stored.object
        gang.metadata.annotations[AnnotationKey.kaiSkipPodGrouper] = "true"
        state.insert(.podGang(gang))
      }
      for resource in state.resources(of: .podCliqueSet) + state.resources(of: .podGang) {
        let result = reconciler.reconcile(resource.key, observed: state, now: RecordedState.now)
        // B-R07: upstream never deletes the Services of removed replicas.
        let steps = result.steps.filter { $0.rule != "R-157" || !$0.isDeletion }
        #expect(steps.isEmpty, "\(stage.label) \(resource.key)")
        passes += 1
      }
    }
    #expect(passes > 2_000)
  }

  @Test func topologyBindings() throws {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = [.defaultScheduler, .kai]
    let folder = RecordedState.root.appending(path: "_cluster-topology-kai")
    let stages = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasPrefix("stage-") }
    for stage in stages {
      let state = ObservedState(
        try RecordedState.values(in: folder.appending(path: stage)).compactMap { RecordedState.resource($0) })
      for resource in state.resources(of: .clusterTopologyBinding) {
        let result = Reconciler(configuration: configuration)
          .reconcile(resource.key, observed: state, now: RecordedState.now)
        #expect(result == Reconciliation(), "\(stage) \(resource.key)")
      }
    }
    #expect(stages.count == 6)
  }

  /// A HorizontalPodAutoscaler that the API server refuses stops later groups, and status tells it as upstream does
  ///
  @Test(arguments: ["metric", "range"])
  func refusedAutoscalers(problem: String) throws {
    let stage = try #require(try RecordedState.stage("01-created", of: "own-broken-hpa-\(problem)"))
    let set = try #require(stage.state.podCliqueSets.byName.first { _ in true }).object
    let recorded = try #require(set.status.lastErrors.first)
    let cause = try #require(recorded.description.components(separatedBy: ", cause: ").last)
    let key = ObjectKey(.podCliqueSet, namespace: set.metadata.namespace, name: set.metadata.name)
    let reconciler = Reconciler(configuration: stage.configuration)

    let attempt = reconciler.reconcile(key, observed: stage.state, now: RecordedState.now)
    let creation = try #require(attempt.steps.first)
    #expect(creation.rule == "R-158")
    let result = reconciler.reconcile(
      key, observed: stage.state, now: RecordedState.now,
      refusals: [Refusal(creation.action, message: cause)])

    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == [recorded.code])
    #expect(errors[0].description.hasPrefix("failed to sync HorizontalPodAutoscaler: "))
    #expect(recorded.description.contains("message: \(errors[0].message), cause: \(cause)"))
    // Only the status is written: no PodClique is made.
    #expect(result.steps.map(\.rule) == ["R-008"])
  }

  static func bindings() throws -> [Resource] {
    let folder = RecordedState.root.appending(path: "_cluster-topology-kai")
    return try RecordedState.values(in: folder.appending(path: "stage-01-created.yaml"))
      .compactMap { RecordedState.resource($0) }
  }
}

extension Step {
  var isDeletion: Bool { if case .delete = action { true } else { false } }
}
