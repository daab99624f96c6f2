internal import GroveModel
internal import KubernetesModel

/// What a PodCliqueSet calls for, worked out once when it is observed: cliques, scaling groups, hashes and names.
///
/// Cliques and groups are known by their position in the template; only the names made here are ever compared with
/// those of live objects, whole and exactly (B-R08).
struct Expected: Sendable {
  /// A clique of the template.
  struct Clique: Sendable {
    let name: String
    /// The scaling group it belongs to, if any.
    var group: Int?
    let minAvailable: Int
    /// Pods the template asks for.
    let replicas: Int
  }

  /// A scaling group of the template.
  struct Group: Sendable {
    let name: String
    /// The cliques of each replica, in the order of `cliqueNames`.
    var members: [Int] = []
    /// A name in `cliqueNames` that no clique of the template has.
    var unknownMember: String?
    /// Replicas that start with the base gang; 1 when an old object has none.
    let minAvailable: Int
    /// Replicas of a new object.
    let replicas: Int
  }

  /// Namespace and name of the PodCliqueSet.
  let name: ObjectName
  /// Replicas of the PodCliqueSet.
  let replicas: Int
  let startupType: CliqueStartupType?
  /// The cliques in template order.
  private(set) var cliques: [Clique]
  /// The cliques outside scaling groups, in template order.
  let standalone: [Int]
  /// The scaling groups in template order.
  let groups: [Group]
  /// The template itself.
  let template: PodCliqueSetTemplateSpec
  /// The digest of all cliques' pod templates; nil when nothing was hashed.
  let generationHash: String?
  // Empty when nothing was hashed: one costs about as much as a whole small pass.
  private let hashes: [String]

  /// - Parameters:
  ///   - hashed: whether to work out all hashes now, for whoever looks at them often.
  ///   - previous: what the PodCliqueSet called for before; hashes of an equal template are taken from there.
  init(_ podCliqueSet: PodCliqueSet, hashed: Bool = false, previous: Expected? = nil) {
    let template = podCliqueSet.spec.template
    self.template = template
    name = ObjectName(podCliqueSet.metadata)
    replicas = max(0, Int(podCliqueSet.spec.replicas))
    startupType = template.cliqueStartupType
    if hashed, let previous, let hash = previous.generationHash, previous.template == template {
      (generationHash, hashes) = (hash, previous.hashes)
    } else if hashed {
      generationHash = Hashing.generation(podCliqueSet)
      hashes = template.cliques.map {
        Hashing.podTemplate($0, priorityClassName: template.priorityClassName)
      }
    } else {
      (generationHash, hashes) = (nil, [])
    }
    var cliques = template.cliques.map { clique in
      Clique(
        name: clique.name, minAvailable: Int(clique.spec.minAvailable ?? clique.spec.replicas),
        replicas: Int(clique.spec.replicas))
    }
    var groups: [Group] = []
    for (index, config) in template.podCliqueScalingGroups.enumerated() {
      var group = Group(
        name: config.name, minAvailable: Int(config.minAvailable ?? 1), replicas: Int(config.replicas ?? 1))
      for name in config.cliqueNames {
        guard let clique = cliques.firstIndex(where: { $0.name == name }) else {
          group.unknownMember = group.unknownMember ?? name
          continue
        }
        group.members.append(clique)
        cliques[clique].group = cliques[clique].group ?? index
      }
      groups.append(group)
    }
    standalone = cliques.indices.filter { cliques[$0].group == nil }
    self.cliques = cliques
    self.groups = groups
  }

  /// The pod template hash of a clique.
  func hash(_ clique: Int) -> String {
    hashes.isEmpty
      ? Hashing.podTemplate(template.cliques[clique], priorityClassName: template.priorityClassName)
      : hashes[clique]
  }

  /// The position of a clique.
  func clique(named name: String) -> Int? { cliques.firstIndex { $0.name == name } }

  /// The position of a scaling group.
  func group(named name: String) -> Int? { groups.firstIndex { $0.name == name } }

  /// Pods of one replica of a scaling group as the template has it.
  func templatePods(ofGroup group: Int) -> Int {
    groups[group].members.reduce(0) { $0 + cliques[$1].replicas }
  }
}

// MARK: Names

extension Expected {
  /// The name of a clique outside scaling groups in a replica.
  func podClique(_ clique: Int, replica: Int) -> String {
    Naming.podClique(name.name, replica: replica, clique: cliques[clique].name)
  }

  /// The name of a scaling group in a replica.
  func scalingGroup(_ group: Int, replica: Int) -> String {
    Naming.scalingGroup(name.name, replica: replica, group: groups[group].name)
  }

  /// The name of a clique in a replica of a scaling group.
  func memberPodClique(_ clique: Int, of group: Int, replica: Int, groupReplica: Int) -> String {
    Naming.memberPodClique(
      scalingGroup: scalingGroup(group, replica: replica), replica: groupReplica, clique: cliques[clique].name
    )
  }

  /// The PodGang of a scaling group replica.
  func podGang(ofGroup group: Int, replica: Int, groupReplica: Int) -> String {
    Naming.podGang(
      name.name, replica: replica, scalingGroup: scalingGroup(group, replica: replica),
      scalingGroupReplica: groupReplica, minAvailable: groups[group].minAvailable)
  }

  /// The names of a clique in the base gang of a replica: one, or one for each base replica of its group (§5.3).
  func basePodCliques(_ clique: Int, replica: Int) -> [String] {
    guard let group = cliques[clique].group else { return [podClique(clique, replica: replica)] }
    let groupName = scalingGroup(group, replica: replica)
    return (0..<max(groups[group].minAvailable, 0)).map {
      Naming.memberPodClique(scalingGroup: groupName, replica: $0, clique: cliques[clique].name)
    }
  }

  /// The clique that a PodClique was made from: owner prefix and clique name make exactly its name (R-200, B-R08).
  ///
  /// - Returns: nil when the name is none that the template calls for in that replica.
  func clique(ofPodClique fullName: String, replica: Int) -> Int? {
    for clique in standalone where podClique(clique, replica: replica) == fullName { return clique }
    for group in groups.indices {
      let prefix = scalingGroup(group, replica: replica) + "-"
      guard fullName.hasPrefix(prefix) else { continue }
      let rest = fullName.dropFirst(prefix.count)
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, digits == "0" || !digits.hasPrefix("0"),
        rest.dropFirst(digits.count).hasPrefix("-")
      else { continue }
      let cliqueName = rest.dropFirst(digits.count + 1)
      if let clique = groups[group].members.first(where: { cliques[$0].name == cliqueName }) { return clique }
    }
    return nil
  }
}

// MARK: Reading live objects

extension Expected {
  /// Whether a PodClique has arrived at the current template.
  ///
  /// - Parameter setHash: `status.currentGenerationHash` of the PodCliqueSet.
  @inline(__always)
  func isUpdated(_ podClique: PodClique, clique: Int, setHash: String?) -> Bool {
    guard let setHash, let minAvailable = podClique.spec.minAvailable else { return false }
    let hash = hash(clique)
    return podClique.metadata.labels[LabelKey.podTemplateHash] == hash
      && podClique.status.currentPodTemplateHash == hash
      && podClique.status.currentPodCliqueSetGenerationHash == setHash
      && podClique.status.updatedReplicas >= minAvailable
      // What was current before an update to another template, and is wanted again, is not yet what pods are
      // (R-652-back).
      && podClique.status.updatedReplicas >= podClique.status.replicas
      && (podClique.status.updateProgress == nil || podClique.status.updateProgress?.updateEndedAt != nil)
      && podClique.status.readyReplicas >= minAvailable
  }
}

extension ObjectMeta {
  /// A label that holds an index, such as the replica of the PodCliqueSet.
  func index(_ label: String) -> Int? {
    guard let text = labels[label], let value = Int(text), value >= 0 else { return nil }
    return value
  }
}

extension PodCliqueSet {
  /// Whether pods are only replaced when someone else deletes them.
  var updatesOnDelete: Bool { spec.updateStrategy?.type == .onDelete }

  /// Whether ``PodCliqueSetStatus/currentGenerationHash`` is of the template as it is.
  ///
  /// Between a change of the template and the next pass over the PodCliqueSet it is not; what is decided from both then
  /// holds for neither (R-680-seen).
  ///
  /// - Complexity: O(bytes of the template), much of what a whole small pass costs.
  var hasHashOfTemplate: Bool { Hashing.generation(self) == status.currentGenerationHash }

  /// Whether a rolling update is under way.
  var isRolling: Bool {
    guard let progress = status.updateProgress else { return false }
    return !updatesOnDelete && progress.updateEndedAt == nil
  }

  /// The replica that a rolling update works on.
  var updatingReplica: Int? { status.updateProgress?.currentlyUpdating.first.map { Int($0.replicaIndex) } }
}
