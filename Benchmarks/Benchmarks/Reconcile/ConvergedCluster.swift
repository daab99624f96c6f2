import GroveModel
import GroveReconcile
import GroveSimulate
import KubernetesModel

/// A cluster in which one PodCliqueSet has come to rest with all its pods ready.
struct ConvergedCluster {
  /// What the replicas of the PodCliqueSet are made of. Both have 100 pods a replica when a clique has 25.
  enum Shape {
    /// Four cliques on their own.
    case standalone
    /// One clique on its own, and a scaling group with three replicas of one clique, of which two have gangs of
    /// their own.
    case scalingGroups
  }

  let reconciler: Reconciler
  var state: ObservedState
  /// The time of the last change.
  let now: Timestamp

  /// The PodCliqueSet.
  static let set = ObjectKey(.podCliqueSet, namespace: "default", name: "pipeline")

  /// Makes the cluster as the operator, a scheduler and kubelets would.
  ///
  /// - Parameters:
  ///   - replicas: replicas of the PodCliqueSet.
  ///   - pods: pods of each of its cliques.
  ///   - isRead: whether every object is read as from an API server. Otherwise objects share with each other what
  ///     they were copied from, as in a simulation.
  init(_ shape: Shape, replicas: Int32, pods: Int32, isRead: Bool = true) {
    var world = World(configuration: OperatorConfiguration())
    do throws(APIError) {
      let set = PodCliqueSet.sample(shape, replicas: replicas, pods: pods)
      try world.write { server throws(APIError) in _ = try server.create(.podCliqueSet(set)) }
      // Scaled gangs may be scheduled only after the base gangs.
      repeat {
        precondition(world.runToRest() == .atRest, "a cluster without faults comes to rest")
      } while try world.runUngatedPods()
    } catch {
      preconditionFailure("\(error)")
    }
    reconciler = world.reconciler
    now = world.now
    state = isRead ? ObservedState(world.server.objects.resources.map(\.readAgain)) : world.server.objects
  }

  /// The objects that the operator looks after.
  var keys: [ObjectKey] {
    [.podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang].flatMap { kind in
      state.resources(of: kind).map(\.key)
    }
  }

  /// Makes a pass over each object.
  ///
  /// - Returns: how many steps they ask for.
  func passes(over keys: [ObjectKey]) -> Int {
    keys.reduce(0) { $0 + reconciler.reconcile($1, observed: state, now: now).steps.count }
  }

  /// Writes an object, makes all passes that are woken by it or by what they write, and carries out those writes.
  ///
  /// - Returns: how many writes the passes made. Events are not stored, and no object is created.
  mutating func settle(after resource: Resource) -> Int {
    var queue: [ObjectKey] = []
    var isQueued: Set<ObjectKey> = []
    var writes = -1
    func write(_ resource: Resource) {
      let change = Change(old: state[resource.key], new: resource)
      state.insert(resource)
      writes += 1
      for key in reconciler.wakes(change, in: state) where isQueued.insert(key).inserted {
        queue.append(key)
      }
    }
    write(resource)
    var next = 0
    while next < queue.count {
      let key = queue[next]
      next += 1
      isQueued.remove(key)
      for step in reconciler.reconcile(key, observed: state, now: now).steps {
        switch step.action {
        case .update(let resource, replacing: _), .updateStatus(let resource, replacing: _): write(resource)
        case .create, .delete: preconditionFailure("\(step)")
        case .record: break
        }
      }
    }
    return writes
  }

  /// Changes how many replicas the PodCliqueSet is to have, without making a pass.
  mutating func scale(by difference: Int32) {
    guard case .podCliqueSet(var set)? = state[Self.set] else { preconditionFailure("the set exists") }
    set.spec.replicas += difference
    set.metadata.generation += 1
    state.insert(.podCliqueSet(set))
  }

  /// A pod in the middle of the table, ready and not.
  var somePod: (ready: Resource, unready: Resource) {
    let pods = state.resources(of: .pod)
    guard case .pod(let ready) = pods[pods.count / 2] else { preconditionFailure("there are pods") }
    var unready = ready
    unready.status.run(ready, node: ready.spec.nodeName, isReady: false, now: now)
    return (.pod(ready), .pod(unready))
  }
}

extension World {
  /// Binds and starts the pods that nothing holds back.
  ///
  /// - Returns: whether there were any.
  fileprivate mutating func runUngatedPods() throws(APIError) -> Bool {
    try write { server throws(APIError) in
      var count = 0
      for case .pod(var pod) in server.objects.resources(of: .pod)
      where pod.spec.schedulingGates.isEmpty && pod.spec.nodeName.isEmpty {
        count += 1
        let node = "node-\(count % 997)"
        pod.spec.nodeName = node
        guard case .pod(var bound) = try server.update(.pod(pod)) else { continue }
        bound.status.run(bound, node: node, isReady: true, now: server.now)
        try server.updateStatus(.pod(bound))
      }
      return count > 0
    }
  }
}

extension PodStatus {
  /// What a kubelet reports of a pod.
  fileprivate mutating func run(_ pod: Pod, node: String, isReady: Bool, now: Timestamp) {
    phase = "Running"
    qosClass = "Burstable"
    hostIP = "10.0.0.17"
    podIP = "10.244.3.\(node.utf8.count)"
    podIPs = [PodIP(ip: podIP)]
    startTime = now
    let ready = isReady ? "True" : "False"
    let types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]
    conditions = types.map { type in
      let isAboutReadiness = type == "Ready" || type == "ContainersReady"
      return PodCondition(lastTransitionTime: now, status: isAboutReadiness ? ready : "True", type: type)
    }
    containerStatuses = pod.spec.containers.map { container in
      ContainerStatus(
        containerID: "containerd://\(pod.metadata.uid)\(pod.metadata.uid)", image: container.image,
        imageID: "\(container.image)@sha256:\(pod.metadata.uid)", name: container.name, ready: isReady,
        started: true, state: ContainerState(running: ContainerStateRunning(startedAt: now)))
    }
  }
}

extension Resource {
  /// The same object, sharing nothing with this one: what a client reads from an API server.
  fileprivate var readAgain: Resource {
    let value = value
    var decoder = TapeDecoder(value.tape)
    return Resource(kind, from: value.index, in: &decoder)
  }
}
