/// What is evicted as one: the pods a gang cannot do without, or one pod it can (S-050).
struct VictimUnit: Sendable {
  var pods: [Int32]
  var priority: Int32
  var creation: Int64
  /// The gang, or -1.
  var gang: Int
  /// Whether the gang falls below its minimum without these pods.
  var isCore: Bool
  /// Whether other gangs depend on the gang.
  var hasDependents: Bool
  /// The unit with the core of the same gang, or -1.
  var core = -1
}

/// Victims and the plan they make room for.
struct VictimPlan {
  var victims: [VictimUnit]
  var moves: [Move]
  var scopes: [RunScope]
  var rootLevel: Int
  var rootDomain: Int

  /// Smaller is better: the most important victim, the number of pods, the number of units.
  var cost: (priority: Int32, pods: Int, units: Int) {
    (
      victims.map(\.priority).max() ?? .min, victims.reduce(0) { $0 + $1.pods.count }, victims.count
    )
  }
}
