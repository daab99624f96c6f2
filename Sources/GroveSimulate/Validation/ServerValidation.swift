internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// The checks of the API server itself on objects of built-in kinds: those that objects made from an accepted
/// PodCliqueSet can fail.
///
/// The kinds that Grove's CustomResourceDefinitions describe are checked by their schemas, in admission.
extension APIServer {
  /// Checks an object that is about to be stored.
  ///
  /// - Parameters:
  ///   - resource: the object.
  ///   - live: the object it replaces, if there is one.
  /// - Throws: `invalid` with everything that is wrong, or `forbidden`.
  func validate(_ resource: Resource, replacing live: Resource?) throws(APIError) {
    if case .pod(let pod) = resource, live == nil { try admitPriority(of: pod) }
    var found = MetadataValidation.problems(resource, replacing: live)
    switch (resource, live) {
    case (.pod(let pod), nil): found += PodValidation.problems(pod)
    case (.pod(let pod), .pod(let old)): found += PodValidation.problems(pod, replacing: old)
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

  /// What the admission plugin `Priority` does: a pod may only name a PriorityClass that is there.
  private func admitPriority(of pod: Pod) throws(APIError) {
    let name = pod.spec.priorityClassName
    if options.acceptsUnknownPriorityClasses || name.isEmpty || name.hasPrefix("system-") { return }
    if objects[ObjectKey(.priorityClass, namespace: "", name: name)] != nil { return }
    throw .forbidden(
      ObjectKey(.pod, namespace: pod.metadata.namespace, name: pod.metadata.name),
      reason: "no PriorityClass with name \(name) was found")
  }
}
