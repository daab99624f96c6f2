public import GroveModel
internal import GroveReconcile
public import KubernetesModel

extension World {
  /// A cluster in the state that objects describe, with an operator that has just started.
  ///
  /// The objects are those of a live cluster, as `kubectl get … -A -o yaml|json` prints them, or of another world:
  /// with uids, resource versions, times and statuses. Nothing is created, and nothing of them is judged. What is
  /// under way goes on: kubelets take pods up where their statuses say they are, and count from the times in them. A
  /// container that crashed is started again, and what runs is taken to become ready.
  ///
  /// A dump may be partial. What Grove had made of a PodCliqueSet and the dump does not show (a kind of which it has
  /// no object of the set) is expanded, and noted in ``assumed`` (P-2).
  ///
  /// ```swift
  /// var world = try World(restoring: dump, configuration: OperatorConfiguration(), now: World.lastMoment(in: dump))
  /// world.runToRest()  // nothing is written, if the cluster was at rest
  /// ```
  ///
  /// - Parameters:
  ///   - objects: the objects, in any order.
  ///   - configuration: what the operator is configured to do.
  ///   - setup: what runs beside API server and operator.
  ///   - seed: what names and uids come from, missing uids among them.
  ///   - now: what time it is.
  ///   - options: what the API server does beyond storing objects.
  ///   - assumesMissing: whether a dump may be partial; false when the objects are all there are.
  /// - Throws: when two objects have the same name, or one has none.
  /// - Complexity: O(n log n); a partial dump costs a run besides.
  public init(
    restoring objects: [Resource], configuration: OperatorConfiguration, setup: ClusterSetup = ClusterSetup(),
    seed: UInt64 = 0, now: Timestamp, options: APIServer.Options = APIServer.Options(),
    assumesMissing: Bool = true
  ) throws(RestoreError) {
    let restored = try RestoredObjects(objects, seed: seed, now: now).objects
    // What is assumed has been there for a while.
    var past = setup
    past.kubelets = setup.kubelets.map { _ in .instant }
    past.keepsHistory = false
    past.watchesLag = false
    var missing: [Resource] = []
    if assumesMissing {
      missing = AssumedObjects(beside: restored).objects(
        in: World(
          configuration: configuration, setup: past, seed: seed, start: now - .minutes(1), options: options))
    }
    self.init(configuration: configuration, setup: setup, seed: seed, start: now, options: options)
    assumed = Set(missing.map(\.key))
    write { server in server.adopt(restored + missing) }
    for object in restored { rememberManifest(of: object) }
    resumeNodes()
    scheduling?.resumeNominations(in: server.objects)
    _ = takeHistory()
  }

  /// The latest time that objects tell of: when a dump of them can have been taken at the earliest.
  ///
  /// - Returns: nil when they tell of none.
  /// - Complexity: O(bytes).
  public static func lastMoment(in objects: [Resource]) -> Timestamp? {
    var last: Timestamp?
    for object in objects {
      // Deadlines lie ahead.
      let past = object.withMetadata { $0.deletionTimestamp = nil }
      past.value.collectTimes(&last)
    }
    return last
  }

  /// What `kubectl apply` notes on an object: what it said last time.
  private mutating func rememberManifest(of object: Resource) {
    guard let text = object.metadata.annotations[AnnotationKey.lastApplied],
      let tape = try? JSONReader.read(text), let root = tape.roots.first
    else { return }
    var decoder = TapeDecoder(tape, reportsUnknownFields: false)
    let manifest = Resource(object.kind, from: root, in: &decoder)
    appliedManifests[object.key] = manifest.withoutStatus().value
  }

  /// Nodes that do not answer have no kubelet that would do anything.
  private mutating func resumeNodes() {
    for case .node(let node) in server.objects.resources(of: .node) {
      guard let ready = node.status.conditions.first(where: { $0.type == "Ready" }), ready.status == "Unknown"
      else { continue }
      let (pods, time) = (server.pods(on: node.metadata.name), now)
      kubelets?.setDead(node.metadata.name, true, pods: pods, at: time)
      nodeLifecycle?.resume(node.metadata.name, since: ready.lastTransitionTime, at: time)
    }
  }
}

extension AnnotationKey {
  /// Where `kubectl apply` keeps what it was given last.
  public static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
}

extension Value {
  /// The latest of the times in a value, and of a time that is known.
  fileprivate func collectTimes(_ last: inout Timestamp?) {
    switch kind {
    case .object:
      for member in members {
        if member.value.kind != .string {
          member.value.collectTimes(&last)
        } else if ["Time", "Timestamp", "At"].contains(where: { member.name.hasSuffix($0) }),
          let time = member.value.stringValue.flatMap({ Timestamp($0) })
        {
          last = max(last ?? time, time)
        }
      }
    case .array: for element in elements { element.collectTimes(&last) }
    default: return
    }
  }
}

extension World {
  /// The same cluster with an operator that has just started with another configuration.
  ///
  /// - Throws: nothing for a world that was not tampered with.
  public init(restarting world: World, configuration: OperatorConfiguration) throws(RestoreError) {
    try self.init(
      restoring: world.server.objects.resources, configuration: configuration, setup: world.setup,
      seed: world.server.seed, now: world.now, options: world.server.options, assumesMissing: false)
    appliedManifests = world.appliedManifests
  }
}
