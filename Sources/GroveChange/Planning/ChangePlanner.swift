internal import GroveModel
internal import GroveReconcile
public import GroveSimulate
internal import KubernetesModel

/// What will happen when a change is applied (P-1…P-18).
///
/// Total: what the server refuses, and updates that never finish, are parts of the plan. The same request gives the
/// same plan, to the last byte.
///
/// ```swift
/// let request = PlanRequest(
///   before: .manifests(old), manifests: new, configuration: OperatorConfiguration(),
///   setup: ClusterSetup(kubelets: ClusterTiming()))
/// let plan = plan(request)
/// plan.sets[0].totals.pods.restart  // 16
/// ```
///
/// - Parameters:
///   - request: what is asked.
///   - observer: whoever wants to see the run after the change, as it goes on: what happened, and what the operator
///     wrote.
/// - Complexity: that of simulating both applies.
public func plan(
  _ request: PlanRequest, observer: (([Happening], [AppliedWrite]) -> Void)? = nil
) -> Plan {
  var planner = ChangePlanner(request)
  return planner.run(observer)
}

/// The course of making a plan.
struct ChangePlanner {
  let request: PlanRequest
  var plan = Plan()
  /// What was accepted of the new manifests.
  var accepted: [PlanRequest.Manifest] = []
  /// Sets whose change the server refused.
  var rejected: Set<ObjectName> = []

  /// Passes between two looks at what happened.
  private static let stride = 256
  /// More passes than any run takes that ends at all.
  private static let mostPasses = 50_000_000

  init(_ request: PlanRequest) { self.request = request }

  mutating func run(_ observer: (([Happening], [AppliedWrite]) -> Void)? = nil) -> Plan {
    plan.rejections = request.refused
    guard var world = startWorld() else { return plan }
    let before = world.server.objects.resources
    let alone = operatorAlone(world)
    let start = world.now
    var run = ChangeRun(before, assumed: world.assumed, at: start)
    for manifest in inOrder(request.manifests) { apply(manifest, to: &world) }
    if request.prunes { prune(&world) }
    run.applied = Self.sets(world.server.objects.resources)
    noteStrangers(before)
    run.limit = Self.mostPasses
    run.observer = observer
    run.rest(&world)
    let stuck = run.sets.filter { run.isStuck($0) }
    let atRest = world
    if !stuck.isEmpty {
      let horizons = stuck.map { name in
        request.horizon ?? (run.after[name]?.spec.template.terminationDelay ?? .hours(4)) + .hours(1)
      }
      run.run(&world, for: horizons.max() ?? .zero)
    }
    for name in run.sets { plan.sets.append(setPlan(name, run, world, atRest: atRest, alone: alone)) }
    plan.objects = otherObjects(run)
    plan.operatorChanges = alone.changes(explainedBy: plan.sets)
    return plan
  }

  static func sets(_ objects: [Resource]) -> [ObjectName: PodCliqueSet] {
    var sets: [ObjectName: PodCliqueSet] = [:]
    for case .podCliqueSet(let set) in objects { sets[ObjectName(set.metadata)] = set }
    return sets
  }

  // MARK: Before

  private mutating func startWorld() -> World? {
    var setup = request.setup
    setup.keepsHistory = true
    switch request.before {
    case .manifests(let manifests):
      var world = World(configuration: request.configurations.before, setup: setup, seed: request.seed)
      for object in request.cluster {
        do throws(APIError) {
          try world.write { server throws(APIError) in try server.create(object) }
        } catch {
          plan.notes.append("\(object.key) is left out: \(error)")
        }
      }
      for manifest in inOrder(manifests) {
        do throws(APIError) {
          try world.perform(.apply(manifest.object))
        } catch {
          plan.rejections.append(rejection(of: manifest, error, hint: "this is what was there before"))
        }
      }
      Self.settle(&world)
      guard request.configurations.before != request.configurations.after else { return world }
      return try? World(restarting: world, configuration: request.configurations.after)
    case .dump(let objects):
      let known = Set(objects.map(\.key))
      let all = objects + request.cluster.filter { !known.contains($0.key) }
      do throws(RestoreError) {
        let now = World.lastMoment(in: objects) ?? APIServer.defaultStart
        let world = try World(
          restoring: all, configuration: request.configurations.after, setup: setup, seed: request.seed,
          now: now)
        noteAssumptions(world)
        return world
      } catch {
        plan.notes.append("the dump cannot be taken: \(error)")
        return nil
      }
    }
  }

  private mutating func noteAssumptions(_ world: World) {
    let kinds: [ResourceKind] = [.podCliqueScalingGroup, .podClique, .podGang, .pod]
    let names = kinds.compactMap { kind -> String? in
      let count = world.assumed.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(kind.kind)\(count == 1 ? "" : "s")"
    }
    if !names.isEmpty {
      plan.notes.append("assumed, since the dump does not show them: \(names.joined(separator: ", "))")
    }
  }

  static func settle(_ world: inout World) {
    while world.runToRest(limit: stride) == .exhausted {
      _ = world.takeHistory()
      _ = world.takeWrites()
    }
    _ = world.takeHistory()
    _ = world.takeWrites()
  }

  // MARK: Applying

  /// PodCliqueSets after what they may refer to.
  private func inOrder(_ manifests: [PlanRequest.Manifest]) -> [PlanRequest.Manifest] {
    manifests.filter { $0.object.kind != .podCliqueSet }
      + manifests.filter { $0.object.kind == .podCliqueSet }
  }

  private mutating func apply(_ manifest: PlanRequest.Manifest, to world: inout World) {
    let object = manifest.object
    let live = world.server[object.key]
    if case .dump = request.before, request.apply == .client, let live, live.kind == .podCliqueSet,
      live.metadata.annotations[AnnotationKey.lastApplied] == nil
    {
      plan.notes.append(
        "\(ObjectName(object.metadata)) does not say what was applied last: what the manifest leaves out stays"
      )
    }
    let saved = world
    do throws(APIError) {
      try world.apply(object, request.apply)
      accepted.append(manifest)
    } catch {
      world = saved
      var hint: String?
      if request.apply == .client, live != nil {
        var other = saved
        if (try? other.apply(object, .server)) != nil {
          hint = "--apply server keeps what the manifest does not mention, and is accepted"
        }
      }
      plan.rejections.append(rejection(of: manifest, error, hint: hint))
      if object.kind == .podCliqueSet { rejected.insert(ObjectName(object.metadata)) }
    }
  }

  private func rejection(
    of manifest: PlanRequest.Manifest, _ error: APIError, hint: String? = nil
  ) -> PlanRejection {
    var location = manifest.document.flatMap { $0.tape.location(of: $0.index, file: manifest.source) }
    if let document = manifest.document, let path = error.diagnostics.first?.path, !path.isEmpty {
      let match = document.tape.locate(path, in: document.index)
      location = document.tape.location(of: match, file: manifest.source) ?? location
    }
    var own = error.diagnostics.compactMap(\.hint).first
    if error.diagnostics.contains(where: { $0.detail.contains("ClusterTopologyBinding") }) {
      own =
        "describe the network with --cluster 'rack=4,node=18,gpu=8,cpu=96', or give its --cluster-topology"
    }
    return PlanRejection(
      object: manifest.object.key, message: error.kubectlText, location: location, hint: hint ?? own)
  }

  private mutating func prune(_ world: inout World) {
    let named = Set(request.manifests.map(\.object.key))
    for object in world.server.objects.resources(of: .podCliqueSet)
    where !named.contains(object.key) && object.metadata.deletionTimestamp == nil {
      try? world.perform(.delete(object.key))
    }
  }

  /// A set under another name does not replace the one before (P-26).
  private mutating func noteStrangers(_ before: [Resource]) {
    guard !request.prunes, !request.manifests.isEmpty else { return }
    let old = Self.sets(before)
    let named = Set(request.manifests.map { ObjectName($0.object.metadata) })
    let isNew = request.manifests.contains {
      $0.object.kind == .podCliqueSet && old[ObjectName($0.object.metadata)] == nil
    }
    guard isNew else { return }
    for name in old.keys.sorted() where !named.contains(name) {
      plan.notes.append("\(name) is in no manifest and stays beside what is new; --prune deletes it")
    }
  }
}

extension APIError {
  /// The error as kubectl prints it, from the server's words on.
  fileprivate var kubectlText: String {
    guard case .invalid(let key, let diagnostics) = self else { return description }
    var texts: [String] = []
    for error in diagnostics where !texts.contains(error.message) { texts.append(error.message) }
    let list = texts.count == 1 ? texts[0] : "\n" + texts.map { "* \($0)" }.joined(separator: "\n")
    return "The \(key.kind.kind) \"\(key.name)\" is invalid: \(list)"
  }
}

extension ObjectMeta {
  /// Whether the object is being deleted.
  var isGoing: Bool { deletionTimestamp != nil }
}
