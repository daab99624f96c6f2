public import GroveModel
public import KubernetesModel

/// What becomes of a PodCliqueSet and of all that was made for it.
public struct SetPlan: Sendable, Equatable {
  /// The set.
  public var name: ObjectName
  /// What becomes of it.
  public var verdict: PlanVerdict
  /// How many pods there are, restart, come and go.
  public var totals = PlanTotals()
  /// The changes that change a hash (P-9).
  public var causes: [PlanCause] = []
  /// The changes that leave running pods alone although people expect otherwise (P-12), and those that only look like
  /// changes (P-11).
  public var noEffects: [NoEffect] = []
  /// The pod template hashes of the cliques.
  public var cliques: [CliqueChange] = []
  /// The generation hash before and after; nil where there is no set.
  public var generation: (old: String?, new: String?) = (nil, nil)
  /// The set and its objects except pods, in the order in which they can be applied.
  public var objects: [ObjectPlan] = []
  /// Its pods before, and those that come anew.
  public var pods: [PodPlan] = []
  /// How the rollout goes (P-15); empty when nothing is away at any time.
  public var steps: [RolloutStep] = []
  /// The moment with the fewest available relative to the minimum (P-16); nil without steps.
  public var worst: WorstMoment?
  /// How it ends (P-17).
  public var ends = PlanEnding.unchanged
  /// Gangs that are terminated on the way, in order.
  public var terminations: [GangTermination] = []
  /// From where an update goes on that was open in the dump (P-26).
  public var continuesFrom: String?

  /// A plan for a set.
  public init(name: ObjectName, verdict: PlanVerdict) {
    self.name = name
    self.verdict = verdict
  }

  /// Whether no object of the set changes, and no pod.
  public var changesNothing: Bool {
    objects.allSatisfy { $0.verdict == .unchanged } && pods.allSatisfy { $0.verdict == .stays }
      && noEffects.isEmpty
  }

  /// Whether both say the same.
  public static func == (lhs: SetPlan, rhs: SetPlan) -> Bool {
    lhs.name == rhs.name && lhs.verdict == rhs.verdict && lhs.totals == rhs.totals
      && lhs.causes == rhs.causes && lhs.noEffects == rhs.noEffects && lhs.cliques == rhs.cliques
      && lhs.generation == rhs.generation && lhs.objects == rhs.objects && lhs.pods == rhs.pods
      && lhs.steps == rhs.steps && lhs.worst == rhs.worst && lhs.ends == rhs.ends
      && lhs.terminations == rhs.terminations && lhs.continuesFrom == rhs.continuesFrom
  }
}

/// Numbers of pods and of the extended resources they ask for (P-8).
public struct PlanTotals: Sendable, Equatable {
  /// Numbers of one thing.
  public struct Counts: Sendable, Equatable {
    /// Before the change.
    public var before = 0
    /// Of pods that are replaced.
    public var restart = 0
    /// Of pods that come anew.
    public var added = 0
    /// Of pods that go for good.
    public var removed = 0
    /// The most that is away at once.
    public var atOnce = 0

    /// No numbers.
    public init() {}
  }

  /// Pods.
  public var pods = Counts()
  /// Extended resources such as `nvidia.com/gpu`, by name.
  public var resources: [(name: String, counts: Counts)] = []

  /// Nothing.
  public init() {}

  /// Whether all numbers are the same.
  public static func == (lhs: PlanTotals, rhs: PlanTotals) -> Bool {
    lhs.pods == rhs.pods && lhs.resources.map(\.name) == rhs.resources.map(\.name)
      && lhs.resources.map(\.counts) == rhs.resources.map(\.counts)
  }
}

/// A change that changes a hash, and its place.
public struct PlanCause: Sendable, Equatable {
  /// The change.
  public var change: HashChange
  /// Where the manifest has it.
  public var location: SourceLocation?
}

/// A change that leaves running pods alone.
public struct NoEffect: Sendable, Equatable {
  /// Why.
  public enum Reason: String, Sendable, Equatable {
    /// Whatever the field is for, running pods are not touched by it.
    case notForRunningPods
    /// The text is another one, the meaning is not.
    case looksLikeChange
    /// Pods are replaced when somebody deletes them.
    case onDelete
  }

  /// Where, from the root of the set.
  public var path: ChangePath
  /// What was there.
  public var old: Value?
  /// What is there.
  public var new: Value?
  /// Where the manifest has it.
  public var location: SourceLocation?
  /// Why.
  public var reason: Reason
  /// What it does instead, in words.
  public var text: String
}

/// The pod template hash of a clique before and after, and what it means for its pods.
public struct CliqueChange: Sendable, Equatable {
  /// The clique.
  public var clique: String
  /// The hash before; nil when there was no such clique.
  public var old: String?
  /// The hash after; nil when there is no such clique.
  public var new: String?
  /// Whether its pods restart.
  public var restarts: Bool
  /// What it means, in words.
  public var text: String
}

/// What becomes of a pod.
public struct PodPlan: Sendable, Equatable {
  /// What becomes of it.
  public enum Verdict: String, Sendable, Equatable {
    /// It is deleted, and another one takes its place.
    case restarts
    /// It stays.
    case stays
    /// It comes anew.
    case created
    /// It goes for good.
    case deleted
  }

  /// The name: of the pod before, or of the one that comes anew.
  public var name: String
  /// The uid of the pod before; empty for one that comes anew.
  public var uid: String
  /// Its PodClique.
  public var clique: String
  /// Its index.
  public var index: Int
  /// What becomes of it.
  public var verdict: Verdict
  /// Whether it was ready.
  public var served: Bool
  /// Why, in the operator's words; empty for pods that stay.
  public var reason: String
  /// Whether the operator would do the same without any change of a manifest.
  public var isOperatorsOwn: Bool
}

/// A gang that is terminated on the way.
public struct GangTermination: Sendable, Equatable {
  /// When, from the change on.
  public var at: Duration
  /// The replica of the set.
  public var replica: Int
  /// How many pods went with it.
  public var pods: Int
}

/// How it ends (P-17).
public enum PlanEnding: Sendable, Equatable {
  /// Nothing is to be done.
  case unchanged
  /// Everything is in place after so long.
  case finishes(after: Duration)
  /// It is at rest and not done, and still so after the horizon.
  case never(StuckReason)
  /// Outdated pods are replaced when somebody deletes them.
  case waits(pods: [String])
}

/// Why an update does not finish, and what would help (P-17, P-18).
public struct StuckReason: Sendable, Equatable {
  /// Why, as `why` says it.
  public var text: String
  /// What would help, each tried out.
  public var remedies: [String]
  /// The gangs that took the places, by namespace and name.
  public var takenBy: [String]
  /// What does not come back, in words: `8 pods of engine 0`.
  public var missing: [String]
}
