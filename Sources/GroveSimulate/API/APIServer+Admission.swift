internal import GroveAdmission
internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel
internal import KubernetesSchema

/// The schemas of Grove's kinds and the webhooks of the operator (A-001, A-010…A-012), when they are installed.
extension APIServer {
  /// The object as the webhooks leave it.
  ///
  /// - Throws: `invalid` when the schema refuses it, `denied` when the validating webhook does.
  mutating func admitted(_ resource: Resource, replacing live: Resource?) throws(APIError) -> Resource {
    warnings = []
    guard let webhooks else { return resource }
    switch (resource, live) {
    case (.podCliqueSet(let set), nil):
      let admission = Admission(configuration: webhooks, topologies: topologies)
      let defaulted = admission.default(set)
      try checkSchema(of: .podCliqueSet(defaulted), replacing: nil)
      try decide(admission.validate(create: defaulted), on: .podCliqueSet(defaulted))
      return .podCliqueSet(defaulted)
    case (.podCliqueSet(let set), .podCliqueSet(let old)):
      let admission = Admission(configuration: webhooks, topologies: topologies)
      let defaulted = admission.default(set)
      try checkSchema(of: .podCliqueSet(defaulted), replacing: live)
      try decide(admission.validate(update: defaulted, from: old), on: .podCliqueSet(defaulted))
      return .podCliqueSet(defaulted)
    case (.clusterTopologyBinding(let binding), _):
      let admission = Admission(configuration: webhooks, topologies: nil)
      try checkSchema(of: resource, replacing: live)
      try decide(admission.validate(binding), on: resource)
      return resource
    default: return resource
    }
  }

  /// Checks an object of a kind that users write against the schema of its CustomResourceDefinition and the CEL rules
  /// in it, which come before the validating webhook.
  ///
  /// - Throws: `invalid` with everything that is wrong.
  private func checkSchema(of resource: Resource, replacing live: Resource?) throws(APIError) {
    // What is stored is valid: an update that leaves the spec alone breaks no rule about it.
    if let live, resource.hasSameSpec(as: live) { return }
    let schema = resource.kind == .podCliqueSet ? Self.podCliqueSetSchema : Self.topologySchema
    let value = StructuralSchema.withoutStatus(resource.value)
    let old = live.map { StructuralSchema.withoutStatus($0.value) }
    let errors = schema?.validate(value, old: old).errors ?? []
    if !errors.isEmpty { throw .invalid(resource.key, errors) }
  }

  private static let podCliqueSetSchema = StructuralSchema.grove(.podCliqueSet)
  private static let topologySchema = StructuralSchema.grove(.clusterTopologyBinding)

  private var topologies: [ClusterTopologyBinding] {
    objects.resources(of: .clusterTopologyBinding).compactMap {
      if case .clusterTopologyBinding(let binding) = $0 { binding } else { nil }
    }
  }

  private mutating func decide(_ diagnostics: [Diagnostic], on resource: Resource) throws(APIError) {
    warnings = diagnostics.warnings
    let errors = diagnostics.errors
    guard !errors.isEmpty else { return }
    throw .denied(
      resource.key, webhook: resource.kind.validatingWebhook, message: diagnostics.aggregateMessage,
      diagnostics: errors)
  }
}

extension ResourceKind {
  /// The name of the webhook that validates objects of the kind.
  fileprivate var validatingWebhook: String {
    self == .podCliqueSet
      ? "pcs.validating.webhooks.grove.io" : "clustertopology.validating.webhooks.grove.io"
  }
}
