internal import GroveModel
package import KubernetesModel

/// The next thing that a kubelet does for a pod, as told by the pod itself: kubelets remember nothing.
package enum KubeletTask: Equatable, Sendable {
  /// Takes the pod on: addresses, conditions, containers that wait to be created.
  case admit
  /// Starts an init container.
  case startInit(Int, isFirst: Bool)
  /// Sees an init container end.
  case finishInit(Int)
  /// Lets `grove-initc` end as soon as what it waits for is up.
  case awaitDependencies(Int)
  /// Starts the main containers that were never started.
  case start(isFirst: Bool)
  /// Starts a main container again that ended.
  case restart(Int, restarts: Int32)
  /// The containers pass their readiness probes.
  case becomeReady
  /// The containers fail their readiness probes.
  case becomeUnready
  /// All containers have ended: the pod is removed.
  case remove

  /// What comes next for a pod.
  ///
  /// - Parameters:
  ///   - pod: the pod; on a node whose kubelet works.
  ///   - failsProbes: whether its readiness probes fail.
  package init?(for pod: Pod, failsProbes: Bool) {
    let spec = pod.$spec.wrappedValue
    if spec.nodeName.isEmpty { return nil }
    if pod.metadata.isTerminating {
      self = .remove
      return
    }
    let status = pod.status
    if status.phase == "Succeeded" || status.phase == "Failed" { return nil }
    if status.startTime == nil {
      self = .admit
      return
    }
    if status.conditions.status(of: "Initialized") != "True" {
      for (index, container) in status.initContainerStatuses.enumerated() {
        let isSidecar = spec.initContainers[safe: index]?.restartPolicy == "Always"
        guard let state = container.state else { continue }
        if state.running != nil {
          if isSidecar { continue }
          self =
            container.name == GroveName.initContainer ? .awaitDependencies(index) : .finishInit(index)
          return
        }
        if let terminated = state.terminated {
          if terminated.exitCode == 0 { continue }
          self = .startInit(index, isFirst: false)
          return
        }
        self = .startInit(index, isFirst: index == 0 && container.restartCount == 0)
        return
      }
      return nil
    }
    for (index, container) in status.containerStatuses.enumerated() {
      guard let state = container.state, state.running == nil else { continue }
      if state.waiting?.reason == Self.creating || state.waiting?.reason == Self.initializing {
        self = .start(isFirst: status.initContainerStatuses.isEmpty)
        return
      }
      if spec.restartPolicy == "Never" { continue }
      if spec.restartPolicy == "OnFailure", state.terminated?.exitCode == 0 { continue }
      self = .restart(index, restarts: container.restartCount)
      return
    }
    let runs = status.containerStatuses.allSatisfy { $0.state?.running != nil }
    let isReady = status.conditions.status(of: "Ready") == "True"
    if failsProbes || !runs {
      if !isReady, status.containerStatuses.allSatisfy({ !$0.ready }) { return nil }
      self = .becomeUnready
      return
    }
    if isReady { return nil }
    let gatesHold = spec.readinessGates.allSatisfy {
      status.conditions.status(of: $0.conditionType) == "True"
    }
    if !gatesHold, status.containerStatuses.allSatisfy(\.ready) { return nil }
    self = .becomeReady
  }

  /// How long it takes.
  package func duration(for pod: Pod, _ timing: ClusterTiming) -> Duration {
    switch self {
    case .admit, .becomeUnready, .awaitDependencies: return .zero
    case .startInit(_, let isFirst): return isFirst ? timing.imagePull : .zero
    case .finishInit: return timing.initContainer
    case .start(let isFirst): return timing.containerStart + (isFirst ? timing.imagePull : .zero)
    case .restart(let index, let restarts):
      let isHeldBack = pod.status.containerStatuses[safe: index]?.state?.waiting?.reason == Self.crashLoop
      return isHeldBack ? Self.backoff(after: restarts, timing) : timing.containerStart
    case .becomeReady: return timing.readiness
    case .remove:
      let status = pod.status
      if status.startTime == nil || status.phase == "Succeeded" || status.phase == "Failed" { return .zero }
      return min(timing.termination, .seconds(max(pod.metadata.deletionGracePeriodSeconds ?? 0, 0)))
    }
  }

  /// Since when it has been under way, as far as the pod tells.
  func beginning(for pod: Pod) -> Timestamp? {
    let status = pod.status
    switch self {
    case .admit, .awaitDependencies, .becomeUnready: return nil
    case .startInit: return status.startTime
    case .finishInit(let index): return status.initContainerStatuses[safe: index]?.state?.running?.startedAt
    case .start:
      return status.conditions.first { $0.type == "Initialized" }?.lastTransitionTime ?? status.startTime
    case .restart(let index, _):
      let container = status.containerStatuses[safe: index]
      return (container?.state?.terminated ?? container?.lastState?.terminated)?.finishedAt
    case .becomeReady: return status.containerStatuses.compactMap { $0.state?.running?.startedAt }.max()
    case .remove:
      let grace = Duration.seconds(pod.metadata.deletionGracePeriodSeconds ?? 0)
      return pod.metadata.deletionTimestamp.map { $0 - grace }
    }
  }

  private static func backoff(after restarts: Int32, _ timing: ClusterTiming) -> Duration {
    var backoff = timing.crashBackoff
    for _ in 1..<max(restarts, 1) {
      backoff = min(backoff * 2, timing.crashBackoffLimit)
      if backoff == timing.crashBackoffLimit { break }
    }
    return min(backoff, timing.crashBackoffLimit)
  }

  /// Why a container waits.
  package static let creating = "ContainerCreating"
  /// Why a main container waits behind init containers.
  package static let initializing = "PodInitializing"
  /// Why a container waits that crashed before.
  package static let crashLoop = "CrashLoopBackOff"
}

extension [PodCondition] {
  /// The status of a condition; empty when it is not there.
  package func status(of type: String) -> String {
    for condition in self where condition.type == type { return condition.status }
    return ""
  }

  /// Sets a condition; its transition time moves only with its status.
  package mutating func set(
    _ type: String, _ status: String, reason: String = "", message: String = "", at time: Timestamp
  ) {
    let second = time.roundedDownToSecond
    guard let index = firstIndex(where: { $0.type == type }) else {
      append(
        PodCondition(
          lastTransitionTime: second, message: message, reason: reason, status: status, type: type))
      return
    }
    if self[index].status != status { self[index].lastTransitionTime = second }
    self[index].status = status
    self[index].reason = reason
    self[index].message = message
  }
}

extension Array {
  package subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
