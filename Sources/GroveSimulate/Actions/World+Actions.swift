internal import GroveModel
internal import KubernetesModel

extension World {
  /// Does what users, node operators or misfortune do, and wakes whoever has to react.
  ///
  /// Nothing else happens yet: take steps, or run the world.
  ///
  /// - Throws: what the API server answers, with the texts of the real one; `notFound` for pods and nodes that do not
  ///   exist.
  public mutating func perform(_ action: ClusterAction) throws(APIError) {
    remember(action)
    switch action {
    case .apply(let resource): try apply(resource)
    case .patch(let key, let patch):
      let live = try existing(key)
      let merged = MergePatch.apply(patch, to: live.value)
      let wanted = try live.decoded(merged)
      try write { server throws(APIError) in
        try server.update(wanted.withMetadata { $0.resourceVersion = "" })
      }
    case .scale(let key, let replicas): try scale(key, to: replicas)
    case .autoscale(let name, let desired): try autoscale(name, to: desired)
    case .delete(let key, let propagation, let grace):
      try write { server throws(APIError) in
        try server.delete(key, propagation: propagation, gracePeriodSeconds: grace)
      }
    case .cordon(let name): try setUnschedulable(name, true)
    case .uncordon(let name): try setUnschedulable(name, false)
    case .failNode(let name): try setDead(name, true)
    case .recoverNode(let name): try setDead(name, false)
    case .killPod(let name): try killPod(name)
    case .crashContainer(let name, let container, let exitCode):
      try crash(name, container: container, exitCode: exitCode)
    case .setReady(let name, let isReady):
      let pod = try existingPod(name)
      let time = now
      kubelets?.setProbes(of: pod, fail: !isReady, at: time)
    }
  }

  // MARK: Objects

  private func existing(_ key: ObjectKey) throws(APIError) -> Resource {
    guard let live = server[key] else { throw .notFound(key) }
    return live
  }

  private func existingPod(_ name: ObjectName) throws(APIError) -> Pod {
    let key = ObjectKey(.pod, namespace: name.namespace, name: name.name)
    guard case .pod(let pod)? = server[key] else { throw .notFound(key) }
    return pod
  }

  private mutating func apply(_ resource: Resource) throws(APIError) {
    let resource = resource.withMetadata {
      if !resource.kind.isClusterScoped, $0.namespace.isEmpty { $0.namespace = "default" }
    }
    let manifest = resource.withoutStatus().value
    guard let live = server[resource.key] else {
      try write { server throws(APIError) in try server.create(resource) }
      appliedManifests[resource.key] = manifest
      return
    }
    let last = appliedManifests[resource.key] ?? .null
    let merged = ApplyPatch.merge(manifest, last: last, live: live.value)
    let wanted = try live.decoded(merged)
    try write { server throws(APIError) in
      try server.update(wanted.withMetadata { $0.resourceVersion = "" })
    }
    appliedManifests[resource.key] = manifest
  }

  private mutating func scale(_ key: ObjectKey, to replicas: Int32) throws(APIError) {
    let scaled: Resource
    switch try existing(key) {
    case .podCliqueSet(var set):
      set.spec.replicas = replicas
      scaled = .podCliqueSet(set)
    case .podCliqueScalingGroup(var group):
      group.spec.replicas = replicas
      scaled = .podCliqueScalingGroup(group)
    case .podClique(var clique):
      clique.spec.replicas = replicas
      scaled = .podClique(clique)
    default: throw .badRequest(key, reason: "the server could not find the requested resource")
    }
    if replicas < 0 {
      throw .badRequest(
        key, reason: "spec.replicas: Invalid value: \(replicas): must be greater than or equal to 0")
    }
    try write { server throws(APIError) in try server.update(scaled) }
  }

  private mutating func autoscale(_ name: ObjectName, to desired: Int32) throws(APIError) {
    let key = ObjectKey(.horizontalPodAutoscaler, namespace: name.namespace, name: name.name)
    guard case .horizontalPodAutoscaler(var autoscaler) = try existing(key) else { return }
    let target = autoscaler.spec.scaleTargetRef
    guard let kind = ResourceKind(apiVersion: target.apiVersion, kind: target.kind) else { return }
    let least = autoscaler.spec.minReplicas ?? 1
    let replicas = min(max(desired, least), max(autoscaler.spec.maxReplicas, least))
    let targetKey = ObjectKey(kind, namespace: name.namespace, name: target.name)
    let current = try existing(targetKey).replicas
    if current != replicas { try scale(targetKey, to: replicas) }
    autoscaler.status.currentReplicas = current ?? 0
    autoscaler.status.desiredReplicas = replicas
    try write { server throws(APIError) in try server.updateStatus(.horizontalPodAutoscaler(autoscaler)) }
  }

  // MARK: Nodes

  private mutating func setUnschedulable(_ name: String, _ isUnschedulable: Bool) throws(APIError) {
    guard case .node(var node) = try existing(ObjectKey(.node, namespace: "", name: name)) else { return }
    node.spec.unschedulable = isUnschedulable
    try write { server throws(APIError) in try server.update(.node(node)) }
  }

  private mutating func setDead(_ name: String, _ isDead: Bool) throws(APIError) {
    _ = try existing(ObjectKey(.node, namespace: "", name: name))
    let (pods, time) = (server.pods(on: name), now)
    kubelets?.setDead(name, isDead, pods: pods, at: time)
    guard var lifecycle = nodeLifecycle else { return }
    write { server in lifecycle.setDead(name, isDead, in: &server) }
    nodeLifecycle = lifecycle
  }

  // MARK: Pods

  private mutating func killPod(_ name: ObjectName) throws(APIError) {
    var pod = try existingPod(name)
    let time = now
    for index in pod.status.containerStatuses.indices {
      _ = pod.crash(container: index, exitCode: 137, at: time)
    }
    pod.status.phase = "Failed"
    pod.status.reason = "Evicted"
    pod.setContainersReady(false, at: time)
    try write { server throws(APIError) in try server.updateStatus(.pod(pod)) }
  }

  private mutating func crash(
    _ name: ObjectName, container: String?, exitCode: Int32
  ) throws(APIError) {
    var pod = try existingPod(name)
    let containers = pod.status.containerStatuses
    let index = container.map { wanted in containers.firstIndex { $0.name == wanted } ?? -1 } ?? 0
    guard pod.crash(container: index, exitCode: exitCode, at: now) else {
      throw .badRequest(
        Resource.pod(pod).key,
        reason: "container \(container ?? "") of pod \(name.name) is not running")
    }
    try write { server throws(APIError) in try server.updateStatus(.pod(pod)) }
  }
}

extension Resource {
  /// An object of the same kind from an untyped value.
  ///
  /// - Throws: `badRequest` when a field has the wrong type.
  fileprivate func decoded(_ value: Value) throws(APIError) -> Resource {
    var decoder = TapeDecoder(value.tape)
    let resource = Resource(kind, from: value.index, in: &decoder)
    guard let issue = decoder.issues.first(where: { $0.kind != .unknownField }) else { return resource }
    let wrong = JSONWriter.string(Value(tape: value.tape, index: issue.node))
    throw .badRequest(
      key,
      reason:
        "\(kind.kind) in version \(jsonString(kind.apiVersion)) cannot be handled: \(wrong) has the wrong type"
    )
  }

  /// The replicas of a kind that can be scaled.
  fileprivate var replicas: Int32? {
    switch self {
    case .podCliqueSet(let set): set.spec.replicas
    case .podCliqueScalingGroup(let group): group.spec.replicas
    case .podClique(let clique): clique.spec.replicas
    default: nil
    }
  }
}
