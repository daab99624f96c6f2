internal import GroveModel
internal import KubernetesModel

extension ClusterState {
  private static var deepestNesting: Int { 64 }

  mutating func set(_ gang: Gang) throws(SnapshotError) {
    let subject = "PodGang \(gang.name)"
    if gang.name.name.isEmpty { throw SnapshotError(.missingName, subject, "has no name") }
    var record = GangRecord()
    try append(gang.root, parent: -1, depth: 0, subject, to: &record)
    let known = gangs.find(gang.name)
    var members: Set<Int32> = []
    for leaf in record.leaves {
      for member in leaf.members {
        let owner = Int(pods.gang[Int(member)])
        let isTwice = !members.insert(member).inserted
        if isTwice || (owner >= 0 && owner != known) {
          let name = ObjectName(
            namespace: pods.ids.spaces[Int(member)], name: pods.ids.names[Int(member)])
          freeUnused(record)
          throw SnapshotError(
            .podInTwoGangs, subject,
            isTwice ? "lists pod \(name) twice" : "lists pod \(name), which is in \(gangs.name(owner))")
        }
      }
    }

    let number = gangs.slot(gang.name.namespace, gang.name.name)
    let old = gangs.records[number]
    detachMembers(of: old)
    record.gang = gang
    record.creation = gang.createdAt?.secondsSince1970 ?? .min
    record.isListed = gangs.records[number].isListed
    record.isDirty = gangs.records[number].isDirty
    if let reuse = gang.reuse { record.reuse = Int32(gangs.slot(reuse.namespace, reuse.name)) }
    for dependency in gang.dependencies { _ = gangs.slot(dependency.namespace, dependency.name) }
    gangs.records[number] = record
    for index in record.leaves.indices {
      for member in record.leaves[index].members {
        pods.gang[Int(member)] = Int32(number)
        pods.leaf[Int(member)] = Int32(index)
      }
    }
    freeUnused(old)
    mark(gang: number)
  }

  mutating func removeGang(_ name: ObjectName) {
    guard let number = gangs.find(name), gangs.records[number].isPresent else { return }
    let old = gangs.records[number]
    detachMembers(of: old)
    gangs.records[number] = GangRecord()
    gangs.records[number].isListed = old.isListed
    gangs.records[number].isDirty = old.isDirty
    freeUnused(old)
  }

  private mutating func detachMembers(of record: GangRecord) {
    for leaf in record.leaves {
      for member in leaf.members {
        let pod = Int(member)
        pods.gang[pod] = -1
        pods.leaf[pod] = -1
        if pods.state[pod].wantsNode { list(single: pod) }
      }
    }
  }

  /// Gives numbers back that only this gang's references needed.
  private mutating func freeUnused(_ record: GangRecord) {
    for leaf in record.leaves {
      for member in leaf.members {
        freeIfUnused(Int(member))
      }
    }
  }

  private mutating func append(
    _ scope: GangScope, parent: Int, depth: Int, _ subject: String, to record: inout GangRecord
  ) throws(SnapshotError) {
    if scope.minimum < 0 || scope.minimum > Int(Int32.max) {
      throw SnapshotError(.invalidCount, subject, "scope \(scope.name) has minimum \(scope.minimum)")
    }
    if depth > Self.deepestNesting {
      throw SnapshotError(
        .invalidCount, subject, "scope \(scope.name) is more than \(Self.deepestNesting) levels deep")
    }
    let number = record.scopes.count
    record.scopes.append(
      ScopeRecord(
        name: scope.name, parent: parent, packing: scope.packing, minimum: scope.minimum))
    if parent >= 0 { record.scopes[parent].children.append(number) }
    switch scope.content {
    case .pods(let names):
      record.scopes[number].leaf = record.leaves.count
      var members: [Int32] = []
      members.reserveCapacity(names.count)
      for name in names { members.append(Int32(pods.slot(name.namespace, name.name))) }
      record.leaves.append(LeafRecord(scope: number, minimum: scope.minimum, members: members))
    case .scopes(let scopes):
      for inner in scopes {
        try append(inner, parent: number, depth: depth + 1, subject, to: &record)
      }
    }
    record.scopes[number].end = record.scopes.count
  }

  // MARK: Looking at gangs again

  /// Brings what is known about gangs up to date with their pods.
  mutating func refreshGangs() {
    for gang in dirtyGangs {
      refresh(gang: Int(gang))
      gangs.records[Int(gang)].isDirty = false
    }
    dirtyGangs.removeAll(keepingCapacity: true)
  }

  /// Looks at one gang's pods again, ahead of the others.
  mutating func lookAgain(at gang: Int) { refresh(gang: gang) }

  private mutating func refresh(gang number: Int) {
    guard gangs.records[number].isPresent else { return }
    var dependencies: [Int32] = []
    var highest: Int32?
    var neverPreempts = false
    var waitingCount = 0
    for leaf in gangs.records[number].leaves.indices {
      waitingCount += refresh(leaf: leaf, of: number)
      for member in gangs.records[number].leaves[leaf].members {
        let pod = Int(member)
        guard pods.state[pod] != .absent else { continue }
        highest = max(highest ?? .min, pods.priority[pod])
        if pods.neverPreempts[pod] { neverPreempts = true }
        let base = pods.baseGang[pod]
        if base >= 0 && Int(base) != number && !dependencies.contains(base) { dependencies.append(base) }
      }
    }
    guard let gang = gangs.records[number].gang else { return }
    for name in gang.dependencies {
      let base = Int32(gangs.slot(name.namespace, name.name))
      if !dependencies.contains(base) { dependencies.append(base) }
    }
    if dependencies.count > 1 {
      dependencies.sort { gangs.name(Int($0)) < gangs.name(Int($1)) }
    }
    let priorityClass = gang.priorityClassName.isEmpty ? nil : priorities[gang.priorityClassName]
    let noClass = priorities.slot("")
    gangs.records[number].dependencies = dependencies
    gangs.records[number].priority =
      priorityClass?.value ?? highest ?? priorities.resolved(noClass).value
    gangs.records[number].preempts = !(priorityClass?.neverPreempts ?? neverPreempts)
    gangs.records[number].waitingCount = waitingCount
    gangs.records[number].isMet = isMet(number)
    resolveTopology(of: number, gang)
    if !gangs.records[number].isListed {
      gangs.records[number].isListed = true
      activeGangs.append(Int32(number))
    }
  }

  /// Counts and sorts the pods of a leaf; returns how many want a node.
  private mutating func refresh(leaf: Int, of gang: Int) -> Int {
    var bound = 0
    var gated = 0
    var missing = 0
    var waiting: [Int32] = []
    var used: [Int32] = []
    for member in gangs.records[gang].leaves[leaf].members {
      let pod = Int(member)
      switch pods.state[pod] {
      case .absent: missing += 1
      case .gated: gated += 1
      case .waiting: waiting.append(member)
      case .bound:
        // A pod on a node that does not exist is as good as gone.
        guard nodes.isPresent[Int(pods.node[pod])] else { continue }
        bound += 1
        if used.last != pods.node[pod] { used.append(pods.node[pod]) }
      case .leaving, .finished: continue
      }
    }
    if !isSorted(waiting) { waiting.sort { pods.isBefore(Int($0), Int($1)) } }
    let classes = classify(&waiting)
    gangs.records[gang].leaves[leaf].boundCount = bound
    gangs.records[gang].leaves[leaf].gatedCount = gated
    gangs.records[gang].leaves[leaf].missingCount = missing
    gangs.records[gang].leaves[leaf].waiting = waiting
    gangs.records[gang].leaves[leaf].classes = classes
    gangs.records[gang].leaves[leaf].nodes = used
    return waiting.count
  }

  private func isSorted(_ waiting: [Int32]) -> Bool {
    for index in waiting.indices.dropFirst()
    where !pods.isBefore(Int(waiting[index - 1]), Int(waiting[index])) {
      return false
    }
    return true
  }

  /// Brings pods of one class together, in order of each class's first pod.
  private func classify(_ waiting: inout [Int32]) -> [PodClass] {
    guard let first = waiting.first else { return [] }
    var classes = [
      PodClass(
        shape: Int(pods.shape[Int(first)]), profile: Int(pods.profile[Int(first)]), start: 0,
        count: waiting.count)
    ]
    let isUniform = waiting.allSatisfy {
      pods.shape[Int($0)] == pods.shape[Int(first)] && pods.profile[Int($0)] == pods.profile[Int(first)]
    }
    if isUniform { return classes }
    var numbers: [Int64: Int] = [:]
    var members: [[Int32]] = []
    classes = []
    for pod in waiting {
      let shape = pods.shape[Int(pod)]
      let profile = pods.profile[Int(pod)]
      let key = Int64(shape) << 32 | Int64(profile)
      if let known = numbers[key] {
        members[known].append(pod)
      } else {
        numbers[key] = classes.count
        classes.append(PodClass(shape: Int(shape), profile: Int(profile), start: 0, count: 0))
        members.append([pod])
      }
    }
    waiting.removeAll(keepingCapacity: true)
    for index in classes.indices {
      classes[index].start = waiting.count
      classes[index].count = members[index].count
      waiting += members[index]
    }
    return classes
  }

  private func isMet(_ gang: Int) -> Bool {
    let scopes = gangs.records[gang].scopes
    var isMet = [Bool](repeating: false, count: scopes.count)
    for index in scopes.indices.reversed() {
      let scope = scopes[index]
      if scope.leaf >= 0 {
        isMet[index] = gangs.records[gang].leaves[scope.leaf].boundCount >= scope.minimum
      } else {
        isMet[index] = scope.children.count { isMet[$0] } >= scope.minimum
      }
    }
    return isMet.first ?? true
  }

  // MARK: Topologies

  private mutating func resolveTopology(of number: Int, _ gang: Gang) {
    var keys: [String] = []
    for scope in gangs.records[number].scopes {
      for key in [scope.packing.required, scope.packing.preferred] {
        if let key, !keys.contains(key) { keys.append(key) }
      }
    }
    gangs.records[number].topologyProblem = nil
    if let name = gang.topology {
      if let index = topologies.firstIndex(where: { $0.name == name && !$0.isAdHoc }) {
        gangs.records[number].topology = index
        if let key = keys.first(where: { topologies[index].level(ofKey: $0) == nil }) {
          gangs.records[number].topologyProblem = .unknownLevel(key: key, topology: name)
        }
        return
      }
      if !keys.isEmpty { gangs.records[number].topologyProblem = .unknownTopology(name) }
      gangs.records[number].topology = 0
      return
    }
    let fitting = topologies.firstIndex { topology in keys.allSatisfy { topology.level(ofKey: $0) != nil } }
    if let fitting {
      gangs.records[number].topology = fitting
    } else if keys.count == 1 {
      topologies.append(TopologyIndex(name: "", domains: [keys[0]], keys: keys, isAdHoc: true))
      let rank = ranksByName(nodes.ids.names)
      topologies[topologies.count - 1].rebuild(nodes: nodes, nameRank: rank)
      gangs.records[number].topology = topologies.count - 1
    } else {
      gangs.records[number].topology = 0
      let unknown = keys.first { key in
        topologies.allSatisfy { $0.isAdHoc || $0.level(ofKey: key) == nil }
      }
      gangs.records[number].topologyProblem = .unknownLevel(key: unknown ?? keys[0], topology: nil)
    }
  }
}
