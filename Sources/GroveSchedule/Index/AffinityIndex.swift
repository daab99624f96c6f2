internal import KubernetesModel

/// Required affinity and anti-affinity between pods, and topology spread: who selects whom, and how many are where
/// (S-021, S-250).
///
/// Pods that neither have such terms nor are selected by one have profile 0 and never come here.
struct AffinityIndex: Sendable {
  /// Which pods a term is about.
  struct Selector: Sendable, Hashable {
    /// In byte order; nil stands for all namespaces.
    var namespaces: [String]?
    var namespaceQuery: LabelQuery?
    /// Nil selects nothing.
    var labels: LabelQuery?
  }

  /// A selector and the label whose values are the domains.
  struct Term: Sendable, Hashable {
    var selector: Int
    var key: Int
  }

  /// The part a pod has in affinities.
  struct Profile: Sendable, Hashable {
    /// Anti-affinity terms of its own.
    var antiTerms: [Int] = []
    /// Its affinity terms, as a number of ``AffinityIndex/sets``, or -1.
    var set = -1
    /// Whether it fulfils all its own affinity terms, so that it may be the first of its kind.
    var matchesOwnSet = false
    /// Anti-affinity terms, anyone's, that select it.
    var matchedTerms: [Int] = []
    /// Affinity sets, anyone's, of which all terms select it.
    var matchedSets: [Int] = []
    /// Its topology spread constraints, as a number of ``SpreadIndex``, or -1.
    var spread = -1
    /// For each of them, whether it counts the pod itself.
    var countsItself: [Bool] = []
    /// Counters of topology spread constraints, anyone's, that count it.
    var matchedCounters: [Int] = []
  }

  /// Whether profiles and counts have to be found anew before they are used.
  var isStale = false
  /// Labels of namespaces, for namespace selectors.
  var namespaceLabels: [String: StringMap<String>] = [:]

  private var selectors: [Selector] = []
  private var selectorNumbers: [Selector: Int] = [:]
  /// Anti-affinity terms and affinity sets by selector.
  private var antiTermsOf: [[Int]] = []
  private var setsOf: [[Int]] = []
  /// Counters of topology spread constraints by selector, with the group of each.
  private var countersOf: [[(counter: Int, group: Int)]] = []
  private(set) var keys: [String] = []
  private(set) var antiTerms: [Term] = []
  private var antiTermNumbers: [Term: Int] = [:]
  private(set) var sets: [[Term]] = []
  private(set) var spread = SpreadIndex()
  private var setNumbers: [[Term]: Int] = [:]
  private(set) var profiles: [Profile] = [Profile()]
  private var profileNumbers: [Profile: Int32] = [Profile(): 0]
  private var ownTerms: [Int: OwnTerms] = [:]
  /// How many pods have each term or set. Those that nobody has any more are passed over, so that what was there once
  /// does not show.
  private var termUses: [Int] = []
  private var setUses: [Int] = []
  private var spreadUses: [Int] = []

  private struct OwnTerms: Sendable {
    var antiTerms: [Int]
    var set: Int
    var spread: Int
    /// For each topology spread constraint, whether it counts the pod itself.
    var countsItself: [Bool] = []
  }

  /// Selectors by one label they ask for, so that a pod is tried against few of them.
  private var anchored: [String: [String: [Int]]] = [:]
  private var anchorKeys: [String] = []
  private var unanchored: [Int] = []

  /// Value of each key by node; -1 without the label.
  private var domainOf: [[Int32]] = []
  /// Pods that a term selects, and pods that have it, by domain.
  private var matching: [[Int32]] = []
  private var owning: [[Int32]] = []
  /// Pods that fulfil a whole set, by term of the set and domain; and the sum of all that.
  private var fulfilling: [[[Int32]]] = []
  private var fulfillingCount: [Int] = []

  var isInUse: Bool { !selectors.isEmpty }

  // MARK: Terms

  /// Sets what a pod asks for.
  ///
  /// - Parameters:
  ///   - spread: its topology spread constraints; those of pods that have a node mean nothing any more.
  ///   - rule: its placement rule, which says on which nodes pods count for them.
  mutating func setTerms(
    _ affinity: Affinity?, spread constraints: [TopologySpreadConstraint], rule: Int,
    labels: StringMap<String>, _ namespace: String, of pod: Int
  ) {
    let anti = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    let together = affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    if anti.isEmpty && together.isEmpty && constraints.isEmpty {
      removeTerms(of: pod)
      return
    }
    var own = OwnTerms(antiTerms: [], set: -1, spread: -1)
    if !constraints.isEmpty { intern(constraints, rule, labels, namespace, &own) }
    for term in anti {
      let number = intern(antiTerm: intern(term, labels, namespace))
      if !own.antiTerms.contains(number) { own.antiTerms.append(number) }
    }
    own.antiTerms.sort()
    if !together.isEmpty {
      var terms: [Term] = []
      for term in together {
        let number = intern(term, labels, namespace)
        if !terms.contains(number) { terms.append(number) }
      }
      terms.sort { ($0.selector, $0.key) < ($1.selector, $1.key) }
      own.set = intern(set: terms)
    }
    // The new ones first: a pod that is told about again does not end its terms.
    use(own, 1)
    if let old = ownTerms.updateValue(own, forKey: pod) { use(old, -1) }
  }

  /// Forgets the topology spread constraints of a pod that has a node now; returns whether it had any.
  mutating func endSpread(of pod: Int) -> Bool {
    guard var own = ownTerms[pod], own.spread >= 0 else { return false }
    use(OwnTerms(antiTerms: [], set: -1, spread: own.spread), -1)
    own.spread = -1
    own.countsItself = []
    ownTerms[pod] = own.antiTerms.isEmpty && own.set < 0 ? nil : own
    return true
  }

  mutating func removeTerms(of pod: Int) {
    guard !ownTerms.isEmpty, let old = ownTerms.removeValue(forKey: pod) else { return }
    use(old, -1)
  }

  private mutating func use(_ own: OwnTerms, _ count: Int) {
    for term in own.antiTerms {
      termUses[term] += count
      if termUses[term] == max(0, count) { isStale = true }
    }
    if own.set >= 0 {
      setUses[own.set] += count
      if setUses[own.set] == max(0, count) { isStale = true }
    }
    if own.spread >= 0 {
      spreadUses[own.spread] += count
      if spreadUses[own.spread] == max(0, count) { isStale = true }
    }
  }

  private mutating func intern(
    _ term: PodAffinityTerm, _ labels: StringMap<String>, _ namespace: String
  ) -> Term {
    var query = term.labelSelector.map { LabelQuery($0) }
    query?.add(term.matchLabelKeys, "In", of: labels)
    query?.add(term.mismatchLabelKeys, "NotIn", of: labels)
    var namespaces: [String]? = Set(term.namespaces).sorted(by: isByteOrdered)
    if term.namespaces.isEmpty && term.namespaceSelector == nil { namespaces = [namespace] }
    var namespaceQuery = term.namespaceSelector.map { LabelQuery($0) }
    if namespaceQuery?.isEmpty == true {
      namespaces = nil
      namespaceQuery = nil
    }
    let number = intern(Selector(namespaces: namespaces, namespaceQuery: namespaceQuery, labels: query))
    return Term(selector: number, key: intern(key: term.topologyKey))
  }

  private mutating func intern(key: String) -> Int {
    if let known = keys.firstIndex(of: key) { return known }
    keys.append(key)
    isStale = true
    return keys.count - 1
  }

  private mutating func intern(
    _ constraints: [TopologySpreadConstraint], _ rule: Int, _ labels: StringMap<String>, _ namespace: String,
    _ own: inout OwnTerms
  ) {
    var group = SpreadIndex.Group(constraints: [], rule: rule)
    for constraint in constraints {
      var query = constraint.labelSelector.map { LabelQuery($0) }
      query?.add(constraint.matchLabelKeys, "In", of: labels)
      own.countsItself.append(query?.matches(labels) ?? false)
      // The empty selector counts nothing, but the pod itself (S-251).
      let counts = query.map { !$0.isEmpty } ?? false
      group.constraints.append(
        SpreadIndex.Constraint(
          selector: counts ? intern(Selector(namespaces: [namespace], labels: query)) : -1,
          key: intern(key: constraint.topologyKey), maxSkew: Int(constraint.maxSkew),
          minDomains: Int(constraint.minDomains ?? 1),
          honorsAffinity: constraint.nodeAffinityPolicy != "Ignore",
          honorsTaints: constraint.nodeTaintsPolicy == "Honor",
          isHard: constraint.whenUnsatisfiable != "ScheduleAnyway"))
    }
    let (number, isNew) = spread.intern(group)
    own.spread = number
    guard isNew else { return }
    spreadUses.append(0)
    for (index, constraint) in group.constraints.enumerated() where constraint.selector >= 0 {
      countersOf[constraint.selector].append((spread.counter(number, index), number))
    }
    isStale = true
  }

  private mutating func intern(_ selector: Selector) -> Int {
    if let known = selectorNumbers[selector] { return known }
    let number = selectors.count
    selectors.append(selector)
    selectorNumbers[selector] = number
    antiTermsOf.append([])
    setsOf.append([])
    countersOf.append([])
    isStale = true
    guard let labels = selector.labels else { return number }
    let anchor = labels.anchor
    guard let anchor else {
      unanchored.append(number)
      return number
    }
    if anchored[anchor.key] == nil { anchorKeys.append(anchor.key) }
    for value in anchor.values {
      if anchored[anchor.key]?[value]?.last != number {
        anchored[anchor.key, default: [:]][value, default: []].append(number)
      }
    }
    return number
  }

  private mutating func intern(antiTerm term: Term) -> Int {
    if let known = antiTermNumbers[term] { return known }
    antiTerms.append(term)
    termUses.append(0)
    antiTermNumbers[term] = antiTerms.count - 1
    antiTermsOf[term.selector].append(antiTerms.count - 1)
    isStale = true
    return antiTerms.count - 1
  }

  private mutating func intern(set terms: [Term]) -> Int {
    if let known = setNumbers[terms] { return known }
    sets.append(terms)
    setUses.append(0)
    setNumbers[terms] = sets.count - 1
    // Whoever fulfils the set is selected by its first selector.
    setsOf[terms[0].selector].append(sets.count - 1)
    isStale = true
    return sets.count - 1
  }

  // MARK: Profiles

  /// The profile of a pod; all terms must be known.
  ///
  /// - Parameter isLeaving: whether the pod is being deleted: topology spread counts it no more (S-251).
  mutating func profile(
    of pod: Int, labels: StringMap<String>, _ namespace: String, isLeaving: Bool
  ) -> Int32 {
    var matched: [Int] = []
    for key in anchorKeys {
      guard let value = labels[key], let candidates = anchored[key]?[value] else { continue }
      for selector in candidates where selects(selector, labels, namespace) { matched.append(selector) }
    }
    for selector in unanchored where selects(selector, labels, namespace) { matched.append(selector) }
    let own = ownTerms[pod]
    if matched.isEmpty && own == nil { return 0 }
    var profile = Profile(antiTerms: own?.antiTerms ?? [], set: own?.set ?? -1)
    if let own, own.spread >= 0 {
      profile.spread = own.spread
      profile.countsItself = own.countsItself
    }
    for selector in matched {
      for term in antiTermsOf[selector] where termUses[term] > 0 { profile.matchedTerms.append(term) }
      for number in setsOf[selector]
      where setUses[number] > 0 && sets[number].allSatisfy({ matched.contains($0.selector) }) {
        profile.matchedSets.append(number)
      }
      if isLeaving { continue }
      for (counter, group) in countersOf[selector] where spreadUses[group] > 0 {
        profile.matchedCounters.append(counter)
      }
    }
    if profile == Profile() { return 0 }
    profile.matchedTerms.sort()
    profile.matchedSets.sort()
    profile.matchedCounters.sort()
    profile.matchesOwnSet = profile.set >= 0 && profile.matchedSets.contains(profile.set)
    if let known = profileNumbers[profile] { return known }
    let number = Int32(profiles.count)
    profiles.append(profile)
    profileNumbers[profile] = number
    return number
  }

  private func selects(_ selector: Int, _ labels: StringMap<String>, _ namespace: String) -> Bool {
    let selector = selectors[selector]
    guard selector.labels?.matches(labels) == true else { return false }
    guard let namespaces = selector.namespaces else { return true }
    if namespaces.contains(namespace) { return true }
    guard let wanted = selector.namespaceQuery else { return false }
    return wanted.matches(namespaceLabels[namespace] ?? ["kubernetes.io/metadata.name": namespace])
  }

  // MARK: Counts

  /// Forgets all counts and finds the domains anew.
  mutating func reset(nodes: NodeTable, rules: RuleTable) {
    domainOf = []
    var sizes: [Int] = []
    for key in keys {
      var values = NameTable()
      var domains = [Int32](repeating: -1, count: nodes.count)
      for node in 0..<nodes.count where nodes.isPresent[node] {
        if let value = nodes.labels[node][key] { domains[node] = Int32(values.insert("", value)) }
      }
      domainOf.append(domains)
      sizes.append(values.count)
    }
    matching = antiTerms.map { [Int32](repeating: 0, count: sizes[$0.key]) }
    owning = matching
    fulfilling = sets.map { $0.map { [Int32](repeating: 0, count: sizes[$0.key]) } }
    fulfillingCount = sets.map { _ in 0 }
    if spread.isInUse { spread.reset(nodes: nodes, rules: rules, domainOf: domainOf, sizes: sizes) }
    isStale = false
  }

  /// The domain of a node under a key, or -1.
  func domain(_ key: Int, of node: Int) -> Int {
    node < domainOf[key].count ? Int(domainOf[key][node]) : -1
  }

  mutating func count(_ count: Int, _ profile: Int, on node: Int) {
    let profile = profiles[profile]
    for term in profile.matchedTerms {
      let domain = domain(antiTerms[term].key, of: node)
      if domain >= 0 { matching[term][domain] += Int32(count) }
    }
    for term in profile.antiTerms {
      let domain = domain(antiTerms[term].key, of: node)
      if domain >= 0 { owning[term][domain] += Int32(count) }
    }
    for set in profile.matchedSets {
      for index in sets[set].indices {
        let domain = domain(sets[set][index].key, of: node)
        guard domain >= 0 else { continue }
        fulfilling[set][index][domain] += Int32(count)
        fulfillingCount[set] += count
      }
    }
    for counter in profile.matchedCounters {
      let key = spread.key(ofCounter: counter)
      spread.count(count, counter, domain: domain(key, of: node), node: node)
    }
  }

  /// The first of the checks of kube-scheduler that turns a node down, or nil: topology spread, then affinities.
  func rejection(_ profile: Int, on node: Int) -> FilterReason? {
    let profile = profiles[profile]
    if profile.spread >= 0, let reason = skew(profile, on: node) { return reason }
    if profile.set >= 0 && !fulfills(profile, node) { return .podAffinity }
    for term in profile.antiTerms {
      let domain = domain(antiTerms[term].key, of: node)
      if domain >= 0 && matching[term][domain] > 0 { return .podAntiAffinity }
    }
    for term in profile.matchedTerms {
      let domain = domain(antiTerms[term].key, of: node)
      if domain >= 0 && owning[term][domain] > 0 { return .existingAntiAffinity }
    }
    return nil
  }

  /// Why a node's domains have too many pods already, or nil (S-250).
  private func skew(_ profile: Profile, on node: Int) -> FilterReason? {
    for (index, constraint) in spread.groups[profile.spread].constraints.enumerated() where constraint.isHard
    {
      let domain = domain(constraint.key, of: node)
      if domain < 0 { return .topologySpreadLabel }
      let count = spread.count(profile.spread, index, in: domain) + (profile.countsItself[index] ? 1 : 0)
      if count - spread.minimum(profile.spread, index) > constraint.maxSkew { return .topologySpread }
    }
    return nil
  }

  /// How many pods there are in a node's domains that the soft topology spread constraints of a profile count (S-263).
  func crowding(_ profile: Int, on node: Int) -> Int {
    let group = profiles[profile].spread
    guard group >= 0 else { return 0 }
    var sum = 0
    for (index, constraint) in spread.groups[group].constraints.enumerated() where !constraint.isHard {
      let domain = domain(constraint.key, of: node)
      // Nodes without the label are liked least.
      sum += domain < 0 ? 1 << 24 : spread.count(group, index, in: domain)
    }
    return sum
  }

  private func fulfills(_ profile: Profile, _ node: Int) -> Bool {
    var isFulfilled = true
    for index in sets[profile.set].indices {
      let domain = domain(sets[profile.set][index].key, of: node)
      if domain < 0 { return false }
      if fulfilling[profile.set][index][domain] <= 0 { isFulfilled = false }
    }
    return isFulfilled || (fulfillingCount[profile.set] == 0 && profile.matchesOwnSet)
  }

  /// The labels off whose domains pods of a profile keep each other, in byte order.
  func selfExcludingKeys(_ profile: Int) -> [Int] {
    let excluding = profiles[profile].antiTerms.filter { profiles[profile].matchedTerms.contains($0) }
    return Set(excluding.map { antiTerms[$0].key }).sorted { isByteOrdered(keys[$0], keys[$1]) }
  }

  /// A label that all pods of a profile must share, when none of their kind has a place yet, or nil.
  func startingKey(_ profile: Int) -> Int? {
    let set = profiles[profile].set
    guard set >= 0, profiles[profile].matchesOwnSet, fulfillingCount[set] == 0 else { return nil }
    return sets[set].map(\.key).min { isByteOrdered(keys[$0], keys[$1]) }
  }

  /// Whether what is placed elsewhere may open nodes to pods of a profile: they have required affinity terms, or
  /// topology spread constraints that must hold.
  func dependsOnOrder(_ profile: Int) -> Bool {
    profiles[profile].set >= 0 || spread.hasHard(profiles[profile].spread)
  }

  /// Whether pods of a profile have topology spread constraints that should hold.
  func hasSoftSpread(_ profile: Int) -> Bool { spread.hasSoft(profiles[profile].spread) }
}
