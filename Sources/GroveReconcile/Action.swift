public import GroveModel
public import KubernetesModel

/// An object to delete: by name, and only if it is still the one that was seen.
public struct ResourceReference: Sendable, Hashable {
  /// Kind, namespace and name.
  public var key: ObjectKey
  /// The uid the object must have; a different object of the same name is left alone.
  public var uid: String

  /// A reference to an object.
  public init(key: ObjectKey, uid: String) {
    self.key = key
    self.uid = uid
  }
}

/// An event to record about an object (reconcile.md §18).
public struct ObjectEvent: Sendable, Hashable {
  /// How it is meant.
  public enum Severity: String, Sendable, Hashable {
    /// All is well.
    case normal = "Normal"
    /// Something is wrong.
    case warning = "Warning"
  }

  /// The object it is about.
  public var subject: ObjectKey
  /// How it is meant.
  public var severity: Severity
  /// The reason, one CamelCase word.
  public var reason: String
  /// The message.
  public var message: String
  /// The component that reports it, such as `podcliqueset-controller`.
  public var source: String

  /// An event.
  public init(
    subject: ObjectKey, severity: Severity, reason: String, message: String, source: String
  ) {
    self.subject = subject
    self.severity = severity
    self.reason = reason
    self.message = message
    self.source = source
  }
}

/// One thing to do to the cluster.
public enum Action: Sendable, Equatable {
  /// Create an object. Pods come with `generateName` and no name.
  case create(Resource)
  /// Replace metadata and spec of an object; refused when it is no longer the one that was seen.
  case update(Resource, replacing: Resource)
  /// Replace the status of an object; refused when it is no longer the one that was seen.
  case updateStatus(Resource, replacing: Resource)
  /// Delete an object; its dependents follow by garbage collection.
  case delete(ResourceReference)
  /// Record an event.
  case record(ObjectEvent)
}

/// An action with the rule that asks for it and the reason in words.
public struct Step: Sendable, Equatable {
  /// What to do.
  public var action: Action
  /// The rule that asks for it.
  public var rule: RuleID
  /// Why, in words that a user understands.
  public var reason: String

  /// A step.
  public init(_ action: Action, rule: RuleID, reason: String) {
    self.action = action
    self.rule = rule
    self.reason = reason
  }
}

/// An error of a pass, as `status.lastErrors` tells it.
public struct ReconcileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The error code, such as `ERR_SYNC_ROLE`.
  public var code: String
  /// The operation, such as `Sync`.
  public var operation: String
  /// What was being done.
  public var message: String
  /// What went wrong with it.
  public var cause: String?
  /// What was being synchronised, such as `Role`; nil until the pass knows.
  public var component: String?

  /// An error.
  public init(
    code: String, operation: String, message: String, cause: String? = nil, component: String? = nil
  ) {
    self.code = code
    self.operation = operation
    self.message = message
    self.cause = cause
    self.component = component
  }

  /// The whole text: `failed to sync Role: [Operation: Sync, Code: ERR_SYNC_ROLE] message: …, cause: …`.
  public var description: String {
    var text = component.map { "failed to sync \($0): " } ?? ""
    text += "[Operation: \(operation), Code: \(code)] message: \(message)"
    if let cause { text += ", cause: \(cause)" }
    return text
  }
}

/// What one pass over one object comes to.
public struct Reconciliation: Sendable, Equatable {
  /// How the pass ended.
  public enum Outcome: Sendable, Equatable {
    /// Nothing is left to do until something changes.
    case settled
    /// Something has to happen first; the reason says what.
    case waiting(String)
    /// The pass failed and is to be retried with growing delays.
    case failed([ReconcileError])
  }

  /// What to do, in order. Every prefix leaves a state from which another pass converges.
  public var steps: [Step] = []
  /// When to look again although nothing changed, if ever.
  public var requeueAfter: Duration?
  /// How the pass ended.
  public var outcome: Outcome = .settled

  /// A pass, with nothing to do unless told otherwise.
  public init(steps: [Step] = [], requeueAfter: Duration? = nil, outcome: Outcome = .settled) {
    self.steps = steps
    self.requeueAfter = requeueAfter
    self.outcome = outcome
  }
}
