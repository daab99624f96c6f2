internal import GroveModel
internal import KubernetesModel

/// One pass over a PodCliqueSet while it is being made.
///
/// Each component is an extension in a file of its own. A component adds steps and tells the pass what went wrong
/// (``fail(_:_:)``) and what it waits for (``waitsFor(_:)``, ``polls(_:)``).
///
/// Of replicas that are alike, one may be looked at for all. If that one needs anything, what the pass came to is not
/// conclusive: the others need the same, each for itself.
struct PodCliqueSetPass {
  /// The component that events name (§18).
  static let source = "podcliqueset-controller"

  var pass: Pass
  /// The PodCliqueSet as the steps so far leave it.
  private(set) var set: PodCliqueSet
  /// The status that this pass ends with.
  var status: PodCliqueSetStatus
  let expected: Expected
  let owner: OwnerReference
  /// All PodCliques of the PodCliqueSet, those of scaling groups included.
  let podCliques: PodCliqueIndex
  /// The replicas that are looked at.
  let selection: ReplicaSelection
  /// Whether what was looked at tells all.
  private(set) var isConclusive = true
  /// Names of the standalone PodCliques of the replicas that are looked at, in template order.
  let standaloneNames: [String]
  /// The standalone PodCliques that exist under these names.
  let standalone: [Stored<PodClique>?]
  /// The same with their pods.
  let standaloneWithPods: [PodCliqueAndPods?]
  /// Names of the scaling groups of the replicas that are looked at, in template order.
  let groupNames: [String]
  /// The scaling groups that exist under these names.
  let groups: [Stored<PodCliqueScalingGroup>?]
  /// The replicas with pods of an older template that nobody keeps for OnDelete (R-650-open).
  private(set) var replicasLeftBehind: Set<Int> = []
  /// The replicas whose gangs this pass terminates.
  var terminated: Set<Int> = []
  /// Objects of other owners that stand where ours should, as texts (B-R06).
  private(set) var nameConflicts: [String] = []
  private(set) var errors: [ReconcileError] = []
  // Why no later component group may run, and why to look again although all went well.
  private var waiting: [String] = []
  private var polling: [String] = []

  init(_ set: PodCliqueSet, pass: Pass, selection: ReplicaSelection) {
    self.pass = pass
    self.selection = selection
    self.set = set
    status = set.status
    let expected = pass.state.expected(of: set)
    self.expected = expected
    owner = OwnerReference(controller: set)
    let podCliques = PodCliqueIndex(
      pass.state.podCliques.family(expected.name), pass.state.gangMembers.family(expected.name),
      isForFew: selection.isPartial)
    let uid = set.metadata.uid
    let (cliques, configs) = (expected.standalone, expected.groups.indices)
    standaloneNames = selection.replicas.flatMap { replica in
      cliques.map { expected.podClique($0, replica: replica) }
    }
    groupNames = selection.replicas.flatMap { replica in
      configs.map { expected.scalingGroup($0, replica: replica) }
    }
    standaloneWithPods = standaloneNames.map { name in
      podCliques[name].flatMap { $0.podClique.controller == uid ? $0 : nil }
    }
    standalone = standaloneWithPods.map { $0?.podClique }
    let scalingGroups = Children(
      pass.state.podCliqueScalingGroups.controlled(by: uid), isForFew: selection.isPartial)
    groups = groupNames.map { scalingGroups[$0] }
    self.podCliques = podCliques
  }

  /// The PodCliqueSet.
  var key: ObjectKey {
    ObjectKey(.podCliqueSet, namespace: set.metadata.namespace, name: set.metadata.name)
  }

  /// The full name of an object in the namespace of the PodCliqueSet.
  func objectName(_ name: String) -> ObjectName {
    ObjectName(namespace: expected.name.namespace, name: name)
  }

  /// The standalone PodCliques of a replica, in template order.
  func standalone(ofReplica replica: Int) -> ArraySlice<Stored<PodClique>?> {
    guard let position = selection.position(of: replica) else {
      let names = expected.standalone.map { expected.podClique($0, replica: replica) }
      return names.map { name in
        podCliques[name].flatMap { $0.podClique.controller == owner.uid ? $0.podClique : nil }
      }[...]
    }
    let count = expected.standalone.count
    return standalone[position * count..<(position + 1) * count]
  }

  /// The scaling groups of a replica, in template order.
  func groups(ofReplica replica: Int) -> ArraySlice<Stored<PodCliqueScalingGroup>?> {
    guard let position = selection.position(of: replica) else {
      let controlled = pass.state.podCliqueScalingGroups.controlled(by: owner.uid)
      return expected.groups.indices.map { controlled[expected.scalingGroup($0, replica: replica)] }[...]
    }
    let count = expected.groups.count
    return groups[position * count..<(position + 1) * count]
  }

  /// How many of the looked-for objects of all replicas exist, those of replicas that are not looked at included.
  ///
  /// - Parameters:
  ///   - isThere: for each replica that is looked at, in turn, the same number of objects.
  ///   - count: that number.
  func total<Element>(_ isThere: [Element?], count: Int) -> Int {
    guard selection.isPartial else { return isThere.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
    return selection.weights.indices.reduce(0) { sum, position in
      let own = isThere[position * count..<(position + 1) * count]
      return sum + selection.weights[position] * own.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
    }
  }

  /// Something is to be done about a replica. If others are like it, all have to be looked at.
  mutating func acts(onReplicaAt position: Int) {
    if selection.weights[position] > 1 { isConclusive = false }
  }

  /// Something is to be done that may concern any replica.
  mutating func actsOnAll() {
    if selection.isPartial { isConclusive = false }
  }

  // MARK: What components tell

  /// Something went wrong in a component.
  mutating func fail(_ component: String, _ error: ReconcileError) {
    var error = error
    error.component = error.component ?? component
    errors.append(error)
  }

  /// A component found a name taken by an object that is not ours (B-R06).
  mutating func fail(_ component: String, code: String, message: String) {
    nameConflicts.append(message)
    fail(component, ReconcileError(code: code, operation: "Sync", message: message))
  }

  /// A write of a component was not made.
  mutating func fail(_ component: String, code: String, message: String, cause: WriteError) {
    if cause.isNameConflict { nameConflicts.append(cause.description) }
    fail(
      component,
      ReconcileError(code: code, operation: "Sync", message: message, cause: cause.description))
  }

  /// Something has to happen before later components may run.
  mutating func waitsFor(_ what: String) { waiting.append(what) }

  /// Something has to be looked at again although nothing tells when.
  mutating func polls(_ what: String) { polling.append(what) }

  // MARK: Frame

  /// Makes the whole pass.
  mutating func run() -> Reconciliation {
    ensureFinalizer()
    processGenerationHash()
    replicasLeftBehind = findReplicasLeftBehind()
    if !replicasLeftBehind.isEmpty { actsOnAll() }
    syncComponents()
    if errors.isEmpty, waiting.isEmpty, polling.isEmpty {
      status.observedGeneration = set.metadata.generation
    }
    computeStatus()
    return finish()
  }

  /// Makes the whole pass over a PodCliqueSet that is being deleted: garbage collection takes what it owns, except
  /// that ComputeDomains have to be let go first.
  mutating func runDeletion() -> Reconciliation {
    guard set.metadata.finalizers.contains(GroveName.podCliqueSetFinalizer) else { return Reconciliation() }
    removeAllComputeDomains()
    if errors.isEmpty {
      removeFinalizer()
      return Reconciliation(steps: pass.steps)
    }
    return finish()
  }

  private mutating func ensureFinalizer() {
    guard !set.metadata.finalizers.contains(GroveName.podCliqueSetFinalizer) else { return }
    var changed = set
    changed.metadata.finalizers.append(GroveName.podCliqueSetFinalizer)
    pass.add(
      .update(.podCliqueSet(changed), replacing: .podCliqueSet(set)), rule: "R-041",
      reason: "the finalizer is missing")
    set = changed
  }

  /// Writes the status as it is now, if it differs.
  mutating func writeStatus(rule: RuleID, reason: String) {
    guard status != set.status else { return }
    var changed = set
    changed.status = status
    pass.add(.updateStatus(.podCliqueSet(changed), replacing: .podCliqueSet(set)), rule: rule, reason: reason)
    set = changed
  }

  /// The component groups in order; what one waits for or fails in keeps the next ones from running.
  private mutating func syncComponents() {
    syncServiceAccount()
    syncRole()
    syncRoleBinding()
    syncTokenSecret()
    syncHeadlessServices()
    syncAutoscalers()
    orchestrateReplicas()
    syncComputeDomains()
    syncResourceClaims()
    guard errors.isEmpty, waiting.isEmpty else { return }
    syncStandalonePodCliques()
    guard errors.isEmpty, waiting.isEmpty else { return }
    syncScalingGroups()
    syncPodGangs()
  }

  private mutating func syncResourceClaims() {
    let outcome = pass.syncResourceClaims(ResourceClaimLevel(of: set))
    for error in outcome.errors { fail("ResourceClaim", error) }
    if outcome.isWaitingForPods { polls("pods still use ResourceClaims of removed replicas") }
  }

  private mutating func removeFinalizer() {
    var changed = set
    changed.metadata.finalizers.removeAll { $0 == GroveName.podCliqueSetFinalizer }
    pass.add(
      .update(.podCliqueSet(changed), replacing: .podCliqueSet(set)), rule: "R-040",
      reason: "nothing is left that garbage collection would not take")
    set = changed
  }

  private mutating func finish() -> Reconciliation {
    // Errors of an earlier pass do not outlive a successful one (B-R01).
    status.lastErrors = [LastError](errors, previous: status.lastErrors, now: pass.now)
    writeStatus(rule: "R-008", reason: "the status is out of date")
    var reconciliation = Reconciliation(steps: pass.steps)
    if let reason = waiting.first ?? polling.first {
      reconciliation.requeueAfter = retryDelay
      reconciliation.outcome = .waiting(reason)
    }
    // What failed is told even if something else is only waited for (B-R41).
    if !errors.isEmpty { reconciliation.outcome = .failed(errors) }
    return reconciliation
  }
}
