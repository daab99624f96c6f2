internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// What became of the objects of a cluster between two moments (P-7).
enum ObjectComparison {
  /// The verdict on an object, with both states where they differ.
  static func plan(_ key: ObjectKey, _ before: Resource?, _ after: Resource?, isAssumed: Bool) -> ObjectPlan {
    var plan = ObjectPlan(key: key, verdict: .unchanged, detail: "", isAssumed: isAssumed)
    guard let before else {
      plan.verdict = .created
      plan.after = after.map { shown($0) }
      return plan
    }
    guard let after else {
      plan.verdict = .deleted
      plan.before = shown(before)
      return plan
    }
    let (old, new) = (before.liveReplicas, after.liveReplicas)
    if let old, let new, old != new { plan.scaled = (old, new) }
    if before.metadata.uid != after.metadata.uid {
      plan.verdict = .recreated
      (plan.before, plan.after) = (shown(before), shown(after))
      return plan
    }
    if before == after { return plan }
    let (one, other) = (shown(before), shown(after))
    if one == other { return plan }
    (plan.before, plan.after) = (one, other)
    let changes = ValueDelta(from: one, to: other).changes
    let onlyReplicas = changes.allSatisfy { $0.path.indexed == "spec.replicas" }
    plan.verdict = onlyReplicas ? .scaled : .updated
    return plan
  }

  /// What an object says, without what only servers and controllers write.
  static func shown(_ object: Resource) -> Value {
    .object(
      object.value.members.compactMap { name, value in
        if name == "status" { return nil }
        // Pods are told on their own, and their names end at random.
        if name == "spec", object.kind == .podGang { return (name, withoutMember("podReferences", value)) }
        guard name == "metadata" else { return (name, value) }
        return (name, .object(value.members.compactMap { shownMetadata($0.name, $0.value, of: object) }))
      })
  }

  private static func withoutMember(_ name: String, _ value: Value) -> Value {
    switch value.kind {
    case .object:
      .object(value.members.filter { $0.name != name }.map { ($0.name, withoutMember(name, $0.value)) })
    case .array: .array(value.elements.map { withoutMember(name, $0) })
    default: value
    }
  }

  private static let hidden: Set<String> = [
    "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ]

  private static func shownMetadata(_ name: String, _ value: Value, of object: Resource) -> (String, Value)? {
    if hidden.contains(name) { return nil }
    if name == "ownerReferences" {
      // Owners go by name here: a uid says nothing to a reader, and is another one in every run.
      return (
        name,
        .array(
          value.elements.map { .object($0.members.filter { $0.name != "uid" }.map { ($0.name, $0.value) }) })
      )
    }
    if name == "annotations" {
      let kept = value.members.filter { $0.name != AnnotationKey.lastApplied }.map { ($0.name, $0.value) }
      return kept.isEmpty ? nil : (name, .object(kept))
    }
    return (name, value)
  }
}

extension Resource {
  /// The replicas of a kind that can be scaled.
  var liveReplicas: Int32? {
    switch self {
    case .podCliqueSet(let set): set.spec.replicas
    case .podCliqueScalingGroup(let group): group.spec.replicas
    case .podClique(let clique): clique.spec.replicas
    default: nil
    }
  }

  /// The PodCliqueSet that an object was made for, or is.
  var owningSet: ObjectName? {
    if kind == .podCliqueSet { return ObjectName(metadata) }
    guard let name = metadata.labels[LabelKey.partOf],
      metadata.labels[LabelKey.managedBy] == GroveName.operatorName
    else { return nil }
    return ObjectName(namespace: metadata.namespace, name: name)
  }
}
