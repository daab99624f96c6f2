internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioRun {
  mutating func carryOut(_ step: ScenarioStep) {
    let rejection = step.rejection
    switch step.verb {
    case .apply(let resources):
      for resource in resources { apply(resource, rejection) }
    case .patch(let key, let edits): patch(key, edits, rejection)
    case .scale(let keys, let replicas):
      for key in keys { perform(.scale(key, replicas: replicas), rejection) }
    case .autoscale(let name, let replicas): perform(.autoscale(name, desired: replicas), rejection)
    case .delete(let selector, let deletion):
      let keys = facts.objects(selector).map(\.key)
      if keys.isEmpty { return fail("there is no \(selector.words) to delete", nil, nil) }
      for key in keys { delete(key, deletion, rejection) }
    case .deletePod(let selector, let deletion):
      forEach(selector) { run, name in
        run.delete(ObjectKey(.pod, namespace: name.namespace, name: name.name), deletion, rejection)
      }
    case .cordon(let nodes): forEach(nodes) { $0.perform(.cordon($1), rejection) }
    case .uncordon(let nodes): forEach(nodes) { $0.perform(.uncordon($1), rejection) }
    case .label(let nodes, let edits): label(nodes, edits, rejection)
    case .failNode(let nodes): forEach(nodes) { $0.perform(.failNode($1), nil) }
    case .recoverNode(let nodes): forEach(nodes) { $0.perform(.recoverNode($1), nil) }
    case .killPod(let pods): forEach(pods) { $0.perform(.killPod($1), nil) }
    case .crashContainer(let pods, let container, let code):
      forEach(pods) { $0.perform(.crashContainer(pod: $1, container: container, exitCode: code), nil) }
    case .setReady(let pods, let ready): forEach(pods) { $0.perform(.setReady(pod: $1, ready), nil) }
    case .wait(let length): run(for: length)
    case .settle: settle()
    case .save(let name, let subject): facts.saved[name] = facts.remembering(subject)
    case .expect(let assertions, let patience): expect(assertions, patience)
    case .watch(let new): watch(new)
    case .unwatch(let names):
      invariants.removeAll { names.isEmpty || names.contains($0.assertion.name ?? "") }
    case .restartOperator: world.take(.restart)
    case .resync: world.take(.resync)
    }
    catchUp()
  }

  private mutating func expect(_ assertions: [Assertion], _ patience: Patience) {
    switch patience {
    case .settled:
      settle()
      if failures.isEmpty { check(assertions) }
    case .now: check(assertions)
    case .within(let limit): wait(for: assertions, atMost: limit)
    case .throughout(let length):
      check(assertions)
      guard failures.isEmpty else { return }
      throughout = assertions
      run(for: length)
      throughout = []
      if failures.isEmpty { check(assertions) }
    }
  }

  private mutating func watch(_ new: [Invariant]) {
    for invariant in new {
      checks += 1
      let objections = facts.objections(to: invariant.assertion)
      if objections.isEmpty != invariant.isForbidden { continue }
      let objection = objections.first ?? Objection(expected: "this never to be so", observed: "it is")
      fail(
        "\(invariant.isForbidden ? "never" : "always") \(invariant.assertion.words)", objection,
        invariant.assertion)
    }
    invariants += new
  }

  // MARK: Requests

  /// A node joins: its kubelet reports what it offers, which users do not.
  mutating func join(_ node: Node) {
    do throws(APIError) {
      try world.write { server throws(APIError) in
        try server.create(.node(node))
        guard case .node(var stored)? = server[Resource.node(node).key] else { return }
        stored.status = node.status
        try server.updateStatus(.node(stored))
      }
    } catch {
      fail("node \(node.metadata.name) cannot join: \(error)", nil, nil)
    }
  }

  mutating func apply(_ resource: Resource, _ rejection: [String]?) {
    if case .node(let node) = resource, world.server[resource.key] == nil, rejection == nil {
      join(node)
    } else {
      perform(.apply(resource), rejection)
    }
  }

  private mutating func patch(_ key: ObjectKey, _ edits: [ScenarioEdit], _ rejection: [String]?) {
    guard let live = world.server[key] else {
      answer(.notFound(key), to: "patch of \(key)", rejection)
      return
    }
    do throws(ValuePathError) {
      let before = live.value
      let after = try edits.map { facts.substituting(in: $0) }.applied(to: before)
      perform(.patch(key, before.mergePatch(to: after)), rejection)
    } catch {
      fail("patch of \(key): \(error)", nil, nil)
    }
  }

  private mutating func delete(_ key: ObjectKey, _ deletion: Deletion, _ rejection: [String]?) {
    let propagation: ClusterAction.Propagation =
      switch deletion.dependents {
      case .background: .background
      case .foreground: .foreground
      case .orphan: .orphan
      }
    perform(
      .delete(key, propagation: propagation, gracePeriodSeconds: deletion.gracePeriod?.wholeSeconds),
      rejection)
  }

  /// Performs an action that is to succeed, or to be refused with certain words.
  mutating func perform(_ action: ClusterAction, _ rejection: [String]?) {
    do throws(APIError) {
      try world.perform(action)
      guard let rejection else { return }
      fail(
        action.words, Objection(expected: "a refusal\(Self.words(rejection))", observed: "it was accepted"),
        nil)
    } catch {
      answer(error, to: action.words, rejection)
    }
  }

  private mutating func answer(_ error: APIError, to request: String, _ rejection: [String]?) {
    let message = "\(error)"
    guard let rejection else {
      return fail(request, Objection(expected: "it to be accepted", observed: "refused: \(message)"), nil)
    }
    if rejection.allSatisfy({ message.contains($0) }) { return }
    fail(
      request, Objection(expected: "a refusal\(Self.words(rejection))", observed: "refused: \(message)"), nil)
  }

  private static func words(_ rejection: [String]) -> String {
    rejection.isEmpty ? "" : " that says " + rejection.map { "\"\($0)\"" }.joined(separator: " and ")
  }

  private mutating func forEach(_ selector: PodSelector, _ body: (inout ScenarioRun, ObjectName) -> Void) {
    let names = facts.pods(selector).map { ObjectName($0.metadata) }
    if names.isEmpty || selector.first.map({ $0 > names.count }) == true {
      return fail("there are \(names.count) \(selector.words)", nil, nil)
    }
    for name in names { body(&self, name) }
  }

  mutating func forEach(_ selector: NodeSelector, _ body: (inout ScenarioRun, String) -> Void) {
    let names = facts.nodes(selector)
    if names.isEmpty { return fail("there are no nodes \(selector.words)", nil, nil) }
    if case .range(_, let to) = selector, to > facts.workers.count {
      return fail("there are only \(facts.workers.count) schedulable nodes, not \(to)", nil, nil)
    }
    for name in names { body(&self, name) }
  }
}

extension ScenarioFacts {
  /// An edit with `$(name.node)` and `$(name.name)` in its texts replaced by what was saved under the name.
  fileprivate func substituting(in edit: ScenarioEdit) -> ScenarioEdit {
    switch edit {
    case .set(let path, let value): .set(path, value.map { substituting(in: $0) })
    case .merge(let value): .merge(substituting(in: value))
    }
  }

  private func substituting(in value: Value) -> Value {
    switch value.kind {
    case .array: .array(value.elements.map { substituting(in: $0) })
    case .object: .object(value.members.map { ($0.name, substituting(in: $0.value)) })
    case .string: value.stringValue.map { .string(substituting(in: $0)) } ?? value
    case .null, .boolean, .integer, .float, .key: value
    }
  }

  private func substituting(in text: String) -> String {
    guard text.contains("$(") else { return text }
    var text = text
    for name in saved.keys.sorted(by: utf8Precedes) {
      guard let set = saved[name] else { continue }
      if let node = set.nodes.first { text = text.replacing("$(\(name).node)", with: node) }
      if let member = set.members.first { text = text.replacing("$(\(name).name)", with: member.name) }
    }
    return text
  }
}

extension Value {
  /// The JSON merge patch (RFC 7386) that makes another value of this one.
  func mergePatch(to other: Value) -> Value {
    guard kind == .object, other.kind == .object else { return other }
    var patch: [(String, Value)] = []
    for (name, value) in other.members {
      if let old = self[name] {
        if old != value { patch.append((name, old.mergePatch(to: value))) }
      } else if !value.isNull {
        patch.append((name, value))
      }
    }
    for (name, _) in members where other[name] == nil { patch.append((name, .null)) }
    return .object(patch)
  }
}
