internal import GroveModel
package import GroveReconcile
internal import GroveSchedule
package import KubernetesModel

/// What happens to nodes in trouble and to the pods on them: the node lifecycle controller, the taint eviction
/// controller and the pod garbage collector of Kubernetes (S-316, S-317).
package struct NodeLifecycle: Sendable {
  package let timing: ClusterTiming
  private var timers = TimerQueue<String>()
  /// What ``timers`` has, by node.
  private var alarms: [String: Timestamp] = [:]
  private var dueNow = UniqueQueue<String>()
  /// Nodes whose kubelet says nothing any more, with when they count as unreachable.
  private var silent: [String: Timestamp] = [:]
  /// Nodes with taints that evict pods.
  private var evicting: Set<String> = []
  /// When each such taint came, by node.
  private var taintTimes: [String: [String: Timestamp]] = [:]

  package init(timing: ClusterTiming) { self.timing = timing }

  /// The nodes for which something is due, in order.
  package var due: ArraySlice<String> { dueNow.elements }

  /// What is going to be due, the earliest first.
  package var alarmList: [(time: Timestamp, key: String)] { timers.entries }

  /// When something is due that is not yet.
  package mutating func nextAlarm() -> Timestamp? { timers.nextTime() }

  /// Moves what is due by now into the line.
  package mutating func ring(at now: Timestamp) {
    while let node = timers.popDue(at: now) {
      alarms[node] = nil
      dueNow.append(node)
    }
  }

  /// Takes note of a change.
  package mutating func observe(_ change: Change) {
    switch (change.old, change.new) {
    case (.node(let node)?, nil):
      forgetAlarm(node.metadata.name)
      silent[node.metadata.name] = nil
      evicting.remove(node.metadata.name)
      taintTimes[node.metadata.name] = nil
      dueNow.append(node.metadata.name)
    case (_, .node(let node)?):
      let name = node.metadata.name
      let evicts = node.spec.taints.contains { $0.effect == "NoExecute" }
      let evictedBefore = evicting.contains(name)
      if evicts { evicting.insert(name) } else if evictedBefore { evicting.remove(name) }
      if evicts || evictedBefore || node.withLifecycleTaints.spec.taints != node.spec.taints {
        dueNow.append(name)
      }
    case (let old, .pod(let pod)?):
      guard !evicting.isEmpty else { return }
      let node = pod.$spec.wrappedValue.nodeName
      guard evicting.contains(node) else { return }
      if case .pod(let before)? = old, before.$spec.wrappedValue.nodeName == node { return }
      dueNow.append(node)
    default: break
    }
  }

  /// A node falls silent, or is well again.
  package mutating func setDead(_ node: String, _ isDead: Bool, in server: inout APIServer) {
    if isDead {
      silent[node] = server.now + timing.nodeMonitorGracePeriod
      wake(node, at: server.now + timing.nodeMonitorGracePeriod, now: server.now)
    } else {
      silent[node] = nil
      forgetAlarm(node)
      _ = dueNow.remove(node)
      recover(node, in: &server)
    }
  }

  /// Goes on with a node that has been silent for a while.
  mutating func resume(_ node: String, since silence: Timestamp?, at now: Timestamp) {
    let deadline = (silence ?? now) + timing.nodeMonitorGracePeriod
    silent[node] = deadline
    wake(node, at: deadline, now: now)
  }

  /// Has a node looked at when it is time, unless that is sooner anyway.
  private mutating func wake(_ node: String, at time: Timestamp, now: Timestamp) {
    if time <= now {
      dueNow.append(node)
    } else if alarms[node].map({ $0 > time }) ?? true {
      alarms[node] = time
      timers.set(node, at: time)
    }
  }

  private mutating func forgetAlarm(_ node: String) {
    alarms[node] = nil
    timers.set(node, at: nil)
  }

  // MARK: Work

  /// Does what is due for a node.
  package mutating func work(on name: String, in server: inout APIServer) {
    guard dueNow.remove(name) else { return }
    guard let node = server.node(name) else {
      for pod in server.pods(on: name) {
        try? server.delete(Resource.pod(pod).key, uid: pod.metadata.uid, gracePeriodSeconds: 0)
      }
      return
    }
    if let deadline = silent[name] {
      if deadline > server.now {
        wake(name, at: deadline, now: server.now)
      } else if node.status.conditions.first(where: { $0.type == "Ready" })?.status != "Unknown" {
        markUnreachable(node, in: &server)
      }
    }
    syncTaints(of: name, in: &server)
    evict(from: name, in: &server)
  }

  /// Brings the taints in step with conditions and cordon.
  private func syncTaints(of name: String, in server: inout APIServer) {
    guard let node = server.node(name) else { return }
    let wanted = node.withLifecycleTaints
    if wanted.spec.taints != node.spec.taints { _ = try? server.update(.node(wanted)) }
  }

  private func markUnreachable(_ node: Node, in server: inout APIServer) {
    var node = node
    node.setReady("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", at: server.now)
    _ = try? server.updateStatus(.node(node))
    for var pod in server.pods(on: node.metadata.name)
    where pod.status.conditions.status(of: "Ready") == "True" {
      pod.status.conditions.set("Ready", "False", at: server.now)
      _ = try? server.updateStatus(.pod(pod))
    }
  }

  /// The node is well: it is ready, without any pressure, and its taints say so.
  private func recover(_ name: String, in server: inout APIServer) {
    guard var node = server.node(name) else { return }
    node.setReady("True", "KubeletReady", "kubelet is posting ready status", at: server.now)
    for index in node.status.conditions.indices
    where NodeLifecycleTaints.troubles.contains(where: { $0.condition == node.status.conditions[index].type })
    {
      guard node.status.conditions[index].status != "False" else { continue }
      node.status.conditions[index].status = "False"
      node.status.conditions[index].lastTransitionTime = server.now.roundedDownToSecond
    }
    _ = try? server.updateStatus(.node(node))
    syncTaints(of: name, in: &server)
  }

  // MARK: Eviction

  /// Deletes pods that do not put up with the node's taints, or not any longer. On a silent node they stay,
  /// terminating, until it answers or is deleted.
  private mutating func evict(from name: String, in server: inout APIServer) {
    let taints = server.node(name)?.spec.taints.filter { $0.effect == "NoExecute" } ?? []
    guard !taints.isEmpty else {
      taintTimes[name] = nil
      return
    }
    var times: [String: Timestamp] = [:]
    for taint in taints {
      let key = "\(taint.key)=\(taint.value)"
      times[key] = taintTimes[name]?[key] ?? taint.timeAdded ?? server.now
    }
    taintTimes[name] = times
    for pod in server.pods(on: name) where !pod.metadata.isTerminating {
      guard let stay = pod.stay(with: taints, timing) else { continue }
      let begin = (Array(times.values) + [pod.bindTime]).max() ?? server.now
      if begin + stay > server.now {
        wake(name, at: begin + stay, now: server.now)
        continue
      }
      let key = Resource.pod(pod).key
      server.record(
        ObjectEvent(
          subject: key, severity: .normal, reason: "TaintManagerEviction",
          message: "Marking for deletion Pod \(key.namespace)/\(key.name)",
          source: "taint-eviction-controller"))
      try? server.delete(key, uid: pod.metadata.uid)
    }
  }
}

extension APIServer {
  fileprivate func node(_ name: String) -> Node? {
    guard case .node(let node)? = self[ObjectKey(.node, namespace: "", name: name)] else { return nil }
    return node
  }

  /// The pods bound to a node, by name.
  ///
  /// - Complexity: O(pods).
  package func pods(on node: String) -> [Pod] {
    objects.resources(of: .pod).compactMap {
      if case .pod(let pod) = $0, pod.$spec.wrappedValue.nodeName == node { pod } else { nil }
    }
  }
}

extension Node {
  fileprivate mutating func setReady(_ value: String, _ reason: String, _ message: String, at now: Timestamp)
  {
    var condition = NodeCondition()
    condition.type = "Ready"
    condition.status = value
    condition.reason = reason
    condition.message = message
    condition.lastTransitionTime = now.roundedDownToSecond
    if let index = status.conditions.firstIndex(where: { $0.type == "Ready" }) {
      status.conditions[index] = condition
    } else {
      status.conditions.append(condition)
    }
  }
}

extension Pod {
  /// When the pod came to its node.
  fileprivate var bindTime: Timestamp {
    status.conditions.first { $0.type == "PodScheduled" && $0.status == "True" }?.lastTransitionTime
      ?? metadata.creationTimestamp ?? .min
  }

  /// How long the pod stays with taints; nil for ever. Pods that say nothing about nodes in trouble are given some time
  /// by the API server.
  fileprivate func stay(with taints: [Taint], _ timing: ClusterTiming) -> Duration? {
    var tolerations = spec.tolerations
    for key in [NodeLifecycleTaints.notReady, NodeLifecycleTaints.unreachable] {
      let isSaid = tolerations.contains {
        ($0.key == key || $0.key.isEmpty) && ($0.effect == "NoExecute" || $0.effect.isEmpty)
      }
      guard !isSaid else { continue }
      tolerations.append(
        Toleration(
          key: key, operator: "Exists", effect: "NoExecute",
          tolerationSeconds: timing.eviction.wholeSeconds))
    }
    return tolerations.stay(with: taints)
  }
}
