internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Takes a cluster from one recorded stage to the next.
///
/// What belongs to users, schedulers and kubelets is set to what it is at the stage: the PodCliqueSet, scaled
/// replicas, bindings and statuses of pods. What the operator does about it is its own affair.
struct Replay {
  /// How long a recorder watched a cluster in which nothing changed before it took a stage.
  private static let pause = Duration.milliseconds(6_500)
  /// How many times the operator and the forced state may answer each other.
  private static let rounds = 100

  private(set) var world: World
  private let stage: [RecordedObject.Identity: Value]
  /// Pods that have been set to the recorded state.
  private var forced: Set<String> = []

  /// The cluster at a stage.
  ///
  /// - Parameters:
  ///   - world: the cluster at the stage before.
  ///   - script: what was done.
  ///   - recorded: the objects at the stage.
  ///   - waited: how long the recording took from the stage before.
  /// - Returns: nil when the stage cannot be replayed.
  static func advance(
    _ world: World, _ script: StageScript, to recorded: [RecordedObject], waited: Duration
  ) throws(APIError) -> World? {
    var replay = Replay(world: world, recorded: recorded)
    _ = replay.world.run(for: pause, limit: 1_000_000)
    for step in script.steps {
      switch step {
      case .create, .recordedState: break
      case .delete: try replay.deleteSets()
      case .deleteObject(let kind, let name): try replay.delete(kind, name)
      case .deleteOutdatedPods: try replay.deleteOutdatedPods()
      case .deleteReplacedPods: try replay.deleteReplacedPods()
      case .unknown: return nil
      }
    }
    try replay.adoptSets()
    try replay.adoptReplicas()
    if script.isWait { _ = replay.world.run(for: waited + pause, limit: 1_000_000) }
    try replay.settle()
    return replay.world
  }

  private init(world: World, recorded: [RecordedObject]) {
    self.world = world
    stage = Dictionary(recorded.map { ($0.identity, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private func live(_ kind: ResourceKind) -> [Resource] { world.server.objects.resources(of: kind) }

  private mutating func write(_ body: (inout APIServer) throws(APIError) -> Void) throws(APIError) {
    try world.write(body)
  }

  // MARK: What users do

  private mutating func deleteSets() throws(APIError) {
    for set in live(.podCliqueSet) {
      try write { server throws(APIError) in try server.delete(set.key) }
    }
  }

  private mutating func delete(_ kind: String, _ name: String) throws(APIError) {
    let names = Rendering.podNames(world.server.objects.resources)
    for object in live(kind == "Pod" ? .pod : .podClique) {
      let metadata = object.metadata
      guard (names[metadata.name] ?? metadata.name) == name, metadata.deletionTimestamp == nil else {
        continue
      }
      try write { server throws(APIError) in try server.delete(object.key) }
    }
  }

  private mutating func deleteOutdatedPods() throws(APIError) {
    for case .pod(let pod) in live(.pod) {
      let cliqueName = pod.metadata.labels[LabelKey.podClique] ?? ""
      let key = ObjectKey(.podClique, namespace: pod.metadata.namespace, name: cliqueName)
      let wanted = world.server[key]?.metadata.labels[LabelKey.podTemplateHash]
      guard wanted != pod.metadata.labels[LabelKey.podTemplateHash] else { continue }
      try write { server throws(APIError) in try server.delete(Resource.pod(pod).key) }
    }
  }

  private mutating func deleteReplacedPods() throws(APIError) {
    let names = Rendering.podNames(world.server.objects.resources)
    for case .pod(let pod) in live(.pod) where !pod.spec.nodeName.isEmpty {
      guard let recorded = recorded(pod, names), recorded["spec"]?["nodeName"] == nil else { continue }
      try write { server throws(APIError) in try server.delete(Resource.pod(pod).key) }
    }
  }

  /// Changes the PodCliqueSets to what users had made of them.
  private mutating func adoptSets() throws(APIError) {
    for case .podCliqueSet(var set) in live(.podCliqueSet) {
      guard let recorded = recorded(.podCliqueSet(set)) else { continue }
      set.metadata.labels = decoded(recorded["metadata"]?["labels"])
      set.metadata.annotations = decoded(recorded["metadata"]?["annotations"])
      if let spec = recorded["spec"] {
        let current = Value(encoding: set.spec)
        let wanted = Mask.lifted(spec, current)
        if wanted != current { set.spec = decoded(wanted) }
      }
      let changed = Resource.podCliqueSet(set)
      try write { server throws(APIError) in try server.update(changed) }
    }
  }

  /// Scales PodCliques and scaling groups to what they had been scaled to.
  private mutating func adoptReplicas() throws(APIError) {
    for kind in [ResourceKind.podCliqueScalingGroup, .podClique] {
      for object in live(kind) {
        guard let replicas = recorded(object)?["spec"]?["replicas"]?.integerValue else { continue }
        var changed = object
        switch object {
        case .podClique(var clique):
          clique.spec.replicas = Int32(replicas)
          changed = .podClique(clique)
        case .podCliqueScalingGroup(var group):
          group.spec.replicas = Int32(replicas)
          changed = .podCliqueScalingGroup(group)
        default: continue
        }
        try write { server throws(APIError) in try server.update(changed) }
      }
    }
  }

  // MARK: What schedulers and kubelets do

  /// Lets the operator work, and answers with the recorded state of pods, until neither changes anything.
  private mutating func settle() throws(APIError) {
    for _ in 0..<Self.rounds {
      _ = world.runToRest(limit: 1_000_000)
      let version = world.server.version
      try forcePods()
      if world.server.version == version { return }
    }
  }

  private mutating func forcePods() throws(APIError) {
    let names = Rendering.podNames(world.server.objects.resources)
    for case .pod(let pod) in live(.pod) {
      let key = Resource.pod(pod).key
      let metadata = pod.metadata
      let recorded = recorded(pod, names)
      let isLeaving = recorded?["metadata"]?["deletionTimestamp"] != nil
      if metadata.deletionTimestamp != nil {
        // The kubelet has stopped it, unless the recording says that it has not.
        if !isLeaving {
          try write { server throws(APIError) in try server.delete(key, gracePeriodSeconds: 0) }
        }
        continue
      }
      guard let recorded, isSamePod(recorded, pod), forced.insert(metadata.uid).inserted else { continue }
      var bound = pod
      // Gates of users are lifted by whoever put them there.
      if recorded["spec"]?["schedulingGates"] == nil, !pod.spec.schedulingGates.isEmpty {
        bound.spec.schedulingGates = []
      }
      if recorded["spec"]?["nodeName"] != nil, pod.spec.nodeName.isEmpty { bound.spec.nodeName = "node" }
      let changed = bound
      try write { server throws(APIError) in try server.update(.pod(changed)) }
      bound.metadata.resourceVersion = ""
      bound.status = decoded(recorded["status"])
      let reported = bound
      try write { server throws(APIError) in try server.updateStatus(.pod(reported)) }
      if isLeaving { try write { server throws(APIError) in try server.delete(key) } }
    }
  }

  /// Whether a recorded pod can be the one of ours with its name: of the same template, and as far as ours at least.
  private func isSamePod(_ recorded: Value, _ pod: Pod) -> Bool {
    let hash = recorded["metadata"]?["labels"]?[LabelKey.podTemplateHash]?.stringValue
    guard hash == pod.metadata.labels[LabelKey.podTemplateHash] else { return false }
    // A gated pod cannot be bound, a bound one not be freed.
    let isBound = recorded["spec"]?["nodeName"] != nil
    let isGated = pod.spec.schedulingGates.contains { $0.name == GroveName.schedulingGate }
    if isGated, recorded["spec"]?["schedulingGates"] == nil { return false }
    return isBound || pod.spec.nodeName.isEmpty
  }

  // MARK: Recorded values

  private func recorded(_ pod: Pod, _ names: [String: String]) -> Value? {
    let (namespace, name) = (pod.metadata.namespace, pod.metadata.name)
    return stage[
      RecordedObject.Identity(apiVersion: "v1", kind: "Pod", namespace: namespace, name: names[name] ?? name)]
  }

  private func recorded(_ object: Resource) -> Value? {
    let metadata = object.metadata
    return stage[
      RecordedObject.Identity(
        apiVersion: object.kind.apiVersion, kind: object.kind.kind, namespace: metadata.namespace,
        name: metadata.name)]
  }

  /// A recorded value as a typed one, with the time in the place of blotted times.
  private func decoded<T: TapeCodable>(_ value: Value?) -> T {
    guard let value else { return T() }
    let plain = Self.unmasked(value, time: world.now.text)
    var decoder = TapeDecoder(plain.tape)
    return decoder.decode(at: plain.index)
  }

  private static func unmasked(_ value: Value, time: String) -> Value {
    switch value.kind {
    case .object: .object(value.members.map { ($0.name, unmasked($0.value, time: time)) })
    case .array: .array(value.elements.map { unmasked($0, time: time) })
    case .string: value.stringValue == "<time>" ? .string(time) : value
    default: value
    }
  }
}
