public import GroveModel
internal import KubernetesModel

extension Reconciler {
  /// The objects that have to be looked at again after a change (R-020…R-024).
  ///
  /// Beyond what the original operator reacts to: labels and annotations of PodCliqueSets (B-R02) and PodGangs
  /// (B-R22), the bind of a pod (R-022-bind), a scaled scaling group (R-020-scale), a pod that comes to or leaves a
  /// gang that is complete (R-020-pods), and the deletion of anything that one of ours controls (R-020-owned), of
  /// ComputeDomains as soon as it is asked for (B-R25).
  ///
  /// - Parameters:
  ///   - change: what happened.
  ///   - observed: what is observed, with the change in it.
  /// - Returns: keys in a fixed order, each once. An object need not exist: a pass over it does nothing then.
  /// - Complexity: O(those that use it) for topology bindings, O(bindings) for topologies, O(its children) for
  ///   PodCliqueSets and scaling groups, else O(log n).
  public func wakes(_ change: Change, in observed: ObservedState) -> [ObjectKey] {
    var wakes = WakeList(observed: observed)
    if defects.contains(.lostWakeUp), change.isEndOfPod { return [] }
    switch (change.old, change.new) {
    case (.pod(let old)?, .pod(let new)?): wakes.pod(from: old, to: new)
    case (nil, .pod(let new)?): wakes.podCame(new)
    case (.pod(let old)?, nil): wakes.podIsGone(old)
    case (.podClique(let old)?, .podClique(let new)?): wakes.podClique(from: old, to: new)
    case (.podClique(let old)?, nil): wakes.podCliqueIsGone(old)
    case (.podCliqueScalingGroup(let old)?, .podCliqueScalingGroup(let new)?):
      wakes.scalingGroup(from: old, to: new)
    case (.podCliqueSet(let old)?, .podCliqueSet(let new)?): wakes.podCliqueSet(from: old, to: new)
    case (.podGang(let old)?, .podGang(let new)?): wakes.podGang(from: old, to: new)
    case (nil, .podGang(let new)?): wakes.podGang(from: nil, to: new)
    case (.clusterTopologyBinding(let old)?, .clusterTopologyBinding(let new)?):
      wakes.binding(from: old, to: new)
    case (nil, .clusterTopologyBinding(let binding)?), (.clusterTopologyBinding(let binding)?, nil):
      wakes.binding(from: nil, to: binding)
    case (_, .kaiTopology(let topology)?), (.kaiTopology(let topology)?, nil): wakes.topology(topology)
    case (nil, .podClique(let new)?): wakes.add(.podClique, new.metadata)
    case (nil, .podCliqueScalingGroup(let new)?): wakes.add(.podCliqueScalingGroup, new.metadata)
    case (nil, .podCliqueSet(let set)?), (.podCliqueSet(let set)?, nil):
      wakes.add(.podCliqueSet, set.metadata)
    case (.computeDomain(let old)?, .computeDomain(let new)?)
    where new.metadata.isTerminating && !old.metadata.isTerminating:
      // It keeps its name until its finalizer is taken off (B-R25).
      wakes.addController(of: new.metadata)
    case (let old?, nil): wakes.addController(of: old.metadata)
    default: break
    }
    return wakes.keys
  }
}

/// Keys to wake, in the order in which they were added, each once.
private struct WakeList {
  let observed: ObservedState
  private(set) var keys: [ObjectKey] = []
  // Only for looking up.
  private var known: Set<ObjectKey> = []

  init(observed: ObservedState) { self.observed = observed }

  mutating func add(_ kind: ResourceKind, _ metadata: ObjectMeta) {
    add(ObjectKey(kind, namespace: metadata.namespace, name: metadata.name))
  }

  mutating func add(_ key: ObjectKey) {
    if known.insert(key).inserted { keys.append(key) }
  }

  /// Adds the owner that controls an object.
  mutating func addController(of metadata: ObjectMeta) {
    guard let owner = metadata.controller,
      let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind), kind.isReconciled
    else { return }
    let namespace = kind.isClusterScoped ? "" : metadata.namespace
    add(ObjectKey(kind, namespace: namespace, name: owner.name))
  }

  /// Adds the PodCliqueSet that an object is labelled for.
  mutating func addSet(of metadata: ObjectMeta) {
    guard metadata.labels[LabelKey.managedBy] == GroveName.operatorName,
      let name = metadata.labels[LabelKey.partOf]
    else { return }
    add(ObjectKey(.podCliqueSet, namespace: metadata.namespace, name: name))
  }
}

extension ResourceKind {
  /// Whether there are passes over objects of the kind.
  fileprivate var isReconciled: Bool {
    switch self {
    case .podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .clusterTopologyBinding: true
    default: false
    }
  }
}

extension ObjectMeta {
  /// Whether the wanted state differs: the spec, or that the object is to go.
  fileprivate func isRenewed(from old: ObjectMeta) -> Bool {
    generation != old.generation || isTerminating != old.isTerminating || uid != old.uid
  }

  fileprivate func isRelabelled(from old: ObjectMeta) -> Bool {
    labels != old.labels || annotations != old.annotations
  }
}

// MARK: One kind each

extension WakeList {
  /// a PodCliqueSet changed.
  fileprivate mutating func podCliqueSet(from old: PodCliqueSet, to new: PodCliqueSet) {
    if new.metadata.isRenewed(from: old.metadata) || new.metadata.isRelabelled(from: old.metadata) {
      add(.podCliqueSet, new.metadata)
    }
    let (before, after) = (old.updatingReplica, new.updatingReplica)
    let isNewHash = old.status.currentGenerationHash != new.status.currentGenerationHash
    if new.updatesOnDelete {
      let (past, progress) = (old.status.updateProgress, new.status.updateProgress)
      let isMoved =
        past?.updateStartedAt != progress?.updateStartedAt || past?.updateEndedAt != progress?.updateEndedAt
      // A group notes at once that nothing is rolled any more, also when nothing was (R-721, B-R30).
      let isSwitched = !old.updatesOnDelete
      let isNewSpec = new.metadata.generation != old.metadata.generation
      if isSwitched || progress != nil && (isMoved || isNewHash || isNewSpec) {
        addScalingGroups(of: new) { _ in true }
      }
      if isSwitched {
        for stored in observed.podCliques.family(ObjectName(new.metadata)) {
          add(.podClique, stored.object.metadata)
        }
      }
    } else if before != after {
      addScalingGroups(of: new) { $0 == before || $0 == after }
    }
    if isNewHash { addMembersLeftBehind(of: new) }
    if isNewHash || before != after && after == nil {
      addStandalonePodCliques(of: new) { _ in true }
    } else if before != after {
      addStandalonePodCliques(of: new) { $0 == before || $0 == after }
    }
  }

  private mutating func addScalingGroups(of set: PodCliqueSet, where isWanted: (Int) -> Bool) {
    for stored in observed.podCliqueScalingGroups.controlled(by: set.metadata.uid) {
      let metadata = stored.object.metadata
      guard let replica = metadata.index(LabelKey.podCliqueSetReplicaIndex), isWanted(replica) else {
        continue
      }
      add(.podCliqueScalingGroup, metadata)
    }
  }

  /// Groups that need no update, and their members, which took note of another template in between (R-652-back).
  private mutating func addMembersLeftBehind(of set: PodCliqueSet) {
    guard let hash = set.status.currentGenerationHash else { return }
    for group in observed.podCliqueScalingGroups.controlled(by: set.metadata.uid)
    where group.object.status.currentPodCliqueSetGenerationHash == hash {
      add(.podCliqueScalingGroup, group.object.metadata)
      for member in observed.podCliques.controlled(by: group.object.metadata.uid)
      where member.object.status.currentPodCliqueSetGenerationHash != hash {
        add(.podClique, member.object.metadata)
      }
    }
  }

  private mutating func addStandalonePodCliques(of set: PodCliqueSet, where isWanted: (Int) -> Bool) {
    for stored in observed.podCliques.controlled(by: set.metadata.uid) {
      let metadata = stored.object.metadata
      guard let replica = metadata.index(LabelKey.podCliqueSetReplicaIndex), isWanted(replica) else {
        continue
      }
      add(.podClique, metadata)
    }
  }

  /// a scaling group changed.
  fileprivate mutating func scalingGroup(from old: PodCliqueScalingGroup, to new: PodCliqueScalingGroup) {
    let isRenewed = new.metadata.isRenewed(from: old.metadata)
    if isRenewed { add(.podCliqueScalingGroup, new.metadata) }
    let (past, status) = (old.status, new.status)
    // Its replicas decide which PodGangs there are (R-260, R-020-scale).
    if isRenewed || past.availableReplicas != status.availableReplicas
      || past.updatedReplicas != status.updatedReplicas || past.updateProgress != status.updateProgress
      || past.currentPodCliqueSetGenerationHash != status.currentPodCliqueSetGenerationHash
      || past.conditions.breachStatus != status.conditions.breachStatus
    {
      addSet(of: new.metadata)
    }
    if past.currentPodCliqueSetGenerationHash != status.currentPodCliqueSetGenerationHash
      || past.updateProgress?.podCliqueSetGenerationHash != status.updateProgress?.podCliqueSetGenerationHash
      || past.updateProgress?.updateStartedAt != status.updateProgress?.updateStartedAt
    {
      for stored in observed.podCliques.controlled(by: new.metadata.uid) {
        add(.podClique, stored.object.metadata)
      }
    }
  }

  /// a PodClique changed.
  fileprivate mutating func podClique(from old: PodClique, to new: PodClique) {
    let isRenewed = new.metadata.isRenewed(from: old.metadata)
    if isRenewed { add(.podClique, new.metadata) }
    let (past, status) = (old.status, new.status)
    if isRenewed || past.replicas != status.replicas || past.readyReplicas != status.readyReplicas
      || past.scheduleGatedReplicas != status.scheduleGatedReplicas
      || past.updatedReplicas != status.updatedReplicas || past.updateProgress != status.updateProgress
      || past.currentPodTemplateHash != status.currentPodTemplateHash
      || past.currentPodCliqueSetGenerationHash != status.currentPodCliqueSetGenerationHash
      || past.conditions.breachStatus != status.conditions.breachStatus
    {
      addSet(of: new.metadata)
    }
    if new.metadata.labels[LabelKey.scalingGroup] != nil { addController(of: new.metadata) }
  }

  /// a PodClique is gone.
  fileprivate mutating func podCliqueIsGone(_ podClique: PodClique) {
    addSet(of: podClique.metadata)
    addController(of: podClique.metadata)
  }

  /// a pod changed.
  fileprivate mutating func pod(from old: Pod, to new: Pod) {
    let (was, status) = (old.status, new.status)
    if old.metadata.isTerminating != new.metadata.isTerminating || was.isFinished != status.isFinished
      || was.isReady != status.isReady || was.hasFailedContainer != status.hasFailedContainer
      || old.spec.nodeName != new.spec.nodeName || was.isScheduled != status.isScheduled
      || was.isReportedGated != status.isReportedGated || old.containerProgress != new.containerProgress
    {
      addController(of: new.metadata)
    }
  }

  /// R-020-pods: a pod came to a gang that nobody waits for any more, so that nobody would list it; or one that is no
  /// more as it was made, because a list shows it for the first time.
  fileprivate mutating func podCame(_ pod: Pod) {
    if pod.metadata.isTerminating || pod.isFinished || !pod.$spec.wrappedValue.nodeName.isEmpty {
      addController(of: pod.metadata)
    }
    guard let gang = podGang(of: pod), gang.isInitialized else { return }
    addSet(of: pod.metadata)
  }

  /// R-022, R-020-pods: a pod is gone; its gang may still list it.
  fileprivate mutating func podIsGone(_ pod: Pod) {
    addController(of: pod.metadata)
    guard let gang = podGang(of: pod), gang.isInitialized else { return }
    let isListed = gang.spec.podgroups.contains { group in
      group.name == pod.metadata.labels[LabelKey.podClique]
        && group.podReferences.contains { $0.name == pod.metadata.name }
    }
    if isListed { addSet(of: pod.metadata) }
  }

  private func podGang(of pod: Pod) -> PodGang? {
    pod.metadata.labels[LabelKey.podGang].flatMap {
      observed.podGangs[ObjectName(namespace: pod.metadata.namespace, name: $0)]
    }
  }

  /// a PodGang came or changed.
  fileprivate mutating func podGang(from old: PodGang?, to new: PodGang) {
    let isRenewed = old.map { new.metadata.isRenewed(from: $0.metadata) } ?? true
    if isRenewed || old.map({ new.metadata.isRelabelled(from: $0.metadata) }) ?? true {
      add(.podGang, new.metadata)
    }
    let wasInitialized = old?.isInitialized ?? false
    guard new.isInitialized, isRenewed || !wasInitialized else { return }
    for group in new.spec.podgroups {
      add(ObjectKey(.podClique, namespace: new.metadata.namespace, name: group.name))
    }
  }

  /// a topology binding came, changed or went.
  fileprivate mutating func binding(from old: ClusterTopologyBinding?, to new: ClusterTopologyBinding) {
    let isRenewed = old.map { new.metadata.isRenewed(from: $0.metadata) } ?? true
    if isRenewed { add(.clusterTopologyBinding, new.metadata) }
    let name = new.metadata.name
    for set in observed.setsByTopology.names(of: name) {
      add(ObjectKey(.podCliqueSet, namespace: set.namespace, name: set.name))
    }
    // Which Topology a KAI PodGroup refers to stands in the binding (B-R26).
    guard isRenewed else { return }
    for gang in observed.gangsByTopology.names(of: name) {
      add(ObjectKey(.podGang, namespace: gang.namespace, name: gang.name))
    }
  }

  /// a topology object of KAI came, changed or went.
  fileprivate mutating func topology(_ topology: KAITopology) {
    addController(of: topology.metadata)
    for stored in observed.clusterTopologyBindings.byName
    where stored.object.reference(for: .kai) == topology.metadata.name {
      add(.clusterTopologyBinding, stored.object.metadata)
    }
  }
}

extension [Condition] {
  fileprivate var breachStatus: String? { self[ConditionType.minAvailableBreached]?.status }
}

extension PodGang {
  fileprivate var isInitialized: Bool {
    status.conditions.has(ConditionType.initialized, status: ConditionStatus.yes)
  }
}

extension Pod {
  /// How far each container has come.
  fileprivate var containerProgress: [ContainerProgress] {
    (status.initContainerStatuses + status.containerStatuses).map {
      ContainerProgress(started: $0.started, ready: $0.ready)
    }
  }
}

private struct ContainerProgress: Equatable {
  var started: Bool?
  var ready: Bool
}
