internal import GroveModel
public import KubernetesModel

/// What became of one gang, or of one pod without a gang.
public struct Outcome: Sendable, Hashable {
  /// The gang, or the pod.
  public var name: ObjectName
  /// Whether it is a pod without a gang.
  public var isSinglePod: Bool
  /// Whether it meets its minimum, and if not, why.
  public var verdict: Verdict
  /// Pods placed by this decision.
  public var placed: Int
  /// Pods that had a node before.
  public var bound: Int
  /// Pods without a node after this decision; those with scheduling gates are among them.
  public var pending: Int
  /// Pods that wait for their scheduling gates to be removed (S-022).
  public var gated: Int
  /// Fields of its pods that are not looked at and on which it may depend whether it really has the place it was given:
  /// with any of them, that it fits is not decided.
  public var doubts: [String] = []
  /// How near each other the pods are, 0…1 (S-040); nil when the minimum is not met.
  ///
  /// See ``ScopePlacement/score`` for the formula; the parts count by their pods, and a gang without constraints
  /// has 1.
  public var score: Double?
  /// Where the constrained scopes are; empty when the minimum is not met.
  public var scopes: [ScopePlacement]

  /// An outcome.
  public init(
    name: ObjectName, isSinglePod: Bool, verdict: Verdict, placed: Int = 0, bound: Int = 0, pending: Int = 0,
    gated: Int = 0, score: Double? = nil, scopes: [ScopePlacement] = []
  ) {
    self.name = name
    self.isSinglePod = isSinglePod
    self.verdict = verdict
    self.placed = placed
    self.bound = bound
    self.pending = pending
    self.gated = gated
    self.score = score
    self.scopes = scopes
  }
}

/// Whether a gang can be placed (S-035).
public enum Verdict: Sendable, Hashable {
  /// Its minimum is met, by this decision or before.
  case fits
  /// It was not tried: something has to happen first.
  case waiting(Gate)
  /// It cannot be placed on this cluster as it is.
  case cannotFit(Proof)
  /// No placement was found in so many steps; there may be one.
  case notFound(steps: Int)
}

/// What a gang waits for before it can be tried.
public enum Gate: Sendable, Hashable {
  /// A scope has fewer pods than it needs, because some have scheduling gates or do not exist.
  /// With the names of the gates.
  case pods(scope: String, needed: Int, available: Int, gated: Int, missing: Int, gates: [String] = [])
  /// A gang that must meet its minimum first (S-037).
  case dependency(ObjectName, exists: Bool)
  /// Gangs that depend on each other in a circle, this one among or behind them.
  case cycle([ObjectName])
  /// The pod carries the name of a gang that does not list it, or that does not exist.
  case membership(ObjectName, exists: Bool)
  /// The pod has scheduling gates, which have these names.
  case schedulingGates([String])

  /// What is waited for, in words.
  public var text: String {
    switch self {
    case .pods(let scope, let needed, let available, let gated, let missing, let gates):
      "\(scope) needs \(needed) \(needed == 1 ? "pod" : "pods") and has \(available); "
        + "\(gated) gated\(gates.isEmpty ? "" : " by \(gates.joined(separator: ", "))"), \(missing) missing"
        + (gated > 0 && !gates.isEmpty ? "; a gate is lifted by its owner only" : "")
    case .dependency(let name, let exists):
      exists
        ? "waiting for gang \(name) to meet its minimum" : "waiting for gang \(name), which does not exist"
    case .cycle(let names):
      "gangs depend on each other: " + names.map(\.description).joined(separator: ", ")
    case .membership(let name, let exists):
      exists ? "waiting for gang \(name) to list the pod" : "waiting for gang \(name), which does not exist"
    case .schedulingGates(let names):
      "waiting for \(names.count == 1 ? "the scheduling gate" : "scheduling gates") "
        + "\(names.joined(separator: ", ")), which only \(names.count == 1 ? "its owner lifts" : "their owners lift")"
    }
  }
}

/// Why a gang cannot be placed: a necessary condition that fails wherever the gang might go.
public struct Proof: Sendable, Hashable {
  /// The condition.
  public enum Reason: Sendable, Hashable {
    /// Too few of the scope's pods have room in any domain.
    case room
    /// The scope's pods each have room, but not together: no domain has enough of a resource for all of them.
    case resource(String)
    /// The scope's pods each have room, but not together: nodes cannot hold as many of the smallest of them.
    case nodes
    /// Too few domains can hold one of several scopes that ask for the same.
    case slots
    /// A topology spread constraint leaves room for too few of the scope's pods in any domain.
    case spread
    /// The pods that have nodes already are not in one domain.
    case split
    /// All placements were tried.
    case exhausted(steps: Int)
    /// The topology does not exist.
    case unknownTopology(String)
    /// The topology has no level with this node label.
    case unknownLevel(String)
  }

  /// The condition that fails.
  public var reason: Reason
  /// The scope it fails for; the gang itself, or a part.
  public var scope: String
  /// Node label whose domains were looked at; nil for the whole cluster.
  public var level: String?
  /// The domain that comes nearest, as the label values of its path; empty for the whole cluster.
  public var best: [String]
  /// How many pods, or units of the resource, are needed, beside what is placed already.
  public var needed: Int
  /// How many there is room for in that domain.
  public var room: Int

  /// A proof.
  public init(
    reason: Reason, scope: String, level: String? = nil, best: [String] = [], needed: Int = 0, room: Int = 0
  ) {
    self.reason = reason
    self.scope = scope
    self.level = level
    self.best = best
    self.needed = needed
    self.room = room
  }
}

/// Where a scope with a packing constraint is.
public struct ScopePlacement: Sendable, Hashable {
  /// The scope's name.
  public var scope: String
  /// What the scope asked for.
  public var packing: Packing
  /// Node label of the narrowest level whose domain holds the whole scope; nil for the whole cluster.
  public var level: String?
  /// Label values of that domain's path, the broadest first, `""` where nodes lack one.
  public var domain: [String]
  /// How many domains of the preferred level, or the required one, are used.
  public var domainsUsed: Int
  /// How many nodes are used.
  public var nodesUsed: Int
  /// Pods of the scope that have a place.
  public var pods: Int
  /// 1 when the scope is in one domain of its preferred level, or just has to keep to its required one.
  ///
  /// Otherwise half of (q + 1) / (p + 1) plus half of f / a: p is the number of the preferred level, counted from 0 at
  /// the broadest, q < p that of the narrowest level above it that holds the whole scope (-1 for none), a the domains of the
  /// preferred level used, and f the fewest that could hold the pods if nothing else ran on the nodes.
  public var score: Double

  /// A placement.
  public init(
    scope: String, packing: Packing, level: String?, domain: [String], domainsUsed: Int, nodesUsed: Int,
    pods: Int, score: Double
  ) {
    self.scope = scope
    self.packing = packing
    self.level = level
    self.domain = domain
    self.domainsUsed = domainsUsed
    self.nodesUsed = nodesUsed
    self.pods = pods
    self.score = score
  }
}
