public import GroveModel
internal import KubernetesModel

/// What is observed of a cluster: a value that copies in O(1).
///
/// It is what a caller knows, not what is: a caller whose view lags behind its own writes overlays them with
/// ``insert(_:)`` and ``remove(_:)`` before the next pass (read your writes).
public struct ObservedState: Sendable {
  var podCliqueSets = ObjectTable<PodCliqueSet>()
  var podCliques = ObjectTable<PodClique>()
  var podCliqueScalingGroups = ObjectTable<PodCliqueScalingGroup>()
  var clusterTopologyBindings = ObjectTable<ClusterTopologyBinding>()
  var podGangs = ObjectTable<PodGang>()
  var pods = ObjectTable<Pod>()
  var services = ObjectTable<Service>()
  var serviceAccounts = ObjectTable<ServiceAccount>()
  var secrets = ObjectTable<Secret>()
  var nodes = ObjectTable<Node>()
  var roles = ObjectTable<Role>()
  var roleBindings = ObjectTable<RoleBinding>()
  var horizontalPodAutoscalers = ObjectTable<HorizontalPodAutoscaler>()
  var resourceClaims = ObjectTable<ResourceClaim>()
  var resourceClaimTemplates = ObjectTable<ResourceClaimTemplate>()
  var priorityClasses = ObjectTable<PriorityClass>()
  var computeDomains = ObjectTable<ComputeDomain>()
  var kaiPodGroups = ObjectTable<KAIPodGroup>()
  var kaiTopologies = ObjectTable<KAITopology>()
  var volcanoPodGroups = ObjectTable<VolcanoPodGroup>()
  /// The PodCliques whose breach counts, again: few of many, and each pass asks for them.
  private(set) var breachedPodCliques = ObjectTable<PodClique>()
  /// The scaling groups whose breach counts, again.
  private(set) var breachedScalingGroups = ObjectTable<PodCliqueScalingGroup>()
  /// The PodCliques with pods that are not of the current template, again (B-R30).
  private(set) var laggingPodCliques = ObjectTable<PodClique>()
  /// The PodCliqueSets whose constraints name a topology binding.
  private(set) var setsByTopology = TopologyUsers()
  /// The PodGangs that were made for a topology binding.
  private(set) var gangsByTopology = TopologyUsers()
  /// Which templates the PodCliques of each PodCliqueSet are of.
  private(set) var templatesInUse = TemplatesInUse()
  /// Which replicas of each PodCliqueSet are alike.
  private(set) var replicas = ReplicaIndex()
  /// What each PodCliqueSet calls for.
  private var expectations = SortedTable<ObjectName, Expected>()
  /// The pods of each PodGang.
  private(set) var gangMembers = GangMembers()
  /// What the API refused in earlier attempts at the pass that is being made.
  var refusals: [Refusal] = []
  /// Defects that the pass being made is given back.
  var defects: Defects = []

  /// Nothing observed.
  public init() {}

  /// The given objects observed.
  public init(_ resources: some Sequence<Resource>) {
    for resource in resources { insert(resource) }
  }

  /// What a PodCliqueSet that is observed calls for.
  func expected(of set: PodCliqueSet) -> Expected {
    expectations[ObjectName(set.metadata)] ?? Expected(set, hashed: true)
  }

  /// The object with a key, if it is observed.
  ///
  /// - Complexity: O(log n).
  public subscript(key: ObjectKey) -> Resource? {
    let name = key.objectName
    switch key.kind {
    case .podCliqueSet: return podCliqueSets[name].map { .podCliqueSet($0) }
    case .podClique: return podCliques[name].map { .podClique($0) }
    case .podCliqueScalingGroup: return podCliqueScalingGroups[name].map { .podCliqueScalingGroup($0) }
    case .clusterTopologyBinding: return clusterTopologyBindings[name].map { .clusterTopologyBinding($0) }
    case .podGang: return podGangs[name].map { .podGang($0) }
    case .pod: return pods[name].map { .pod($0) }
    case .service: return services[name].map { .service($0) }
    case .serviceAccount: return serviceAccounts[name].map { .serviceAccount($0) }
    case .secret: return secrets[name].map { .secret($0) }
    case .node: return nodes[name].map { .node($0) }
    case .role: return roles[name].map { .role($0) }
    case .roleBinding: return roleBindings[name].map { .roleBinding($0) }
    case .horizontalPodAutoscaler: return horizontalPodAutoscalers[name].map { .horizontalPodAutoscaler($0) }
    case .resourceClaim: return resourceClaims[name].map { .resourceClaim($0) }
    case .resourceClaimTemplate: return resourceClaimTemplates[name].map { .resourceClaimTemplate($0) }
    case .priorityClass: return priorityClasses[name].map { .priorityClass($0) }
    case .computeDomain: return computeDomains[name].map { .computeDomain($0) }
    case .kaiPodGroup: return kaiPodGroups[name].map { .kaiPodGroup($0) }
    case .kaiTopology: return kaiTopologies[name].map { .kaiTopology($0) }
    case .volcanoPodGroup: return volcanoPodGroups[name].map { .volcanoPodGroup($0) }
    }
  }

  /// Observes an object, in the place of one with the same key.
  ///
  /// - Complexity: O(√n).
  public mutating func insert(_ resource: Resource) {
    switch resource {
    case .podCliqueSet(let object):
      let (old, new) = podCliqueSets.insert(object)
      let name = ObjectName(object.metadata)
      setsByTopology.update(name, from: old?.object.topologyBinding, to: new.object.topologyBinding)
      expectations[name] = Expected(object, hashed: true, previous: expectations[name])
    case .podClique(let object):
      let (old, new) = podCliques.insert(object)
      follow(from: old, to: new)
      if object.status.updatedReplicas < object.status.replicas {
        laggingPodCliques.insert(object)
      } else {
        laggingPodCliques.remove(ObjectName(object.metadata))
      }
      if object.isInBreach, object.wasEverScheduled {
        breachedPodCliques.insert(object)
      } else {
        breachedPodCliques.remove(ObjectName(object.metadata))
      }
    case .podCliqueScalingGroup(let object):
      let (old, new) = podCliqueScalingGroups.insert(object)
      replicas.update(from: old.map { .scalingGroup($0) }, to: .scalingGroup(new))
      if object.hasBreachThatCounts {
        breachedScalingGroups.insert(object)
      } else {
        breachedScalingGroups.remove(ObjectName(object.metadata))
      }
    case .clusterTopologyBinding(let object): clusterTopologyBindings.insert(object)
    case .podGang(let object):
      let (old, new) = podGangs.insert(object)
      gangsByTopology.update(
        ObjectName(object.metadata), from: old?.object.topologyBinding, to: new.object.topologyBinding)
      replicas.update(
        from: old.map { .podGang($0, isWhole: false) }, to: .podGang(new, isWhole: isWhole(new.object)))
    case .pod(let object):
      let (old, new) = pods.insert(shared(object))
      followMembers(gangMembers.update(from: old?.object, to: new.object))
    case .service(let object):
      let (old, new) = services.insert(object)
      replicas.update(from: old.map { .service($0) }, to: .service(new))
    case .serviceAccount(let object): serviceAccounts.insert(object)
    case .secret(let object): secrets.insert(object)
    case .node(let object): nodes.insert(object)
    case .role(let object): roles.insert(object)
    case .roleBinding(let object): roleBindings.insert(object)
    case .horizontalPodAutoscaler(let object): horizontalPodAutoscalers.insert(object)
    case .resourceClaim(let object): resourceClaims.insert(object)
    case .resourceClaimTemplate(let object): resourceClaimTemplates.insert(object)
    case .priorityClass(let object): priorityClasses.insert(object)
    case .computeDomain(let object): computeDomains.insert(object)
    case .kaiPodGroup(let object): kaiPodGroups.insert(object)
    case .kaiTopology(let object): kaiTopologies.insert(object)
    case .volcanoPodGroup(let object): volcanoPodGroups.insert(object)
    }
  }

  /// Forgets an object.
  ///
  /// - Complexity: O(√n).
  public mutating func remove(_ key: ObjectKey) {
    let name = key.objectName
    switch key.kind {
    case .podCliqueSet:
      let old = podCliqueSets.remove(name)
      setsByTopology.update(name, from: old?.object.topologyBinding, to: nil)
      expectations[name] = nil
    case .podClique:
      if let old = podCliques.remove(name) { follow(from: old, to: nil) }
      breachedPodCliques.remove(name)
      laggingPodCliques.remove(name)
    case .podCliqueScalingGroup:
      if let old = podCliqueScalingGroups.remove(name) { replicas.update(from: .scalingGroup(old), to: nil) }
      breachedScalingGroups.remove(name)
    case .clusterTopologyBinding: clusterTopologyBindings.remove(name)
    case .podGang:
      if let old = podGangs.remove(name) {
        gangsByTopology.update(name, from: old.object.topologyBinding, to: nil)
        replicas.update(from: .podGang(old, isWhole: false), to: nil)
      }
    case .pod:
      if let old = pods.remove(name) { followMembers(gangMembers.update(from: old.object, to: nil)) }
    case .service:
      if let old = services.remove(name) { replicas.update(from: .service(old), to: nil) }
    case .serviceAccount: serviceAccounts.remove(name)
    case .secret: secrets.remove(name)
    case .node: nodes.remove(name)
    case .role: roles.remove(name)
    case .roleBinding: roleBindings.remove(name)
    case .horizontalPodAutoscaler: horizontalPodAutoscalers.remove(name)
    case .resourceClaim: resourceClaims.remove(name)
    case .resourceClaimTemplate: resourceClaimTemplates.remove(name)
    case .priorityClass: priorityClasses.remove(name)
    case .computeDomain: computeDomains.remove(name)
    case .kaiPodGroup: kaiPodGroups.remove(name)
    case .kaiTopology: kaiTopologies.remove(name)
    case .volcanoPodGroup: volcanoPodGroups.remove(name)
    }
  }

  /// All observed objects of a kind, by namespace and name.
  ///
  /// - Complexity: O(objects of the kind).
  public func resources(of kind: ResourceKind) -> [Resource] {
    switch kind {
    case .podCliqueSet: podCliqueSets.byName.map { .podCliqueSet($0.object) }
    case .podClique: podCliques.byName.map { .podClique($0.object) }
    case .podCliqueScalingGroup: podCliqueScalingGroups.byName.map { .podCliqueScalingGroup($0.object) }
    case .clusterTopologyBinding: clusterTopologyBindings.byName.map { .clusterTopologyBinding($0.object) }
    case .podGang: podGangs.byName.map { .podGang($0.object) }
    case .pod: pods.byName.map { .pod($0.object) }
    case .service: services.byName.map { .service($0.object) }
    case .serviceAccount: serviceAccounts.byName.map { .serviceAccount($0.object) }
    case .secret: secrets.byName.map { .secret($0.object) }
    case .node: nodes.byName.map { .node($0.object) }
    case .role: roles.byName.map { .role($0.object) }
    case .roleBinding: roleBindings.byName.map { .roleBinding($0.object) }
    case .horizontalPodAutoscaler: horizontalPodAutoscalers.byName.map { .horizontalPodAutoscaler($0.object) }
    case .resourceClaim: resourceClaims.byName.map { .resourceClaim($0.object) }
    case .resourceClaimTemplate: resourceClaimTemplates.byName.map { .resourceClaimTemplate($0.object) }
    case .priorityClass: priorityClasses.byName.map { .priorityClass($0.object) }
    case .computeDomain: computeDomains.byName.map { .computeDomain($0.object) }
    case .kaiPodGroup: kaiPodGroups.byName.map { .kaiPodGroup($0.object) }
    case .kaiTopology: kaiTopologies.byName.map { .kaiTopology($0.object) }
    case .volcanoPodGroup: volcanoPodGroups.byName.map { .volcanoPodGroup($0.object) }
    }
  }

  /// All observed objects, by kind, namespace and name.
  ///
  /// - Complexity: O(n).
  public var resources: [Resource] {
    ResourceKind.allCases.sorted().flatMap { resources(of: $0) }
  }
}

// MARK: What follows from a change

extension ObservedState {
  /// A pod that shares what it can with what it was before, or with another one of its PodClique.
  private func shared(_ pod: Pod) -> Pod {
    var other = pods.stored(ObjectName(pod.metadata))
    if other == nil, let controller = pod.metadata.controller {
      other = pods.controlled(by: controller.uid).first { _ in true }
    }
    return other.map { pod.sharing(with: $0.object) } ?? pod
  }

  /// Whether a PodGang was complete and still lists exactly the pods that it should: for each of its PodCliques all
  /// there are, and as many as wanted.
  ///
  /// A no means only that the PodGang has to be looked at by itself.
  private func isWhole(_ gang: PodGang) -> Bool {
    let metadata = gang.metadata
    guard gang.status.conditions.has(ConditionType.initialized, status: ConditionStatus.yes),
      let set = metadata.labels[LabelKey.partOf]
    else { return false }
    let family = gangMembers.family(ObjectName(namespace: metadata.namespace, name: set))
    let groups = gang.spec.podgroups
    var lists: [[NamespacedName]] = []
    lists.reserveCapacity(groups.count)
    for position in groups.indices {
      let name = ObjectName(namespace: metadata.namespace, name: groups[position].name)
      guard let podClique = podCliques.stored(name)?.object,
        podClique.metadata.labels[LabelKey.partOf] == set,
        // Only then does a change of the PodClique or its pods come here.
        podClique.metadata.labels[LabelKey.podGang] == metadata.name
      else { return false }
      var pods: [NamespacedName] = []
      if let entry = family[groups[position].name] {
        guard let all = entry.pods(onlyOf: podClique.metadata.uid, in: metadata.name) else { return false }
        pods = all
      }
      guard pods.count >= Int(podClique.spec.replicas), pods.count == groups[position].podReferences.count
      else {
        return false
      }
      lists.append(pods)
    }
    return groups.indices.allSatisfy { groups[$0].podReferences == lists[$0] }
  }

  /// Follows a PodClique from what was known of it to what is known now.
  private mutating func follow(from old: Stored<PodClique>?, to new: Stored<PodClique>?) {
    templatesInUse.update(from: old?.object, to: new?.object)
    // A pass over the PodCliqueSet looks at those in scaling groups only as members of PodGangs.
    replicas.update(
      from: old.flatMap { $0.object.isStandalone ? .podClique($0) : nil },
      to: new.flatMap { $0.object.isStandalone ? .podClique($0) : nil })
    let (before, after) = (old?.object.gangMembership, new?.object.gangMembership)
    guard before != after else { return }
    if let before { followPodGang(before.podGang) }
    if let after, after.podGang != before?.podGang { followPodGang(after.podGang) }
  }

  /// Follows PodCliques whose pods changed.
  private mutating func followMembers(_ names: [ObjectName]) {
    for name in names {
      if let membership = podCliques.stored(name)?.object.gangMembership { followPodGang(membership.podGang) }
    }
  }

  private mutating func followPodGang(_ name: ObjectName) {
    guard let gang = podGangs.stored(name) else { return }
    replicas.update(
      from: .podGang(gang, isWhole: false), to: .podGang(gang, isWhole: isWhole(gang.object)))
  }
}

/// What of a PodClique decides whether its PodGang is whole.
private struct GangMembership: Equatable {
  let podGang: ObjectName
  let set: String?
  let uid: String
  let replicas: Int32
}

extension PodClique {
  fileprivate var isStandalone: Bool { metadata.labels[LabelKey.scalingGroup] == nil }

  fileprivate var gangMembership: GangMembership? {
    metadata.labels[LabelKey.podGang].map {
      GangMembership(
        podGang: ObjectName(namespace: metadata.namespace, name: $0), set: metadata.labels[LabelKey.partOf],
        uid: metadata.uid, replicas: spec.replicas)
    }
  }
}

extension PodCliqueSet {
  fileprivate var topologyBinding: String? { spec.template.explicitTopologyName }
}

extension PodGang {
  fileprivate var topologyBinding: String? { metadata.annotations[AnnotationKey.topologyName] }
}
