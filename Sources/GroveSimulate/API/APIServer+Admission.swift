internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// The webhooks of the operator (A-010…A-012), when they are installed.
extension APIServer {
  /// The object as the webhooks leave it.
  ///
  /// - Throws: `denied` when the validating webhook refuses it.
  mutating func admitted(_ resource: Resource, replacing live: Resource?) throws(APIError) -> Resource {
    warnings = []
    guard let webhooks else { return resource }
    switch (resource, live) {
    case (.podCliqueSet(let set), nil):
      let admission = Admission(configuration: webhooks, topologies: topologies)
      let defaulted = admission.default(set)
      try decide(admission.validate(create: defaulted), on: .podCliqueSet(defaulted))
      return .podCliqueSet(defaulted)
    case (.podCliqueSet(let set), .podCliqueSet(let old)):
      let admission = Admission(configuration: webhooks, topologies: topologies)
      let defaulted = admission.default(set)
      try decide(admission.validate(update: defaulted, from: old), on: .podCliqueSet(defaulted))
      return .podCliqueSet(defaulted)
    case (.clusterTopologyBinding(let binding), _):
      let admission = Admission(configuration: webhooks, topologies: nil)
      try decide(admission.validate(binding), on: resource)
      return resource
    default: return resource
    }
  }

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
