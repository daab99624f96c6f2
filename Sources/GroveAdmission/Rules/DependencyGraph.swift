internal import GroveModel

/// Which clique starts after which.
struct DependencyGraph {
  private let names: [String]
  /// For each clique, the positions of the cliques it waits for.
  private let parents: [[Int]]
  /// Names that are waited for and belong to no clique, sorted.
  let unknownNames: [String]

  init(_ cliques: [(name: String, startsAfter: [String])]) {
    names = cliques.map(\.name)
    var positions: [String: Int] = [:]
    for (index, name) in names.enumerated() where positions[name] == nil { positions[name] = index }
    var unknown: Set<String> = []
    parents = cliques.map { clique in
      clique.startsAfter.compactMap { name in
        if positions[name] == nil { unknown.insert(name) }
        return positions[name]
      }
    }
    unknownNames = unknown.sorted()
  }

  /// The groups of two or more cliques that wait for each other, names sorted, groups sorted by their first name.
  ///
  /// These are the strongly connected components, found with Tarjan's algorithm on a stack of its own: a chain
  /// of any length must not exhaust the thread's.
  ///
  /// - Complexity: O(cliques + dependencies).
  var cycles: [[String]] {
    var index = [Int?](repeating: nil, count: names.count)
    var low = [Int](repeating: 0, count: names.count)
    var isOnStack = [Bool](repeating: false, count: names.count)
    var stack: [Int] = []
    var found: [[String]] = []
    var counter = 0
    for start in names.indices where index[start] == nil {
      var work: [(node: Int, next: Int)] = [(start, 0)]
      while let (node, next) = work.last {
        if next == 0 {
          index[node] = counter
          low[node] = counter
          counter += 1
          stack.append(node)
          isOnStack[node] = true
        }
        if next < parents[node].count {
          work[work.count - 1].next += 1
          let parent = parents[node][next]
          if let seen = index[parent] {
            if isOnStack[parent] { low[node] = min(low[node], seen) }
          } else {
            work.append((parent, 0))
            continue
          }
          // A visited node with all its parents handled must not be entered again.
          continue
        }
        work.removeLast()
        if let child = work.last?.node { low[child] = min(low[child], low[node]) }
        guard low[node] == index[node] else { continue }
        var component: [String] = []
        while let member = stack.popLast() {
          isOnStack[member] = false
          component.append(names[member])
          if member == node { break }
        }
        if component.count > 1 { found.append(component.sorted()) }
      }
    }
    return found.sorted { ($0.first ?? "") < ($1.first ?? "") }
  }
}
