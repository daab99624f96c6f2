internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// What a partial dump leaves out, taken to be what the operator makes of the PodCliqueSets (P-2).
///
/// A kind of which a set has no object at all was not asked for. A kind of which some are there was: what is missing of
/// it is missing, and the operator will make it.
struct AssumedObjects {
  /// The kinds that Grove makes, owners before what they own.
  private static let kinds: [ResourceKind] = [
    .podCliqueScalingGroup, .podClique, .podGang, .pod, .service, .serviceAccount, .role, .roleBinding,
    .secret,
    .horizontalPodAutoscaler, .resourceClaim, .computeDomain, .kaiPodGroup, .volcanoPodGroup,
  ]

  private let given: [Resource]
  private var families: [ObjectName: [Resource]] = [:]
  /// The kinds that are missing, by set.
  private var missing: [ObjectName: Set<ResourceKind>] = [:]

  init(beside given: [Resource]) {
    self.given = given
    var sets: [ObjectName] = []
    for case .podCliqueSet(let set) in given
    where !set.metadata.isTerminating && set.status.currentGenerationHash != nil {
      sets.append(ObjectName(set.metadata))
    }
    for object in given {
      guard let family = object.family else { continue }
      families[family, default: []].append(object)
    }
    for set in sets {
      let present = Set((families[set] ?? []).map(\.kind))
      let absent = Set(Self.kinds).subtracting(present)
      if !absent.isEmpty { missing[set] = absent }
    }
  }

  /// The objects that are taken to be there.
  ///
  /// - Parameter empty: a world without objects, with the operator and all the rest.
  func objects(in empty: World) -> [Resource] {
    guard !missing.isEmpty else { return [] }
    var world = empty
    let known = given.filter { hasItsOwners($0) }
    world.write { server in server.adopt(known) }
    _ = world.runToRest(limit: 10_000_000)
    scale(&world, .podCliqueScalingGroup, by: replicasOfGroups)
    scale(&world, .podClique, by: replicasOfCliques)
    return assumed(in: world)
  }

  /// Whether nobody between an object and its set is missing: an operator would take it for nobody's.
  private func hasItsOwners(_ object: Resource) -> Bool {
    guard let family = object.family, let absent = missing[family] else { return true }
    guard let owner = object.metadata.controller,
      let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind)
    else { return true }
    if absent.contains(kind) { return false }
    // A pod's PodClique may have a scaling group.
    let owned = families[family]?.first { $0.kind == kind && $0.metadata.name == owner.name }
    return owned.map { hasItsOwners($0) } ?? true
  }

  // MARK: Live replicas (P-3)

  private func scale(
    _ world: inout World, _ kind: ResourceKind, by replicas: (ObjectName) -> [ObjectKey: Int32]
  ) {
    var hasScaled = false
    for (set, absent) in missing.sorted(by: { $0.key < $1.key }) where absent.contains(kind) {
      for (key, count) in replicas(set).sorted(by: { $0.key < $1.key }) where world.server[key] != nil {
        hasScaled = true
        try? world.perform(.scale(key, replicas: count))
      }
    }
    if hasScaled { _ = world.runToRest(limit: 10_000_000) }
  }

  /// The replicas of scaling groups, as far as what is in them tells.
  private func replicasOfGroups(of set: ObjectName) -> [ObjectKey: Int32] {
    var replicas: [ObjectKey: Int32] = [:]
    for object in families[set] ?? [] where !object.metadata.isTerminating {
      let labels = object.metadata.labels
      guard let group = labels[LabelKey.scalingGroup],
        let index = labels[LabelKey.scalingGroupReplicaIndex].flatMap({ Int32($0) }), index < 1_000_000
      else { continue }
      let key = ObjectKey(.podCliqueScalingGroup, namespace: set.namespace, name: group)
      replicas[key] = max(replicas[key] ?? 0, index + 1)
    }
    return replicas
  }

  /// The replicas of PodCliques, as far as their pods tell.
  private func replicasOfCliques(of set: ObjectName) -> [ObjectKey: Int32] {
    var replicas: [ObjectKey: Int32] = [:]
    for object in families[set] ?? [] where object.kind == .pod && !object.metadata.isTerminating {
      guard let clique = object.metadata.labels[LabelKey.podClique] else { continue }
      replicas[ObjectKey(.podClique, namespace: set.namespace, name: clique), default: 0] += 1
    }
    return replicas
  }

  // MARK: Taking over

  private func assumed(in world: World) -> [Resource] {
    var taken: [Resource] = []
    for object in world.server.objects.resources {
      guard let family = object.family, missing[family]?.contains(object.kind) == true else { continue }
      taken.append(object)
    }
    // Dependents in the dump know the uids of owners that are not in it.
    var references: [ObjectKey: String] = [:]
    for object in given {
      for owner in object.metadata.ownerReferences where !owner.uid.isEmpty {
        guard let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind) else { continue }
        references[ObjectKey(kind, namespace: object.metadata.namespace, name: owner.name)] = owner.uid
      }
    }
    var uids: [String: String] = [:]
    for object in taken { if let uid = references[object.key] { uids[object.metadata.uid] = uid } }
    let names = podNames(for: taken)
    return taken.map { object in
      object.withMetadata { metadata in
        metadata.uid = uids[metadata.uid] ?? metadata.uid
        for index in metadata.ownerReferences.indices {
          let uid = metadata.ownerReferences[index].uid
          metadata.ownerReferences[index].uid = uids[uid] ?? uid
        }
        metadata.resourceVersion = ""
        if object.kind == .pod { metadata.name = names[metadata.name] ?? metadata.name }
      }
    }
  }

  /// The names of pods that PodGangs of the dump list.
  private func podNames(for taken: [Resource]) -> [String: String] {
    var listed: [String: [String]] = [:]
    for case .podGang(let gang) in given {
      for group in gang.spec.podgroups {
        listed["\(gang.metadata.namespace)/\(group.name)"] = group.podReferences.map(\.name)
      }
    }
    var numbers: [String: Int] = [:]
    var names: [String: String] = [:]
    for case .pod(let pod) in taken {
      let clique = "\(pod.metadata.namespace)/\(pod.metadata.labels[LabelKey.podClique] ?? "")"
      let number = numbers[clique, default: 0]
      numbers[clique] = number + 1
      if let list = listed[clique], number < list.count { names[pod.metadata.name] = list[number] }
    }
    return names
  }
}

extension Resource {
  /// The PodCliqueSet that an object was made for; nil for others, and for the set itself.
  var family: ObjectName? {
    guard kind != .podCliqueSet, let name = metadata.labels[LabelKey.partOf],
      metadata.labels[LabelKey.managedBy] == GroveName.operatorName
    else { return nil }
    return ObjectName(namespace: metadata.namespace, name: name)
  }
}
