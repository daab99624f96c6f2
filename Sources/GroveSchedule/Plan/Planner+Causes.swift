internal import GroveModel
internal import KubernetesModel

extension Planner {
  /// The most causes that are told; more would hide what they are about.
  private static var mostCauses: Int { 12 }

  /// What keeps a pod off the nodes of a topology, by name, in the order of kube-scheduler's filters (S-061).
  ///
  /// Resources are left out: they are told by domain.
  func causes(of shape: Int, _ profile: Int) -> [Cause] {
    var facts: [Cause.Fact] = []
    var nodes: [Cause.Fact: [String]] = [:]
    let topology = state.topologies[run.topology]
    for position in 0..<topology.nodeCount {
      let node = Int(topology.order[position])
      for fact in self.facts(shape, profile, node) {
        if nodes[fact] == nil { facts.append(fact) }
        nodes[fact, default: []].append(state.nodes.name(node))
      }
    }
    return merge(facts, nodes).prefix(Self.mostCauses).map { $0 }
  }

  /// Labels that differ in nothing but what nodes have instead become one cause.
  private func merge(_ facts: [Cause.Fact], _ nodes: [Cause.Fact: [String]]) -> [Cause] {
    var causes: [Cause] = []
    for fact in facts {
      let names = (nodes[fact] ?? []).sorted(by: isByteOrdered)
      if case .label(let key, let asked, let found) = fact {
        let known = causes.firstIndex {
          if case .label(key, asked, _) = $0.fact { return true } else { return false }
        }
        if let known, case .label(_, _, let others) = causes[known].fact {
          let values = Set(others + found).sorted(by: isByteOrdered)
          causes[known].fact = .label(key: key, asked: asked, found: values)
          causes[known].nodes = (causes[known].nodes + names).sorted(by: isByteOrdered)
          continue
        }
      }
      causes.append(Cause(fact, nodes: names))
    }
    return causes
  }

  /// What speaks against a node, as far as one filter of kube-scheduler says it.
  private func facts(_ shape: Int, _ profile: Int, _ node: Int) -> [Cause.Fact] {
    guard let reason = rejections(of: shape, profile, on: node).first else { return [] }
    let rule = state.rules.rules[state.shapes.shapes[shape].rule]
    switch reason {
    case .unschedulable: return [.cordon]
    case .untoleratedTaint:
      let taint = state.nodes.taints[node].first { $0.isBinding && !rule.tolerations.tolerate($0) }
      return taint.map { [.taint($0.text)] } ?? []
    case .nodeAffinity, .notNamed: return labelFacts(rule, node)
    case .hostPorts: return portFacts(shape, node)
    case .topologySpreadLabel, .topologySpread: return spreadFacts(profile, node)
    case .podAffinity: return friendFacts(profile, node)
    case .podAntiAffinity, .existingAntiAffinity: return foeFacts(profile, node)
    default: return []
    }
  }

  private func labelFacts(_ rule: PlacementRule, _ node: Int) -> [Cause.Fact] {
    let labels = state.nodes.labels[node]
    for (key, value) in rule.nodeSelector where labels[key] != value {
      return [.label(key: key, asked: "\(key)=\(value)", found: labels[key].map { [$0] } ?? [])]
    }
    guard let required = rule.required else { return [] }
    // Of terms that are alternatives, what each lacks first.
    var facts: [Cause.Fact] = []
    for term in required.nodeSelectorTerms {
      if let field = term.matchFields.first(where: { !$0.matchesField(state.nodes.name(node)) }) {
        facts.append(
          .label(key: field.key, asked: field.words, found: [state.nodes.name(node)]))
      } else if let unmet = term.matchExpressions.first(where: { !$0.matches(labels[$0.key]) }) {
        let odd = term.isParsable ? "" : ", which no label can have"
        facts.append(
          .label(key: unmet.key, asked: unmet.words + odd, found: labels[unmet.key].map { [$0] } ?? []))
      } else if !term.isParsable, let first = term.matchExpressions.first(where: { !$0.isParsable }) {
        facts.append(
          .label(
            key: first.key, asked: "\(first.words), which no label can have",
            found: labels[first.key].map { [$0] } ?? []))
      }
    }
    return facts
  }

  private func portFacts(_ shape: Int, _ node: Int) -> [Cause.Fact] {
    for port in state.shapes.shapes[shape].ports {
      guard state.shapes.conflict([port], state.nodes.ports[node]) else { continue }
      let wanted = state.shapes.hostPorts[Int(port)]
      var pod = Int(state.nodes.firstPod[node])
      while pod >= 0 {
        if state.shapes.conflict([port], state.shapes.shapes[Int(state.pods.shape[pod])].ports) {
          return [.port("\(wanted.port)/\(wanted.transport)", by: name(ofPod: pod))]
        }
        pod = Int(state.pods.nextOnNode[pod])
      }
      return [.port("\(wanted.port)/\(wanted.transport)", by: nil)]
    }
    return []
  }

  private func spreadFacts(_ profile: Int, _ node: Int) -> [Cause.Fact] {
    let affinity = state.affinity
    let own = affinity.profiles[profile]
    for (index, constraint) in affinity.spread.groups[own.spread].constraints.enumerated()
    where constraint.isHard {
      let domain = affinity.domain(constraint.key, of: node)
      if domain < 0 { return [.topologyLabel(affinity.keys[constraint.key])] }
      let count = affinity.spread.count(own.spread, index, in: domain) + (own.countsItself[index] ? 1 : 0)
      let least = affinity.spread.minimum(own.spread, index)
      if count - least > constraint.maxSkew {
        return [.spread(key: affinity.keys[constraint.key], maxSkew: constraint.maxSkew, least: least)]
      }
    }
    return []
  }

  private func friendFacts(_ profile: Int, _ node: Int) -> [Cause.Fact] {
    let affinity = state.affinity
    let set = affinity.profiles[profile].set
    guard set >= 0 else { return [] }
    var friends = 0
    for pod in 0..<state.pods.count where state.pods.state[pod].takesResources {
      if affinity.profiles[Int(state.pods.profile[pod])].matchedSets.contains(set) { friends += 1 }
    }
    for term in affinity.sets[set] where affinity.domain(term.key, of: node) < 0 {
      return [.topologyLabel(affinity.keys[term.key])]
    }
    let terms = affinity.sets[set].map { affinity.text(of: $0) }.joined(separator: " and ")
    return [.noFriend(term: terms, count: friends)]
  }

  private func foeFacts(_ profile: Int, _ node: Int) -> [Cause.Fact] {
    let affinity = state.affinity
    let own = affinity.profiles[profile]
    for term in own.antiTerms where affinity.isMatched(term, near: node) {
      return [
        .keepsOff(
          pod(near: node, term) { $0.matchedTerms }, term: affinity.text(of: affinity.antiTerms[term]))
      ]
    }
    for term in own.matchedTerms where affinity.isOwned(term, near: node) {
      return [
        .keptOff(pod(near: node, term) { $0.antiTerms }, term: affinity.text(of: affinity.antiTerms[term]))
      ]
    }
    return []
  }

  /// The first pod by name in a node's domain of an anti-affinity term that has the term on its side.
  private func pod(
    near node: Int, _ term: Int, _ side: (AffinityIndex.Profile) -> [Int]
  ) -> ObjectName? {
    let key = state.affinity.antiTerms[term].key
    let domain = state.affinity.domain(key, of: node)
    var first: ObjectName?
    for pod in 0..<state.pods.count where state.pods.state[pod].takesResources && state.pods.profile[pod] != 0
    {
      guard side(state.affinity.profiles[Int(state.pods.profile[pod])]).contains(term),
        state.affinity.domain(key, of: Int(state.pods.node[pod])) == domain
      else { continue }
      let name = name(ofPod: pod)
      if first.map({ name < $0 }) ?? true { first = name }
    }
    return first
  }
}

extension NodeSelectorRequirement {
  /// The requirement as kubectl writes it: `disk in (ssd,nvme)`.
  var words: String {
    switch `operator` {
    case "In" where values.count == 1: "\(key)=\(values[0])"
    case "In": "\(key) in (\(values.joined(separator: ",")))"
    case "NotIn": "\(key) notin (\(values.joined(separator: ",")))"
    case "Exists": "the label \(key)"
    case "DoesNotExist": "no label \(key)"
    case "Gt": "\(key)>\(values.joined(separator: ","))"
    case "Lt": "\(key)<\(values.joined(separator: ","))"
    default: "\(key) \(self.operator) (\(values.joined(separator: ",")))"
    }
  }
}
