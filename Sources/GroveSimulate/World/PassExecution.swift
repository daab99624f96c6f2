internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// Makes one pass and carries out its steps.
///
/// Within a pass, an object may be changed twice; the second change carries on from the first, so the resource
/// versions of the pass' own writes are handed from step to step. What the API server refuses for good is told to
/// the reconciler, which then decides the pass again and says in status and events what failed.
struct PassExecution {
  /// What was written.
  private(set) var writes: [AppliedWrite] = []
  /// What the API server refused.
  private(set) var refusals: [APIError] = []
  /// When to look again although nothing changed, if ever.
  private(set) var requeueAfter: Duration?
  /// Whether the pass is to be retried with growing delays.
  private(set) var failed = false
  /// Whether the operator's process ended in the middle.
  private(set) var crashed = false
  /// Whether a write was carried out of which the operator does not know.
  private(set) var lostReply = false

  private let key: ObjectKey
  private let fault: Fault?
  /// How many writes were tried.
  private var attempts = 0
  private var versions: [ObjectKey: String] = [:]
  /// The pod that the last step created: events about it are waiting for its name.
  private var lastPod: (generateName: String, name: String)?

  /// Makes a pass.
  ///
  /// - Parameters:
  ///   - key: the object it is about.
  ///   - reconciler: the operator.
  ///   - observed: what the operator sees; nil for what is.
  ///   - server: where it writes.
  ///   - fault: what goes wrong.
  static func run(
    _ key: ObjectKey, reconciler: Reconciler, observed: ObservedState?, server: inout APIServer, fault: Fault?
  ) -> PassExecution {
    var execution = PassExecution(key: key, fault: fault)
    var refused: [Refusal] = []
    while true {
      let decision = reconciler.reconcile(
        key, observed: observed ?? server.objects, now: server.now, refusals: refused)
      execution.requeueAfter = decision.requeueAfter
      if case .failed = decision.outcome { execution.failed = true }
      guard let (action, error) = execution.carryOut(decision.steps, on: &server) else { return execution }
      if execution.crashed { return execution }
      execution.refusals.append(error)
      // Read again and retry, or give up on a pass that insists.
      if error.isRetryable || refused.contains(where: { $0.action == action }) {
        execution.failed = true
        return execution
      }
      refused.append(Refusal(action, message: error.description))
    }
  }

  private init(key: ObjectKey, fault: Fault?) {
    self.key = key
    self.fault = fault
  }

  /// Carries out steps until one is refused.
  ///
  /// - Returns: the action that was refused, and why; nil when all were carried out.
  private mutating func carryOut(_ steps: [Step], on server: inout APIServer) -> (Action, APIError)? {
    for step in steps {
      do throws(APIError) {
        if fault == nil { try carryOut(step, on: &server) } else { try stumble(over: step, on: &server) }
      } catch {
        return (step.action, error)
      }
    }
    return nil
  }

  /// Carries out a step, unless it is the one at which something goes wrong.
  private mutating func stumble(over step: Step, on server: inout APIServer) throws(APIError) {
    if case .record = step.action { return try carryOut(step, on: &server) }
    attempts += 1
    switch fault {
    case .crash(let count) where attempts > count:
      crashed = true
      throw .conflict(key)
    case .lostReply(attempts):
      try carryOut(step, on: &server)
      lostReply = true
      throw .conflict(key)
    case .conflict(attempts): throw .conflict(key)
    default: try carryOut(step, on: &server)
    }
  }

  private mutating func carryOut(_ step: Step, on server: inout APIServer) throws(APIError) {
    let before = server.version
    switch step.action {
    case .create(let resource):
      let created = try server.create(resource)
      if case .pod(let pod) = created {
        lastPod = (pod.metadata.generateName, pod.metadata.name)
      } else {
        versions[created.key] = created.metadata.resourceVersion
      }
      note(.create, created.key, step, server)
    case .update(let resource, replacing: _):
      let updated = try server.update(threaded(resource))
      versions[updated.key] = updated.metadata.resourceVersion
      if server.version != before { note(.update, updated.key, step, server) }
    case .updateStatus(let resource, replacing: _):
      let updated = try server.updateStatus(threaded(resource))
      versions[updated.key] = updated.metadata.resourceVersion
      if server.version != before { note(.updateStatus, updated.key, step, server) }
    case .delete(let reference):
      do throws(APIError) {
        try server.delete(reference.key, uid: reference.uid)
      } catch {
        // It is gone, or another object has taken its place: what was to be deleted is not there.
        switch error {
        case .notFound, .wrongIdentity: return
        default: throw error
        }
      }
      if server.version != before { note(.delete, reference.key, step, server) }
    case .record(var event):
      if let pod = lastPod, event.message.hasSuffix(pod.generateName) {
        event.message = event.message.dropLast(pod.generateName.count) + pod.name
      }
      server.record(event)
    }
  }

  /// The object with the resource version that this pass' own writes left it with.
  private func threaded(_ resource: Resource) -> Resource {
    guard let version = versions[resource.key] else { return resource }
    return resource.withMetadata {
      $0.resourceVersion = version
      // An object that the pass itself created is changed under the uid it got.
      if $0.creationTimestamp == nil { $0.uid = "" }
    }
  }

  private mutating func note(
    _ verb: AppliedWrite.Verb, _ object: ObjectKey, _ step: Step, _ server: APIServer
  ) {
    writes.append(
      AppliedWrite(
        verb: verb, object: object, pass: key, rule: step.rule, reason: step.reason, time: server.now))
  }
}
