internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// What `schedule` prints for people.
enum PlacementTable {
  /// The most lines of a table of nodes.
  static let nodeLimit = 40

  // MARK: Verdict

  /// `fits: …` or `does not fit: …`, with counts.
  static func verdict(_ report: PlacementReport) -> String {
    let outcomes = report.judged
    if let problem = report.input.problems.first {
      return "does not fit: Grove cannot make all that is asked for (\(problem.object))"
    }
    if outcomes.isEmpty {
      return report.input.podCliqueSets.isEmpty
        ? "nothing to place: nothing waits for a place" : "nothing to place: no pods are asked for"
    }
    let pods = outcomes.reduce(0) { $0 + $1.placed + $1.bound + $1.pending }
    let placed = outcomes.reduce(0) { $0 + $1.placed + $1.bound }
    let unmet = outcomes.count { $0.verdict != .fits }
    let things = outcomes.allSatisfy { $0.isSinglePod } ? "pod" : "gang"
    let evicted =
      report.decision.evictions.isEmpty
      ? "" : ", \(counted(report.decision.evictions.count, "pod")) preempted"
    if unmet > 0 {
      // What was not proved is not said.
      let isProved = outcomes.contains { outcome in
        if case .notFound = outcome.verdict { return false }
        if case .waiting(.dependency) = outcome.verdict { return false }
        return outcome.verdict != .fits
      }
      return
        "does not fit\(isProved ? "" : ", as far as was searched"): \(unmet) of \(counted(outcomes.count, things)) "
        + "\(unmet == 1 ? "has" : "have") no place; \(placed) of \(counted(pods, "pod")) placed\(evicted)"
    }
    let names = Set(outcomes.map(\.name))
    let bindings = report.decision.bindings.filter { names.contains($0.gang ?? $0.pod) }
    let nodes = Set(bindings.map(\.node)).count
    let place = " on \(nodes) of \(counted(report.layout.nodes.count, "node"))"
    let what = things == "pod" ? "" : " in \(counted(outcomes.count, "gang"))"
    let short = placed < pods ? "every gang has its minimum; " : ""
    let added =
      report.addedNodes.map { $0.count == 0 ? "" : " with \(counted($0.count, "more node")) (\($0.shape))" }
      ?? ""
    let start = report.isDecided ? "fits" : "not decided"
    let doubt =
      report.isDecided
      ? ""
      : "; \(report.doubts.joined(separator: ", ")) of \(things == "pod" ? "these" : "their") pods not looked at"
    return
      "\(start)\(added): \(short)\(placed) of \(counted(pods, "pod")) placed\(what),\(place)\(evicted)\(doubt)"
  }

  static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  // MARK: Text

  /// The whole report.
  static func text(_ report: PlacementReport) -> String {
    var parts = [verdict(report) + "\n" + others(report)]
    if !report.judged.isEmpty { parts.append(gangs(report)) }
    parts.append(reasons(report))
    parts.append(nodes(report))
    parts.append(evictions(report))
    parts.append(howMany(report))
    parts.append(left(report))
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func others(_ report: PlacementReport) -> String {
    let others = report.decision.outcomes.filter { !report.input.judges($0.name) }
    guard !others.isEmpty else { return "" }
    let pods = others.reduce(0) { $0 + $1.placed + $1.bound + $1.pending }
    let unmet = others.count { $0.verdict != .fits }
    return "also there: \(counted(pods, "pod")) of \(counted(others.count, "other gang"))"
      + (unmet == 0 ? "\n" : ", \(unmet) of them without a place\n")
  }

  /// A row for each gang, and below it one for each part with a constraint of its own.
  private static func gangs(_ report: PlacementReport) -> String {
    var table = Table(["GANG", "PODS", "CONSTRAINT", "DOMAIN", "NODES", "SCORE"], numeric: [1, 4, 5])
    for outcome in report.judged {
      let all = outcome.placed + outcome.bound + outcome.pending
      let root = outcome.scopes.first { $0.scope == outcome.name.name }
      let isMet = outcome.verdict == .fits
      table.rows.append([
        outcome.name.description, "\(outcome.placed + outcome.bound)/\(all)",
        constraint(root?.packing ?? report.packing(of: outcome.name), report),
        isMet ? domain(root, report) : "-",
        String(Set(report.nodes(of: outcome.name).map(\.name)).count),
        outcome.score.map { decimal($0) } ?? "-",
      ])
      for scope in outcome.scopes where scope.scope != outcome.name.name {
        table.rows.append([
          "  " + scope.scope, String(scope.pods), constraint(scope.packing, report), domain(scope, report),
          String(scope.nodesUsed), decimal(scope.score),
        ])
      }
    }
    return table.text
  }

  private static func constraint(_ packing: Packing, _ report: PlacementReport) -> String {
    var parts: [String] = []
    if let key = packing.required { parts.append("one \(report.domainName(ofKey: key))") }
    if let key = packing.preferred { parts.append("one \(report.domainName(ofKey: key)) if possible") }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  /// The narrowest domain that holds a scope: `rack z0-b0-r1`.
  private static func domain(_ scope: ScopePlacement?, _ report: PlacementReport) -> String {
    guard let scope, let level = scope.level, let name = scope.domain.last(where: { !$0.isEmpty }) else {
      return "the cluster"
    }
    return "\(report.domainName(ofKey: level)) \(name)"
  }

  /// Why what has no place has none.
  private static func reasons(_ report: PlacementReport) -> String {
    let unmet = report.judged.filter { $0.verdict != .fits }
    let lines = unmet.prefix(10).map { "\($0.name): \(report.plain($0.verdict.text))\n" }
    let more = unmet.count > 10 ? "and \(unmet.count - 10) more\n" : ""
    let hint = unmet.first.map { "`grove-demo why \($0.name) …` says more\n" } ?? ""
    return lines.joined() + more + hint
  }

  /// A row for each node that a gang was given.
  private static func nodes(_ report: PlacementReport) -> String {
    var table = Table(["NODE", "GANG", "PODS"])
    for outcome in report.judged {
      for node in report.nodes(of: outcome.name) {
        let isSingle = outcome.isSinglePod && node.roles.first?.role == "pod"
        table.rows.append([
          node.name, outcome.name.description,
          isSingle ? "1" : node.roles.map { "\($0.count) \($0.role)" }.joined(separator: ", "),
        ])
      }
    }
    if table.rows.isEmpty { return "" }
    let more = table.rows.count - nodeLimit
    if more > 0 { table.rows.removeLast(more) }
    return table.text + (more > 0 ? "and \(more) more lines; -o wide and -o json have all\n" : "")
  }

  private static func evictions(_ report: PlacementReport) -> String {
    var table = Table(["PREEMPTED", "PRIORITY", "NODE", "GANG", "FOR"], numeric: [1])
    for eviction in report.decision.evictions {
      table.rows.append([
        eviction.pod.description, String(eviction.priority), eviction.node,
        eviction.gang?.description ?? "none", eviction.beneficiary.description,
      ])
    }
    let more = table.rows.count - nodeLimit
    if more > 0 { table.rows.removeLast(more) }
    return table.rows.isEmpty ? "" : table.text + (more > 0 ? "and \(more) more; -o json has all\n" : "")
  }

  /// A count that ends at a limit.
  private static func count(_ count: Int?) -> String {
    guard let count else { return "-" }
    return count >= ReplicaCount.limit ? "\(count) or more" : String(count)
  }

  private static func howMany(_ report: PlacementReport) -> String {
    var table = Table(
      ["ROOM FOR MORE REPLICAS OF", "PODS EACH", "WITH MINIMUM", "WITH ALL PODS"], numeric: [1, 2, 3])
    for room in report.roomForReplicas {
      table.rows.append([
        "\(room.kind) \(room.name)", String(room.pods), count(room.minimum), count(room.whole),
      ])
    }
    return table.rows.isEmpty ? "" : table.text
  }

  /// How many more pods of each shape fit, by domain.
  private static func left(_ report: PlacementReport) -> String {
    let all = report.room(nil)
    guard !all.isEmpty else { return "" }
    let level = report.groupingLevels.last { $0.count <= 12 }
    let byDomain = level.map { report.room($0.key) } ?? []
    let count = min(all.count, 6)
    let letters = (0..<count).map { String(UnicodeScalar(UInt8(65 + $0))) }
    var table = Table(["ROOM LEFT FOR"] + letters, numeric: Set(1...count))
    for index in byDomain.first?.domains.indices ?? 0..<0 {
      let path = byDomain[0].domains[index].domain
      table.rows.append(
        ["\(level?.domain ?? "") \(path.last { !$0.isEmpty } ?? "")"]
          + (0..<count).map { String(byDomain[$0].domains[index].free) })
    }
    table.rows.append(["the cluster"] + all.prefix(count).map { String($0.free) })
    var legend = ""
    for (letter, shape) in zip(letters, all) {
      let requests = shape.requests.map { "\($0.key) \($0.value.canonicalText)" }.joined(separator: ", ")
      legend += "\(letter) = a pod like \(shape.example): \(requests.isEmpty ? "no requests" : requests)\n"
    }
    if all.count > count { legend += "and \(counted(all.count - count, "more shape")); -o json has all\n" }
    return table.text + legend
  }

  static func decimal(_ number: Double) -> String {
    let parts = Int((number * 100).rounded())
    return "\(parts / 100).\(parts % 100 < 10 ? "0" : "")\(parts % 100)"
  }

  // MARK: Wide

  /// `-o wide`: a row for each pod of the workload.
  static func wide(_ report: PlacementReport) -> String {
    let levels = report.layout.domains.indices.filter {
      report.layout.keys[$0] != "kubernetes.io/hostname"
    }
    var table = Table(
      ["POD", "GANG", "ROLE", "NODE"] + levels.map { report.layout.domains[$0].uppercased() })
    let paths = Dictionary(report.layout.nodes.map { ($0.name, $0.path) }) { first, _ in first }
    var nodeOfPod: [ObjectName: String] = [:]
    for binding in report.decision.bindings { nodeOfPod[binding.pod] = binding.node }
    let evicted = Set(report.decision.evictions.map(\.pod))
    for pod in report.input.cluster.pods {
      let name = ObjectName(pod.metadata)
      guard report.input.judges(name) || nodeOfPod[name] != nil else { continue }
      let node = nodeOfPod[name] ?? (evicted.contains(name) ? "" : pod.spec.nodeName)
      let path = paths[node]
      table.rows.append(
        [
          name.description, pod.metadata.labels[LabelKey.podGang] ?? "<none>", report.role(of: name),
          node.isEmpty ? "<none>" : node,
        ]
          + levels.map { level in
            let value = path?[level] ?? ""
            return value.isEmpty ? "<none>" : value
          })
    }
    return verdict(report) + "\n\n" + table.text
  }
}
