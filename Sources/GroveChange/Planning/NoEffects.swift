internal import GroveModel
internal import KubernetesModel

/// The changes of a set that leave its running pods alone (P-12), and those that only look like changes (P-11).
struct NoEffects {
  private(set) var list: [NoEffect] = []

  /// - Parameters:
  ///   - old: the set as it is stored.
  ///   - new: the set as it is stored once the change is applied.
  ///   - manifest: what was applied.
  ///   - before: what was applied before, as it was written; nil when that is not known.
  init(from old: PodCliqueSet, to new: PodCliqueSet, _ manifest: PlanRequest.Manifest?, before: Value?) {
    let isOnDelete = new.spec.updateStrategy?.type == .onDelete
    let stored = ValueDelta(
      from: ObjectComparison.shown(.podCliqueSet(old)), to: ObjectComparison.shown(.podCliqueSet(new)))
    for change in stored.changes {
      guard let text = Self.text(change.path, isOnDelete: isOnDelete) else { continue }
      list.append(
        NoEffect(
          path: change.path, old: change.old, new: change.new, location: manifest?.location(of: change.path),
          reason: Self.isHashed(change.path) ? .onDelete : .notForRunningPods, text: text))
    }
    guard let manifest, let document = manifest.document else { return }
    let written = ValueDelta(from: before ?? Value(encoding: old), to: document)
    for change in written.changes where !change.isOrder {
      // Without the text that was applied before, what is not mentioned is a default.
      if before == nil, change.new == nil { continue }
      guard Self.isSaid(change.path), !stored.changes.contains(where: { $0.path.touches(change.path) }) else {
        continue
      }
      list.append(
        NoEffect(
          path: change.path, old: change.old, new: change.new, location: manifest.location(of: change.path),
          reason: .looksLikeChange, text: "means the same as before"))
    }
  }

  private static func isSaid(_ path: ChangePath) -> Bool {
    switch path.steps.first {
    case .member("spec")?: true
    case .member("metadata")?:
      path.indexed.hasPrefix("metadata.labels") || path.indexed.hasPrefix("metadata.annotations")
    default: false
    }
  }

  /// Whether a path leads into what the hash of a clique is taken over.
  private static func isHashed(_ path: ChangePath) -> Bool {
    let names = path.names
    if names.starts(with: ["spec", "template", "priorityClassName"]) { return true }
    guard names.starts(with: ["spec", "template", "cliques"]), names.count > 3 else {
      return names == ["spec", "template", "cliques"]
    }
    if names[3] == "labels" || names[3] == "annotations" { return true }
    return names.starts(with: ["spec", "template", "cliques", "spec", "podSpec"])
      && names.last != "priorityClassName"
      || names == ["spec", "template", "cliques", "spec", "podSpec"]
  }

  /// What a change does instead of touching running pods; nil when it touches them, or when it is no news.
  private static func text(_ path: ChangePath, isOnDelete: Bool) -> String? {
    let names = path.names
    if isHashed(path) {
      return isOnDelete ? "updateStrategy OnDelete: pods get it when somebody deletes them" : nil
    }
    if names.first == "metadata" {
      guard names.count > 1, names[1] == "labels" || names[1] == "annotations" else { return nil }
      return "of the set itself; pods get theirs from the cliques"
    }
    guard names.first == "spec", names.count > 1, names != ["spec", "replicas"] else { return nil }
    if names[1] == "updateStrategy" { return "counts for updates from now on" }
    switch names.count > 2 ? names[2] : "" {
    case "cliques":
      switch names.last {
      case "replicas":
        return "existing PodCliques keep their replicas (R-205): kubectl scale pclq changes them"
      case "priorityClassName": return "not part of the hash (B-R04): pods get it when they are made anew"
      default:
        return names.contains("autoScalingConfig")
          ? "changes the HorizontalPodAutoscaler" : "counts for what is made from now on"
      }
    case "podCliqueScalingGroups":
      switch names.last {
      case "replicas":
        return "existing scaling groups keep their replicas (R-240): kubectl scale pcsg changes them"
      default:
        return names.contains("scaleConfig")
          ? "changes the HorizontalPodAutoscaler" : "counts for what is made from now on"
      }
    case "terminationDelay": return "counts for breaches from now on"
    case "headlessServiceConfig": return "changes the Services"
    default: return "counts for what is made from now on"
    }
  }
}

extension ChangePath {
  /// The names of the members on the way.
  var names: [String] {
    steps.compactMap { step in if case .member(let name) = step { name } else { nil } }
  }

  /// Whether one path leads to the other, or both are the same.
  func touches(_ other: ChangePath) -> Bool {
    zip(steps, other.steps).allSatisfy { one, another in
      switch (one, another) {
      case (.element(let a, let key), .element(let b, let otherKey)):
        key != nil && otherKey != nil ? key == otherKey : a == b
      default: one == another
      }
    }
  }
}
