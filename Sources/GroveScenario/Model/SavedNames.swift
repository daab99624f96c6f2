// Which saved sets the parts of a scenario refer to, so that the reader can refuse names that nothing was saved under.

internal import GroveSimulate

extension ScenarioStep {
  /// The names of the saved sets that the step refers to.
  var savedNamesUsed: [String] {
    switch verb {
    case .delete(let selector, _): selector.savedNamesUsed
    case .deletePod(let pods, _), .killPod(let pods), .crashContainer(let pods, _, _), .setReady(let pods, _):
      pods.savedNamesUsed
    case .cordon(let nodes), .uncordon(let nodes), .failNode(let nodes), .recoverNode(let nodes):
      nodes.savedNamesUsed
    case .label(let nodes, _): nodes.savedNamesUsed
    case .save(_, .pods(let pods)?): pods.savedNamesUsed
    case .save(_, .objects(let objects)?): objects.savedNamesUsed
    case .save(_, .nodes(let nodes)?): nodes.savedNamesUsed
    case .expect(let assertions, _): assertions.flatMap(\.savedNamesUsed)
    case .watch(let invariants): invariants.flatMap(\.assertion.savedNamesUsed)
    default: []
    }
  }
}

extension PodSelector {
  var savedNamesUsed: [String] { [saved, notSaved].compactMap(\.self) + (nodes?.savedNamesUsed ?? []) }
}

extension NodeSelector {
  var savedNamesUsed: [String] {
    switch self {
    case .saved(let name): [name]
    case .of(let pods): pods.savedNamesUsed
    case .names, .range, .all, .labels: []
    }
  }
}

extension ObjectSelector {
  var savedNamesUsed: [String] { [saved, notSaved].compactMap(\.self) }
}

extension Assertion {
  /// The names of the saved sets that the assertion refers to.
  var savedNamesUsed: [String] {
    switch claim {
    case .pods(let pods, let checks): pods.savedNamesUsed + checks.flatMap(\.savedNamesUsed)
    case .objects(let objects, let checks): objects.savedNamesUsed + checks.flatMap(\.savedNamesUsed)
    case .object(_, let checks): checks.flatMap(\.savedNamesUsed)
    case .order(let order): order.first.savedNamesUsed + order.then.savedNamesUsed
    case .writes(let writes): [writes.since].compactMap(\.self)
    case .elapsed(let since, _): [since].compactMap(\.self)
    case .events, .podGroup, .replacing: []
    }
  }
}

extension Check {
  var savedNamesUsed: [String] {
    switch self {
    case .survivors(let name, _), .newcomers(let name, _): [name]
    case .onNodes(let nodes), .notOnNodes(let nodes): nodes.savedNamesUsed
    default: []
    }
  }
}
