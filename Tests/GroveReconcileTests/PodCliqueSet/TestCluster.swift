import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// A cluster that carries out what passes decide: names, uids, generations, finalizers, garbage collection, and a
/// scheduler and kubelet that do as they are told.
struct TestCluster {
  var state = ObservedState()
  var now = Timestamp(secondsSince1970: 1_767_225_600)
  var configuration = OperatorConfiguration()
  var events: [ObjectEvent] = []
  /// Whether token Secrets get their token as soon as they exist.
  var issuesTokens = true
  private var created = 0

  init(_ yaml: String, _ configure: (inout OperatorConfiguration) -> Void = { _ in }) throws {
    configure(&configuration)
    let tape = try YAMLReader.read(yaml)
    for root in tape.roots {
      var decoder = TapeDecoder(tape)
      var set: PodCliqueSet = decoder.decode(at: root)
      try #require(decoder.issues.isEmpty)
      set.metadata.namespace = "ns"
      set.spec.template.cliqueStartupType = set.spec.template.cliqueStartupType ?? .anyOrder
      set.spec.template.terminationDelay = set.spec.template.terminationDelay ?? .hours(4)
      for index in set.spec.template.cliques.indices {
        let spec = set.spec.template.cliques[index].spec
        set.spec.template.cliques[index].spec.minAvailable = spec.minAvailable ?? spec.replicas
      }
      for index in set.spec.template.podCliqueScalingGroups.indices {
        let group = set.spec.template.podCliqueScalingGroups[index]
        set.spec.template.podCliqueScalingGroups[index].minAvailable = group.minAvailable ?? 1
        set.spec.template.podCliqueScalingGroups[index].replicas = group.replicas ?? 1
      }
      carryOut(.create(.podCliqueSet(set)))
    }
  }

  // MARK: Reading

  func set(_ name: String = "demo") throws -> PodCliqueSet {
    try #require(state.podCliqueSets[ObjectName(namespace: "ns", name: name)])
  }

  func podClique(_ name: String) throws -> PodClique {
    try #require(state.podCliques[ObjectName(namespace: "ns", name: name)])
  }

  func group(_ name: String) throws -> PodCliqueScalingGroup {
    try #require(state.podCliqueScalingGroups[ObjectName(namespace: "ns", name: name)])
  }

  func podGang(_ name: String) throws -> PodGang {
    try #require(state.podGangs[ObjectName(namespace: "ns", name: name)])
  }

  func names(_ kind: ResourceKind) -> [String] { state.resources(of: kind).map(\.metadata.name) }

  var reconciler: Reconciler { Reconciler(configuration: configuration) }

  static func key(_ kind: ResourceKind, _ name: String) -> ObjectKey {
    ObjectKey(kind, namespace: kind.isClusterScoped ? "" : "ns", name: name)
  }

  // MARK: Passes

  /// What a pass decides, without carrying it out.
  func decide(_ kind: ResourceKind, _ name: String, refusals: [Refusal] = []) -> Reconciliation {
    reconciler.reconcile(Self.key(kind, name), observed: state, now: now, refusals: refusals)
  }

  /// Makes a pass and carries out its steps.
  @discardableResult
  mutating func pass(_ kind: ResourceKind = .podCliqueSet, _ name: String = "demo") -> Reconciliation {
    let result = decide(kind, name)
    for step in result.steps { carryOut(step.action) }
    return result
  }

  /// Makes passes over everything until none has a step, the time for retries included.
  mutating func settle(_ limit: Int = 60) throws {
    for _ in 0..<limit {
      var isQuiet = true
      for kind in [ResourceKind.podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang] {
        for name in names(kind) where !pass(kind, name).steps.isEmpty { isQuiet = false }
      }
      if isQuiet { return }
      now += .seconds(5)
    }
    Issue.record("does not settle")
  }

  // MARK: What the rest of a cluster does

  /// Changes an object as a user or another controller would.
  mutating func change(_ kind: ResourceKind, _ name: String, _ change: (inout Resource) -> Void) throws {
    let old = try #require(state[Self.key(kind, name)])
    var new = old
    change(&new)
    if new != old { new.metadata.generation += 1 }
    state.insert(new)
  }

  mutating func changeSet(_ name: String = "demo", _ change: (inout PodCliqueSet) -> Void) throws {
    try self.change(.podCliqueSet, name) { resource in
      guard case .podCliqueSet(var set) = resource else { return }
      change(&set)
      resource = .podCliqueSet(set)
    }
  }

  mutating func changePodClique(_ name: String, _ change: (inout PodClique) -> Void) throws {
    try self.change(.podClique, name) { resource in
      guard case .podClique(var podClique) = resource else { return }
      change(&podClique)
      resource = .podClique(podClique)
    }
  }

  mutating func changeGroup(_ name: String, _ change: (inout PodCliqueScalingGroup) -> Void) throws {
    try self.change(.podCliqueScalingGroup, name) { resource in
      guard case .podCliqueScalingGroup(var group) = resource else { return }
      change(&group)
      resource = .podCliqueScalingGroup(group)
    }
  }

  /// Deletes an object, as a user would.
  mutating func delete(_ kind: ResourceKind, _ name: String) throws {
    let object = try #require(state[Self.key(kind, name)])
    carryOut(.delete(ResourceReference(key: object.key, uid: object.metadata.uid)))
  }

  /// Binds and runs all pods that nothing holds back.
  mutating func run(where isRun: (Pod) -> Bool = { _ in true }) {
    for stored in state.pods.byName {
      var pod = stored.object
      guard pod.spec.schedulingGates.isEmpty, !pod.isReady, isRun(pod) else { continue }
      pod.spec.nodeName = "node"
      pod.status.phase = "Running"
      pod.status.conditions = [
        PodCondition(status: "True", type: "PodScheduled"), PodCondition(status: "True", type: "Ready"),
      ]
      pod.status.containerStatuses = pod.spec.containers.map {
        ContainerStatus(name: $0.name, ready: true, started: true)
      }
      state.insert(.pod(pod))
    }
  }

  /// Settles, runs pods, and settles again, until all pods run.
  mutating func settleAndRun() throws {
    for _ in 0..<12 {
      try settle()
      if !state.pods.byName.contains(where: { !$0.object.isReady }) { return }
      run()
    }
    Issue.record("pods do not all run")
  }

  mutating func carryOut(_ action: Action) {
    switch action {
    case .create(var resource):
      if !resource.metadata.name.isEmpty, state[resource.key] != nil {
        Issue.record("\(resource.key) exists")
        return
      }
      created += 1
      if resource.metadata.name.isEmpty {
        resource.metadata.name = "\(resource.metadata.generateName)x\(1000 + created)"
      }
      resource.metadata.uid = "uid-\(created)"
      resource.metadata.creationTimestamp = now
      resource.metadata.generation = 1
      if case .secret(var secret) = resource, issuesTokens {
        secret.data["token"] = "dG9rZW4="
        resource = .secret(secret)
      }
      state.insert(resource)
    case .update(let resource, let old):
      guard var live = state[resource.key] else {
        Issue.record("\(resource.key) does not exist")
        return
      }
      let before = live
      live.take(specOf: resource)
      if live.hasOtherSpec(than: before) { live.metadata.generation += 1 }
      #expect(old.key == resource.key)
      store(live)
    case .updateStatus(let resource, _):
      guard var live = state[resource.key] else {
        Issue.record("\(resource.key) does not exist")
        return
      }
      live.take(statusOf: resource)
      state.insert(live)
    case .delete(let reference):
      guard var resource = state[reference.key] else {
        Issue.record("\(reference.key) does not exist")
        return
      }
      #expect(resource.metadata.uid == reference.uid)
      guard resource.metadata.deletionTimestamp == nil else { return }
      resource.metadata.deletionTimestamp = now
      resource.metadata.generation += 1
      store(resource)
    case .record(let event): events.append(event)
    }
  }

  private mutating func store(_ resource: Resource) {
    guard resource.metadata.isTerminating, resource.metadata.finalizers.isEmpty else {
      state.insert(resource)
      return
    }
    state.remove(resource.key)
    for owned in state.resources where owned.metadata.controller?.uid == resource.metadata.uid {
      carryOut(.delete(ResourceReference(key: owned.key, uid: owned.metadata.uid)))
    }
  }
}

extension Resource {
  /// Takes over metadata and spec, but not status and what the API server keeps.
  fileprivate mutating func take(specOf other: Resource) {
    var other = other
    other.metadata.uid = metadata.uid
    other.metadata.generation = metadata.generation
    other.metadata.creationTimestamp = metadata.creationTimestamp
    other.metadata.deletionTimestamp = metadata.deletionTimestamp
    other.take(statusOf: self)
    self = other
  }

  fileprivate mutating func take(statusOf other: Resource) {
    switch (self, other) {
    case (.podCliqueSet(var mine), .podCliqueSet(let other)):
      mine.status = other.status
      self = .podCliqueSet(mine)
    case (.podClique(var mine), .podClique(let other)):
      mine.status = other.status
      self = .podClique(mine)
    case (.podCliqueScalingGroup(var mine), .podCliqueScalingGroup(let other)):
      mine.status = other.status
      self = .podCliqueScalingGroup(mine)
    case (.podGang(var mine), .podGang(let other)):
      mine.status = other.status
      self = .podGang(mine)
    case (.clusterTopologyBinding(var mine), .clusterTopologyBinding(let other)):
      mine.status = other.status
      self = .clusterTopologyBinding(mine)
    default: break
    }
  }

  fileprivate func hasOtherSpec(than other: Resource) -> Bool {
    switch (self, other) {
    case (.podClique(let a), .podClique(let b)): a.spec != b.spec
    case (.podCliqueScalingGroup(let a), .podCliqueScalingGroup(let b)): a.spec != b.spec
    case (.podGang(let a), .podGang(let b)): a.spec != b.spec
    case (.pod(let a), .pod(let b)): a.spec != b.spec
    default: false
    }
  }
}

extension Reconciliation {
  /// What the steps do, in short words: `create PodClique demo-0-a`.
  var summary: [String] {
    steps.map { step in
      switch step.action {
      case .create(let resource):
        "create \(resource.kind.rawValue) \(resource.metadata.name)\(resource.metadata.generateName)"
      case .update(let resource, _): "update \(resource.kind.rawValue) \(resource.metadata.name)"
      case .updateStatus(let resource, _): "status \(resource.kind.rawValue) \(resource.metadata.name)"
      case .delete(let reference): "delete \(reference.key.kind.rawValue) \(reference.key.name)"
      case .record(let event): "event \(event.reason)"
      }
    }
  }

  /// The objects of the kind that the steps create.
  func created(_ kind: ResourceKind) -> [Resource] {
    steps.compactMap {
      if case .create(let resource) = $0.action, resource.kind == kind { resource } else { nil }
    }
  }
}

/// A clique in YAML.
func clique(_ name: String, replicas: Int = 1, minAvailable: Int? = nil, more: String = "") -> String {
  """
      - name: \(name)
  \(more)
        spec:
          roleName: \(name)
          replicas: \(replicas)
          \(minAvailable.map { "minAvailable: \($0)" } ?? "")
          podSpec:
            containers:
            - name: main
              image: nginx:1.25

  """
}

/// A PodCliqueSet `demo` in YAML.
func demo(replicas: Int = 1, cliques: String, groups: String = "", more: String = "") -> String {
  """
  apiVersion: grove.io/v1alpha1
  kind: PodCliqueSet
  metadata:
    name: demo
  spec:
    replicas: \(replicas)
    template:
  \(more)
      cliques:
  \(cliques)
  \(groups.isEmpty ? "" : "    podCliqueScalingGroups:\n" + groups)
  """
}

/// A scaling group in YAML.
func scalingGroup(
  _ name: String, _ cliques: [String], replicas: Int = 1, minAvailable: Int = 1, more: String = ""
) -> String {
  """
      - name: \(name)
        cliqueNames: [\(cliques.joined(separator: ", "))]
        replicas: \(replicas)
        minAvailable: \(minAvailable)
  \(more)

  """
}

/// The example of R-900.
let workedExample = demo(
  cliques: clique("fe", replicas: 2, minAvailable: 1) + clique("ld")
    + clique("wk", replicas: 3, minAvailable: 2),
  groups: scalingGroup("sg", ["ld", "wk"], replicas: 3, minAvailable: 2),
  more: "    cliqueStartupType: CliqueStartupTypeInOrder")
