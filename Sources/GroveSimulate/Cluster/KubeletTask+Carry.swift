internal import GroveModel
package import KubernetesModel

/// What a pod looks like once its kubelet has done the next thing.
extension KubeletTask {
  /// Changes the status of a pod.
  ///
  /// - Parameters:
  ///   - pod: the pod.
  ///   - addresses: of the node and of the pod, for a pod that is taken on.
  ///   - now: what time it is.
  package func carryOut(on pod: inout Pod, addresses: (host: String, pod: String), at now: Timestamp) {
    let second = now.roundedDownToSecond
    switch self {
    case .admit: pod.admit(addresses: addresses, at: now)
    case .startInit(let index, _):
      pod.status.initContainerStatuses[index].start(at: second)
      if pod.$spec.wrappedValue.initContainers[safe: index]?.restartPolicy == "Always" {
        pod.status.initContainerStatuses[index].ready = true
        pod.initializeIfDone(at: now)
      }
    case .finishInit(let index), .awaitDependencies(let index):
      pod.status.initContainerStatuses[index].finish(exitCode: 0, at: second)
      pod.status.initContainerStatuses[index].ready = true
      pod.initializeIfDone(at: now)
    case .start:
      for index in pod.status.containerStatuses.indices {
        pod.status.containerStatuses[index].start(at: second)
      }
      pod.status.phase = "Running"
      pod.setContainersReady(false, at: now)
    case .restart(let index, _):
      pod.status.containerStatuses[index].restart(at: second)
    case .becomeReady: pod.setContainersReady(true, at: now)
    case .becomeUnready: pod.setContainersReady(false, at: now)
    case .remove: break
    }
  }
}

extension Pod {
  fileprivate mutating func admit(addresses: (host: String, pod: String), at now: Timestamp) {
    let hasInit = !spec.initContainers.isEmpty
    status.startTime = now.roundedDownToSecond
    status.hostIP = addresses.host
    status.hostIPs = [HostIP(ip: addresses.host)]
    status.podIP = addresses.pod
    status.podIPs = [PodIP(ip: addresses.pod)]
    if status.qosClass.isEmpty { status.qosClass = "Burstable" }
    status.initContainerStatuses = spec.initContainers.map {
      ContainerStatus.waiting($0, reason: KubeletTask.initializing)
    }
    status.containerStatuses = spec.containers.map {
      ContainerStatus.waiting($0, reason: hasInit ? KubeletTask.initializing : KubeletTask.creating)
    }
    status.conditions.set("PodReadyToStartContainers", "True", at: now)
    if hasInit {
      let names = spec.initContainers.map(\.name).joined(separator: " ")
      status.conditions.set(
        "Initialized", "False", reason: "ContainersNotInitialized",
        message: "containers with incomplete status: [\(names)]", at: now)
    } else {
      status.conditions.set("Initialized", "True", at: now)
    }
    setContainersReady(false, at: now)
  }

  /// Sets condition Initialized once all init containers have ended, or run for good.
  fileprivate mutating func initializeIfDone(at now: Timestamp) {
    let isDone = status.initContainerStatuses.allSatisfy { $0.ready }
    if isDone { status.conditions.set("Initialized", "True", at: now) }
  }

  /// Sets whether the main containers, and with them the pod, are ready.
  package mutating func setContainersReady(_ isReady: Bool, at now: Timestamp) {
    for index in status.containerStatuses.indices {
      status.containerStatuses[index].ready = isReady && status.containerStatuses[index].state?.running != nil
    }
    let unready = status.containerStatuses.filter { !$0.ready }.map(\.name)
    if unready.isEmpty {
      status.conditions.set("ContainersReady", "True", at: now)
      let gate = spec.readinessGates.first { status.conditions.status(of: $0.conditionType) != "True" }
      if let gate {
        status.conditions.set(
          "Ready", "False", reason: "ReadinessGatesNotReady",
          message: "corresponding condition of pod readiness gate \"\(gate.conditionType)\" does not exist.",
          at: now)
      } else {
        status.conditions.set("Ready", "True", at: now)
      }
    } else {
      let message = "containers with unready status: [\(unready.joined(separator: " "))]"
      for type in ["ContainersReady", "Ready"] {
        status.conditions.set(type, "False", reason: "ContainersNotReady", message: message, at: now)
      }
    }
  }

  /// Ends a container with an exit code, as if its process had died.
  ///
  /// - Returns: whether there was such a running container.
  package mutating func crash(container: Int, exitCode: Int32, at now: Timestamp) -> Bool {
    guard status.containerStatuses[safe: container]?.state?.running != nil else { return false }
    status.containerStatuses[container].finish(exitCode: exitCode, at: now.roundedDownToSecond)
    let policy = spec.restartPolicy
    let restarts = policy == "Never" || (policy == "OnFailure" && exitCode == 0) ? false : true
    if restarts, status.containerStatuses[container].restartCount > 0 {
      status.containerStatuses[container].holdBack()
    }
    setContainersReady(false, at: now)
    let codes = status.containerStatuses.map { $0.state?.terminated?.exitCode }
    if !restarts, codes.allSatisfy({ $0 != nil }) {
      status.phase = codes.allSatisfy { $0 == 0 } ? "Succeeded" : "Failed"
    }
    return true
  }
}

extension ContainerStatus {
  fileprivate static func waiting(_ container: Container, reason: String) -> ContainerStatus {
    var status = ContainerStatus()
    status.name = container.name
    status.image = container.image
    status.started = false
    status.state = ContainerState(waiting: ContainerStateWaiting(reason: reason))
    return status
  }

  fileprivate mutating func start(at second: Timestamp) {
    state = ContainerState(running: ContainerStateRunning(startedAt: second))
    started = true
  }

  fileprivate mutating func restart(at second: Timestamp) {
    if state?.terminated != nil { lastState = state }
    restartCount += 1
    start(at: second)
  }

  fileprivate mutating func finish(exitCode: Int32, at second: Timestamp) {
    var terminated = ContainerStateTerminated()
    terminated.exitCode = exitCode
    terminated.reason = exitCode == 0 ? "Completed" : "Error"
    terminated.startedAt = state?.running?.startedAt
    terminated.finishedAt = second
    var ended = ContainerState()
    ended.terminated = terminated
    state = ended
    started = false
    ready = false
  }

  /// Lets the container wait before it is started again.
  fileprivate mutating func holdBack() {
    lastState = state
    state = ContainerState(
      waiting: ContainerStateWaiting(
        message: "back-off restarting failed container \(name)", reason: KubeletTask.crashLoop))
  }
}
