public import GroveModel
public import KubernetesModel

/// A maximal interval in which the same replicas are away (P-15).
public struct RolloutStep: Sendable, Equatable {
  /// A replica that is away: of a scaling group, or a pod of a PodClique outside groups.
  public struct Away: Sendable, Equatable {
    /// PodCliqueScalingGroup or PodClique.
    public var kind: ResourceKind
    /// The name of the group or the clique.
    public var name: String
    /// The index of the replica or pod.
    public var replica: Int
    /// Its pods by clique, with how many each has.
    public var pods: [Part]

    /// The pods of a clique.
    public struct Part: Sendable, Equatable {
      /// The clique, as the template names it.
      public var clique: String
      /// How many.
      public var count: Int
    }

    /// How many pods that is.
    public var podCount: Int { pods.reduce(0) { $0 + $1.count } }
  }

  /// How much of something is available.
  public struct Level: Sendable, Equatable {
    /// PodCliqueSet, PodCliqueScalingGroup or PodClique.
    public var kind: ResourceKind
    /// The name.
    public var name: String
    /// The fewest that were available in the step.
    public var available: Int
    /// How many there are to be.
    public var wanted: Int
    /// How many have to be; nil for sets.
    public var minimum: Int?

    /// Whether that is too few.
    public var isBelow: Bool { minimum.map { available < $0 } ?? false }
  }

  /// From 1.
  public var number: Int
  /// When it begins, from the change on.
  public var at: Duration
  /// When it ends; nil when it never does.
  public var until: Duration?
  /// What is away, by name and index.
  public var down: [Away]
  /// How much is available, the parts before the whole.
  public var levels: [Level]
  /// The extended resources of what is away, by name.
  public var resources: [(name: String, amount: Int)]

  /// How many pods are away.
  public var podCount: Int { down.reduce(0) { $0 + $1.podCount } }

  /// Whether both say the same.
  public static func == (lhs: RolloutStep, rhs: RolloutStep) -> Bool {
    lhs.number == rhs.number && lhs.at == rhs.at && lhs.until == rhs.until && lhs.down == rhs.down
      && lhs.levels == rhs.levels && lhs.resources.map(\.name) == rhs.resources.map(\.name)
      && lhs.resources.map(\.amount) == rhs.resources.map(\.amount)
  }
}

/// The moment with the fewest available relative to the minimum (P-16).
public struct WorstMoment: Sendable, Equatable {
  /// The step.
  public var step: Int
  /// What is below its minimum at any step, each as it is at its worst.
  public var below: [RolloutStep.Level]
  /// The rule behind it, in words; nil when nothing is below.
  public var rule: String?
}
