internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What the operator does on its own, without any change of a manifest (P-14).
struct OperatorAlone {
  /// The uids of pods that it deletes.
  private(set) var deleted: Set<String> = []
  /// What it does, by set.
  private var found: [OperatorChange] = []

  /// Nothing: a cluster at rest with the same operator.
  init() {}

  /// What becomes of a cluster that is left to the operator.
  init(_ start: World, request: PlanRequest) {
    let before = start.server.objects.resources
    var world = start
    var restarts: [ObjectName: [String]] = [:]
    ChangePlanner.settle(&world)
    let after = world.server.objects
    for case .pod(let pod) in before {
      let object = Resource.pod(pod)
      guard let set = object.owningSet, after[object.key]?.metadata.uid != pod.metadata.uid else { continue }
      deleted.insert(pod.metadata.uid)
      if !pod.metadata.isGoing { restarts[set, default: []].append(pod.metadata.name) }
    }
    var changed: [ObjectName: [ObjectKey]] = [:]
    let known = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
    for object in after.resources {
      guard let set = object.owningSet, object.kind != .pod else { continue }
      // The operator creates Secrets and never changes one: their tokens come from Kubernetes' token controller.
      if object.kind == .secret, known[object.key] != nil { continue }
      let plan = ObjectComparison.plan(object.key, known[object.key], object, isAssumed: false)
      if plan.verdict != .unchanged { changed[set, default: []].append(object.key) }
    }
    for object in before where object.kind != .pod && after[object.key] == nil {
      if let set = object.owningSet { changed[set, default: []].append(object.key) }
    }
    let hasOtherConfiguration = request.configurations.before != request.configurations.after
    for case .podCliqueSet(let set) in before {
      let name = ObjectName(set.metadata)
      let keys = (changed[name] ?? []).sorted(by: ObjectKey.precedesInPlan)
      let count = restarts[name]?.count ?? 0
      if let text = Self.otherVersion(set, start) {
        found.append(
          OperatorChange(
            reason: .otherVersion, set: name, text: "\(text); taking over restarts \(count) pods",
            objects: keys,
            restarts: count))
      } else if !keys.isEmpty || count > 0 {
        let reason: OperatorChange.Reason = hasOtherConfiguration ? .configuration : .underWay
        let why = hasOtherConfiguration ? "the configuration is another one" : "something is under way"
        found.append(
          OperatorChange(
            reason: reason, set: name,
            text:
              "\(why): \(keys.count) \(keys.count == 1 ? "object changes" : "objects change"), \(count) pods restart",
            objects: keys, restarts: count))
      }
      if hasOtherConfiguration { found += Self.newPods(set, request) }
    }
  }

  /// What is left to tell once changes of manifests have explained what they explain.
  func changes(explainedBy sets: [SetPlan]) -> [OperatorChange] {
    found.compactMap { change in
      guard let set = sets.first(where: { $0.name == change.set }), !set.causes.isEmpty else { return change }
      // The manifest comes first.
      var rest = change
      rest.restarts = 0
      return change.reason == .underWay && change.objects.isEmpty ? nil : rest
    }
  }

  /// Whether hashes in the dump are not those that this version computes.
  private static func otherVersion(_ set: PodCliqueSet, _ world: World) -> String? {
    guard let current = set.status.currentGenerationHash, !set.metadata.isGoing else { return nil }
    let expected = Hashing.generation(set)
    let isSeen = set.status.observedGeneration == set.metadata.generation
    let progress = set.status.updateProgress
    let isOpen = progress != nil && progress?.updateEndedAt == nil
    if current != expected {
      return isSeen && !isOpen
        ? "another operator version wrote this (generation hash \(current), here \(expected))" : nil
    }
    guard !isOpen, set.spec.updateStrategy?.type != .onDelete else { return nil }
    let template = set.spec.template
    let hashes = Dictionary(
      template.cliques.map {
        ($0.name, Hashing.podTemplate($0, priorityClassName: template.priorityClassName))
      }
    ) { first, _ in first }
    for case .podClique(let clique) in world.server.objects.resources(of: .podClique)
    where Resource.podClique(clique).owningSet == ObjectName(set.metadata) && !clique.metadata.isGoing {
      guard let facts = CliqueFacts(clique), let wanted = hashes[facts.short],
        let found = clique.metadata.labels[LabelKey.podTemplateHash], found != wanted
      else { continue }
      return
        "another operator version wrote this (pod template hash \(found) of \(clique.metadata.name), here \(wanted))"
    }
    return nil
  }

  /// What pods have that are made under the new configuration, and those before do not.
  private static func newPods(_ set: PodCliqueSet, _ request: PlanRequest) -> [OperatorChange] {
    let (one, other) = (
      blueprints(set, request.configurations.before, request),
      blueprints(set, request.configurations.after, request)
    )
    var texts: [String] = []
    for (clique, pod) in one.sorted(by: { NaturalOrder.precedes($0.key, $1.key) }) {
      guard let new = other[clique] else { continue }
      for change in ValueDelta(from: Value(encoding: pod.spec), to: Value(encoding: new.spec)).changes {
        let (old, wanted) = (change.old?.scalarText ?? "–", change.new?.scalarText ?? "–")
        texts.append("\(clique): \(change.path) \(old) → \(wanted)")
      }
    }
    guard !texts.isEmpty else { return [] }
    let shown =
      texts.prefix(5).joined(separator: "; ") + (texts.count > 5 ? "; and \(texts.count - 5) more" : "")
    return [
      OperatorChange(
        reason: .newPods, set: ObjectName(set.metadata),
        text: "running pods stay, pods made from now on differ: \(shown)")
    ]
  }

  private static func blueprints(
    _ set: PodCliqueSet, _ configuration: OperatorConfiguration, _ request: PlanRequest
  ) -> [String: Pod] {
    var pods: [String: Pod] = [:]
    let others = request.cluster.filter { $0.kind == .clusterTopologyBinding }
    for case .pod(let pod) in expand([set], with: others, configuration: configuration).objects {
      let (clique, index) = pod.place
      if index == 0 { pods[clique] = pod }
    }
    return pods
  }
}

extension ChangePlanner {
  /// What the operator would do without the change.
  func operatorAlone(_ start: World) -> OperatorAlone {
    if case .manifests = request.before, request.configurations.before == request.configurations.after {
      return OperatorAlone()
    }
    return OperatorAlone(start, request: request)
  }
}
