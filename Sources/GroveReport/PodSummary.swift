internal import GroveSimulate
public import KubernetesModel

/// What `kubectl get pods` says about a pod.
public struct PodSummary: Sendable, Equatable {
  /// How many containers are ready.
  public var ready: Int
  /// How many there are; init containers that run for good count.
  public var containers: Int
  /// The STATUS column: `Pending`, `SchedulingGated`, `Init:0/1`, `PodInitializing`, `Running`, `CrashLoopBackOff`,
  /// `Terminating`, ….
  public var status: String
  /// How often containers were started again.
  public var restarts: Int
  /// When a container last ended before it was started again.
  public var lastRestart: Timestamp?

  /// The summary of a pod, by the rules of kubectl.
  public init(_ pod: Pod) {
    let spec = pod.$spec.wrappedValue
    let state = pod.status
    ready = 0
    containers = spec.containers.count
    restarts = 0
    status = state.reason.isEmpty ? state.phase : state.reason
    if state.conditions.contains(where: { $0.type == "PodScheduled" && $0.reason == "SchedulingGated" }) {
      status = "SchedulingGated"
    }
    let sidecars = Set(spec.initContainers.filter { $0.restartPolicy == "Always" }.map(\.name))
    containers += sidecars.count
    let isInitializing = readInitContainers(of: pod, sidecars: sidecars)
    if !isInitializing || state.conditions.has("Initialized", "True") {
      readContainers(of: pod, sidecars: sidecars)
    }
    if pod.metadata.deletionTimestamp != nil {
      if state.reason == "NodeLost" {
        status = "Unknown"
      } else if state.phase != "Succeeded", state.phase != "Failed" {
        status = "Terminating"
      }
    }
  }

  /// - Returns: whether an init container is still to come to its end.
  private mutating func readInitContainers(of pod: Pod, sidecars: Set<String>) -> Bool {
    for (index, container) in pod.status.initContainerStatuses.enumerated() {
      count(container)
      let terminated = container.state?.terminated
      if terminated?.exitCode == 0, terminated != nil { continue }
      if sidecars.contains(container.name), container.started == true {
        if container.ready { ready += 1 }
        continue
      }
      if let terminated {
        status = "Init:" + Self.reason(terminated)
      } else if let reason = container.state?.waiting?.reason, !reason.isEmpty, reason != "PodInitializing" {
        status = "Init:" + reason
      } else {
        status = "Init:\(index)/\(pod.$spec.wrappedValue.initContainers.count)"
      }
      return true
    }
    return false
  }

  private mutating func readContainers(of pod: Pod, sidecars: Set<String>) {
    restarts = 0
    lastRestart = nil
    for container in pod.status.initContainerStatuses where sidecars.contains(container.name) {
      count(container)
    }
    var hasRunning = false
    // The first container has the last word.
    for container in pod.status.containerStatuses.reversed() {
      count(container)
      if let reason = container.state?.waiting?.reason, !reason.isEmpty {
        status = reason
      } else if let terminated = container.state?.terminated {
        status = Self.reason(terminated)
      } else if container.ready, container.state?.running != nil {
        hasRunning = true
        ready += 1
      }
    }
    if status == "Completed", hasRunning {
      status = pod.status.conditions.has("Ready", "True") ? "Running" : "NotReady"
    }
  }

  private mutating func count(_ container: ContainerStatus) {
    restarts += Int(container.restartCount)
    if let ended = container.lastState?.terminated?.finishedAt, ended > lastRestart ?? .min {
      lastRestart = ended
    }
  }

  private static func reason(_ terminated: ContainerStateTerminated) -> String {
    if !terminated.reason.isEmpty { return terminated.reason }
    return terminated.signal != 0 ? "Signal:\(terminated.signal)" : "ExitCode:\(terminated.exitCode)"
  }

  /// The READY column: `1/1`.
  public var readyText: String { "\(ready)/\(containers)" }

  /// The RESTARTS column: `0`, `3 (12s ago)`.
  public func restartsText(now: Timestamp) -> String {
    guard restarts != 0, let lastRestart else { return String(restarts) }
    return "\(restarts) (\((now - lastRestart).ageText) ago)"
  }
}

extension [PodCondition] {
  fileprivate func has(_ type: String, _ status: String) -> Bool {
    contains { $0.type == type && $0.status == status }
  }
}
