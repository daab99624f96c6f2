internal import GroveModel
internal import KubernetesModel

/// What the webhook does not say about names: which can never work, and which stop working at some size (B-A09,
/// B-A10, B-A12, B-R35, B-R36).
extension PodCliqueSetCheck {
  private static let labelLimit = 63

  /// - Parameter isCreate: names of stored sets cannot be mended, so they are no reason to refuse an update.
  mutating func noteNames(isCreate: Bool) {
    noteForms(isCreate: isCreate)
    noteLengths()
    noteEqualNames(isCreate: isCreate)
    noteClaimNames(isCreate: isCreate)
    noteReservedNames()
  }

  // MARK: Forms (B-A09)

  private mutating func noteForms(isCreate: Bool) {
    let namePath: FieldPath = "metadata.name"
    if !hasError(at: namePath), !name.isEmpty {
      if !NameSyntax.isDNSLabel(name) {
        note(
          "W-B-A09", namePath,
          "must not contain dots: the headless Services \(name)-<index> cannot be created",
          value: .string(name), isFatal: isCreate)
      } else if let first = name.utf8.first, first >= 0x30, first <= 0x39 {
        note(
          "W-B-A09", namePath,
          "the name begins with a digit: the headless Services \(name)-<index> can be created only on API "
            + "servers with relaxed Service names")
      }
    }
    for (index, clique) in template.cliques.enumerated() {
      let path = cliquesPath[index].child("name")
      guard !hasError(at: path), !NameSyntax.isDNSLabel(clique.name) else { continue }
      note(
        "W-B-A09", path, "must not contain dots: it becomes part of the host names of pods",
        value: .string(clique.name), isFatal: isCreate)
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      let path = groupsPath[index].child("name")
      guard !hasError(at: path), !NameSyntax.isDNSLabel(group.name), !group.cliqueNames.isEmpty else {
        continue
      }
      note(
        "W-B-A09", path, "must not contain dots: it becomes part of the host names of pods",
        value: .string(group.name), isFatal: isCreate)
    }
  }

  // MARK: Lengths (B-A10)

  /// How many digits the last of some indices has.
  private static func digits(_ count: Int32) -> Int { String(max(Int(count) - 1, 0)).utf8.count }

  /// The group that a clique is a member of.
  private func group(of clique: PodCliqueTemplateSpec) -> PodCliqueScalingGroupConfig? {
    template.podCliqueScalingGroups.first { $0.cliqueNames.contains(clique.name) }
  }

  private static func replicas(of group: PodCliqueScalingGroupConfig) -> Int32 {
    max(group.replicas ?? 1, group.scaleConfig?.maxReplicas ?? 0)
  }

  private static func replicas(of clique: PodCliqueTemplateSpec) -> Int32 {
    max(clique.spec.replicas, clique.spec.autoScalingConfig?.maxReplicas ?? 0)
  }

  /// The bytes of the longest and the shortest full name of a clique.
  private func fullNameLengths(of clique: PodCliqueTemplateSpec) -> (shortest: Int, longest: Int) {
    var (shortest, longest) = scalingGroupLengths(group(of: clique)?.name)
    if let group = group(of: clique) {
      shortest += 2
      longest += 1 + PodCliqueSetCheck.digits(PodCliqueSetCheck.replicas(of: group))
    }
    return (shortest + 1 + clique.name.utf8.count, longest + 1 + clique.name.utf8.count)
  }

  /// The bytes of `<pcs>-<i>`, followed by `-<group>` when there is a group.
  private func scalingGroupLengths(_ group: String?) -> (shortest: Int, longest: Int) {
    let rest = group.map { 1 + $0.utf8.count } ?? 0
    let base = name.utf8.count + 1 + rest
    return (base + 1, base + PodCliqueSetCheck.digits(podCliqueSet.spec.replicas))
  }

  private mutating func noteLengths() {
    let limit = PodCliqueSetCheck.labelLimit
    for (index, clique) in template.cliques.enumerated() {
      let longest =
        fullNameLengths(of: clique).longest + 1
        + PodCliqueSetCheck.digits(PodCliqueSetCheck.replicas(of: clique))
      guard longest > limit, !hasError(at: cliquesPath[index].child("name")) else { continue }
      note(
        "W-B-A10", cliquesPath[index].child("name"),
        "with as many replicas as the template allows, host names of pods of '\(clique.name)' have \(longest) "
          + "characters, more than \(limit): those pods cannot be created",
        hint: "shorten a name or lower the replicas")
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() where group.cliqueNames.isEmpty {
      let longest = scalingGroupLengths(group.name).longest
      guard longest > limit else { continue }
      note(
        "W-B-A10", groupsPath[index].child("name"),
        "the full name of the scaling group has \(longest) characters, more than the \(limit) of a label value"
      )
    }
  }

  // MARK: Names that coincide (B-A12, B-R38)

  private mutating func noteEqualNames(isCreate: Bool) {
    let cliqueNames = template.cliques.map(\.name)
    for (index, group) in template.podCliqueScalingGroups.enumerated() where cliqueNames.contains(group.name)
    {
      note(
        "W-B-A12", groupsPath[index].child("name"),
        "the clique of the same name shares the names of HorizontalPodAutoscalers and ResourceClaims with it")
    }
    let members = Set(template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    var origins: [String: String] = [:]
    for clique in cliqueNames where !members.contains(clique) { origins[clique] = "clique '\(clique)'" }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      let replicas = group.replicas ?? 1
      for replica in 0..<max(0, min(PodCliqueSetCheck.replicas(of: group), 64)) {
        for member in group.cliqueNames {
          let full = Naming.memberPodClique(scalingGroup: group.name, replica: Int(replica), clique: member)
          guard let other = origins.updateValue("clique '\(member)' of group '\(group.name)'", forKey: full),
            other != origins[full]
          else { continue }
          note(
            "W-B-R38", groupsPath[index].child("name"),
            "replica \(replica) of clique '\(member)' would have the same full name, …-\(full), as \(other)",
            value: .string(group.name), isFatal: isCreate && replica < replicas)
        }
      }
    }
  }

  // MARK: Claims (B-R35)

  private mutating func noteClaimNames(isCreate: Bool) {
    let path = root.child("resourceSharing")
    for (index, entry) in template.resourceSharing.enumerated() {
      let digits = PodCliqueSetCheck.digits(podCliqueSet.spec.replicas)
      noteClaim(
        SharingEntry(entry), owner: (name.utf8.count, name.utf8.count), indexDigits: digits, path[index],
        isCreate: isCreate)
    }
    for (position, group) in template.podCliqueScalingGroups.enumerated() {
      let path = groupsPath[position].child("resourceSharing")
      for (index, entry) in group.resourceSharing.enumerated() {
        noteClaim(
          SharingEntry(entry), owner: scalingGroupLengths(group.name),
          indexDigits: PodCliqueSetCheck.digits(PodCliqueSetCheck.replicas(of: group)), path[index],
          isCreate: isCreate)
      }
    }
    for (position, clique) in template.cliques.enumerated() {
      let path = cliquesPath[position].child("resourceSharing")
      for (index, entry) in clique.resourceSharing.enumerated() {
        noteClaim(
          SharingEntry(entry), owner: fullNameLengths(of: clique),
          indexDigits: PodCliqueSetCheck.digits(PodCliqueSetCheck.replicas(of: clique)), path[index],
          isCreate: isCreate)
      }
    }
  }

  private mutating func noteClaim(
    _ entry: SharingEntry, owner: (shortest: Int, longest: Int), indexDigits: Int, _ path: FieldPath,
    isCreate: Bool
  ) {
    let path = path.child("name")
    guard !entry.name.isEmpty, !hasError(at: path) else { return }
    // The claim's name is also its name inside the pod, where it must be a DNS label. It begins with the owner's,
    // so the entry's own name may even begin with a dash.
    let isWellFormed = NameSyntax.isDNSLabel("a" + entry.name)
    let rest = 2 + entry.name.utf8.count
    let isShared = entry.scope == .allReplicas
    let shortest = owner.shortest + rest + (isShared ? 3 : 1)
    let longest = owner.longest + rest + (isShared ? 3 : indexDigits)
    let limit = PodCliqueSetCheck.labelLimit
    if !isWellFormed {
      note(
        "W-B-R35", path, "claims named after it are not valid inside pods: their names must be DNS labels",
        value: .string(entry.name), isFatal: isCreate)
    } else if shortest > limit {
      note(
        "W-B-R35", path,
        "names of claims made from it have at least \(shortest) characters, more than the \(limit) that are "
          + "allowed inside pods",
        value: .string(entry.name), isFatal: isCreate)
    } else if longest > limit {
      note(
        "W-B-R35", path,
        "names of claims made from it have up to \(longest) characters, more than the \(limit) that are allowed "
          + "inside pods")
    }
  }

  // MARK: Reserved names (B-R36)

  /// Whether pods of a clique get the startup init container.
  private func waits(_ clique: PodCliqueTemplateSpec, at index: Int) -> Bool {
    switch template.cliqueStartupType {
    case .inOrder: index > 0
    case .explicit: !clique.spec.startsAfter.isEmpty
    default: false
    }
  }

  private mutating func noteReservedNames() {
    for (index, clique) in template.cliques.enumerated() {
      let spec = clique.spec.podSpec
      let path = cliquesPath[index].child("spec.podSpec")
      let isTaken = waits(clique, at: index)
      for (field, containers) in [("containers", spec.containers), ("initContainers", spec.initContainers)] {
        for (position, container) in containers.enumerated() where container.name == GroveName.initContainer {
          noteReserved(path.child(field)[position].child("name"), container.name, isTaken: isTaken)
        }
      }
      for (position, volume) in spec.volumes.enumerated()
      where volume.name == GroveName.tokenVolume || volume.name == GroveName.podInfoVolume {
        noteReserved(path.child("volumes")[position].child("name"), volume.name, isTaken: isTaken)
      }
      for (position, claim) in spec.resourceClaims.enumerated() where claim.name == GroveName.mnnvlClaim {
        noteReserved(path.child("resourceClaims")[position].child("name"), claim.name, isTaken: false)
      }
    }
  }

  private mutating func noteReserved(_ path: FieldPath, _ name: String, isTaken: Bool) {
    note(
      "W-B-R36", path,
      isTaken
        ? "the operator adds one of this name to the pods of this clique, which then cannot be created"
        : "the name is reserved for what the operator adds to pods",
      value: .string(name), isFatal: isTaken)
  }
}
