internal import GroveModel
internal import KubernetesModel

/// What is away of one set, step by step.
struct SetRollout: Sendable {
  /// The pods of a clique in a unit.
  struct Part: Sendable {
    var clique: String
    var count: Int
    var resources: [(name: String, amount: Int)]
  }

  enum UnitState { case away, back, unwanted }

  /// The steps that are over, in order, and the one that is not.
  private(set) var steps: [RolloutStep] = []
  /// How many replicas the set is to have.
  var setReplicas = 0
  /// When the last unit came back.
  private(set) var lastReturn: Duration?
  /// The units that were ever away.
  private(set) var touched: Set<RolloutUnit> = []

  private var away: [RolloutUnit: [Part]] = [:]
  private var shown: [RolloutUnit] = []
  private var levels: [String: (level: RolloutStep.Level, replica: Int)] = [:]
  /// The fewest available in the step under way.
  private var lowest: [String: RolloutStep.Level] = [:]

  /// A step keeps the levels of all parts when they are so few, else of those that miss something.
  private static let fewLevels = 12

  /// Whether the levels have been measured.
  var hasLevels: Bool { !levels.isEmpty }

  /// What is away now.
  var stillAway: [RolloutUnit] { shown }

  /// The pods of what is away now.
  func parts(of unit: RolloutUnit) -> [Part] { away[unit] ?? [] }

  mutating func add(_ unit: RolloutUnit, _ parts: [Part]) {
    if away[unit] == nil { away[unit] = parts }
    touched.insert(unit)
  }

  mutating func set(_ level: RolloutStep.Level, replica: Int) {
    levels[Self.key(level.kind, level.name)] = (level, replica)
  }

  /// Something is not there that will come back.
  mutating func lose(_ kind: ResourceKind, _ name: String) {
    levels[Self.key(kind, name)]?.level.available = 0
  }

  /// Something is gone for good.
  mutating func forget(_ kind: ResourceKind, _ name: String) { levels[Self.key(kind, name)] = nil }

  private static func key(_ kind: ResourceKind, _ name: String) -> String { "\(kind.rawValue)/\(name)" }

  /// Ends a moment: what is back is no longer away, and a step ends when what is away is another set.
  mutating func settle(at time: Duration, _ state: (RolloutUnit) -> UnitState) {
    for unit in away.keys {
      switch state(unit) {
      case .away: continue
      case .back:
        away[unit] = nil
        lastReturn = time
      case .unwanted: away[unit] = nil
      }
    }
    for (key, entry) in levels where entry.replica >= setReplicas { levels[key] = nil }
    let now = away.keys.sorted(by: RolloutUnit.precedes)
    if now != shown {
      close(at: time)
      shown = now
      if !now.isEmpty { open(at: time) }
    } else if !now.isEmpty {
      lower()
    }
  }

  private mutating func open(at time: Duration) {
    var resources: [String: Int] = [:]
    let down = shown.map { unit -> RolloutStep.Away in
      let parts = away[unit] ?? []
      for part in parts {
        for resource in part.resources {
          resources[resource.name, default: 0] += resource.amount * part.count
        }
      }
      let (kind, name, index): (ResourceKind, String, Int) =
        switch unit {
        case .pod(let clique, let index): (.podClique, clique.name, index)
        case .replica(let group, let index): (.podCliqueScalingGroup, group.name, index)
        }
      return RolloutStep.Away(
        kind: kind, name: name, replica: index,
        pods: parts.map { RolloutStep.Away.Part(clique: $0.clique, count: $0.count) })
    }
    lowest = levels.mapValues(\.level)
    addSet()
    steps.append(
      RolloutStep(
        number: steps.count + 1, at: time, until: nil, down: down, levels: [],
        resources: resources.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    writeLevels()
  }

  private mutating func lower() {
    for (key, entry) in levels {
      if let known = lowest[key], known.available <= entry.level.available, known.wanted == entry.level.wanted
      {
        continue
      }
      var level = entry.level
      level.available = min(level.available, lowest[key]?.available ?? level.available)
      lowest[key] = level
    }
    addSet()
    writeLevels()
  }

  /// A replica of the set is available when all its parts have their minimum.
  private mutating func addSet() {
    var below: Set<Int> = []
    for entry in levels.values where entry.level.isBelow { below.insert(entry.replica) }
    let available = max(setReplicas - below.count, 0)
    let known = lowest[Self.key(.podCliqueSet, "")]
    lowest[Self.key(.podCliqueSet, "")] = RolloutStep.Level(
      kind: .podCliqueSet, name: "", available: min(available, known?.available ?? available),
      wanted: setReplicas,
      minimum: nil)
  }

  private mutating func writeLevels() {
    guard !steps.isEmpty else { return }
    let isSmall = lowest.count <= Self.fewLevels
    steps[steps.count - 1].levels = lowest.values
      .filter { isSmall || $0.kind == .podCliqueSet || $0.available < $0.wanted }
      .sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
  }

  private mutating func close(at time: Duration) {
    guard !shown.isEmpty, !steps.isEmpty else { return }
    steps[steps.count - 1].until = time
    lowest = [:]
  }
}

extension RolloutStep.Level {
  /// Groups before cliques before the set.
  fileprivate var rank: Int {
    switch kind {
    case .podCliqueScalingGroup: 0
    case .podClique: 1
    default: 2
    }
  }
}
