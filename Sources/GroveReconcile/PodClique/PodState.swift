internal import GroveModel
internal import KubernetesModel

// Reading `status` or `spec` of a pod copies all of it: loops over many pods read it once.

extension PodStatus {
  /// Whether all containers have ended for good: phase Succeeded or Failed. Such a pod holds no place (B-R15).
  var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }

  /// Whether the pod is bound to a node, as its condition tells.
  var isScheduled: Bool { self["PodScheduled"]?.status == ConditionStatus.yes }

  /// Whether a scheduling gate holds the pod back, as its condition tells.
  var isReportedGated: Bool {
    guard let condition = self["PodScheduled"] else { return false }
    return condition.status == ConditionStatus.no && condition.reason == "SchedulingGated"
  }

  /// Whether the pod serves: condition Ready.
  var isReady: Bool { self["Ready"]?.status == ConditionStatus.yes }

  /// Whether a container ended with a failure the last time it ran.
  var hasFailedContainer: Bool {
    initContainerStatuses.contains { $0.hasFailed } || containerStatuses.contains { $0.hasFailed }
  }

  /// Whether a main container runs but is not ready.
  var hasUnreadyContainer: Bool { containerStatuses.contains { $0.started == true && !$0.ready } }

  private subscript(type: String) -> PodCondition? { conditions.first { $0.type == type } }
}

extension ContainerStatus {
  fileprivate var hasFailed: Bool { (lastState?.terminated?.exitCode ?? 0) != 0 }
}

extension Pod {
  /// Whether all containers have ended for good (B-R15).
  var isFinished: Bool { status.isFinished }

  /// Whether the pod serves.
  var isReady: Bool { status.isReady }

  /// Whether Grove's gate still holds the pod back.
  var hasGroveGate: Bool { spec.schedulingGates.contains { $0.name == GroveName.schedulingGate } }

  /// The pod template that the pod was made from.
  var templateHash: String? { metadata.labels[LabelKey.podTemplateHash] }
}

/// How many pods of a PodClique are in which state.
///
/// Terminating pods are in none of the counts (B-R32), and neither are finished ones (B-R15).
struct PodCensus: Equatable {
  /// Pods in all.
  var total: Int32 = 0
  /// Pods bound to a node.
  var scheduled: Int32 = 0
  /// Pods that a scheduling gate holds back.
  var gated: Int32 = 0
  /// Pods that serve.
  var ready: Int32 = 0
  /// Pods that do not serve, with a container that ended with a failure.
  var errored: Int32 = 0
  /// Other pods that do not serve although a container runs.
  var startedNotReady: Int32 = 0
  /// Pods made from the template in question.
  var updated: Int32 = 0
  /// Pods that are up or may still come up: what is compared with minAvailable.
  var available: Int32 { scheduled - errored - startedNotReady }

  /// Counts pods; `target` is the template hash that counts as updated.
  init(_ pods: ObjectTable<Pod>.Group, target: String?) {
    for stored in pods where !stored.object.metadata.isTerminating {
      let status = stored.object.status
      if status.isFinished { continue }
      total += 1
      if status.isScheduled { scheduled += 1 } else if status.isReportedGated { gated += 1 }
      if status.isReady {
        ready += 1
      } else if status.hasFailedContainer {
        errored += 1
      } else if status.hasUnreadyContainer {
        startedNotReady += 1
      }
      if let target, stored.object.templateHash == target { updated += 1 }
    }
  }
}
