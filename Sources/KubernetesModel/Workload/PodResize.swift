/// What a pod is given while its resources are changed in place.
public enum PodResize {
  /// Whether the kubelet has found that it can never give the pod what it asks for.
  public static func isInfeasible(_ status: Indirect<PodStatus>) -> Bool {
    for condition in status.wrappedValue.conditions where condition.type == "PodResizePending" {
      return condition.reason == "Infeasible"
    }
    return false
  }

  /// Whether the status of a container tells of resources that differ from those of the spec.
  ///
  /// - Complexity: O(containers²) at most; O(1) when no status tells of resources.
  public static func isUnderWay(_ spec: Indirect<PodSpec>, _ status: Indirect<PodStatus>) -> Bool {
    if status.wrappedValue.containerStatuses.isEmpty { return false }
    let statuses = status.wrappedValue.containerStatuses + status.wrappedValue.initContainerStatuses
    for known in statuses where known.resources != nil || !known.allocatedResources.isEmpty {
      let container =
        spec.wrappedValue.containers.first { $0.name == known.name }
        ?? spec.wrappedValue.initContainers.first { $0.name == known.name }
      guard let container else { continue }
      if let actual = known.resources, actual.requests != container.resources.requests { return true }
      if !known.allocatedResources.isEmpty, known.allocatedResources != container.resources.requests {
        return true
      }
    }
    return false
  }
}
