import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// PodCliques of scaling groups as the real operator submitted them (R-200…R-224).
@Suite(.enabled(if: RecordedState.isThere, "../shared/golden is not here: nothing to compare with"))
struct RecordedMembersTests {
  @Test func membersAreWhatTheRealOperatorSubmits() throws {
    var compared = 0
    // Upstream takes one clique for another in those (B-R08).
    for testCase in try RecordedState.cases() where !testCase.hasPrefix("own-suffix-collision") {
      var recorded: [String: Value] = [:]
      for podClique in try RecordedState.created("PodClique", in: testCase)
      where podClique["metadata"]?["labels"]?[LabelKey.scalingGroup] != nil {
        let name = try #require(podClique["metadata"]?["name"]?.stringValue)
        let hash = try #require(podClique["metadata"]?["labels"]?[LabelKey.podTemplateHash]?.stringValue)
        recorded[name + " " + hash] = podClique
      }
      for stage in try RecordedState.stages(of: testCase) {
        var state = stage.state
        for podClique in state.podCliques.byName {
          state.remove(Resource.podClique(podClique.object).key)
        }
        let reconciler = Reconciler(configuration: stage.configuration)
        for group in state.podCliqueScalingGroups.byName where !group.object.metadata.isTerminating {
          let result = reconciler.reconcileScalingGroup(
            ObjectName(group.object.metadata), observed: state, now: RecordedState.now)
          for case .create(.podClique(let podClique)) in result.steps.map(\.action) {
            let hash = try #require(podClique.metadata.labels[LabelKey.podTemplateHash])
            guard let theirs = recorded.removeValue(forKey: podClique.metadata.name + " " + hash) else {
              continue
            }
            var differences = RecordedState.differences(Resource.podClique(podClique).value, theirs)
            if testCase == "own-labels-annotations" {
              // B-R34: labels that only the operator sets are not taken from templates.
              differences.removeAll { $0.hasPrefix(".metadata.labels.\(LabelKey.podIndex) is theirs only") }
            }
            #expect(differences.isEmpty, "\(stage.label) \(podClique.metadata.name)")
            compared += 1
          }
        }
      }
      #expect(recorded.isEmpty, "\(testCase): \(recorded.keys.sorted())")
    }
    #expect(compared > 300)
  }
}
