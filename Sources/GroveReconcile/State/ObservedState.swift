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
    case .podCliqueSet(let object): podCliqueSets.insert(object)
    case .podClique(let object):
      podCliques.insert(object)
      if object.isInBreach, object.wasEverScheduled {
        breachedPodCliques.insert(object)
      } else {
        breachedPodCliques.remove(ObjectName(object.metadata))
      }
    case .podCliqueScalingGroup(let object):
      podCliqueScalingGroups.insert(object)
      if object.hasBreachThatCounts {
        breachedScalingGroups.insert(object)
      } else {
        breachedScalingGroups.remove(ObjectName(object.metadata))
      }
    case .clusterTopologyBinding(let object): clusterTopologyBindings.insert(object)
    case .podGang(let object): podGangs.insert(object)
    case .pod(let object):
      gangMembers.update(from: pods[ObjectName(object.metadata)], to: object)
      pods.insert(object)
    case .service(let object): services.insert(object)
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
    case .podCliqueSet: podCliqueSets.remove(name)
    case .podClique:
      podCliques.remove(name)
      breachedPodCliques.remove(name)
    case .podCliqueScalingGroup:
      podCliqueScalingGroups.remove(name)
      breachedScalingGroups.remove(name)
    case .clusterTopologyBinding: clusterTopologyBindings.remove(name)
    case .podGang: podGangs.remove(name)
    case .pod:
      gangMembers.update(from: pods[name], to: nil)
      pods.remove(name)
    case .service: services.remove(name)
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
