internal import KubernetesModel

/// Finalizers without a domain are Kubernetes' own, and there are three.
enum FinalizerRules {
  static func problems(_ finalizers: [String], at path: FieldPath) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, finalizer) in finalizers.enumerated() where !finalizer.utf8.contains(0x2F) {
      if ["kubernetes", "orphan", "foregroundDeletion"].contains(finalizer) { continue }
      found.append(
        .invalid(
          PodRule.metadata.id, path.child("finalizers")[index], .string(finalizer),
          "name is neither a standard finalizer name nor is it fully qualified"))
    }
    return found
  }
}
