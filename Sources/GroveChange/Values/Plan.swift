public import GroveModel
public import KubernetesModel

/// What will happen when a change is applied: values only, to be printed, compared or decided on.
public struct Plan: Sendable, Equatable {
  /// The PodCliqueSets before and after, by namespace and name.
  public var sets: [SetPlan] = []
  /// Other objects that are applied, and what becomes of them.
  public var objects: [ObjectPlan] = []
  /// Manifests that the server refuses; the rest is planned as if they were not there (P-13).
  public var rejections: [PlanRejection] = []
  /// What the operator does on its own (P-14).
  public var operatorChanges: [OperatorChange] = []
  /// What a reader should know about the input: what is assumed, what could not be checked.
  public var notes: [String] = []

  /// A plan in which nothing happens.
  public init() {}

  /// Whether nothing but statuses changes.
  public var isEmpty: Bool {
    rejections.isEmpty && operatorChanges.isEmpty
      && sets.allSatisfy { $0.verdict == .unchanged && $0.causes.isEmpty && $0.changesNothing }
      && objects.allSatisfy { $0.verdict == .unchanged }
  }
}

/// What becomes of an object (P-7).
public enum PlanVerdict: String, Sendable, Equatable, CaseIterable {
  /// It is new.
  case created
  /// Its spec and its metadata stay; a status may change.
  case unchanged
  /// It changes in place.
  case updated
  /// Only its replicas change.
  case scaled
  /// It stays, and what is in it is replaced bit by bit.
  case rolling
  /// It is deleted, and another one of its name comes.
  case recreated
  /// It goes.
  case deleted
  /// The server refuses the change.
  case rejected
}

/// A manifest that the server refuses.
public struct PlanRejection: Sendable, Equatable {
  /// The object.
  public var object: ObjectKey
  /// Why, in the server's words.
  public var message: String
  /// Where the manifest is.
  public var location: SourceLocation?
  /// What would help.
  public var hint: String?

  /// A rejection.
  public init(object: ObjectKey, message: String, location: SourceLocation? = nil, hint: String? = nil) {
    self.object = object
    self.message = message
    self.location = location
    self.hint = hint
  }
}

/// Something that the operator does without any change of a manifest (P-14).
public struct OperatorChange: Sendable, Equatable {
  /// Why.
  public enum Reason: String, Sendable, Equatable {
    /// Hashes in the dump are not those of this version.
    case otherVersion
    /// Something was under way when the dump was taken.
    case underWay
    /// The configuration is another one.
    case configuration
    /// Pods that are made from now on have something that those before do not.
    case newPods
  }

  /// Why.
  public var reason: Reason
  /// The PodCliqueSet; nil for what concerns no set.
  public var set: ObjectName?
  /// What happens, in words.
  public var text: String
  /// The objects that are created, changed or deleted, in order.
  public var objects: [ObjectKey]
  /// How many pods restart.
  public var restarts: Int

  /// A change.
  public init(
    reason: Reason, set: ObjectName?, text: String, objects: [ObjectKey] = [], restarts: Int = 0
  ) {
    self.reason = reason
    self.set = set
    self.text = text
    self.objects = objects
    self.restarts = restarts
  }
}

/// What becomes of an object, with what there is to say about it.
public struct ObjectPlan: Sendable, Equatable {
  /// The object.
  public var key: ObjectKey
  /// What becomes of it.
  public var verdict: PlanVerdict
  /// The replicas before and after, where they change (P-3).
  public var scaled: (from: Int32, to: Int32)?
  /// `2 of 2 replicas`, `10 pods`; empty when there is nothing to say.
  public var detail: String
  /// The object before, without what only servers write; nil when there was none or it is unchanged.
  public var before: Value?
  /// The object after; nil when there is none or it is unchanged.
  public var after: Value?
  /// Whether the object is taken to be there although the dump does not show it.
  public var isAssumed: Bool

  /// Whether both say the same.
  public static func == (lhs: ObjectPlan, rhs: ObjectPlan) -> Bool {
    lhs.key == rhs.key && lhs.verdict == rhs.verdict && lhs.scaled?.from == rhs.scaled?.from
      && lhs.scaled?.to == rhs.scaled?.to && lhs.detail == rhs.detail && lhs.before == rhs.before
      && lhs.after == rhs.after && lhs.isAssumed == rhs.isAssumed
  }
}
