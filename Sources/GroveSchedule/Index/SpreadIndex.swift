internal import KubernetesModel

/// Topology spread constraints of waiting pods: how many pods each counts in which domain (S-250…S-254).
///
/// Pods without constraints that no constraint counts never come here.
struct SpreadIndex: Sendable {
  /// One constraint.
  struct Constraint: Sendable, Hashable {
    /// Which pods are counted, as a number of ``AffinityIndex``; -1 when none can be.
    var selector: Int
    /// The label whose values are the domains, as a number of ``AffinityIndex``.
    var key: Int
    var maxSkew: Int
    var minDomains: Int
    /// Whether only nodes count that the pod's node selector and node affinity admit.
    var honorsAffinity: Bool
    /// Whether only nodes count whose taints the pod tolerates.
    var honorsTaints: Bool
    /// Whether the constraint must hold (`DoNotSchedule`).
    var isHard: Bool
  }

  /// The constraints of a pod in its order, with the placement rule that says which nodes count.
  struct Group: Sendable, Hashable {
    var constraints: [Constraint]
    var rule: Int
  }

  /// Pods counted for one constraint, by domain.
  private struct Counter: Sendable {
    /// Nodes that count, by number.
    var isCounted: [Bool]
    var counts: [Int32]
    /// How many domains have a node that counts.
    var domainCount = 0
    /// How many of those have each count, so that the smallest count is always at hand.
    var histogram: [Int]
    var least = 0

    mutating func add(_ count: Int, to domain: Int) {
      let old = Int(counts[domain])
      let new = old + count
      counts[domain] = Int32(new)
      guard new >= 0, old >= 0 else { return }
      if histogram.count <= new { histogram += repeatElement(0, count: new + 1 - histogram.count) }
      histogram[old] -= 1
      histogram[new] += 1
      if new < least {
        least = new
      } else if old == least && histogram[old] == 0 {
        while least < histogram.count - 1 && histogram[least] == 0 { least += 1 }
      }
    }
  }

  private(set) var groups: [Group] = []
  private var groupNumbers: [Group: Int] = [:]
  /// The number of each group's first counter.
  private var firstCounter: [Int] = []
  /// The label of each counter.
  private var keyOf: [Int] = []
  private var counters: [Counter] = []

  var isInUse: Bool { !groups.isEmpty }

  /// Whether any constraint looks at the taints of nodes.
  private(set) var looksAtTaints = false

  /// The number of a group, and whether it is new.
  mutating func intern(_ group: Group) -> (number: Int, isNew: Bool) {
    if let known = groupNumbers[group] { return (known, false) }
    let number = groups.count
    groups.append(group)
    groupNumbers[group] = number
    firstCounter.append(keyOf.count)
    keyOf += group.constraints.map(\.key)
    if group.constraints.contains(where: \.honorsTaints) { looksAtTaints = true }
    return (number, true)
  }

  /// The label of the constraint of a counter.
  func key(ofCounter counter: Int) -> Int { keyOf[counter] }

  /// The number of the counter of a constraint.
  func counter(_ group: Int, _ constraint: Int) -> Int { firstCounter[group] + constraint }

  /// Whether a group has constraints that must hold.
  func hasHard(_ group: Int) -> Bool { group >= 0 && groups[group].constraints.contains(where: \.isHard) }

  /// Whether a group has constraints that should hold.
  func hasSoft(_ group: Int) -> Bool { group >= 0 && groups[group].constraints.contains { !$0.isHard } }

  // MARK: Counts

  /// Forgets all counts and finds out which nodes count.
  ///
  /// - Parameters:
  ///   - domainOf: the domain of each node, by key; -1 without the label.
  ///   - sizes: how many domains each key has.
  mutating func reset(nodes: NodeTable, rules: RuleTable, domainOf: [[Int32]], sizes: [Int]) {
    counters.removeAll(keepingCapacity: true)
    for group in groups {
      let rule = rules.rules[group.rule]
      let hardKeys = group.constraints.filter(\.isHard).map(\.key)
      let start = counters.count
      for constraint in group.constraints {
        counters.append(
          Counter(
            isCounted: [Bool](repeating: false, count: nodes.count),
            counts: [Int32](repeating: 0, count: sizes[constraint.key]), histogram: [0]))
      }
      let needsAffinity = group.constraints.contains(where: \.honorsAffinity)
      let needsTaints = group.constraints.contains(where: \.honorsTaints)
      var isSeen = group.constraints.map { [Bool](repeating: false, count: sizes[$0.key]) }
      for node in 0..<nodes.count where nodes.isPresent[node] {
        // A node counts for the constraints that must hold if it has the labels of all of them (S-252).
        let hasHardKeys = hardKeys.allSatisfy { domainOf[$0][node] >= 0 }
        let isAdmitted = !needsAffinity || rule.matchesAffinity(node, nodes)
        let isTolerated = !needsTaints || rule.toleratesTaints(of: node, nodes)
        for (index, constraint) in group.constraints.enumerated() {
          let domain = Int(domainOf[constraint.key][node])
          if domain < 0 || (constraint.isHard && !hasHardKeys) { continue }
          if constraint.honorsAffinity && !isAdmitted { continue }
          if constraint.honorsTaints && !isTolerated { continue }
          counters[start + index].isCounted[node] = true
          if isSeen[index][domain] { continue }
          isSeen[index][domain] = true
          counters[start + index].domainCount += 1
          counters[start + index].histogram[0] += 1
        }
      }
    }
  }

  /// Counts pods on a node of a domain, or takes them off when the number is negative.
  mutating func count(_ count: Int, _ counter: Int, domain: Int, node: Int) {
    guard domain >= 0, node < counters[counter].isCounted.count, counters[counter].isCounted[node] else {
      return
    }
    counters[counter].add(count, to: domain)
  }

  /// The smallest count among the domains that count; 0 when there are fewer than the constraint asks for (S-253).
  func minimum(_ group: Int, _ constraint: Int) -> Int {
    let counter = counters[firstCounter[group] + constraint]
    let domains = counter.domainCount
    return domains == 0 || domains < groups[group].constraints[constraint].minDomains ? 0 : counter.least
  }

  /// How many pods are counted in a domain.
  func count(_ group: Int, _ constraint: Int, in domain: Int) -> Int {
    Int(counters[firstCounter[group] + constraint].counts[domain])
  }

  /// Whether pods on a node are counted for a constraint.
  func isCounted(_ group: Int, _ constraint: Int, _ node: Int) -> Bool {
    let counted = counters[firstCounter[group] + constraint].isCounted
    return node < counted.count && counted[node]
  }

  /// How many domains have a node that counts.
  func domainCount(_ group: Int, _ constraint: Int) -> Int {
    counters[firstCounter[group] + constraint].domainCount
  }
}
