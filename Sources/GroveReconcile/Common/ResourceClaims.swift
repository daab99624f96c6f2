internal import GroveModel
internal import KubernetesModel

/// One entry of a `resourceSharing` list of any level: a template and how far its claims are shared.
struct ResourceSharingEntry {
  /// A template of the PodCliqueSet, or a ResourceClaimTemplate.
  var name: String
  /// The namespace of the ResourceClaimTemplate; empty for that of the PodCliqueSet.
  var namespace: String
  /// One claim for the owner, or one for each of its replicas.
  var scope: ResourceSharingScope
}

/// The ResourceClaims that one object owns and pods share: whose they are and which there should be.
struct ResourceClaimLevel {
  fileprivate let podCliqueSet: PodCliqueSet
  fileprivate let owner: OwnerReference
  fileprivate let replicas: Int
  fileprivate let entries: [ResourceSharingEntry]
  /// The label that tells the owner, below the PodCliqueSet.
  fileprivate let ownerLabel: String?
  fileprivate let indexLabel: String
  fileprivate let errorCode: String
  /// How error messages call the level.
  fileprivate let abbreviation: String

  /// Claims of a PodCliqueSet, one per replica where the scope says so.
  init(of set: PodCliqueSet) {
    self.init(
      set: set, owner: OwnerReference(controller: set), replicas: set.spec.replicas,
      entries: set.spec.template.resourceSharing.map {
        ResourceSharingEntry(name: $0.name, namespace: $0.namespace, scope: $0.scope)
      },
      label: nil, indexLabel: LabelKey.podCliqueSetReplicaIndex,
      errorCode: "ERR_SYNC_PCS_RESOURCE_CLAIM", abbreviation: "PCS")
  }

  /// Claims of a scaling group, one per replica where the scope says so.
  init(of group: PodCliqueScalingGroup, config: PodCliqueScalingGroupConfig, in set: PodCliqueSet) {
    self.init(
      set: set, owner: OwnerReference(controller: group), replicas: group.spec.replicas,
      entries: config.resourceSharing.map {
        ResourceSharingEntry(name: $0.name, namespace: $0.namespace, scope: $0.scope)
      },
      label: LabelKey.scalingGroup, indexLabel: LabelKey.scalingGroupReplicaIndex,
      errorCode: "ERR_SYNC_PCSG_RESOURCE_CLAIM", abbreviation: "PCSG")
  }

  /// Claims of a PodClique, one per pod where the scope says so.
  init(of clique: PodClique, template: PodCliqueTemplateSpec, in set: PodCliqueSet) {
    self.init(
      set: set, owner: OwnerReference(controller: clique), replicas: clique.spec.replicas,
      entries: template.resourceSharing.map {
        ResourceSharingEntry(name: $0.name, namespace: $0.namespace, scope: $0.scope)
      },
      label: LabelKey.podClique, indexLabel: LabelKey.podIndex,
      errorCode: "ERR_SYNC_PCLQ_RESOURCE_CLAIM", abbreviation: "PCLQ")
  }

  private init(
    set: PodCliqueSet, owner: OwnerReference, replicas: Int32, entries: [ResourceSharingEntry],
    label: String?,
    indexLabel: String, errorCode: String, abbreviation: String
  ) {
    podCliqueSet = set
    self.owner = owner
    self.replicas = Int(max(replicas, 0))
    self.entries = entries
    ownerLabel = label
    self.indexLabel = indexLabel
    self.errorCode = errorCode
    self.abbreviation = abbreviation
  }

  fileprivate var namespace: String { podCliqueSet.metadata.namespace }

  /// What all claims of the level are labelled with.
  fileprivate var labels: StringMap<String> {
    var labels = Labels.of(.resourceClaim, podCliqueSet: podCliqueSet.metadata.name)
    if let ownerLabel { labels[ownerLabel] = owner.name }
    return labels
  }

  fileprivate func error(_ message: String, cause: String) -> ReconcileError {
    ReconcileError(
      code: errorCode, operation: "Sync", message: message, cause: cause, component: "ResourceClaim")
  }
}

/// What ``Pass/syncResourceClaims(_:)`` came to.
struct ResourceClaimOutcome {
  /// Entries whose claims could not be made; the others were.
  var errors: [ReconcileError] = []
  /// Whether an excess claim stays until the pods that use it are gone, so that somebody has to look again (B-R23).
  var isWaitingForPods = false
}

extension Pass {
  /// Makes the claims of one level what they should be: creates missing ones, labels existing ones, deletes those
  /// of replicas that are no more (R-430…R-436).
  ///
  /// A level without entries is left alone. The spec of an existing claim is never touched.
  mutating func syncResourceClaims(_ level: ResourceClaimLevel) -> ResourceClaimOutcome {
    var outcome = ResourceClaimOutcome()
    guard !level.entries.isEmpty else { return outcome }
    // A template is looked up once, however many claims are made from it.
    let templates = level.entries.map { resolve($0, in: level) }
    for scope in ResourceSharingScope.all {
      var problems: [String] = []
      for (position, entry) in level.entries.enumerated() where entry.scope == scope {
        if case .missing(let problem) = templates[position] {
          problems.append("ref \"\(entry.name)\" (index \(position)): \(problem)")
        }
      }
      let indices: [Int?] = scope == .perReplica ? (0..<level.replicas).map { $0 } : [nil]
      for index in indices {
        for (position, entry) in level.entries.enumerated() where entry.scope == scope {
          guard case .found(let template) = templates[position] else { continue }
          if let problem = ensureClaim(of: entry, from: template, index: index, at: level) {
            problems.append("ref \"\(entry.name)\" (index \(position)): \(problem)")
          }
        }
      }
      guard !problems.isEmpty else { continue }
      outcome.errors.append(
        level.error(
          "Error ensuring \(level.abbreviation) \(scope.rawValue) RCs for "
            + "\(level.namespace)/\(level.owner.name)",
          cause: "failed to ensure ResourceClaims: " + problems.joined(separator: "; ")))
    }
    outcome.isWaitingForPods = deleteExcessClaims(of: level, &outcome.errors)
    return outcome
  }

  private enum ClaimTemplate {
    case found(ResourceClaimTemplateSpec)
    case missing(String)
  }

  /// The template of an entry: one of the PodCliqueSet's, else a ResourceClaimTemplate.
  private func resolve(_ entry: ResourceSharingEntry, in level: ResourceClaimLevel) -> ClaimTemplate {
    if entry.namespace.isEmpty,
      let own = level.podCliqueSet.spec.template.resourceClaimTemplates.first(where: { $0.name == entry.name }
      )
    {
      return .found(own.templateSpec)
    }
    let name = ObjectName(
      namespace: entry.namespace.isEmpty ? level.namespace : entry.namespace, name: entry.name)
    if let external = state.resourceClaimTemplates[name] { return .found(external.spec) }
    return .missing(
      "failed to get external ResourceClaimTemplate \(name): "
        + "ResourceClaimTemplate.resource.k8s.io \"\(entry.name)\" not found")
  }

  /// Creates a claim, or labels the one there is. Returns what is wrong, if anything.
  private mutating func ensureClaim(
    of entry: ResourceSharingEntry, from template: ResourceClaimTemplateSpec, index: Int?,
    at level: ResourceClaimLevel
  ) -> String? {
    let owner = level.owner.name
    let name = ObjectName(
      namespace: level.namespace,
      name: index.map { Naming.indexedClaim(owner: owner, index: $0, template: entry.name) }
        ?? Naming.sharedClaim(owner: owner, template: entry.name))
    let live = state.resourceClaims[name]
    if let live, live.metadata.isTerminating { return nil }
    var labels = level.labels
    if let index { labels[level.indexLabel] = String(index) }
    do {
      _ = try apply(
        named: name, live: live, owner: level.owner, family: level.podCliqueSet.metadata.name,
        wrap: Resource.resourceClaim, rule: "R-433",
        reason: live == nil
          ? "ResourceClaim \(name.name) is missing" : "labels or owner of ResourceClaim \(name.name) differ"
      ) { claim, isNew in
        if isNew {
          // Kubernetes copies a template's metadata to its claims (B-R21); what Grove finds claims by stays Grove's.
          claim.metadata.labels = template.metadata.labels.filter { !$0.key.hasPrefix(LabelKey.grovePrefix) }
          claim.metadata.annotations = template.metadata.annotations
          claim.spec = template.spec
        }
        claim.metadata.labels.merge(labels)
      }
      return nil
    } catch {
      return error.description
    }
  }

  /// Deletes the claims of replicas that are no more, except those that pods still use (B-R23).
  ///
  /// Returns whether pods still use one.
  private mutating func deleteExcessClaims(
    of level: ResourceClaimLevel, _ errors: inout [ReconcileError]
  ) -> Bool {
    let labels = level.labels
    var excess: [ResourceClaim] = []
    for stored in state.resourceClaims.controlled(by: level.owner.uid) {
      let claim = stored.object
      guard let label = claim.metadata.labels[level.indexLabel],
        labels.allSatisfy({ claim.metadata.labels[$0.key] == $0.value })
      else { continue }
      if let index = Int(label), (0..<level.replicas).contains(index) { continue }
      excess.append(claim)
    }
    guard !excess.isEmpty else { return false }
    let used = claimsInUse(at: level)
    var isWaiting = false
    for claim in excess {
      if used.contains(claim.metadata.name) {
        isWaiting = true
        continue
      }
      do {
        try delete(
          .resourceClaim, claim.metadata, rule: "R-435",
          reason: "ResourceClaim \(claim.metadata.name) belongs to no replica of \(level.owner.name)")
      } catch {
        errors.append(
          level.error(
            "Error deleting excess \(level.abbreviation) RCs for \(level.namespace)/\(level.owner.name)",
            cause: error.description))
      }
    }
    return isWaiting
  }

  /// The names of all claims that unfinished pods of the level use; only for looking up, never for iterating.
  private func claimsInUse(at level: ResourceClaimLevel) -> Set<String> {
    let pods =
      level.indexLabel == LabelKey.podIndex
      ? state.pods.controlled(by: level.owner.uid)
      : state.pods.family(ObjectName(level.podCliqueSet.metadata))
    var names: Set<String> = []
    for pod in pods where !pod.object.isFinished {
      for claim in pod.object.spec.resourceClaims {
        if let name = claim.resourceClaimName { names.insert(name) }
      }
    }
    return names
  }
}
