public import GroveModel
internal import GroveReconcile
internal import KubernetesModel

extension World {
  /// PodCliques and scaling groups that lost what they had within seconds of their creation.
  ///
  /// Grove takes them for ones that never had it, and does not terminate their gangs, however long they are in breach
  /// what happens in the first seconds of a gang counts differently from what happens later.
  public var breachesInGrace: [ObjectKey] {
    guard !losses.isEmpty else { return [] }
    return server.objects.breachesInGrace { losses[$0] == $1 }
  }

  /// Remembers that a PodClique has lost its minimum of scheduled pods, or a scaling group its replicas.
  mutating func noteLoss(_ change: Change) {
    switch (change.old, change.new) {
    case (.podClique(let old)?, .podClique(let new)?):
      if old.status.says("PodCliqueScheduled", "True"), new.status.says("PodCliqueScheduled", "False") {
        losses[Resource.podClique(new).key] = new.metadata.uid
      }
    case (.podCliqueScalingGroup(let old)?, .podCliqueScalingGroup(let new)?):
      if old.status.says("MinAvailableBreached", "False"), new.status.says("MinAvailableBreached", "True") {
        losses[Resource.podCliqueScalingGroup(new).key] = new.metadata.uid
      }
    case (let old?, nil): if !losses.isEmpty { losses[old.key] = nil }
    default: break
    }
  }
}

extension PodCliqueStatus {
  fileprivate func says(_ type: String, _ status: String) -> Bool {
    conditions.contains { $0.type == type && $0.status == status }
  }
}

extension PodCliqueScalingGroupStatus {
  fileprivate func says(_ type: String, _ status: String) -> Bool {
    conditions.contains { $0.type == type && $0.status == status }
  }
}
