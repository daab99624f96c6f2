internal import GroveModel
package import GroveReconcile
package import KubernetesModel

/// The kubelets of all nodes: what they do next for which pod, and when.
package struct Kubelets: Sendable {
  /// How long things take.
  package let timing: ClusterTiming
  /// Nodes whose kubelet is dead.
  package private(set) var deadNodes: Set<String> = []
  /// Pods whose readiness probes fail, by script.
  package private(set) var failingProbes: Set<ObjectName> = []

  private var timers = TimerQueue<ObjectName>()
  private var dueNow = UniqueQueue<ObjectName>()
  private var dependencies = StartupDependencies()
  private var addresses = NodeAddresses()

  package init(timing: ClusterTiming) { self.timing = timing }

  /// The pods for which something is due, in order.
  package var due: ArraySlice<ObjectName> { dueNow.elements }

  /// What is going to be due, the earliest first.
  package var alarmList: [(time: Timestamp, key: ObjectName)] { timers.entries }

  /// When something is due that is not yet.
  package mutating func nextAlarm() -> Timestamp? { timers.nextTime() }

  /// Moves what is due by now into the line.
  package mutating func ring(at now: Timestamp) {
    while let pod = timers.popDue(at: now) { dueNow.append(pod) }
  }

  // MARK: Bookkeeping

  /// Takes note of a change.
  package mutating func observe(_ change: Change, at now: Timestamp) {
    switch (change.old, change.new) {
    case (_, .node(let node)?): addresses.add(node)
    case (let old, .pod(let pod)?):
      var before: Pod?
      if case .pod(let old)? = old { before = old }
      if before == nil, pod.$spec.wrappedValue.nodeName.isEmpty, pod.metadata.deletionTimestamp == nil {
        return
      }
      update(from: before, to: pod, at: now)
    case (.pod(let pod)?, nil): forget(pod)
    default: break
    }
  }

  private mutating func update(from old: Pod?, to new: Pod, at now: Timestamp) {
    if old == nil { addresses.skip(new.status.podIP, on: new.$spec.wrappedValue.nodeName) }
    for pod in dependencies.observe(old: old, new: new) { finishWait(pod) }
    let next = task(for: new)
    let previous = old.flatMap { task(for: $0) }
    if next == previous, old?.metadata.deletionGracePeriodSeconds == new.metadata.deletionGracePeriodSeconds {
      return
    }
    if case .awaitDependencies? = previous, let old { dependencies.forget(old) }
    // A pod that comes with a past is where its status says, for as long as that says.
    plan(next, for: new, since: old == nil ? next?.beginning(for: new) : nil, at: now)
  }

  private mutating func plan(
    _ task: KubeletTask?, for pod: Pod, since beginning: Timestamp? = nil, at now: Timestamp
  ) {
    let name = ObjectName(pod.metadata)
    _ = dueNow.remove(name)
    guard let task else { return timers.set(name, at: nil) }
    if case .awaitDependencies(let index) = task {
      timers.set(name, at: nil)
      let arguments = pod.$spec.wrappedValue.initContainers[safe: index]?.args ?? []
      if dependencies.wait(pod, arguments: arguments) { finishWait(name) }
      return
    }
    let passed = beginning.map { now - $0 } ?? .zero
    let delay = task.duration(for: pod, timing) - max(passed, .zero)
    if delay <= .zero {
      timers.set(name, at: nil)
      dueNow.append(name)
    } else {
      timers.set(name, at: now + delay)
    }
  }

  /// `grove-initc` looks again once in a second at most; here it is told at once.
  private mutating func finishWait(_ pod: ObjectName) { dueNow.append(pod) }

  private mutating func forget(_ pod: Pod) {
    let name = ObjectName(pod.metadata)
    timers.set(name, at: nil)
    _ = dueNow.remove(name)
    dependencies.forget(pod)
    for waiter in dependencies.observe(old: pod, new: nil) { finishWait(waiter) }
    if !failingProbes.isEmpty { failingProbes.remove(name) }
  }

  private func task(for pod: Pod) -> KubeletTask? {
    if !deadNodes.isEmpty, deadNodes.contains(pod.$spec.wrappedValue.nodeName) { return nil }
    return KubeletTask(
      for: pod, failsProbes: !failingProbes.isEmpty && failingProbes.contains(ObjectName(pod.metadata)))
  }

  // MARK: Work

  /// Does what is due for a pod.
  package mutating func work(on name: ObjectName, in server: inout APIServer) {
    guard dueNow.remove(name),
      case .pod(var pod)? = server[ObjectKey(.pod, namespace: name.namespace, name: name.name)],
      let task = task(for: pod)
    else { return }
    if task == .remove {
      try? server.delete(Resource.pod(pod).key, uid: pod.metadata.uid, gracePeriodSeconds: 0)
      if server[Resource.pod(pod).key] != nil { forget(pod) }
      return
    }
    if case .awaitDependencies = task { dependencies.forget(pod) }
    let node = pod.$spec.wrappedValue.nodeName
    task.carryOut(
      on: &pod, addresses: task == .admit ? addresses.next(on: node) : ("", ""), at: server.now)
    _ = try? server.updateStatus(.pod(pod))
  }

  // MARK: Misfortune

  /// Stops or starts the kubelet of a node.
  ///
  /// - Parameter pods: the pods on the node.
  package mutating func setDead(_ node: String, _ isDead: Bool, pods: [Pod], at now: Timestamp) {
    if isDead { deadNodes.insert(node) } else { deadNodes.remove(node) }
    for pod in pods {
      dependencies.forget(pod)
      plan(task(for: pod), for: pod, at: now)
    }
  }

  /// Lets the readiness probes of a pod fail or pass.
  package mutating func setProbes(of pod: Pod, fail: Bool, at now: Timestamp) {
    let name = ObjectName(pod.metadata)
    if fail { failingProbes.insert(name) } else { failingProbes.remove(name) }
    plan(task(for: pod), for: pod, at: now)
  }
}

/// Addresses for nodes and pods, as a simple pod network hands them out.
private struct NodeAddresses: Sendable {
  private var numbers: [String: Int] = [:]
  private var pods: [String: Int] = [:]

  package mutating func add(_ node: Node) {
    let name = node.metadata.name
    if numbers[name] == nil { numbers[name] = numbers.count + 1 }
  }

  /// Takes note of an address that a pod came with.
  mutating func skip(_ address: String, on node: String) {
    guard let number = address.split(separator: ".").last.flatMap({ Int($0) }) else { return }
    pods[node] = max(pods[node] ?? 0, (number + 1) % 250)
  }

  /// Addresses of a node and of the next pod on it.
  package mutating func next(on node: String) -> (host: String, pod: String) {
    let number = numbers[node] ?? 0
    let pod = pods[node, default: 0]
    pods[node] = (pod + 1) % 250
    let (high, low) = (number / 256, number % 256)
    return ("172.18.\(high % 256).\(low)", "10.\((244 + high) % 256).\(low).\(pod)")
  }
}
