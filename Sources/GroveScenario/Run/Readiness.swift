internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension Pod {
  /// Whether the pod runs, is Ready, and is not being deleted.
  var isServing: Bool {
    !metadata.isTerminating && status.phase == "Running"
      && status.conditions.contains { $0.type == "Ready" && $0.status == "True" }
  }

  /// Whether the pod is in a state that scenarios count by. `unschedulable` needs the last event about it, too.
  func isIn(_ state: PodState, lastEventReason: String?) -> Bool {
    switch state {
    case .pending: status.phase == "Pending"
    case .running: status.phase == "Running"
    case .succeeded: status.phase == "Succeeded"
    case .failed: status.phase == "Failed"
    case .ready: isServing
    case .notReady: !isServing
    case .gated: !spec.schedulingGates.isEmpty
    case .bound: !spec.nodeName.isEmpty
    case .terminating: metadata.isTerminating
    case .unschedulable:
      status.phase == "Pending" && spec.nodeName.isEmpty
        && status.conditions.contains {
          $0.type == "PodScheduled" && $0.status == "False" && $0.reason == "Unschedulable"
        }
        && (lastEventReason == "Unschedulable" || lastEventReason == "FailedScheduling")
    }
  }
}
