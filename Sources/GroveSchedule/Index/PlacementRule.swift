internal import KubernetesModel

/// What decides, apart from resources and other pods, which nodes a pod may use and which it prefers.
struct PlacementRule: Sendable {
  var nodeSelector: StringMap<String> = [:]
  var required: NodeSelector? {
    didSet { understand() }
  }
  var preferred: [PreferredSchedulingTerm] = [] {
    didSet { understand() }
  }
  var tolerations: [Toleration] = []
  var mask: NodeMask?

  /// The required terms and the preferred ones without those that match nothing because they cannot be parsed.
  private var parsedRequired: NodeSelector?
  private var parsedPreferred: [PreferredSchedulingTerm] = []
  /// The only nodes that the required terms name, parsable or not; nil without such a limit.
  private(set) var namedNodes: [String]?

  static let excluded = UInt32.max

  mutating func understand() {
    parsedRequired = required?.parsed
    namedNodes = required?.namedNodes
    parsedPreferred = preferred.filter(\.preference.isParsable)
  }

  /// The first filter of kube-scheduler's order that turns a node down, or nil.
  func rejection(_ node: Int, _ nodes: NodeTable) -> FilterReason? {
    if nodes.isExcluded[node] { return .masked("node(s) were excluded") }
    if nodes.isCordoned[node] && !tolerations.tolerateUnschedulable { return .unschedulable }
    for taint in nodes.taints[node] where taint.isBinding && !tolerations.tolerate(taint) {
      return .untoleratedTaint
    }
    if !matchesAffinity(node, nodes) { return .nodeAffinity }
    if let mask, !mask.admits(nodes.name(node)) { return .masked(mask.reason) }
    return nil
  }

  /// Whether node selector and required node affinity admit a node.
  func matchesAffinity(_ node: Int, _ nodes: NodeTable) -> Bool {
    let labels = nodes.labels[node]
    for (key, value) in nodeSelector where labels[key] != value { return false }
    return parsedRequired?.matches(labels: labels, name: nodes.name(node)) ?? true
  }

  /// Whether the pod tolerates all taints of a node that keep pods away.
  func toleratesTaints(of node: Int, _ nodes: NodeTable) -> Bool {
    !nodes.taints[node].contains { $0.isBinding && !tolerations.tolerate($0) }
  }

  /// How much the node is disliked, or ``excluded``: the weights of preferred terms that do not match, and 150 for
  /// each `PreferNoSchedule` taint that is not tolerated, which is how kube-scheduler weighs the two at weight 100.
  func verdict(_ node: Int, _ nodes: NodeTable) -> UInt32 {
    if rejection(node, nodes) != nil { return Self.excluded }
    var dislike = 0
    for term in parsedPreferred
    where !term.preference.matches(labels: nodes.labels[node], name: nodes.name(node)) {
      if term.preference.matchExpressions.isEmpty && term.preference.matchFields.isEmpty { continue }
      dislike += Int(min(max(term.weight, 0), 100))
    }
    for taint in nodes.taints[node] where taint.effect == "PreferNoSchedule" {
      let isTolerated = tolerations.contains {
        ($0.effect.isEmpty || $0.effect == "PreferNoSchedule") && $0.tolerates(taint)
      }
      if !isTolerated { dislike += 150 }
    }
    return UInt32(min(dislike, 0xffff))
  }
}

/// Placement rules by number, with their verdict on every node.
///
/// A rule looks at a node once, and again only when the node's labels, taints or cordon change.
struct RuleTable: Sendable {
  private(set) var rules: [PlacementRule] = []
  private var keys = ByteKeyTable()
  private var verdicts: [[UInt32]] = []
  private var cursors: [Int] = []

  mutating func intern(_ key: ByteKey, _ rule: @autoclosure () -> PlacementRule) -> Int {
    if let known = keys.find(key) { return known }
    rules.append(rule())
    verdicts.append([])
    cursors.append(-1)
    return keys.add(key)
  }

  @inline(__always)
  func verdict(_ rule: Int, _ node: Int) -> UInt32 { verdicts[rule][node] }

  /// Brings a rule's verdicts up to date; returns whether any of them had to be looked at.
  mutating func sync(_ rule: Int, _ nodes: NodeTable) {
    let changes = nodes.specChanges
    guard cursors[rule] != changes.end else { return }
    let subject = rules[rule]
    if cursors[rule] < changes.base || changes.end - cursors[rule] > nodes.count {
      var fresh = [UInt32](repeating: PlacementRule.excluded, count: nodes.count)
      for node in fresh.indices where nodes.isPresent[node] { fresh[node] = subject.verdict(node, nodes) }
      verdicts[rule] = fresh
    } else {
      if verdicts[rule].count < nodes.count {
        let added = nodes.count - verdicts[rule].count
        verdicts[rule].append(contentsOf: repeatElement(PlacementRule.excluded, count: added))
      }
      for entry in changes.entries[(cursors[rule] - changes.base)...] {
        let node = Int(entry)
        verdicts[rule][node] =
          nodes.isPresent[node] ? subject.verdict(node, nodes) : PlacementRule.excluded
      }
    }
    cursors[rule] = changes.end
  }
}
