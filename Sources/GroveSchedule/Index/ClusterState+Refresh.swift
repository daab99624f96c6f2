internal import KubernetesModel

extension ClusterState {
  /// Brings everything derived up to date, at the cost of what changed.
  mutating func refresh() {
    if isStructureStale { rebuildStructure() }
    if affinity.isStale { rebuildAffinity() }
    refreshGangs()
  }

  mutating func declare(_ name: String, _ levels: (domains: [String], keys: [String])?) {
    declared[name] = levels
    topologies.removeAll()
    isStructureStale = true
    for gang in gangs.records.indices where gangs.records[gang].isPresent { mark(gang: gang) }
  }

  private mutating func rebuildStructure() {
    if topologies.isEmpty {
      for name in declared.keys.sorted(by: isByteOrdered) {
        guard let levels = declared[name] else { continue }
        topologies.append(TopologyIndex(name: name, domains: levels.domains, keys: levels.keys))
      }
      if topologies.isEmpty { topologies.append(TopologyIndex(name: "", domains: [], keys: [])) }
    }
    let rank = ranksByName(nodes.ids.names)
    for index in topologies.indices { topologies[index].rebuild(nodes: nodes, nameRank: rank) }
    structure += 1
    tables.removeAll()
    tableNumbers.removeAll(keepingCapacity: true)
    isStructureStale = false
  }

  private mutating func rebuildAffinity() {
    affinity.reset(nodes: nodes, rules: rules)
    for pod in 0..<pods.count where pods.state[pod] != .absent {
      pods.profile[pod] = affinity.profile(
        of: pod, labels: pods.labels[pod], pods.ids.spaces[pod], isLeaving: pods.state[pod] == .leaving)
      if pods.state[pod].takesResources && pods.profile[pod] != 0 {
        affinity.count(1, Int(pods.profile[pod]), on: Int(pods.node[pod]))
      }
    }
    for gang in gangs.records.indices where gangs.records[gang].isPresent { mark(gang: gang) }
  }

  /// Forgets the topology spread constraints of a pod that was given a node: they mean nothing any more (S-250).
  mutating func endSpread(of pod: Int) {
    guard affinity.endSpread(of: pod), !affinity.isStale, pods.state[pod] != .absent else { return }
    pods.profile[pod] = affinity.profile(
      of: pod, labels: pods.labels[pod], pods.ids.spaces[pod], isLeaving: pods.state[pod] == .leaving)
  }

  mutating func setPriorityClass(
    _ name: String, _ entry: PriorityTable.Entry?, isDefault: Bool
  ) {
    priorities.set(name, entry)
    priorities.set(name, isDefault: isDefault)
    for pod in 0..<pods.count where pods.state[pod] != .absent && pods.priorityClass[pod] >= 0 {
      let entry = priorities.resolved(Int(pods.priorityClass[pod]))
      pods.priority[pod] = entry.value
      if pods.hasClassPolicy[pod] { pods.neverPreempts[pod] = entry.neverPreempts }
    }
    for gang in gangs.records.indices where gangs.records[gang].isPresent { mark(gang: gang) }
  }
}

// MARK: Fit tables

extension ClusterState {
  /// The table of a shape in the order of a topology, up to date.
  mutating func table(_ shape: Int, _ topology: Int, isSpread: Bool) -> Int {
    let key = TableKey(shape: shape, topology: topology)
    if let known = tableNumbers[key], tables[known].isSpread == isSpread {
      tables[known].lastUse = clock
      sync(known)
      return known
    }
    let rule = shapes.shapes[shape].rule
    rules.sync(rule, nodes)
    let built = build(shape, topology, isSpread)
    if let known = tableNumbers[key] {
      tables[known] = built
      return known
    }
    tableNumbers[key] = tables.count
    tables.append(built)
    return tables.count - 1
  }

  /// Looks at the nodes again that changed since the table was last looked at.
  mutating func sync(_ table: Int) {
    let end = nodes.freeChanges.end
    let specEnd = nodes.specChanges.end
    if tables[table].cursor == end && tables[table].specCursor == specEnd { return }
    let shape = tables[table].shape
    if tables[table].specCursor != specEnd {
      rules.sync(shapes.shapes[shape].rule, nodes)
      tables[table].specCursor = specEnd
      extendWaste(table)
    }
    let cursor = tables[table].cursor
    if cursor < nodes.freeChanges.base || end - cursor > max(1024, nodes.presentCount) {
      var fresh = build(shape, tables[table].topology, tables[table].isSpread)
      fresh.lastUse = tables[table].lastUse
      tables[table] = fresh
      return
    }
    for entry in (cursor - nodes.freeChanges.base)..<(end - nodes.freeChanges.base) {
      let node = Int(nodes.freeChanges.entries[entry])
      let position = tables[table].position(of: node)
      if position < 0 { continue }
      tables[table].set(
        position, count: fitCount(shape, on: node), dislike: dislike(table, node))
    }
    tables[table].cursor = end
  }

  private func build(_ shape: Int, _ topology: Int, _ isSpread: Bool) -> FitTable {
    let index = topologies[topology]
    var counts = [Int32](repeating: 0, count: index.nodeCount)
    var dislikes = [UInt32](repeating: 0, count: index.nodeCount)
    let waste = waste(shape, from: 0)
    let rule = shapes.shapes[shape].rule
    for position in counts.indices {
      let node = Int(index.order[position])
      counts[position] = fitCount(shape, on: node)
      let isWasted = waste[deviceSet(node)]
      dislikes[position] = rules.verdict(rule, node) &+ (isWasted ? FitTable.wasteDislike : 0)
    }
    var table = FitTable(
      shape: shape, topology: topology, index: index, counts: counts, dislikes: dislikes,
      isSpread: isSpread, cursor: nodes.freeChanges.end, specCursor: nodes.specChanges.end)
    table.waste = waste
    table.lastUse = clock
    return table
  }

  @inline(__always)
  private func deviceSet(_ node: Int) -> Int {
    let capacityClass = Int(nodes.capacityClass[node])
    return capacityClass < 0 ? 0 : Int(capacities.capacities[capacityClass].deviceSet)
  }

  @inline(__always)
  private func dislike(_ table: Int, _ node: Int) -> UInt32 {
    let verdict = rules.verdict(shapes.shapes[tables[table].shape].rule, node)
    return verdict &+ (tables[table].waste[deviceSet(node)] ? FitTable.wasteDislike : 0)
  }

  private mutating func extendWaste(_ table: Int) {
    let known = tables[table].waste.count
    if known < capacities.deviceSets.count {
      tables[table].waste += waste(tables[table].shape, from: known)
    }
  }

  /// For each set of extended resources, whether a pod of the shape would leave one of them idle.
  private func waste(_ shape: Int, from start: Int) -> [Bool] {
    let wanted = Set(shapes.shapes[shape].requests.map { resources.names[$0.column] })
    return capacities.deviceSets[start...].map { !$0.allSatisfy(wanted.contains) }
  }

  /// Drops what has not been used for long when there is much of it, and the journals when they are long.
  mutating func trim() {
    let limit = 64 << 20 / 16
    if tables.count > 1 && tables.count * max(1, nodes.presentCount) > limit {
      let newest = clock
      tables.removeAll { $0.lastUse != newest }
      tableNumbers.removeAll(keepingCapacity: true)
      for (number, table) in tables.enumerated() {
        tableNumbers[TableKey(shape: table.shape, topology: table.topology)] = number
      }
    }
    if nodes.freeChanges.entries.count > max(4096, 4 * nodes.count) {
      for table in tables.indices { sync(table) }
      nodes.freeChanges.drop()
    }
    if nodes.specChanges.entries.count > max(4096, 4 * nodes.count) { nodes.specChanges.drop() }
  }
}
