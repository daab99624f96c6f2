import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Pods as the real operator submitted them, and as a pass over their PodClique makes them (R-320…R-349, R-440).
@Suite(.enabled(if: RecordedState.isThere, "../shared/golden is not here: nothing to compare with"))
struct RecordedPodsTests {
  @Test func podsAreWhatTheRealOperatorSubmits() throws {
    var compared = 0
    for testCase in try RecordedState.cases() where testCase != "own-suffix-collision" {
      var recorded: [String: Value] = [:]
      for pod in try RecordedState.created("Pod", in: testCase) {
        let key = Self.identity(
          hostname: pod["spec"]?["hostname"]?.stringValue,
          hash: pod["metadata"]?["labels"]?[LabelKey.podTemplateHash]?.stringValue)
        recorded[key] = recorded[key] ?? pod
      }
      for stage in try RecordedState.stages(of: testCase) {
        var state = stage.state
        for pod in state.resources(of: .pod) { state.remove(pod.key) }
        let reconciler = Reconciler(configuration: stage.configuration)
        for podClique in state.podCliques.byName where !podClique.object.metadata.isTerminating {
          let result = reconciler.reconcilePodClique(
            ObjectName(podClique.object.metadata), observed: state, now: RecordedState.now)
          for case .create(.pod(var pod)) in result.steps.map(\.action) {
            let key = Self.identity(hostname: pod.spec.hostname, hash: pod.templateHash)
            guard let theirs = recorded.removeValue(forKey: key) else { continue }
            let set = try #require(
              state.podCliqueSets[
                ObjectName(namespace: "default", name: pod.metadata.labels[LabelKey.partOf] ?? "")])
            if theirs["spec"]?["priorityClassName"] == nil {
              // B-R04: pods get the template's class.
              #expect(pod.spec.priorityClassName == set.spec.template.priorityClassName)
              pod.spec.priorityClassName = ""
            }
            if pod.spec.schedulingGates.count > 1, theirs["spec"]?["schedulingGates"]?.count == 1 {
              // B-R16: the template's gates stay.
              pod.spec.schedulingGates = [PodSchedulingGate(name: GroveName.schedulingGate)]
            }
            let differences = RecordedState.differences(Resource.pod(pod).value, theirs)
            #expect(differences.isEmpty, "\(stage.label) \(key)")
            compared += 1
          }
        }
      }
      #expect(recorded.isEmpty, "\(testCase): \(recorded.keys.sorted())")
    }
    #expect(compared > 1_500)
  }

  private static func identity(hostname: String?, hash: String?) -> String {
    "\(hostname ?? "?") \(hash ?? "?")"
  }
}
