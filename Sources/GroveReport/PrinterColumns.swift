public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// The columns of `kubectl get` for a kind: those of the CustomResourceDefinitions for Grove's kinds (api.md 1.1), those
/// of kubectl for the others.
public struct PrinterColumns: Sendable {
  /// The kind.
  public let kind: ResourceKind
  /// Whether the columns of `-o wide` are among them.
  public let isWide: Bool
  /// The headings, `NAME` first.
  public let headings: [String]

  /// The columns of a kind.
  public init(_ kind: ResourceKind, isWide: Bool = false) {
    self.kind = kind
    self.isWide = isWide
    headings = Self.headings(kind, isWide)
  }

  /// The cells of an object of the kind, as many as there are headings. A value that is not there is empty for Grove's
  /// kinds, as it is in kubectl.
  ///
  /// - Parameter now: what ages are counted to.
  /// - Precondition: the object is of the kind.
  public func row(_ resource: Resource, now: Timestamp) -> [String] {
    precondition(resource.kind == kind, "a \(resource.kind.rawValue) has no \(kind.rawValue) columns")
    let metadata = resource.metadata
    let age = Self.age(metadata.creationTimestamp, now)
    return [metadata.name] + Self.values(resource, isWide, now) + (Self.hasAge(kind) ? [age] : [])
      + Self.valuesAfterAge(resource, isWide)
  }

  private static func hasAge(_ kind: ResourceKind) -> Bool { kind != .role }

  private static func age(_ creation: Timestamp?, _ now: Timestamp) -> String {
    creation.map { (now - $0).ageText } ?? "<unknown>"
  }

  // MARK: Headings

  private static func headings(_ kind: ResourceKind, _ isWide: Bool) -> [String] {
    let (before, after) = names(kind, isWide)
    return ["NAME"] + before + (hasAge(kind) ? ["AGE"] : []) + after
  }

  /// The headings before AGE and after it.
  private static func names(_ kind: ResourceKind, _ isWide: Bool) -> (before: [String], after: [String]) {
    switch kind {
    case .podCliqueSet:
      (
        [
          "REPLICAS", "AVAILABLE", "UPDATED", "PCLQS-UPDATED", "PCLQS-TOTAL", "PCSGS-UPDATED", "PCSGS-TOTAL",
        ], []
      )
    case .podClique:
      (
        ["MINAVAIL", "REPLICAS", "READY", "SCHEDULED", "UPDATED"] + (isWide ? ["GATED", "MINBREACHED"] : []),
        []
      )
    case .podCliqueScalingGroup:
      (
        ["MINAVAIL", "REPLICAS", "AVAILABLE", "SCHEDULED", "UPDATED", "PCLQS-UPDATED", "PCLQS-TOTAL"]
          + (isWide ? ["MINBREACHED"] : []), []
      )
    case .clusterTopologyBinding: (["DOMAINS"], [])
    case .podGang: (["PHASE"], [])
    case .pod:
      (
        ["READY", "STATUS", "RESTARTS"], isWide ? ["IP", "NODE", "NOMINATED NODE", "READINESS GATES"] : []
      )
    case .service: (["TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)"], isWide ? ["SELECTOR"] : [])
    case .serviceAccount: (["SECRETS"], [])
    case .secret: (["TYPE", "DATA"], [])
    case .node: (["STATUS", "ROLES"], ["VERSION"] + (isWide ? ["INTERNAL-IP"] : []))
    case .role: (["CREATED AT"], [])
    case .roleBinding: (["ROLE"], [])
    case .horizontalPodAutoscaler: (["REFERENCE", "TARGETS", "MINPODS", "MAXPODS", "REPLICAS"], [])
    case .resourceClaim: (["STATE"], [])
    case .priorityClass: (["VALUE", "GLOBAL-DEFAULT"], isWide ? ["PREEMPTIONPOLICY"] : [])
    case .kaiPodGroup, .volcanoPodGroup: (["QUEUE", "MINMEMBER"], [])
    case .resourceClaimTemplate, .computeDomain, .kaiTopology: ([], [])
    }
  }

  // MARK: Cells

  private static func values(_ resource: Resource, _ isWide: Bool, _ now: Timestamp) -> [String] {
    switch resource {
    case .podCliqueSet(let set): return values(set)
    case .podClique(let podClique): return values(podClique, isWide)
    case .podCliqueScalingGroup(let group): return values(group, isWide)
    case .clusterTopologyBinding(let binding):
      return [binding.spec.levels.map(\.domain).joined(separator: ",")]
    case .podGang(let gang): return [gang.status.phase]
    case .pod(let pod):
      let summary = PodSummary(pod)
      return [summary.readyText, summary.status, summary.restartsText(now: now)]
    case .service(let service): return values(service)
    case .serviceAccount(let account): return [String(account.secrets.count)]
    case .secret(let secret): return [secret.type, String(secret.data.count)]
    case .node(let node): return values(node)
    case .role(let role): return [role.metadata.creationTimestamp?.text ?? "<unknown>"]
    case .roleBinding(let binding): return ["\(binding.roleRef.kind)/\(binding.roleRef.name)"]
    case .horizontalPodAutoscaler(let autoscaler): return values(autoscaler)
    case .resourceClaim(let claim): return [state(of: claim)]
    case .priorityClass(let priority): return [String(priority.value), String(priority.globalDefault)]
    case .kaiPodGroup(let group): return [group.spec.queue, group.spec.minMember.map { String($0) } ?? ""]
    case .volcanoPodGroup(let group): return [group.spec.queue, String(group.spec.minMember)]
    case .resourceClaimTemplate, .computeDomain, .kaiTopology: return []
    }
  }

  private static func valuesAfterAge(_ resource: Resource, _ isWide: Bool) -> [String] {
    if case .node(let node) = resource {
      let version = node.status.nodeInfo?.kubeletVersion ?? ""
      let address = node.status.addresses.first { $0.type == "InternalIP" }?.address ?? none
      return isWide ? [version, address] : [version]
    }
    guard isWide else { return [] }
    switch resource {
    case .pod(let pod):
      let spec = pod.$spec.wrappedValue
      let passed = spec.readinessGates.count { gate in
        pod.status.conditions.contains { $0.type == gate.conditionType && $0.status == "True" }
      }
      return [
        orNone(pod.status.podIP), orNone(spec.nodeName), orNone(pod.status.nominatedNodeName),
        spec.readinessGates.isEmpty ? none : "\(passed)/\(spec.readinessGates.count)",
      ]
    case .service(let service): return [orNone(labels(service.spec.selector))]
    case .priorityClass(let priority): return [priority.preemptionPolicy ?? "PreemptLowerPriority"]
    default: return []
    }
  }

  // Counters of an update are not written when they are zero, and what is not there is printed as nothing.
  private static func count(_ number: Int32?) -> String {
    guard let number, number != 0 else { return "" }
    return String(number)
  }

  private static func values(_ set: PodCliqueSet) -> [String] {
    let progress = set.status.updateProgress
    return [
      String(set.spec.replicas), String(set.status.availableReplicas), String(set.status.updatedReplicas),
      count(progress?.updatedPodCliquesCount), count(progress?.totalPodCliquesCount),
      count(progress?.updatedPodCliqueScalingGroupsCount), count(progress?.totalPodCliqueScalingGroupsCount),
    ]
  }

  private static func values(_ podClique: PodClique, _ isWide: Bool) -> [String] {
    let (spec, status) = (podClique.spec, podClique.status)
    let numbers = [
      spec.minAvailable.map { String($0) } ?? "", String(spec.replicas), String(status.readyReplicas),
      String(status.scheduledReplicas), String(status.updatedReplicas),
    ]
    return isWide
      ? numbers + [String(status.scheduleGatedReplicas), breach(status.conditions)] : numbers
  }

  private static func values(_ group: PodCliqueScalingGroup, _ isWide: Bool) -> [String] {
    let (spec, status) = (group.spec, group.status)
    let numbers = [
      spec.minAvailable.map { String($0) } ?? "", String(spec.replicas), String(status.availableReplicas),
      String(status.scheduledReplicas), String(status.updatedReplicas),
      count(status.updateProgress?.updatedPodCliquesCount),
      count(status.updateProgress?.totalPodCliquesCount),
    ]
    return isWide ? numbers + [breach(status.conditions)] : numbers
  }

  private static func breach(_ conditions: [Condition]) -> String {
    conditions.first { $0.type == "MinAvailableBreached" }?.status ?? ""
  }

  private static func values(_ service: Service) -> [String] {
    let spec = service.spec
    let ports = spec.ports.map { "\($0.port)/\($0.protocol.isEmpty ? "TCP" : $0.protocol)" }
    return [
      spec.type.isEmpty ? "ClusterIP" : spec.type, orNone(spec.clusterIP), none,
      orNone(ports.joined(separator: ",")),
    ]
  }

  private static func values(_ node: Node) -> [String] {
    let ready = node.status.conditions.first { $0.type == "Ready" }?.status
    // A node from a description has no conditions; nobody has said that it is not ready.
    var status = ready == nil || ready == "True" ? "Ready" : "NotReady"
    if node.spec.unschedulable { status += ",SchedulingDisabled" }
    let prefix = "node-role.kubernetes.io/"
    let roles = node.metadata.labels.filter { $0.key.hasPrefix(prefix) }
      .map { String($0.key.dropFirst(prefix.count)) }
    return [status, orNone(roles.joined(separator: ","))]
  }

  private static func values(_ autoscaler: HorizontalPodAutoscaler) -> [String] {
    let spec = autoscaler.spec
    let targets = spec.metrics.map { metric -> String in
      let source = metric.resource?.target ?? metric.containerResource?.target
      let target =
        source ?? metric.pods?.target ?? metric.object?.target ?? metric.external?.target ?? MetricTarget()
      let name = metric.resource?.name ?? metric.containerResource?.name
      let wanted =
        target.averageUtilization.map { "\($0)%" } ?? (target.averageValue ?? target.value)?.canonicalText
      return (name.map { "\($0): " } ?? "") + "<unknown>/\(wanted ?? "<auto>")"
    }
    return [
      "\(spec.scaleTargetRef.kind)/\(spec.scaleTargetRef.name)",
      targets.isEmpty ? "<none>" : targets.joined(separator: ", "), String(spec.minReplicas ?? 1),
      String(spec.maxReplicas), String(autoscaler.status.currentReplicas),
    ]
  }

  private static func state(of claim: ResourceClaim) -> String {
    var words: [String] = []
    if claim.metadata.deletionTimestamp != nil { words.append("deleted") }
    if claim.status.allocation == nil {
      if claim.metadata.deletionTimestamp == nil { words.append("pending") }
    } else {
      words.append("allocated")
      if !claim.status.reservedFor.isEmpty { words.append("reserved") }
    }
    return words.joined(separator: ",")
  }

  private static let none = "<none>"

  private static func orNone(_ text: String) -> String { text.isEmpty ? none : text }

  private static func labels(_ labels: StringMap<String>) -> String {
    labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }
}
