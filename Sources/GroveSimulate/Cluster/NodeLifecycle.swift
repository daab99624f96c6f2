internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// What happens to silent nodes and to the pods on nodes that are gone: the node lifecycle controller and the pod
/// garbage collector of Kubernetes.
struct NodeLifecycle: Sendable {
  private static let taintKey = "node.kubernetes.io/unreachable"

  let timing: ClusterTiming
  private var timers = TimerQueue<String>()
  private var dueNow = UniqueQueue<String>()

  init(timing: ClusterTiming) { self.timing = timing }

  /// The nodes for which something is due, in order.
  var due: ArraySlice<String> { dueNow.elements }

  /// What is going to be due, the earliest first.
  var alarmList: [(time: Timestamp, key: String)] { timers.entries }

  /// When something is due that is not yet.
  mutating func nextAlarm() -> Timestamp? { timers.nextTime() }

  /// Moves what is due by now into the line.
  mutating func ring(at now: Timestamp) {
    while let node = timers.popDue(at: now) { dueNow.append(node) }
  }

  /// Takes note of a change.
  mutating func observe(_ change: Change) {
    if case .node(let node)? = change.old, change.new == nil {
      timers.set(node.metadata.name, at: nil)
      dueNow.append(node.metadata.name)
    }
  }

  /// A node falls silent, or answers again.
  mutating func setDead(_ node: String, _ isDead: Bool, in server: inout APIServer) {
    timers.set(node, at: nil)
    _ = dueNow.remove(node)
    if isDead {
      plan(node, after: timing.nodeMonitorGracePeriod, at: server.now)
    } else {
      report(node, isReady: true, in: &server)
    }
  }

  /// Goes on with a node that has been silent for a while.
  mutating func resume(_ node: Node, since silence: Timestamp?, at now: Timestamp) {
    let name = node.metadata.name
    let marked = node.spec.taints.first { $0.key == Self.taintKey && $0.effect == "NoExecute" }
    let due =
      marked.map { ($0.timeAdded ?? silence ?? now) + timing.eviction }
      ?? (silence ?? now) + timing.nodeMonitorGracePeriod
    plan(name, after: max(due - now, .zero), at: now)
  }

  private mutating func plan(_ node: String, after delay: Duration, at now: Timestamp) {
    if delay == .zero { dueNow.append(node) } else { timers.set(node, at: now + delay) }
  }

  /// Does what is due for a node.
  mutating func work(on name: String, in server: inout APIServer) {
    guard dueNow.remove(name) else { return }
    guard case .node(let node)? = server[ObjectKey(.node, namespace: "", name: name)] else {
      for pod in server.pods(on: name) {
        try? server.delete(Resource.pod(pod).key, uid: pod.metadata.uid, gracePeriodSeconds: 0)
      }
      return
    }
    if node.isUnreachable {
      evict(name, in: &server)
    } else {
      report(name, isReady: false, in: &server)
      plan(name, after: timing.eviction, at: server.now)
    }
  }

  /// Deletes the pods of a silent node. They stay, terminating, until the node answers or is deleted.
  private func evict(_ name: String, in server: inout APIServer) {
    for pod in server.pods(on: name) where !pod.metadata.isTerminating && !pod.toleratesUnreachableNodes {
      try? server.delete(Resource.pod(pod).key, uid: pod.metadata.uid)
    }
  }

  /// Writes down whether a node answers, and what that means for the pods on it.
  private func report(_ name: String, isReady: Bool, in server: inout APIServer) {
    guard case .node(var node)? = server[ObjectKey(.node, namespace: "", name: name)] else { return }
    node.setReady(isReady, at: server.now)
    node.spec.taints.removeAll { $0.key == Self.taintKey }
    if !isReady {
      for effect in ["NoSchedule", "NoExecute"] {
        node.spec.taints.append(Taint(effect: effect, key: Self.taintKey))
      }
    }
    let status = node.status
    if case .node(var stored)? = try? server.update(.node(node)) {
      stored.status = status
      _ = try? server.updateStatus(.node(stored))
    }
    guard !isReady else { return }
    for var pod in server.pods(on: name) where pod.status.conditions.status(of: "Ready") == "True" {
      pod.status.conditions.set("Ready", "False", at: server.now)
      _ = try? server.updateStatus(.pod(pod))
    }
  }
}

extension APIServer {
  /// The pods bound to a node, by name.
  ///
  /// - Complexity: O(pods).
  func pods(on node: String) -> [Pod] {
    objects.resources(of: .pod).compactMap {
      if case .pod(let pod) = $0, pod.$spec.wrappedValue.nodeName == node { pod } else { nil }
    }
  }
}

extension Node {
  /// Whether the node is marked as silent.
  var isUnreachable: Bool { spec.taints.contains { $0.key == "node.kubernetes.io/unreachable" } }

  fileprivate mutating func setReady(_ isReady: Bool, at now: Timestamp) {
    var condition = NodeCondition()
    condition.type = "Ready"
    condition.status = isReady ? "True" : "Unknown"
    condition.reason = isReady ? "KubeletReady" : "NodeStatusUnknown"
    condition.message =
      isReady ? "kubelet is posting ready status" : "Kubelet stopped posting node status."
    condition.lastTransitionTime = now.roundedDownToSecond
    if let index = status.conditions.firstIndex(where: { $0.type == "Ready" }) {
      status.conditions[index] = condition
    } else {
      status.conditions.append(condition)
    }
  }
}

extension Pod {
  /// Whether the pod stays on a silent node for good.
  fileprivate var toleratesUnreachableNodes: Bool {
    spec.tolerations.contains { toleration in
      (toleration.key.isEmpty || toleration.key == "node.kubernetes.io/unreachable")
        && (toleration.effect.isEmpty || toleration.effect == "NoExecute")
        && toleration.tolerationSeconds == nil
    }
  }
}
