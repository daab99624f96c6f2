internal import GroveModel
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// Tables about expanded objects.
enum ResourceTables {
  /// `-o wide`: a row for each object.
  static func wide(_ resources: [Resource]) -> String {
    var table = Table(["KIND", "NAMESPACE", "NAME", "OWNER", "DETAILS"])
    for resource in resources {
      let metadata = resource.metadata
      let owner = metadata.controller.map { "\($0.kind)/\($0.name)" } ?? "<none>"
      table.rows.append([
        resource.kind.kind, metadata.namespace.isEmpty ? "<none>" : metadata.namespace, metadata.name, owner,
        details(resource),
      ])
    }
    return table.text
  }

  private static func details(_ resource: Resource) -> String {
    switch resource {
    case .podCliqueSet(let set):
      "replicas \(set.spec.replicas), cliques \(set.spec.template.cliques.map(\.name).joined(separator: ","))"
    case .podClique(let podClique):
      "replicas \(podClique.spec.replicas), minAvailable \(podClique.spec.minAvailable ?? 0)"
        + (podClique.spec.startsAfter.isEmpty
          ? "" : ", after \(podClique.spec.startsAfter.joined(separator: ","))")
    case .podCliqueScalingGroup(let group):
      "replicas \(group.spec.replicas), minAvailable \(group.spec.minAvailable ?? 0), "
        + "cliques \(group.spec.cliqueNames.joined(separator: ","))"
    case .podGang(let gang):
      "groups \(gang.spec.podgroups.count), "
        + "all-or-nothing \(gang.spec.podgroups.reduce(0) { $0 + Int($1.minReplicas) })"
    case .pod(let pod):
      "host \(pod.spec.hostname), "
        + pod.spec.effectiveRequests.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
    case .service(let service): "address \(service.metadata.name).\(service.metadata.namespace).svc"
    case .horizontalPodAutoscaler(let autoscaler):
      "\(autoscaler.spec.scaleTargetRef.kind)/\(autoscaler.spec.scaleTargetRef.name), "
        + "\(autoscaler.spec.minReplicas ?? 1) to \(autoscaler.spec.maxReplicas)"
    case .resourceClaim(let claim):
      "requests \(claim.spec.devices?.requests.map(\.name).joined(separator: ",") ?? "")"
    case .kaiPodGroup(let group):
      "queue \(group.spec.queue), minMember \(group.spec.minMember ?? 0)"
    case .volcanoPodGroup(let group): "queue \(group.spec.queue), minMember \(group.spec.minMember)"
    default: ""
    }
  }

  /// `--totals`: a row for each role, and one for all.
  static func totals(_ totals: ResourceTotals) -> String {
    // Extended resources get columns of their own, in order of name.
    let names = totals.requests.keys.filter { $0 != "cpu" && $0 != "memory" }
    var table = Table(
      ["PODCLIQUESET", "ROLE", "PODS", "CPU", "MEMORY"] + names.map { $0.uppercased() },
      numeric: Set(2..<(5 + names.count)))
    for role in totals.roles {
      table.rows.append(
        [role.podCliqueSet.description, role.clique] + cells(role.pods, role.requests, names))
    }
    table.rows.append(["TOTAL", ""] + cells(totals.pods, totals.requests, names))
    return table.text
  }

  private static func cells(_ pods: Int, _ requests: StringMap<Quantity>, _ names: [String]) -> [String] {
    [String(pods)] + (["cpu", "memory"] + names).map { requests[$0]?.canonicalText ?? "0" }
  }

  /// `--totals` with a machine-readable format.
  static func totalsValue(_ totals: ResourceTotals) -> Value {
    .object([
      "compatibleWith": .string(GroveVersion.target), "format": .string("grove-demo/totals/v1"),
      "roles": .array(
        totals.roles.map { role in
          .object([
            "clique": .string(role.clique), "namespace": .string(role.podCliqueSet.namespace),
            "podCliqueSet": .string(role.podCliqueSet.name), "pods": .integer(Int64(role.pods)),
            "requests": Value(encoding: role.requests),
          ])
        }),
      "total": .object([
        "pods": .integer(Int64(totals.pods)), "requests": Value(encoding: totals.requests),
      ]),
    ])
  }
}
