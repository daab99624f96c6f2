internal import GroveModel
public import GroveReconcile
internal import KubernetesModel

extension ClusterCommand {
  /// What the command comes to in a cluster: nothing for `apply -f` and `delete -f`, whose files the caller reads, and
  /// for `wait`.
  ///
  /// - Parameter state: the objects of the cluster.
  /// - Throws: ``ClusterCommandError`` when something it names is not there.
  public func actions(in state: ObservedState) throws(ClusterCommandError) -> [ClusterAction] {
    switch verb {
    case .apply, .deleteFiles, .wait: return []
    case .delete(let targets, let propagation, let grace):
      return try Self.each(targets, in: state) {
        .delete($0, propagation: propagation, gracePeriodSeconds: grace)
      }
    case .scale(let targets, let replicas):
      return try Self.each(targets, in: state) { .scale($0, replicas: replicas) }
    case .autoscale(let targets, let desired):
      return try Self.each(targets, in: state) { .autoscale($0.objectName, desired: desired) }
    case .cordon(let nodes, let isCordoned):
      return try Self.each(nodes, in: state) { isCordoned ? .cordon($0.name) : .uncordon($0.name) }
    case .drain(let nodes): return try Self.drain(nodes, in: state)
    case .nodeFailure(let nodes, let fails):
      return try Self.each(nodes, in: state) { fails ? .failNode($0.name) : .recoverNode($0.name) }
    case .killPod(let pods): return try Self.each(pods, in: state) { .killPod($0.objectName) }
    case .crash(let pod, let container, let exitCode):
      return try Self.each([pod], in: state) {
        .crashContainer(pod: $0.objectName, container: container, exitCode: exitCode)
      }
    case .setReady(let pod, let isReady):
      return try Self.each([pod], in: state) { .setReady(pod: $0.objectName, isReady) }
    case .setImages(let target, let changes), .setEnvironment(let target, let changes):
      return try Self.templatePatch(target, changes, in: state)
    case .patch(let targets, let patch): return try Self.each(targets, in: state) { .patch($0, patch) }
    }
  }

  private static func each(
    _ targets: [Target], in state: ObservedState, _ action: (ObjectKey) -> ClusterAction
  ) throws(ClusterCommandError) -> [ClusterAction] {
    var actions: [ClusterAction] = []
    for target in targets { actions += try keys(target, in: state).map(action) }
    return actions
  }

  /// The objects that a target means, in order of their names.
  private static func keys(
    _ target: Target, in state: ObservedState
  ) throws(ClusterCommandError) -> [ObjectKey] {
    guard let name = target.name else {
      return state.resources(of: target.kind).filter {
        $0.metadata.namespace == target.namespace && target.selector?.matches($0.metadata.labels) ?? true
      }.map(\.key)
    }
    let key = ObjectKey(target.kind, namespace: target.namespace, name: name)
    if state[key] != nil { return [key] }
    if target.kind == .pod, let pod = pod(hostname: name, in: target.namespace, of: state) { return [pod] }
    let names = state.resources(of: target.kind).map(\.metadata.name)
    let hint = NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    throw ClusterCommandError("\(target.kind.qualifiedResource) \"\(name)\" not found\(hint)")
  }

  /// The pod with a host name; of several the one that is not being deleted.
  private static func pod(
    hostname: String, in namespace: String, of state: ObservedState
  ) -> ObjectKey? {
    var found: Pod?
    for case .pod(let pod) in state.resources(of: .pod)
    where pod.metadata.namespace == namespace && pod.$spec.wrappedValue.hostname == hostname {
      if found == nil || pod.metadata.deletionTimestamp == nil { found = pod }
    }
    return found.map { ObjectKey(.pod, namespace: namespace, name: $0.metadata.name) }
  }

  private static func drain(
    _ nodes: [Target], in state: ObservedState
  ) throws(ClusterCommandError) -> [ClusterAction] {
    var actions: [ClusterAction] = []
    for node in nodes {
      for key in try keys(node, in: state) {
        actions.append(.cordon(key.name))
        for case .pod(let pod) in state.resources(of: .pod)
        where pod.$spec.wrappedValue.nodeName == key.name && pod.metadata.deletionTimestamp == nil {
          actions.append(.delete(Resource.pod(pod).key))
        }
      }
    }
    return actions
  }

  // MARK: Templates

  private static func templatePatch(
    _ target: Target, _ changes: [TemplateChange], in state: ObservedState
  ) throws(ClusterCommandError) -> [ClusterAction] {
    var actions: [ClusterAction] = []
    for key in try keys(target, in: state) {
      guard case .podCliqueSet(var set)? = state[key] else { continue }
      for change in changes {
        var matches = 0
        for index in set.spec.template.cliques.indices
        where change.clique == nil || set.spec.template.cliques[index].name == change.clique {
          matches += set.spec.template.cliques[index].spec.podSpec.apply(change)
        }
        guard matches > 0 else {
          let place = [change.clique, change.container].compactMap { $0 }.joined(separator: "/")
          let known = set.spec.template.cliques.map(\.name).joined(separator: ", ")
          throw ClusterCommandError("\(key.name) has no container at '\(place)'; its cliques are \(known)")
        }
      }
      let cliques = Value.array(set.spec.template.cliques.map { Value(encoding: $0) })
      actions.append(
        .patch(key, .object(["spec": .object(["template": .object(["cliques": cliques])])])))
    }
    return actions
  }
}

extension PodSpec {
  /// Changes the containers that a change is about.
  ///
  /// - Returns: how many that were.
  fileprivate mutating func apply(_ change: ClusterCommand.TemplateChange) -> Int {
    var matches = 0
    for index in containers.indices
    where change.container == nil || containers[index].name == change.container {
      containers[index].apply(change)
      matches += 1
    }
    // Init containers are meant only when they are named, or everything is.
    for index in initContainers.indices
    where initContainers[index].name == change.container
      || (change.container == nil && change.clique == nil && change.variable == nil)
    {
      initContainers[index].apply(change)
      matches += 1
    }
    return matches
  }
}

extension Container {
  fileprivate mutating func apply(_ change: ClusterCommand.TemplateChange) {
    guard let variable = change.variable else {
      image = change.value ?? ""
      return
    }
    guard let value = change.value else {
      env.removeAll { $0.name == variable }
      return
    }
    var entry = EnvVar()
    entry.name = variable
    entry.value = value
    if let index = env.firstIndex(where: { $0.name == variable }) {
      env[index] = entry
    } else {
      env.append(entry)
    }
  }
}
