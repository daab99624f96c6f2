import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// ResourceClaims of all levels as the real operator submitted them (R-430…R-434).
@Suite(.enabled(if: RecordedState.isThere, "../shared/golden is not here: nothing to compare with"))
struct RecordedClaimsTests {
  @Test func claimsAreWhatTheRealOperatorSubmits() throws {
    var compared = 0
    for testCase in try RecordedState.cases() {
      let created = try RecordedState.created("ResourceClaim", in: testCase)
      guard !created.isEmpty else { continue }
      var recorded: [String: Value] = [:]
      for claim in created { recorded[try #require(claim["metadata"]?["name"]?.stringValue)] = claim }
      for stage in try RecordedState.stages(of: testCase) {
        var state = stage.state
        for claim in state.resources(of: .resourceClaim) { state.remove(claim.key) }
        for claim in Self.claims(state, stage.configuration) {
          guard let theirs = recorded.removeValue(forKey: claim.metadata.name) else { continue }
          let differences = RecordedState.differences(claim.value, theirs)
          #expect(differences.isEmpty, "\(stage.label) \(claim.metadata.name)")
          compared += 1
        }
      }
      #expect(recorded.isEmpty, "\(testCase): \(recorded.keys.sorted())")
    }
    #expect(compared > 80)
  }

  /// The claims that a pass over each object creates.
  private static func claims(_ state: ObservedState, _ configuration: OperatorConfiguration) -> [Resource] {
    let reconciler = Reconciler(configuration: configuration)
    var steps: [Step] = []
    for set in state.podCliqueSets.byName {
      var pass = Pass(
        configuration: configuration, state: state, now: RecordedState.now, source: "podcliqueset-controller")
      _ = pass.syncResourceClaims(ResourceClaimLevel(of: set.object))
      steps += pass.steps
    }
    for group in state.podCliqueScalingGroups.byName {
      let name = ObjectName(group.object.metadata)
      steps += reconciler.reconcileScalingGroup(name, observed: state, now: RecordedState.now).steps
    }
    for podClique in state.podCliques.byName {
      let name = ObjectName(podClique.object.metadata)
      steps += reconciler.reconcilePodClique(name, observed: state, now: RecordedState.now).steps
    }
    return steps.compactMap { step in
      if case .create(let resource) = step.action, resource.kind == .resourceClaim { resource } else { nil }
    }
  }
}
