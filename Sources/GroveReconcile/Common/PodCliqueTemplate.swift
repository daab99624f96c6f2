internal import GroveModel
internal import KubernetesModel

/// Makes the PodCliques that a PodCliqueSet calls for (§5).
///
/// What all PodCliques of a clique share is made once; a PodClique adds its names and what it waits for.
struct PodCliqueTemplates {
  private struct Prototype {
    /// The labels that standalone and member PodCliques share.
    var labels: LabelTemplate
    /// Template annotations without the topology name.
    var annotations: StringMap<String>
    var spec: PodCliqueSpec
    /// Whether the clique may be enrolled in a ComputeDomain.
    var usesGPU: Bool
  }

  let expected: Expected
  private let prototypes: [Prototype]
  private let setAnnotations: StringMap<String>
  private let setOwner: OwnerReference
  private let injectsComputeDomains: Bool
  private let defects: Defects

  init(
    _ podCliqueSet: PodCliqueSet, expected: Expected, configuration: OperatorConfiguration,
    defects: Defects = []
  ) {
    self.expected = expected
    self.defects = defects
    setAnnotations = podCliqueSet.metadata.annotations
    setOwner = OwnerReference(controller: podCliqueSet)
    // Without the feature there are no ComputeDomains to claim (B-R25).
    injectsComputeDomains = configuration.autoMNNVLEnabled
    let common = Labels.common(podCliqueSet.metadata.name)
    prototypes = expected.cliques.indices.map { index in
      let clique = expected.template.cliques[index]
      var labels: StringMap<String> = clique.labels.filter { !Self.isOperatorKey($0.key) }
      let component: Component =
        expected.cliques[index].group == nil ? .standalonePodClique : .memberPodClique
      labels.merge(common)
      labels[LabelKey.component] = component.rawValue
      labels[LabelKey.podTemplateHash] = expected.hash(index)
      var annotations = clique.annotations
      annotations[AnnotationKey.topologyName] = nil
      var spec = clique.spec
      spec.startsAfter = []
      if let group = expected.cliques[index].group {
        spec.podSpec.prependEnvironment(
          PodCliqueTemplates.scalingGroupEnvironment(pods: expected.templatePods(ofGroup: group)))
      }
      return Prototype(
        labels: LabelTemplate(labels, hasPodGang: true), annotations: annotations, spec: spec,
        usesGPU: clique.spec.podSpec.usesGPU)
    }
  }

  /// A PodClique outside scaling groups, with owner and finalizer (R-200…R-217).
  func standalone(_ clique: Int, replica: Int) throws(ReconcileError) -> PodClique {
    let name = expected.podClique(clique, replica: replica)
    let podGang = Naming.basePodGang(expected.name.name, replica: replica)
    var podClique = common(clique, name: name, replica: replica, podGang: podGang)
    podClique.metadata.setController(setOwner)
    do {
      podClique.spec.startsAfter = try expected.startsAfter(clique, replica: replica)
    } catch {
      throw undefinedStartupType(name, code: "ERR_SYNC_PODCLIQUE")
    }
    claimComputeDomain(
      &podClique, clique, replica: replica, layers: [podClique.metadata.annotations, setAnnotations])
    return podClique
  }

  /// A PodClique of a scaling group replica, with owner and finalizer (R-200… …R-222).
  ///
  /// - Parameters:
  ///   - clique: the position of the clique, which is a member of `group`.
  ///   - group: the position of the scaling group in the template.
  ///   - owner: the live scaling group.
  ///   - replica: the replica of the PodCliqueSet.
  ///   - groupReplica: the replica of the scaling group.
  func member(
    _ clique: Int, of group: Int, owner: PodCliqueScalingGroup, replica: Int, groupReplica: Int
  ) throws(ReconcileError) -> PodClique {
    let groupName = owner.metadata.name
    let name = Naming.memberPodClique(
      scalingGroup: groupName, replica: groupReplica, clique: expected.cliques[clique].name)
    let base = Naming.basePodGang(expected.name.name, replica: replica)
    let podGang = expected.podGang(ofGroup: group, replica: replica, groupReplica: groupReplica)
    var podClique = common(clique, name: name, replica: replica, podGang: podGang)
    podClique.metadata.labels[LabelKey.scalingGroup] = groupName
    podClique.metadata.labels[LabelKey.scalingGroupReplicaIndex] = String(groupReplica)
    if groupReplica >= expected.groups[group].minAvailable {
      podClique.metadata.labels[LabelKey.basePodGang] = base
    }
    podClique.metadata.setController(OwnerReference(controller: owner))
    do {
      podClique.spec.startsAfter = try expected.startsAfter(
        clique, of: group, replica: replica, groupReplica: groupReplica)
    } catch {
      throw undefinedStartupType(name, code: "ERR_UNDEFINED_STARTUP_TYPE")
    }
    claimComputeDomain(
      &podClique, clique, replica: replica,
      layers: [podClique.metadata.annotations, owner.metadata.annotations])
    return podClique
  }

  /// Whether a live PodClique outside scaling groups is what ``standalone(_:replica:)`` makes, replicas apart.
  ///
  /// Answers without making anything, as a pass asks it of thousands. A no is no proof of a difference: where
  /// ComputeDomains are claimed, the PodClique has to be made to know.
  func isCurrent(_ live: Stored<PodClique>, standalone clique: Int, at place: ReplicaNames) -> Bool {
    // Everything is read in place: to take a part out of the object is to copy it.
    if injectsComputeDomains, prototypes[clique].usesGPU { return false }
    let values = LabelTemplate.Values(name: live.name, replica: place.index, podGang: place.podGang)
    guard prototypes[clique].labels.matches(live.object.metadata.labels, values),
      live.object.metadata.ownerReferences.contains(setOwner),
      live.object.metadata.finalizers.contains(GroveName.podCliqueFinalizer),
      live.object.metadata.annotations == prototypes[clique].annotations
    else { return false }
    let spec = live.object.spec
    var wanted = prototypes[clique].spec
    wanted.replicas = spec.replicas
    wanted.startsAfter = spec.startsAfter
    return wanted == spec && (try? expected.startsAfter(clique, replica: place.replica)) == spec.startsAfter
  }

  private func common(_ clique: Int, name: String, replica: Int, podGang: String) -> PodClique {
    var prototype = prototypes[clique]
    if defects.contains(.templatesBySuffix),
      let suffix = expected.cliques.firstIndex(where: { name.hasSuffix($0.name) })
    {
      prototype = prototypes[suffix]
    }
    var podClique = PodClique()
    podClique.metadata.name = name
    podClique.metadata.namespace = expected.name.namespace
    podClique.metadata.labels = prototype.labels.labels(
      LabelTemplate.Values(name: name, replica: String(replica), podGang: podGang))
    podClique.metadata.annotations = prototype.annotations
    podClique.metadata.finalizers = [GroveName.podCliqueFinalizer]
    podClique.spec = prototype.spec
    return podClique
  }

  private func claimComputeDomain(
    _ podClique: inout PodClique, _ clique: Int, replica: Int, layers: [StringMap<String>]
  ) {
    guard injectsComputeDomains, prototypes[clique].usesGPU, let group = MNNVL.group(layers) else { return }
    podClique.spec.podSpec.claimComputeDomain(
      template: Naming.computeDomain(expected.name.name, replica: replica, group: group))
  }

  private func undefinedStartupType(_ name: String, code: String) -> ReconcileError {
    ReconcileError(
      code: code, operation: "Sync",
      message: "PodClique: \(expected.name.namespace)/\(name) has nil StartupType", component: "PodClique")
  }

  /// Whether a label of a template is one that only the operator sets (B-R34).
  private static func isOperatorKey(_ key: String) -> Bool {
    key.hasPrefix(LabelKey.grovePrefix)
      || [LabelKey.managedBy, LabelKey.partOf, LabelKey.name, LabelKey.component].contains(key)
  }

  /// What the containers of scaling group members are told about their group.
  private static func scalingGroupEnvironment(pods: Int) -> [EnvVar] {
    [
      EnvVar(name: EnvironmentName.scalingGroup, label: LabelKey.scalingGroup),
      EnvVar(name: EnvironmentName.scalingGroupPods, value: String(pods)),
      EnvVar(name: EnvironmentName.scalingGroupIndex, label: LabelKey.scalingGroupReplicaIndex),
    ]
  }
}

/// Texts of one replica of a PodCliqueSet that all its objects carry.
struct ReplicaNames: Sendable {
  let replica: Int
  /// The replica as labels have it.
  let index: String
  /// The base PodGang.
  let podGang: String

  init(_ expected: Expected, replica: Int) {
    self.replica = replica
    index = String(replica)
    podGang = Naming.basePodGang(expected.name.name, replica: replica)
  }
}

extension EnvVar {
  /// A variable that holds the value of a label of the pod.
  init(name: String, label: String) {
    let field = ObjectFieldSelector(fieldPath: "metadata.labels['\(label)']")
    self.init(name: name, valueFrom: EnvVarSource(fieldRef: field))
  }
}

extension PodSpec {
  /// Puts variables before those of every container and init container, in the place of any of the same name
  ///
  mutating func prependEnvironment(_ variables: [EnvVar]) {
    for index in containers.indices { containers[index].prependEnvironment(variables) }
    for index in initContainers.indices { initContainers[index].prependEnvironment(variables) }
  }
}

extension Container {
  fileprivate mutating func prependEnvironment(_ variables: [EnvVar]) {
    env = variables + env.filter { own in !variables.contains { $0.name == own.name } }
  }
}
