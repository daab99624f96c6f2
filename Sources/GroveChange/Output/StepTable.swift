internal import GroveModel
internal import KubernetesModel

/// The steps of a rollout as a table, repeated rows folded (P-15).
struct StepTable {
  private(set) var headings: [String] = []
  private(set) var rows: [[String]] = []

  /// More columns than this hide what matters.
  private static let mostColumns = 4

  init(_ set: SetPlan) {
    guard !set.steps.isEmpty else { return }
    let columns = Self.columns(set)
    var resources: [String] = []
    for step in set.steps {
      for entry in step.resources where !resources.contains(entry.name) { resources.append(entry.name) }
    }
    headings =
      ["STEP", "AT", "DOWN"] + resources.map { $0 == GroveName.nvidiaGPU ? "GPUS" : $0 } + ["BACK"]
      + columns.map(\.name)
    var index = 0
    while index < set.steps.count {
      let run = Self.run(from: index, in: set.steps)
      rows.append(Self.row(set, index, run, columns, resources))
      index += run
    }
  }

  private static func columns(_ set: SetPlan) -> [(kind: ResourceKind, name: String)] {
    var known: [(kind: ResourceKind, name: String, margin: Int, isShort: Bool)] = []
    for step in set.steps {
      for level in step.levels {
        let margin = level.available - (level.minimum ?? 0)
        let isShort = level.available < level.wanted
        if let index = known.firstIndex(where: { $0.kind == level.kind && $0.name == level.name }) {
          known[index].margin = min(known[index].margin, margin)
          known[index].isShort = known[index].isShort || isShort
        } else {
          known.append((level.kind, level.name, margin, isShort))
        }
      }
    }
    let parts = known.filter { $0.kind != .podCliqueSet }
    var kept = parts
    if parts.count >= mostColumns {
      let worst = parts.filter(\.isShort).sorted { ($0.margin, $0.name) < ($1.margin, $1.name) }.prefix(
        mostColumns - 1)
      kept = parts.filter { part in worst.contains { $0.name == part.name && $0.kind == part.kind } }
    }
    return (kept + known.filter { $0.kind == .podCliqueSet }).map { ($0.kind, $0.name) }
  }

  /// How many steps from a place on differ only by the number of what is away.
  private static func run(from start: Int, in steps: [RolloutStep]) -> Int {
    let first = steps[start]
    guard first.down.count == 1, let end = first.until else { return 1 }
    var length = 1
    while start + length < steps.count {
      let (last, next) = (steps[start + length - 1], steps[start + length])
      guard next.down.count == 1, next.down[0].name == first.down[0].name,
        next.down[0].replica == last.down[0].replica + 1, next.down[0].pods == first.down[0].pods,
        next.levels == first.levels, let until = next.until, last.until == next.at,
        until - next.at == end - first.at
      else { break }
      length += 1
    }
    return length >= 4 ? length : 1
  }

  private static func row(
    _ set: SetPlan, _ index: Int, _ run: Int, _ columns: [(kind: ResourceKind, name: String)],
    _ resources: [String]
  ) -> [String] {
    let (first, last) = (set.steps[index], set.steps[index + run - 1])
    var cells = [
      run == 1 ? String(first.number) : "\(first.number)–\(last.number)", first.at.text,
      run == 1
        ? down(first, set)
        : "\(short(first.down[0].name, set)) \(first.down[0].replica) … \(last.down[0].replica), one at a time, "
          + "\(((first.until ?? first.at) - first.at).text) each",
    ]
    for resource in resources {
      cells.append(first.resources.first { $0.name == resource }.map { String($0.amount) } ?? "")
    }
    cells.append(last.until?.text ?? "never")
    for column in columns {
      cells.append(first.levels.first { $0.kind == column.kind && $0.name == column.name }?.text ?? "")
    }
    return cells
  }

  /// What is away in a step.
  static func down(_ step: RolloutStep, _ set: SetPlan) -> String {
    var groups: [(name: String, members: [RolloutStep.Away])] = []
    for away in step.down {
      if let index = groups.firstIndex(where: { $0.name == away.name }) {
        groups[index].members.append(away)
      } else {
        groups.append((away.name, [away]))
      }
    }
    let texts = groups.map { group -> String in
      let name = short(group.name, set)
      let numbers = numbers(group.members.map(\.replica))
      if group.members[0].kind == .podClique {
        return group.members.count == 1
          ? "\(name) pod \(numbers)" : "\(group.members.count) pods of \(name): \(numbers)"
      }
      let parts = group.members[0].pods.map { "\($0.count) \($0.clique)" }.joined(separator: " ")
      return group.members.count == 1 ? "\(name) \(numbers): \(parts)" : "\(name) \(numbers): \(parts) each"
    }
    return texts.count <= 4
      ? texts.joined(separator: ", ")
      : texts.prefix(3).joined(separator: ", ") + ", … \(step.podCount) pods"
  }

  private static func numbers(_ numbers: [Int]) -> String {
    if numbers.count > 3, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 == $0 + 1 }) {
      return "\(numbers[0]) … \(numbers[numbers.count - 1])"
    }
    return numbers.count <= 6
      ? numbers.map(String.init).joined(separator: " ")
      : numbers.prefix(5).map(String.init).joined(separator: " ") + " …"
  }

  /// A name without what all names of the set begin with.
  static func short(_ name: String, _ set: SetPlan) -> String {
    let isOnly = set.objects.allSatisfy { object in
      object.key.kind != .podClique && object.key.kind != .podCliqueScalingGroup
        || object.key.name.hasPrefix("\(set.name.name)-0-")
    }
    let prefix = isOnly ? "\(set.name.name)-0-" : "\(set.name.name)-"
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// The table as lines: text to the left, numbers of resources to the right.
  var lines: [String] {
    let all = [headings] + rows
    var widths = headings.map(\.count)
    for row in rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
    }
    return all.map { row in
      var line = ""
      for (index, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        let isNumber = index > 2 && headings[index] != "BACK" && index < headings.firstIndex(of: "BACK") ?? 0
        line += (index > 0 ? "  " : "") + (isNumber ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
