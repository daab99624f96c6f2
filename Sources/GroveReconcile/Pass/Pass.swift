internal import GroveModel
internal import KubernetesModel

/// One pass over one object while it is being made: what is known, and the steps so far.
///
/// The observed state does not change during a pass: what a pass creates, the next one sees. An object that the
/// pass changes twice (finalizer, then status) is handed from step to step by its author.
struct Pass {
  let configuration: OperatorConfiguration
  let state: ObservedState
  let now: Timestamp
  /// The component that events of this pass name as their source (reconcile.md §18).
  let source: String
  private(set) var steps: [Step] = []

  init(configuration: OperatorConfiguration, state: ObservedState, now: Timestamp, source: String) {
    self.configuration = configuration
    self.state = state
    self.now = now
    self.source = source
  }

  /// Adds a step.
  mutating func add(_ action: Action, rule: RuleID, reason: String) {
    steps.append(Step(action, rule: rule, reason: reason))
  }

  /// Adds a write that the API may refuse.
  ///
  /// - Throws: when it did so in an earlier attempt at this pass.
  mutating func write(_ action: Action, rule: RuleID, reason: String) throws(WriteError) {
    for refusal in state.refusals where refusal.action.isSameWrite(as: action) {
      throw .refused(refusal.message)
    }
    add(action, rule: rule, reason: reason)
  }

  /// Adds the deletion of an object, unless it is under way already.
  mutating func delete(
    _ kind: ResourceKind, _ metadata: ObjectMeta, rule: RuleID, reason: String
  )
    throws(WriteError)
  {
    guard !metadata.isTerminating else { return }
    let key = ObjectKey(kind, namespace: metadata.namespace, name: metadata.name)
    try write(.delete(ResourceReference(key: key, uid: metadata.uid)), rule: rule, reason: reason)
  }

  /// Adds an event.
  mutating func record(
    _ severity: ObjectEvent.Severity = .normal, about subject: ObjectKey, reason: String, message: String,
    rule: RuleID
  ) {
    let event = ObjectEvent(
      subject: subject, severity: severity, reason: reason, message: message, source: source)
    steps.append(Step(.record(event), rule: rule, reason: message))
  }

  /// Creates an object, or changes the live one so that exactly what `mutate` sets is as wanted.
  ///
  /// - Parameters:
  ///   - wanted: the object's name and namespace, for creation.
  ///   - live: the observed object of that name.
  ///   - owner: the owner reference to write.
  ///   - family: the PodCliqueSet that a live object without controller must be labelled for to be adopted; nil
  ///     adopts any (B-R06).
  ///   - wrap: the case of ``Resource`` for the type.
  ///   - mutate: sets the wanted fields, on a fresh object or on the live one; the flag says whether it is fresh.
  /// - Returns: what was done.
  /// - Throws: when the live object belongs to someone else, or the API refused the write before.
  mutating func apply<Object: KubernetesObject>(
    named name: ObjectName, live: Object?, owner: OwnerReference, family: String? = nil,
    wrap: (Object) -> Resource, rule: RuleID, reason: @autoclosure () -> String,
    mutate: (inout Object, _ isNew: Bool) -> Void
  ) throws(WriteError) -> ApplyResult {
    guard let live else {
      var object = Object()
      object.metadata.name = name.name
      object.metadata.namespace = name.namespace
      mutate(&object, true)
      object.metadata.setController(owner)
      try write(.create(wrap(object)), rule: rule, reason: reason())
      return .created
    }
    try live.checkOwnership(by: owner, family: family)
    var object = live
    mutate(&object, false)
    object.metadata.setController(owner)
    if object == live { return .unchanged }
    try write(.update(wrap(object), replacing: wrap(live)), rule: rule, reason: reason())
    return .updated
  }
}

/// What ``Pass/apply(named:live:owner:wrap:rule:reason:mutate:)`` did.
enum ApplyResult: Sendable, Equatable {
  case created
  case updated
  case unchanged
}

/// How a component of a pass ended.
enum ComponentOutcome: Sendable, Equatable {
  /// Done.
  case done
  /// Go on with the other components, and look again later.
  case `continue`(String)
  /// Stop here, and look again later.
  case later(String)
  /// Something went wrong.
  case failed([ReconcileError])
}

/// The fixed delay of every "try again later" outcome.
let retryDelay = Duration.seconds(5)

extension ObjectMeta {
  /// Writes the controlling owner reference, in the place of one to the same object if there is one.
  mutating func setController(_ owner: OwnerReference) {
    if let index = ownerReferences.firstIndex(where: { $0.uid == owner.uid }) {
      if ownerReferences[index] != owner { ownerReferences[index] = owner }
    } else {
      ownerReferences.append(owner)
    }
  }
}

extension OwnerReference {
  /// The reference that children of an object carry.
  init(controller object: some KubernetesObject) {
    self.init(
      apiVersion: type(of: object).apiVersion, kind: type(of: object).kind, name: object.metadata.name,
      uid: object.metadata.uid, controller: true, blockOwnerDeletion: true)
  }
}

extension [Condition] {
  /// The condition of a type.
  subscript(type: String) -> Condition? { first { $0.type == type } }

  /// Whether the condition of a type has the given status.
  func has(_ type: String, status: String) -> Bool { contains { $0.type == type && $0.status == status } }

  /// Sets a condition: written only if status, reason or message differ; the transition time moves only with the
  /// status; a new one goes last.
  mutating func set(
    _ type: String, status: String, reason: String, message: String, now: Timestamp,
    observedGeneration: Int64 = 0
  ) {
    guard let index = firstIndex(where: { $0.type == type }) else {
      append(
        Condition(
          lastTransitionTime: now, message: message, observedGeneration: observedGeneration, reason: reason,
          status: status, type: type))
      return
    }
    let old = self[index]
    if old.status == status, old.reason == reason, old.message == message { return }
    self[index].message = message
    self[index].reason = reason
    self[index].observedGeneration = observedGeneration
    if old.status != status {
      self[index].status = status
      self[index].lastTransitionTime = now
    }
  }
}
