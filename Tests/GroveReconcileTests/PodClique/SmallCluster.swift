import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// As much of a cluster as passes over PodCliques and scaling groups need: names, uids, generations, finalizers and
/// garbage collection of what a deleted object controls.
struct SmallCluster {
  var state = ObservedState()
  var now = Timestamp(secondsSince1970: 1_767_225_600)
  var configuration = OperatorConfiguration()
  /// Whether deleted pods stay, terminating, until ``collect()``.
  var isSlowToTerminate = false
  private(set) var events: [ObjectEvent] = []
  private var created = 0

  /// A cluster with one PodCliqueSet, given as YAML, whose templates are the current ones.
  init(_ yaml: String) throws {
    let tape = try YAMLReader.read(yaml)
    var decoder = TapeDecoder(tape)
    let root = try #require(tape.roots.first)
    var set: PodCliqueSet = decoder.decode(at: root)
    try #require(decoder.issues.isEmpty)
    if set.metadata.namespace.isEmpty { set.metadata.namespace = "ns" }
    set.metadata.uid = "set"
    set.spec.template.cliqueStartupType = set.spec.template.cliqueStartupType ?? .anyOrder
    set.spec.template.terminationDelay = set.spec.template.terminationDelay ?? .hours(4)
    for index in set.spec.template.cliques.indices {
      let replicas = set.spec.template.cliques[index].spec.replicas
      let minimum = set.spec.template.cliques[index].spec.minAvailable
      set.spec.template.cliques[index].spec.minAvailable = minimum ?? replicas
    }
    set.status.currentGenerationHash = Hashing.generation(set)
    state.insert(.podCliqueSet(set))
  }

  // MARK: Reading

  var set: PodCliqueSet {
    get throws { try #require(state.podCliqueSets.byName.first { _ in true }).object }
  }

  func podClique(_ name: String) throws -> PodClique {
    try #require(state.podCliques[ObjectName(namespace: "ns", name: name)])
  }

  func group(_ name: String) throws -> PodCliqueScalingGroup {
    try #require(state.podCliqueScalingGroups[ObjectName(namespace: "ns", name: name)])
  }

  func pods(of podClique: String) -> [Pod] {
    state.pods.byName.map(\.object).filter { $0.metadata.controller?.name == podClique }
  }

  func pod(_ hostname: String) throws -> Pod {
    try #require(
      state.pods.byName.map(\.object).first { $0.spec.hostname == hostname && !$0.metadata.isTerminating })
  }

  var members: [String] {
    state.podCliques.byName.filter { !$0.object.metadata.isTerminating }.map(\.object.metadata.name)
  }

  var claims: [String] { state.resourceClaims.byName.map(\.object.metadata.name) }

  // MARK: What the pass over the PodCliqueSet would do

  /// Makes the standalone PodCliques and scaling groups, or brings them to the current template.
  mutating func syncSet() throws {
    let set = try set
    let expected = Expected(set)
    let templates = PodCliqueTemplates(set, expected: expected, configuration: configuration)
    for replica in 0..<expected.replicas {
      for clique in expected.standalone {
        var wanted = try templates.standalone(clique, replica: replica)
        if let live = state.podCliques[ObjectName(wanted.metadata)] {
          wanted.spec.replicas = live.spec.replicas
          wanted.metadata = live.metadata
          wanted.metadata.labels = try templates.standalone(clique, replica: replica).metadata.labels
          wanted.metadata.generation += wanted.spec == live.spec ? 0 : 1
          wanted.status = live.status
          state.insert(.podClique(wanted))
        } else {
          apply(.create(.podClique(wanted)))
        }
      }
      for (position, config) in set.spec.template.podCliqueScalingGroups.enumerated() {
        var group = PodCliqueScalingGroup()
        group.metadata.name = expected.scalingGroup(position, replica: replica)
        group.metadata.namespace = set.metadata.namespace
        guard state.podCliqueScalingGroups[ObjectName(group.metadata)] == nil else { continue }
        group.metadata.labels = Labels.of(.scalingGroup, podCliqueSet: set.metadata.name)
        group.metadata.labels[LabelKey.podCliqueSetReplicaIndex] = String(replica)
        group.metadata.finalizers = [GroveName.scalingGroupFinalizer]
        group.metadata.setController(OwnerReference(controller: set))
        group.spec = PodCliqueScalingGroupSpec(
          replicas: config.replicas ?? 1, minAvailable: config.minAvailable ?? 1,
          cliqueNames: config.cliqueNames)
        apply(.create(.podCliqueScalingGroup(group)))
      }
    }
  }

  /// Makes the PodGangs list all pods there are and call themselves complete.
  mutating func completePodGangs() {
    var groups: [String: [String: [NamespacedName]]] = [:]
    for pod in state.pods.byName.map(\.object) where !pod.metadata.isTerminating {
      guard let podGang = pod.metadata.labels[LabelKey.podGang],
        let podClique = pod.metadata.labels[LabelKey.podClique]
      else { continue }
      groups[podGang, default: [:]][podClique, default: []].append(
        NamespacedName(namespace: "ns", name: pod.metadata.name))
    }
    for (name, pods) in groups {
      var podGang = PodGang(metadata: ObjectMeta(name: name, namespace: "ns", uid: "podgang-\(name)"))
      podGang.spec.podgroups = pods.sorted { $0.key < $1.key }.map { podClique, references in
        let minimum = state.podCliques[ObjectName(namespace: "ns", name: podClique)]?.spec.minAvailable
        return PodGroup(name: podClique, podReferences: references, minReplicas: minimum ?? 1)
      }
      podGang.status.conditions.set("Initialized", status: "True", reason: "-", message: "-", now: now)
      state.insert(.podGang(podGang))
    }
  }

  /// Starts the rolling update of a replica after a change of the templates.
  mutating func startUpdate(ofReplica replica: Int32, _ change: (inout PodCliqueSet) -> Void) throws {
    var set = try set
    change(&set)
    let hash = Hashing.generation(set)
    set.status.currentGenerationHash = hash
    set.status.updateProgress = PodCliqueSetUpdateProgress(updateStartedAt: now)
    if set.updatesOnDelete {
      set.status.updateProgress?.updateEndedAt = now
    } else {
      set.status.updateProgress?.currentlyUpdating = [
        PodCliqueSetReplicaUpdateProgress(replicaIndex: replica, updateStartedAt: now)
      ]
    }
    state.insert(.podCliqueSet(set))
    try syncSet()
  }

  // MARK: Passes

  @discardableResult
  mutating func pass(over podClique: String) -> Reconciliation {
    let name = ObjectName(namespace: "ns", name: podClique)
    let result = Reconciler(configuration: configuration).reconcilePodClique(name, observed: state, now: now)
    for step in result.steps { apply(step.action) }
    return result
  }

  @discardableResult
  mutating func pass(overGroup group: String) -> Reconciliation {
    let name = ObjectName(namespace: "ns", name: group)
    let result = Reconciler(configuration: configuration).reconcileScalingGroup(
      name, observed: state, now: now)
    for step in result.steps { apply(step.action) }
    return result
  }

  /// Makes passes over everything until none has a step; fails when that takes too long.
  mutating func settle() throws {
    for _ in 0..<50 {
      var isSettled = true
      for group in state.podCliqueScalingGroups.byName.map(\.object.metadata.name)
      where !pass(overGroup: group).steps.isEmpty {
        isSettled = false
      }
      for podClique in state.podCliques.byName.map(\.object.metadata.name)
      where !pass(over: podClique).steps.isEmpty {
        isSettled = false
      }
      if isSettled { return }
    }
    Issue.record("does not settle")
  }

  // MARK: What the rest of the cluster would do

  /// Changes the status, or anything else, of the pod with a host name.
  mutating func change(_ hostname: String, _ change: (inout Pod) -> Void) throws {
    var pod = try pod(hostname)
    change(&pod)
    state.insert(.pod(pod))
  }

  /// Binds all pods without gates, and makes them ready.
  mutating func run(where isRun: (Pod) -> Bool = { _ in true }) {
    for var pod in state.pods.byName.map(\.object) where pod.spec.schedulingGates.isEmpty && isRun(pod) {
      pod.becomeReady()
      state.insert(.pod(pod))
    }
  }

  /// Lets everything get its PodGang, its node and its readiness, in turns with passes.
  mutating func recover(once: Bool = false) throws {
    for _ in 0..<(once ? 1 : 3) {
      try settle()
      completePodGangs()
      try settle()
      run()
    }
    if !once { try settle() }
  }

  mutating func scale(_ podClique: String, to replicas: Int32) throws {
    var podClique = try self.podClique(podClique)
    podClique.spec.replicas = replicas
    podClique.metadata.generation += 1
    state.insert(.podClique(podClique))
  }

  mutating func scale(group: String, to replicas: Int32) throws {
    var group = try self.group(group)
    group.spec.replicas = replicas
    group.metadata.generation += 1
    state.insert(.podCliqueScalingGroup(group))
  }

  /// Removes terminating pods.
  mutating func collect() {
    for pod in state.pods.byName.map(\.object) where pod.metadata.isTerminating { state.remove(pod.key) }
  }

  mutating func apply(_ action: Action) {
    switch action {
    case .create(var resource):
      created += 1
      now += .seconds(1)
      if resource.metadata.name.isEmpty {
        resource.metadata.name = resource.metadata.generateName + "x\(100 + created)"
      }
      resource.metadata.uid = "uid-\(created)"
      resource.metadata.creationTimestamp = now
      resource.metadata.generation = 1
      state.insert(resource)
    case .update(let resource, let old), .updateStatus(let resource, let old):
      #expect(state[old.key] == old, "a step replaces what is not there")
      if resource.metadata.isTerminating, resource.metadata.finalizers.isEmpty {
        remove(resource.key, uid: resource.metadata.uid)
      } else {
        state.insert(resource)
      }
    case .delete(let reference):
      guard var resource = state[reference.key], resource.metadata.uid == reference.uid else { return }
      if !resource.metadata.finalizers.isEmpty || isSlowToTerminate && reference.key.kind == .pod {
        resource.metadata.deletionTimestamp = now
        state.insert(resource)
      } else {
        remove(reference.key, uid: reference.uid)
      }
    case .record(let event): events.append(event)
    }
  }

  /// Removes an object and all it controls.
  private mutating func remove(_ key: ObjectKey, uid: String) {
    state.remove(key)
    let owned = state.resources.filter { $0.metadata.controller?.uid == uid }
    for resource in owned {
      apply(.delete(ResourceReference(key: resource.key, uid: resource.metadata.uid)))
    }
  }
}

extension Pod {
  /// Kind, namespace and name.
  var key: ObjectKey { Resource.pod(self).key }

  /// Bound, running and ready.
  mutating func becomeReady() {
    becomeScheduled()
    status.phase = "Running"
    status.conditions.removeAll { $0.type == "Ready" }
    status.conditions.append(PodCondition(status: "True", type: "Ready"))
    status.containerStatuses = spec.containers.map {
      ContainerStatus(name: $0.name, ready: true, started: true)
    }
  }

  /// Running, but not serving any more.
  mutating func becomeUnready() {
    status.conditions.removeAll { $0.type == "Ready" }
    for index in status.containerStatuses.indices { status.containerStatuses[index].ready = false }
  }

  /// Bound, and no more.
  mutating func becomeScheduled() {
    spec.nodeName = "node"
    status.phase = "Pending"
    status.conditions.removeAll { $0.type == "PodScheduled" }
    status.conditions.append(PodCondition(status: "True", type: "PodScheduled"))
  }
}

extension Reconciliation {
  /// The pods to create.
  var createdPods: [Pod] {
    steps.compactMap { if case .create(.pod(let pod)) = $0.action { pod } else { nil } }
  }

  /// The names of what is to be deleted.
  var deletions: [String] {
    steps.compactMap { if case .delete(let reference) = $0.action { reference.key.name } else { nil } }
  }

  /// The pods to change.
  var updatedPods: [Pod] {
    steps.compactMap { if case .update(.pod(let pod), _) = $0.action { pod } else { nil } }
  }

  /// What the outcome says has to happen first.
  var waitingFor: String? { if case .waiting(let reason) = outcome { reason } else { nil } }

  /// The error codes of a failed pass.
  var errorCodes: [String] { if case .failed(let errors) = outcome { errors.map(\.code) } else { [] } }
}
