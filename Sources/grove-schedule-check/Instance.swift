internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// A small cluster with something to place on it, as plain facts that the brute force and the scheduler both read.
struct Instance {
  struct Machine {
    var name: String
    /// Values of the levels, the broadest first; nil where the label is missing.
    var path: [String?]
    var cpu: Int
    var memory: Int
    var slots: Int
    var isCordoned = false
    var isTainted = false
  }

  struct Unit {
    var name: String
    var cpu: Int
    var memory: Int
    var tolerates = false
    var port = 0
    /// Only nodes with this value of the first level.
    var selected: String?
    /// Index of a level of which no two pods with this mark may share a domain.
    var apart: Int?
    /// Index of a level of which all pods with this mark must share a domain.
    var together: Int?
    /// How pods with the same mark must be spread.
    var spread: Spread?
    /// Marks that the pod has beside; those of its own constraints are among them.
    var marks: Set<String> = []
    var node: Int?
    var priority = 0
    var created = 0
    /// Whether it was evicted.
    var isGone = false
  }

  /// A topology spread constraint on pods with the mark of the level.
  struct Spread {
    var level: Int
    var skew: Int
    var domains = 1
    var honorsTaints = false
    var ignoresSelector = false
  }

  struct Scope {
    var name: String
    var required: Int?
    var preferred: Int?
    var minimum: Int
    var scopes: [Scope] = []
    /// Indices of units; empty for a scope of scopes.
    var units: [Int] = []
  }

  struct Team {
    var name: String
    var root: Scope
    var dependencies: [Int] = []
    var priority = 0
    var created = 0
  }

  var levels: [String]
  var machines: [Machine] = []
  var units: [Unit] = []
  var teams: [Team] = []
}

extension Instance {
  /// What kind of instances to make.
  struct Style {
    var teams = 1...1
    var groups = 1...3
    var podsPerGroup = 1...3
    var hasAffinity = false
    var hasSpread = false
    var hasOptional = false
    var load = 0...3
    var priorities = 0
  }

  static func random(_ random: inout SplitMix, _ style: Style) -> Instance {
    var instance = Instance(levels: Array(["zone", "rack", "host"][..<random.int(1...3)]))
    for number in 0..<random.int(1...6) {
      var path: [String?] = []
      for level in instance.levels.indices {
        let value = level == 2 ? "n\(number)" : "\(instance.levels[level])\(random.int(0...1))"
        path.append(random.chance(93) ? value : nil)
      }
      instance.machines.append(
        Machine(
          name: "n\(number)", path: path, cpu: random.int(1...4), memory: random.int(1...4),
          slots: random.int(1...4), isCordoned: random.chance(8), isTainted: random.chance(10)))
    }
    for team in 0..<random.int(style.teams) { instance.addTeam(team, &random, style) }
    instance.addLoad(&random, style)
    return instance
  }

  private mutating func addTeam(_ number: Int, _ random: inout SplitMix, _ style: Style) {
    let priority = style.priorities == 0 ? 0 : random.int(0...style.priorities)
    var groups: [Scope] = []
    for group in 0..<random.int(style.groups) {
      var scope = Scope(name: "t\(number)g\(group)", minimum: 0)
      constrain(&scope, &random, percent: 30)
      var unit = Unit(name: "", cpu: random.int(0...2), memory: random.int(0...2))
      unit.tolerates = random.chance(30)
      if random.chance(6) { unit.port = random.int(1...2) }
      if random.chance(10) { unit.selected = "zone\(random.int(0...1))" }
      if style.hasAffinity && random.chance(40) { unit.apart = random.int(0...(levels.count - 1)) }
      if style.hasAffinity && random.chance(30) { unit.together = random.int(0...(levels.count - 1)) }
      if style.hasSpread && random.chance(60) { unit.spread = makeSpread(&random, style) }
      for pod in 0..<random.int(style.podsPerGroup) {
        var one = unit
        one.name = "t\(number)g\(group)p\(pod)"
        one.priority = priority
        // Now and then the pods of a group differ, as during an update.
        if random.chance(8) { one.cpu = random.int(0...2) }
        scope.units.append(units.count)
        units.append(one)
      }
      scope.minimum = random.int(0...scope.units.count)
      if random.chance(60) { scope.minimum = scope.units.count }
      groups.append(scope)
    }
    var children: [Scope] = []
    if groups.count > 1 && random.chance(40) {
      var config = Scope(name: "t\(number)c", minimum: 2)
      config.scopes = Array(groups[..<2])
      constrain(&config, &random, percent: 60)
      children = [config] + groups[2...]
    } else {
      children = groups
    }
    var root = Scope(name: "t\(number)", minimum: children.count, scopes: children)
    if style.hasOptional && random.chance(50) { root.minimum = random.int(0...children.count) }
    constrain(&root, &random, percent: 40)
    var team = Team(name: "t\(number)", root: root, priority: priority, created: random.int(0...2))
    if number > 0 && random.chance(40) { team.dependencies = [number - 1] }
    teams.append(team)
  }

  private func makeSpread(_ random: inout SplitMix, _ style: Style) -> Spread {
    var spread = Spread(level: random.int(0...(levels.count - 1)), skew: random.int(1...2))
    if random.chance(15) { spread.domains = random.int(2...3) }
    spread.honorsTaints = random.chance(40)
    spread.ignoresSelector = random.chance(30)
    return spread
  }

  private mutating func constrain(_ scope: inout Scope, _ random: inout SplitMix, percent: Int) {
    if random.chance(percent) { scope.required = random.int(0...(levels.count - 1)) }
    if random.chance(percent / 2) { scope.preferred = random.int(0...(levels.count - 1)) }
  }

  /// Binds some pods of teams, where they fit, and puts others on nodes.
  private mutating func addLoad(_ random: inout SplitMix, _ style: Style) {
    for index in 0..<random.int(style.load) {
      let node = random.int(0...(machines.count - 1))
      var unit = Unit(name: "load\(index)", cpu: random.int(0...2), memory: random.int(0...1))
      unit.node = node
      unit.priority = style.priorities == 0 ? 0 : random.int(0...style.priorities)
      unit.created = random.int(0...2)
      if random.chance(20) { unit.port = random.int(1...2) }
      if style.hasSpread && random.chance(60) { unit.marks = ["spread\(random.int(0...(levels.count - 1)))"] }
      if canHold(node, unit) { units.append(unit) }
    }
    for index in units.indices where units[index].node == nil && random.chance(10) {
      let node = random.int(0...(machines.count - 1))
      if canHold(node, units[index]) { units[index].node = node }
    }
  }

  func canHold(_ node: Int, _ unit: Unit) -> Bool {
    let here = units.filter { $0.node == node }
    return here.count < machines[node].slots
      && here.reduce(unit.cpu) { $0 + $1.cpu } <= machines[node].cpu
      && here.reduce(unit.memory) { $0 + $1.memory } <= machines[node].memory
      && (unit.port == 0 || !here.contains { $0.port == unit.port })
  }
}

// MARK: As a snapshot

extension Instance {
  static let namespace = "default"

  static func named(_ name: String) -> ObjectName { ObjectName(namespace: namespace, name: name) }

  func snapshot(shuffledBy random: inout SplitMix) throws -> Snapshot {
    var snapshot = Snapshot()
    try snapshot.setTopology("topology", levels: levels.map { (domain: $0, key: $0) })
    for index in machines.indices.shuffled(using: &random) { try snapshot.set(node(index)) }
    for index in teams.indices.shuffled(using: &random) { try snapshot.set(gang(index)) }
    for index in units.indices.shuffled(using: &random) where !units[index].isGone {
      try snapshot.set(pod(index))
    }
    return snapshot
  }

  private func node(_ index: Int) -> Node {
    let machine = machines[index]
    var node = Node()
    node.metadata.name = machine.name
    for (level, value) in machine.path.enumerated() { node.metadata.labels[levels[level]] = value }
    node.status.allocatable = [
      "cpu": Quantity(Int64(machine.cpu)), "memory": Quantity(Int64(machine.memory)),
      "pods": Quantity(Int64(machine.slots)),
    ]
    node.spec.unschedulable = machine.isCordoned
    if machine.isTainted { node.spec.taints = [Taint(effect: "NoSchedule", key: "special", value: "yes")] }
    return node
  }

  private func pod(_ index: Int) -> Pod {
    let unit = units[index]
    var pod = Pod()
    pod.metadata.namespace = Self.namespace
    pod.metadata.name = unit.name
    pod.metadata.creationTimestamp = Timestamp(secondsSince1970: Int64(unit.created))
    var container = Container()
    container.name = "main"
    container.resources.requests = [
      "cpu": Quantity(Int64(unit.cpu)), "memory": Quantity(Int64(unit.memory)),
    ]
    pod.spec.containers = [container]
    pod.spec.nodeName = unit.node.map { machines[$0].name } ?? ""
    pod.spec.priority = Int32(unit.priority)
    pod.status.phase = unit.node == nil ? "Pending" : "Running"
    if unit.tolerates { pod.spec.tolerations = [Toleration(key: "special", operator: "Exists")] }
    if unit.port > 0 {
      pod.spec.containers[0].ports = [ContainerPort(hostPort: Int32(unit.port), containerPort: 80)]
    }
    if let selected = unit.selected { pod.spec.nodeSelector = ["zone": selected] }
    var affinity = Affinity()
    func term(_ mark: String, _ level: Int) -> [PodAffinityTerm] {
      [
        PodAffinityTerm(
          labelSelector: LabelSelector(matchLabels: [mark: "\(level)"]), topologyKey: levels[level])
      ]
    }
    if let level = unit.apart {
      pod.metadata.labels["apart"] = "\(level)"
      affinity.podAntiAffinity = PodAntiAffinity(
        requiredDuringSchedulingIgnoredDuringExecution: term("apart", level))
    }
    if let level = unit.together {
      pod.metadata.labels["together"] = "\(level)"
      affinity.podAffinity = PodAffinity(
        requiredDuringSchedulingIgnoredDuringExecution: term("together", level))
    }
    if unit.apart != nil || unit.together != nil { pod.spec.affinity = affinity }
    for mark in unit.marks.sorted() { pod.metadata.labels[mark] = "yes" }
    if let spread = unit.spread {
      pod.metadata.labels["spread\(spread.level)"] = "yes"
      pod.spec.topologySpreadConstraints = [
        TopologySpreadConstraint(
          maxSkew: Int32(spread.skew), topologyKey: levels[spread.level], whenUnsatisfiable: "DoNotSchedule",
          labelSelector: LabelSelector(matchLabels: ["spread\(spread.level)": "yes"]),
          minDomains: spread.domains == 1 ? nil : Int32(spread.domains),
          nodeAffinityPolicy: spread.ignoresSelector ? "Ignore" : nil,
          nodeTaintsPolicy: spread.honorsTaints ? "Honor" : nil)
      ]
    }
    return pod
  }

  private func gang(_ index: Int) -> Gang {
    let team = teams[index]
    return Gang(
      name: Self.named(team.name), root: scope(team.root),
      dependencies: team.dependencies.map { Self.named("t\($0)") },
      createdAt: Timestamp(secondsSince1970: Int64(team.created)))
  }

  private func scope(_ scope: Scope) -> GangScope {
    let packing = Packing(
      required: scope.required.map { levels[$0] }, preferred: scope.preferred.map { levels[$0] })
    if scope.scopes.isEmpty {
      return GangScope(
        name: scope.name, pods: scope.units.map { Self.named(units[$0].name) }, minimum: scope.minimum,
        packing: packing)
    }
    return GangScope(
      name: scope.name, packing: packing, minimum: scope.minimum, scopes: scope.scopes.map { self.scope($0) })
  }
}
