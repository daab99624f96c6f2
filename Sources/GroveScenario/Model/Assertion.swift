public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// Something that is to be so.
public struct Assertion: Sendable, Equatable {
  /// What the assertion is about, and what is to be so.
  public enum Claim: Sendable, Equatable {
    /// Pods.
    case pods(PodSelector, [Check])
    /// Objects of one kind.
    case objects(ObjectSelector, [Check])
    /// One object; it must be there for its checks to hold.
    case object(ObjectKey, [Check])
    /// Events.
    case events(EventSelector, [EventCheck])
    /// The KAI PodGroup of a PodGang.
    case podGroup(ObjectName, PodGroupCheck)
    /// How much is being replaced at once.
    case replacing(ReplacementCheck)
    /// Which pods become Ready before which.
    case order(OrderCheck)
    /// What the operator wrote.
    case writes(WriteCheck)
    /// How much virtual time has passed.
    case elapsed(since: String?, atMost: Duration)
  }

  /// What is to be so.
  public var claim: Claim
  /// What the author calls it.
  public var name: String?
  /// Where it is written.
  public var location: SourceLocation?

  /// An assertion.
  public init(_ claim: Claim, name: String? = nil, location: SourceLocation? = nil) {
    self.claim = claim
    self.name = name
    self.location = location
  }
}

/// Something that is to be so for some objects.
public enum Check: Sendable, Equatable {
  /// There are so many of them.
  case count(CountCheck)
  /// So many pods are in a state.
  case state(PodState, CountCheck)
  /// They are exactly these.
  case names([String])
  /// No two pods are on the same node; all of them are bound.
  case distinctNodes
  /// All pods are on one node; all of them are bound.
  case sameNode
  /// All pods are on nodes with the same value of a label, which all of those nodes have.
  case sameDomain(String)
  /// All pods are on these nodes.
  case onNodes(NodeSelector)
  /// No pod is on these nodes.
  case notOnNodes(NodeSelector)
  /// So many of the objects saved under a name are still there, by uid.
  case survivors(String, CountCheck?)
  /// So many of them were not there when a set was saved.
  case newcomers(String, CountCheck)
  /// Each one's field is as asked.
  case field(ValuePath, ValueCheck)
  /// Each one has a condition.
  case condition(ConditionCheck)
  /// Each one has exactly these owners, which exist under the uids that the references give.
  case owners([ObjectKey])
  /// Whether the object is there.
  case exists(Bool)
}

/// A state that pods are counted by.
public enum PodState: String, Sendable, Hashable, CaseIterable {
  /// Phase Pending.
  case pending
  /// Phase Running.
  case running
  /// Phase Succeeded.
  case succeeded
  /// Phase Failed.
  case failed
  /// Ready.
  case ready
  /// Not Ready.
  case notReady
  /// With scheduling gates.
  case gated
  /// Bound to a node.
  case bound
  /// Pending, not bound, and told so: the condition PodScheduled is False with reason Unschedulable, and the last
  /// event about the pod says the same.
  case unschedulable
  /// Being deleted.
  case terminating
}

/// A condition that an object is to have.
public struct ConditionCheck: Sendable, Equatable {
  /// The type.
  public var type: String
  /// The status; any unless given.
  public var status: String?
  /// The reason; any unless given.
  public var reason: String?
  /// What the message contains; anything unless given.
  public var message: String?
}

/// Something that is to be so for some events.
public enum EventCheck: Sendable, Equatable {
  /// There are so many different ones.
  case count(CountCheck)
  /// Their reasons, in the order in which each was first reported, are exactly these.
  case reasons([String])
  /// These reasons were reported in this order, others perhaps between them.
  case inOrder([String])
}

/// What the KAI PodGroup of a gang is to look like.
public struct PodGroupCheck: Sendable, Equatable {
  /// A subgroup.
  public struct SubGroup: Sendable, Equatable {
    /// The name, with the prefix.
    public var name: String
    /// The fewest members.
    public var minMember: Int
    /// The parent's name, with the prefix; nil for none.
    public var parent: String?
    /// The topology level that is required; nil for none.
    public var required: String?
    /// The topology level that is preferred; nil for none.
    public var preferred: String?
  }

  /// The topology level that the whole gang requires; nil for none.
  public var required: String?
  /// The topology level that the whole gang prefers; nil for none.
  public var preferred: String?
  /// All subgroups, in any order; nil when they do not matter.
  public var subGroups: [SubGroup]?
}

/// How much of a workload may be replaced at once.
///
/// A pod is being replaced from the moment it is deleted, or stops being Ready under deletion, until a pod of the same
/// host name is Ready. A scaled-in pod is not replaced, so what a PodClique is short of bounds what counts.
public struct ReplacementCheck: Sendable, Equatable {
  /// What is counted.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// Pods.
    case pod
    /// PodCliques.
    case clique
    /// Replicas of scaling groups.
    case groupReplica
    /// Replicas of PodCliqueSets.
    case replica
  }

  /// The PodCliqueSet.
  public var podCliqueSet: NamePattern
  /// What is counted.
  public var unit: Unit
  /// Within each of what; nil for the whole workload.
  public var each: Unit?
  /// Whether pods of scaling groups count: all, only those, or none.
  public var isGrouped: Bool?
  /// How many there may be at once.
  public var count: CountCheck
}

/// Which pods become Ready before which.
public struct OrderCheck: Sendable, Equatable {
  /// Those that are to be first.
  public var first: PodSelector
  /// How many of them; all unless given.
  public var count: Int?
  /// Those that are to be Ready only after that.
  public var then: PodSelector
}

/// What the operator wrote.
public struct WriteCheck: Sendable, Equatable {
  /// Since when: the name of a saved set; from the beginning unless given.
  public var since: String?
  /// The kinds of objects that count; all unless given.
  public var kinds: [ResourceKind] = []
  /// The verbs that count: `create`, `update`, `updateStatus`, `delete`; all unless given.
  public var verbs: [String] = []
  /// How many.
  public var count: CountCheck
}
