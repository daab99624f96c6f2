extension Planner {
  /// The run of a gang; its leaves need nothing yet.
  mutating func compile(gang number: Int) -> GangRun {
    var run = GangRun()
    let record = state.gangs.records[number]
    run.gang = number
    run.topology = max(0, record.topology)
    run.priority = record.priority
    run.preempts = record.preempts
    run.scopes.reserveCapacity(record.scopes.count)
    for scope in record.scopes {
      var compiled = RunScope(
        parent: scope.parent, end: scope.end, leaf: scope.leaf, minimum: scope.minimum)
      compiled.childCount = scope.children.count
      if isWhole && scope.leaf < 0 { compiled.minimum = scope.children.count }
      if let key = scope.packing.required {
        compiled.required = state.topologies[run.topology].level(ofKey: key) ?? -1
      }
      if let key = scope.packing.preferred {
        compiled.preferred = state.topologies[run.topology].level(ofKey: key) ?? -1
      }
      run.scopes.append(compiled)
    }
    for index in record.leaves.indices {
      let leaf = record.leaves[index]
      let first = run.demands.count
      for kind in leaf.classes {
        let table = state.table(kind.shape, run.topology, isSpread: isSpread)
        run.demands.append(
          Demand(
            leaf: index, shape: kind.shape, profile: kind.profile, table: table, next: kind.start,
            left: kind.count))
      }
      run.leaves.append(
        RunLeaf(
          scope: leaf.scope,
          minimum: isWhole ? max(leaf.minimum, leaf.boundCount + leaf.waiting.count) : leaf.minimum,
          placed: leaf.boundCount,
          demands: first..<run.demands.count))
      for node in leaf.nodes {
        let position = state.topologies[run.topology].position(of: Int(node))
        run.anchor(leaf.scope, at: position, state.topologies[run.topology])
      }
    }
    return run
  }

  /// The run of a pod that is in no gang.
  mutating func compile(single pod: Int) -> GangRun {
    var run = GangRun()
    run.pod = pod
    run.priority = state.pods.priority[pod]
    run.preempts = !state.pods.neverPreempts[pod]
    let shape = Int(state.pods.shape[pod])
    let table = state.table(shape, 0, isSpread: isSpread)
    run.scopes = [RunScope(parent: -1, end: 1, leaf: 0, minimum: 1)]
    run.demands = [
      Demand(
        leaf: 0, shape: shape, profile: Int(state.pods.profile[pod]), table: table, next: 0, left: 1)
    ]
    run.leaves = [RunLeaf(scope: 0, minimum: 1, placed: 0, demands: 0..<1)]
    return run
  }

  // MARK: Needs

  /// Sets what the leaves of a subtree lack to their minimums, but for scopes that have all they need.
  mutating func needMinimums(under scope: Int = 0) {
    run.subject = scope
    let isMet = metScopes()
    for leaf in run.leaves.indices {
      var owner = run.leaves[leaf].scope
      var isNeeded = owner >= scope && owner < run.scopes[scope].end
      while isNeeded && owner >= scope {
        if isMet[owner] { isNeeded = false }
        owner = run.scopes[owner].parent
      }
      run.leaves[leaf].need = isNeeded ? run.leaves[leaf].minimum - run.leaves[leaf].placed : 0
    }
    prepare()
  }

  /// For each scope, whether its minimum is met by the pods that have a place.
  func metScopes() -> [Bool] {
    var isMet = [Bool](repeating: false, count: run.scopes.count)
    for scope in run.scopes.indices.reversed() {
      let leaf = run.scopes[scope].leaf
      if leaf >= 0 {
        isMet[scope] = run.leaves[leaf].placed >= run.leaves[leaf].minimum
      } else {
        var met = 0
        forEachChild(of: scope) { if isMet[$0] { met += 1 } }
        isMet[scope] = met >= run.scopes[scope].minimum
      }
    }
    return isMet
  }

  /// Whether a scope cannot do without a leaf inside: no scope in between can do with a part of what it holds.
  func isMandatory(_ leaf: Int, in scope: Int) -> Bool {
    var inner = run.leaves[leaf].scope
    guard inner >= scope && inner < run.scopes[scope].end else { return false }
    while inner != scope {
      inner = run.scopes[inner].parent
      if run.scopes[inner].minimum < run.scopes[inner].childCount { return false }
    }
    return true
  }

  /// Sets one more pod of a leaf as what is needed.
  mutating func needOne(of leaf: Int) {
    run.subject = nil
    for index in run.leaves.indices { run.leaves[index].need = index == leaf ? 1 : 0 }
    prepare()
  }

  /// Works out totals, weights and order for what the leaves need.
  private mutating func prepare() {
    for scope in run.scopes.indices {
      run.scopes[scope].isActive = false
      run.scopes[scope].isMet = false
      run.scopes[scope].needs.removeAll(keepingCapacity: true)
      run.scopes[scope].mixedLeaves.removeAll(keepingCapacity: true)
      run.scopes[scope].twin = scope
      run.scopes[scope].weight = 0
    }
    for leaf in run.leaves.indices where run.leaves[leaf].need > 0 { total(leaf) }
    let isMet = metScopes()
    for scope in run.scopes.indices {
      mergeNeeds(of: scope)
      run.scopes[scope].isMet = isMet[scope]
    }
    run.order.removeAll(keepingCapacity: true)
    if run.scopes[0].isActive { appendOrder(of: 0) }
  }

  /// Adds what a leaf needs to the scopes around it.
  private mutating func total(_ leaf: Int) {
    let demands = run.leaves[leaf].demands
    let need = run.leaves[leaf].need
    var scope = run.leaves[leaf].scope
    var weight: UInt64 = 0
    for demand in demands {
      let room = max(1, state.tables[run.demands[demand].table].sums[0])
      weight = max(weight, UInt64(min(need, Int(Int32.max))) << 32 / UInt64(room))
    }
    let isUniform = demands.count == 1
    var isMandatory = true
    while scope >= 0 {
      run.scopes[scope].isActive = true
      run.scopes[scope].weight += weight
      if isUniform {
        let demand = run.demands[demands.lowerBound]
        run.scopes[scope].needs.append(
          ScopeNeed(table: demand.table, need: isMandatory ? need : 0, want: max(need, demand.left)))
      } else if isMandatory {
        run.scopes[scope].mixedLeaves.append(leaf)
      }
      scope = run.scopes[scope].parent
      if scope >= 0 && run.scopes[scope].minimum < run.scopes[scope].childCount { isMandatory = false }
    }
  }

  private mutating func mergeNeeds(of scope: Int) {
    guard run.scopes[scope].needs.count > 1 else { return }
    // In order of leaves: numbers of tables tell what was asked for first, which must not show.
    var merged: [ScopeNeed] = []
    var places: [Int: Int] = [:]
    for need in run.scopes[scope].needs {
      if let known = merged.last?.table == need.table ? merged.count - 1 : places[need.table] {
        merged[known].need += need.need
        merged[known].want += need.want
      } else {
        places[need.table] = merged.count
        merged.append(need)
      }
    }
    run.scopes[scope].needs = merged
  }

  @inline(__always)
  func forEachChild(of scope: Int, _ body: (Int) -> Void) {
    var child = scope + 1
    while child < run.scopes[scope].end {
      body(child)
      child = run.scopes[child].end
    }
  }

  /// Puts a scope and what is inside into the order of placing: what has the least choice comes first, then what
  /// takes most room. Where a part of the children is enough, the smallest come first.
  private mutating func appendOrder(of scope: Int) {
    run.scopes[scope].orderStart = run.order.count
    run.order.append(scope)
    if run.scopes[scope].leaf < 0 {
      var children: [Int] = []
      forEachChild(of: scope) { if run.scopes[$0].isActive { children.append($0) } }
      if children.count > 1 {
        let isPartEnough = run.scopes[scope].minimum < run.scopes[scope].childCount
        children.sort { a, b in
          let (x, y) = (run.scopes[a], run.scopes[b])
          if isPartEnough { return x.weight == y.weight ? a < b : x.weight < y.weight }
          if (x.required >= 0) != (y.required >= 0) { return x.required >= 0 }
          return x.weight == y.weight ? a < b : x.weight > y.weight
        }
        findTwins(among: children)
      }
      for child in children { appendOrder(of: child) }
    }
    run.scopes[scope].orderEnd = run.order.count
  }

  private mutating func findTwins(among children: [Int]) {
    for (index, child) in children.enumerated().dropFirst() {
      let previous = children[index - 1]
      let (x, y) = (run.scopes[previous], run.scopes[child])
      // Pods in place already make a scope unlike any other.
      if x.required >= 0 && x.required == y.required && x.anchor < 0 && y.anchor < 0
        && x.mixedLeaves.isEmpty && y.mixedLeaves.isEmpty && x.needs == y.needs
      {
        run.scopes[child].twin = run.scopes[previous].twin
      }
    }
  }
}
