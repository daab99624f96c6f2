internal import GroveModel
internal import KubernetesModel

/// Which gangs have to wait for which, and in what order they are served (S-036, S-037).
struct DependencyGate {
  private var items: [Planner.Item]
  /// Position in ``items`` by gang, or -1.
  private var places: [Int32]
  /// Gangs that each item waits for and that have not met their minimum yet.
  private var dependencies: [[Int32]]
  /// Positions of the items that wait for an item.
  private var dependents: [[Int]] = []
  /// Gangs in a circle, and gangs that wait for one, by gang.
  private var circles: [Int: [ObjectName]] = [:]

  init(items: [Planner.Item], gangs: GangTable) {
    self.items = items
    places = [Int32](repeating: -1, count: gangs.records.count)
    dependencies = []
    for (place, item) in items.enumerated() {
      if item.gang >= 0 { places[item.gang] = Int32(place) }
      dependencies.append(
        item.gang < 0
          ? [] : gangs.records[item.gang].dependencies.filter { !gangs.records[Int($0)].isMet })
    }
    findCircles(gangs)
  }

  /// Items by the tier in which their turn comes; within one, those that can be placed at once come first, then those
  /// that wait for them, and so on, each in the order given.
  ///
  /// So the minimums of all base gangs come before those of scaled gangs, as they do where scheduling gates hold the
  /// pods of scaled gangs back until their base has its place (GS-10).
  mutating func order() -> [Planner.Item] {
    guard dependencies.contains(where: { !$0.isEmpty }) else { return items }
    var isSettled = [Bool](repeating: false, count: items.count)
    var depth = [Int](repeating: 0, count: items.count)
    for place in items.indices { settle(place, &isSettled, &depth) }
    return items.indices.sorted { a, b in
      if items[a].tier != items[b].tier { return items[a].tier > items[b].tier }
      return depth[a] == depth[b] ? a < b : depth[a] < depth[b]
    }.map { items[$0] }
  }

  /// Finds the tier of an item, and the length of the longest chain of items it waits for.
  private mutating func settle(_ start: Int, _ isSettled: inout [Bool], _ depth: inout [Int]) {
    // An explicit stack: chains of dependencies may be as long as there are gangs.
    var stack = [start]
    while let place = stack.last {
      if isSettled[place] {
        stack.removeLast()
        continue
      }
      let open = waitedFor(place).filter { !isSettled[$0] && circles[items[$0].gang] == nil }
      if open.isEmpty || circles[items[place].gang] != nil {
        for other in waitedFor(place) where isSettled[other] {
          items[place].tier = min(items[place].tier, items[other].tier)
          depth[place] = max(depth[place], depth[other] + 1)
        }
        isSettled[place] = true
        stack.removeLast()
      } else {
        stack += open
      }
    }
  }

  /// Items that an item waits for.
  private func waitedFor(_ place: Int) -> [Int] {
    dependencies[place].compactMap { places[Int($0)] >= 0 ? Int(places[Int($0)]) : nil }
  }

  /// Takes items away that wait for nothing unserved; what stays is in a circle or behind one.
  private mutating func findCircles(_ gangs: GangTable) {
    var waits = [Int](repeating: 0, count: items.count)
    dependents = [[Int]](repeating: [], count: items.count)
    var ready: [Int] = []
    for place in items.indices {
      for other in waitedFor(place) {
        waits[place] += 1
        dependents[other].append(place)
      }
      if waits[place] == 0 { ready.append(place) }
    }
    var served = 0
    while let place = ready.popLast() {
      served += 1
      for dependent in dependents[place] {
        waits[dependent] -= 1
        if waits[dependent] == 0 { ready.append(dependent) }
      }
    }
    if served == items.count { return }
    for place in items.indices where waits[place] > 0 {
      circles[items[place].gang] = circle(from: place, waits).map { gangs.name(items[$0].gang) }.sorted()
    }
  }

  /// The circle that an item is in or that it waits for.
  private func circle(from start: Int, _ waits: [Int]) -> [Int] {
    var trail: [Int] = []
    var placeInTrail: [Int: Int] = [:]
    var place = start
    while placeInTrail[place] == nil {
      placeInTrail[place] = trail.count
      trail.append(place)
      guard let next = waitedFor(place).first(where: { waits[$0] > 0 }) else { return trail }
      place = next
    }
    return Array(trail[(placeInTrail[place] ?? 0)...])
  }

  /// Gangs that wait for a gang.
  func dependents(of gang: Int) -> [Int] {
    places[gang] < 0 ? [] : dependents[Int(places[gang])].map { items[$0].gang }
  }

  /// What a gang waits for, or nil.
  func gate(of gang: Int, _ gangs: GangTable) -> Gate? {
    if let names = circles[gang] { return .cycle(names) }
    for dependency in gangs.records[gang].dependencies where !gangs.records[Int(dependency)].isMet {
      return .dependency(
        gangs.name(Int(dependency)), exists: gangs.records[Int(dependency)].isPresent)
    }
    return nil
  }
}
