internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel
internal import KubernetesValidation

/// The checks of the API server itself on objects of built-in kinds.
///
/// The kinds that Grove's CustomResourceDefinitions describe are checked by their schemas, in admission.
extension APIServer {
  /// Checks an object that is about to be stored.
  ///
  /// - Parameters:
  ///   - resource: the object.
  ///   - live: the object it replaces, if there is one.
  /// - Throws: `invalid` with everything that is wrong, or `forbidden`.
  mutating func validate(_ resource: Resource, replacing live: Resource?) throws(APIError) {
    var found: [Diagnostic]
    switch (resource, live) {
    case (.pod(let pod), nil):
      try admitPriority(of: pod)
      found = problems(creating: pod)
    case (.pod(let pod), .pod(var old)):
      // A write that gives a pod its node stands for the `binding` endpoint, which may do so.
      if old.spec.nodeName.isEmpty, !pod.spec.nodeName.isEmpty { old.spec.nodeName = pod.spec.nodeName }
      found = PodValidation.problems(updating: pod, from: old)
    default:
      found = ObjectValidation.problems(
        resource.metadata, nameForm: resource.kind.nameForm, isNamespaced: !resource.kind.isClusterScoped,
        replacing: live?.metadata)
    }
    switch (resource, live) {
    case (.service(let service), nil): found += ServiceValidation.problems(creating: service)
    case (.horizontalPodAutoscaler(let autoscaler), _): found += AutoscalerValidation.problems(autoscaler)
    case (.roleBinding(let binding), .roleBinding(let old)) where binding.roleRef != old.roleRef:
      found.append(
        .invalid(
          "K-rolebinding", "roleRef", .json(JSONWriter.string(Value(encoding: binding.roleRef))),
          "cannot change roleRef"))
    case (.resourceClaim(let claim), .resourceClaim(let old)) where claim.spec != old.spec:
      found.append(
        .invalid(
          "K-resourceclaim", "spec", .json(JSONWriter.string(Value(encoding: claim.spec))),
          "field is immutable"))
    default: break
    }
    if !found.isEmpty { throw .invalid(resource.key, found) }
  }

  /// The pods of a PodClique differ in their host names only, so a spec like the last good one is good.
  private mutating func problems(creating pod: Pod) -> [Diagnostic] {
    if let accepted = acceptedPodSpec {
      var spec = pod.spec
      spec.hostname = accepted.hostname
      if spec == accepted { return PodValidation.problems(creatingLikeAccepted: pod) }
    }
    let found = PodValidation.problems(creating: PodDefaults.applied(to: pod))
    // Annotations and claims of ephemeral volumes depend on more than the spec.
    if found.isEmpty, PodValidation.dependsOnSpecOnly(pod) { acceptedPodSpec = pod.spec }
    return found
  }

  /// What the admission plugin `Priority` does: a pod may only name a PriorityClass that is there.
  private func admitPriority(of pod: Pod) throws(APIError) {
    var spec = pod.$spec.wrappedValue
    if spec.priorityClassName.isEmpty, spec.priority == nil, spec.preemptionPolicy == nil { return }
    let classes = objects.resources(of: .priorityClass).compactMap {
      if case .priorityClass(let known) = $0 { known } else { nil }
    }
    let admission = PriorityAdmission(
      classes: classes, acceptsUnknownClasses: options.acceptsUnknownPriorityClasses)
    do {
      try admission.admit(&spec)
    } catch {
      throw .forbidden(
        ObjectKey(.pod, namespace: pod.metadata.namespace, name: pod.metadata.name),
        reason: error.description)
    }
  }
}

extension ResourceKind {
  /// The form of names of the kind.
  fileprivate var nameForm: ObjectValidation.NameForm {
    switch self {
    case .service: .serviceName
    case .role, .roleBinding: .pathSegment
    default: .dnsSubdomain
    }
  }
}
