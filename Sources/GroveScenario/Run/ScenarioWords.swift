internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

// Parts of scenarios in words, for titles of steps and for failures.

extension ScenarioStep.Verb {
  /// What the step does.
  var words: String {
    switch self {
    case .apply(let resources):
      "apply " + Self.list(resources.map { "\($0.kind.rawValue) \($0.metadata.name)" })
    case .patch(let key, let edits):
      "patch \(key.kind.rawValue) \(key.name)"
        + (edits.compactMap(\.path).first.map { ": \($0)" } ?? "")
    case .scale(let keys, let replicas): "scale \(Self.list(keys.map(\.name))) to \(replicas)"
    case .autoscale(let name, let replicas): "autoscaler \(name.name) wants \(replicas)"
    case .delete(let selector, _): "delete \(selector.words)"
    case .deletePod(let pods, _): "delete \(pods.words)"
    case .cordon(let nodes): "cordon nodes \(nodes.words)"
    case .uncordon(let nodes): "uncordon nodes \(nodes.words)"
    case .label(let nodes, let edits): "label nodes \(nodes.words): \(Self.list(edits.map(\.key)))"
    case .failNode(let nodes): "nodes \(nodes.words) die"
    case .recoverNode(let nodes): "nodes \(nodes.words) come back"
    case .killPod(let pods): "kill \(pods.words)"
    case .crashContainer(let pods, let container, let code):
      "\(container.map { "container \($0)" } ?? "a container") of \(pods.words) exits with \(code)"
    case .setReady(let pods, let ready): "probes of \(pods.words) \(ready ? "pass" : "fail")"
    case .wait(let length): "wait \(length)"
    case .settle: "come to rest"
    case .save(let name, _): "remember \(name)"
    case .expect(let assertions, let patience):
      "expect \(Self.list(assertions.map(\.title)))" + Self.words(patience)
    case .watch(let invariants): "watch \(Self.list(invariants.map(\.assertion.words)))"
    case .unwatch(let names): "watch no more" + (names.isEmpty ? "" : " \(Self.list(names))")
    case .restartOperator: "the operator restarts"
    case .resync: "the operator looks at everything"
    }
  }

  private static func words(_ patience: Patience) -> String {
    switch patience {
    case .settled, .now: ""
    case .within(let limit): ", within \(limit)"
    case .throughout(let length): ", for \(length)"
    }
  }

  private static func list(_ texts: [String]) -> String {
    let shown = texts.prefix(3).joined(separator: ", ")
    return texts.count > 3 ? "\(shown) and \(texts.count - 3) more" : shown
  }
}

extension ScenarioEdit {
  fileprivate var path: ValuePath? { if case .set(let path, _) = self { path } else { nil } }
}

extension ClusterAction {
  /// What is asked of the API server.
  var words: String {
    switch self {
    case .apply(let resource): "apply \(resource.key)"
    case .patch(let key, _): "patch \(key)"
    case .scale(let key, let replicas): "scale \(key) to \(replicas)"
    case .autoscale(let name, let desired): "autoscale \(name) to \(desired)"
    case .delete(let key, _, _): "delete \(key)"
    case .cordon(let node): "cordon \(node)"
    case .uncordon(let node): "uncordon \(node)"
    case .failNode(let node): "fail \(node)"
    case .recoverNode(let node): "recover \(node)"
    case .killPod(let pod): "kill \(pod)"
    case .crashContainer(let pod, let container, _): "crash \(container ?? "a container") of \(pod)"
    case .setReady(let pod, let ready): "set \(pod) \(ready ? "ready" : "not ready")"
    }
  }
}

extension Assertion {
  /// What the author calls the assertion, or what it is about.
  var words: String {
    if let name { return name }
    switch claim {
    case .pods(let pods, _): return pods.words
    case .objects(let objects, _): return objects.words
    case .object(let key, _): return "\(key.kind.rawValue) \(key.name)"
    case .events(let events, _): return events.words
    case .podGroup(let gang, _): return "PodGroup of gang \(gang.name)"
    case .replacing(let check): return "replacements of \(check.podCliqueSet)"
    case .order(let order): return "\(order.first.words) before \(order.then.words)"
    case .writes: return "writes of the operator"
    case .elapsed: return "virtual time"
    }
  }
}

extension Assertion {
  /// What the assertion is about and, in short, what is to be so: `pods of simple1 (9 in all, 9 ready)`.
  var title: String {
    let checks: [Check] =
      switch claim {
      case .pods(_, let checks), .objects(_, let checks), .object(_, let checks): checks
      default: []
      }
    let short = checks.compactMap(\.short)
    return short.isEmpty || name != nil ? words : "\(words) (\(short.joined(separator: ", ")))"
  }
}

extension Check {
  /// The check in few words; nil when they would be many.
  fileprivate var short: String? {
    switch self {
    case .count(let count): "\(count.short) in all"
    case .state(let state, let count): "\(count.short) \(state == .notReady ? "not ready" : state.rawValue)"
    case .survivors(let name, let count): "\(count?.short ?? "all") left of \(name)"
    case .newcomers(let name, let count): "\(count.short) new since \(name)"
    case .exists(let wanted): wanted ? "there" : "not there"
    case .distinctNodes: "on distinct nodes"
    case .sameNode: "on one node"
    case .sameDomain(let key): "in one \(key)"
    case .condition(let condition):
      condition.type + ([condition.status, condition.reason].compactMap(\.self).first.map { " \($0)" } ?? "")
    case .names, .onNodes, .notOnNodes, .field, .owners: nil
    }
  }
}

extension CountCheck {
  /// The check as scenario files write it.
  fileprivate var short: String {
    switch (least, most) {
    case (let least?, let most?): least == most ? "\(least)" : "\(least)..\(most)"
    case (let least?, nil): ">= \(least)"
    case (nil, let most?): "<= \(most)"
    case (nil, nil): "any"
    }
  }
}

extension PodSelector {
  /// The pods in words: `ready pods of clique simple1-0-pca`.
  var words: String {
    var text = isReady.map { $0 ? "ready pods" : "pods that are not ready" } ?? "pods"
    if !names.isEmpty { text += " " + names.map(\.description).joined(separator: ", ") }
    if let podClique { text += " of clique \(podClique)" }
    if let scalingGroup { text += " of group \(scalingGroup)" }
    if let groupReplica { text += " replica \(groupReplica)" }
    if let podGang { text += " of gang \(podGang)" }
    if let podCliqueSet { text += " of \(podCliqueSet)" }
    if let replica { text += " replica \(replica)" }
    if let labels { text += " with \(labels.words)" }
    if let saved { text += " in \(saved)" }
    if let notSaved { text += " not in \(notSaved)" }
    return text
  }
}

extension ObjectSelector {
  /// The objects in words.
  var words: String {
    var text = kind.rawValue
    if !names.isEmpty { text += " " + names.map(\.description).joined(separator: ", ") }
    if let podCliqueSet { text += " of \(podCliqueSet)" }
    if let replica { text += " replica \(replica)" }
    if let labels { text += " with \(labels.words)" }
    if let saved { text += " in \(saved)" }
    if let notSaved { text += " not in \(notSaved)" }
    return text
  }
}

extension NodeSelector {
  /// The nodes in words.
  var words: String {
    switch self {
    case .names(let names): names.map(\.description).joined(separator: ", ")
    case .range(let from, let to): "\(from)..\(to)"
    case .all: "of the cluster"
    case .labels(let labels): "with \(labels.words)"
    case .of(let pods): "of \(pods.words)"
    case .saved(let name): "saved as \(name)"
    }
  }
}

extension EventSelector {
  /// The events in words.
  var words: String {
    var text = "events"
    if let kind { text += " about \(kind.rawValue)" }
    if let name { text += " \(name)" }
    if let reason { text += " with reason \(reason)" }
    return text
  }
}

extension LabelSelector {
  fileprivate var words: String {
    let labels = matchLabels.map { "\($0.key)=\($0.value)" }
    let expressions = matchExpressions.map { "\($0.key) \($0.operator) \($0.values.joined(separator: ","))" }
    return (labels + expressions).joined(separator: ",")
  }
}
