internal import GroveModel
public import KubernetesModel

/// Why a gang, or a pod without one, has no place, and what would help (S-061).
///
/// Numbers are those of the cluster after the decision: what other gangs were given is taken.
public struct Explanation: Sendable, Hashable {
  /// The gang, or the pod.
  public var name: ObjectName
  /// The verdict.
  public var verdict: Verdict
  /// The gangs it waits for, directly or through another, each with its own verdict.
  public var chain: [Link]
  /// The gang and its constrained parts, the outermost first, with the domain that comes nearest.
  public var scopes: [ScopeShortage]
  /// What every node says to the next pod that has no place; nil when the gang was not tried.
  public var nodes: NodeHistogram?
  /// What keeps that pod off nodes, by name, resources apart.
  public var causes: [Cause] = []
  /// Changes that make the gang fit, each tried out, the least effort first.
  public var remedies: [Remedy]

  /// An explanation.
  public init(
    name: ObjectName, verdict: Verdict, chain: [Link] = [], scopes: [ScopeShortage] = [],
    nodes: NodeHistogram? = nil, remedies: [Remedy] = []
  ) {
    self.name = name
    self.verdict = verdict
    self.chain = chain
    self.scopes = scopes
    self.nodes = nodes
    self.remedies = remedies
  }

  /// A gang that is waited for.
  public struct Link: Sendable, Hashable {
    /// The gang.
    public var name: ObjectName
    /// Its verdict; nil when it does not exist.
    public var verdict: Verdict?

    /// A link.
    public init(name: ObjectName, verdict: Verdict?) {
      self.name = name
      self.verdict = verdict
    }
  }
}

/// How near a scope came to a place.
public struct ScopeShortage: Sendable, Hashable {
  /// The scope.
  public var scope: String
  /// How many scopes are around it.
  public var depth: Int
  /// What it asks for.
  public var packing: Packing
  /// Node label of the domain that comes nearest; nil for the whole cluster.
  public var level: String?
  /// The domain, as the label values of its path.
  public var domain: [String]
  /// Pods the scope needs for its minimum, beside those in place.
  public var needed: Int
  /// How many of them have room there together.
  public var placeable: Int
  /// Resources of which the others ask for more than there is, in order of names.
  public var shortages: [ResourceShortage]
  /// Pods in place that hold the scope in the domain, by name; empty when it is free to go elsewhere.
  public var pinnedBy: [ObjectName] = []
  /// The other domain that has room for most of the scope's waiting pods, with how many, when the scope is held.
  public var elsewhere: Elsewhere?

  /// A domain that a scope would rather be in.
  public struct Elsewhere: Sendable, Hashable {
    /// The domain, as the label values of its path.
    public var domain: [String]
    /// How many of the scope's waiting pods have room there, each shape taken alone.
    public var room: Int
  }

  /// A shortage.
  public init(
    scope: String, depth: Int, packing: Packing, level: String?, domain: [String], needed: Int,
    placeable: Int, shortages: [ResourceShortage]
  ) {
    self.scope = scope
    self.depth = depth
    self.packing = packing
    self.level = level
    self.domain = domain
    self.needed = needed
    self.placeable = placeable
    self.shortages = shortages
  }
}

/// A resource that pods without a place ask for more of than there is.
public struct ResourceShortage: Sendable, Hashable {
  /// The resource.
  public var resource: String
  /// What one of the pods asks for, the most demanding one.
  public var perPod: Quantity
  /// What all of them ask for.
  public var requested: Quantity
  /// What is free on the nodes they may use.
  public var free: Quantity
  /// The most that is free on one of those nodes.
  public var largestFree: Quantity

  /// A shortage.
  public init(
    resource: String, perPod: Quantity, requested: Quantity, free: Quantity, largestFree: Quantity
  ) {
    self.resource = resource
    self.perPod = perPod
    self.requested = requested
    self.free = free
    self.largestFree = largestFree
  }
}

/// What the nodes of a cluster say to a pod.
public struct NodeHistogram: Sendable, Hashable {
  /// The pod.
  public var pod: ObjectName
  /// How many nodes there are.
  public var nodeCount: Int
  /// How many could take the pod on its own.
  public var available: Int
  /// Reasons with how many nodes have each, in order of their texts. A node may have several, one per resource.
  public var reasons: [Entry]
  /// What each of the nodes says, in byte order of their names.
  public var verdicts: [NodeVerdict] = []

  /// A reason and its count.
  public struct Entry: Sendable, Hashable {
    /// The reason.
    public var reason: FilterReason
    /// How many nodes have it.
    public var count: Int

    /// An entry.
    public init(reason: FilterReason, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// A histogram.
  public init(pod: ObjectName, nodeCount: Int, available: Int, reasons: [Entry]) {
    self.pod = pod
    self.nodeCount = nodeCount
    self.available = available
    self.reasons = reasons
  }

  /// The message of kube-scheduler: `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) were unschedulable.`
  ///
  /// The parts are sorted as texts, so that 13 comes before 7.
  public var message: String {
    let parts = reasons.map { "\($0.count) \($0.reason.text)" }.sorted(by: isByteOrdered)
    let end = parts.isEmpty ? "" : " " + parts.joined(separator: ", ") + "."
    return "\(available)/\(nodeCount) nodes are available:\(end)"
  }
}
