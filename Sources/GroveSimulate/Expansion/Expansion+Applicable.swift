public import GroveModel
internal import KubernetesModel

extension Expansion {
  /// The objects as they can be created in another cluster: without what only the cluster that they were made in could
  /// know.
  ///
  /// There is no uid, resource version, generation, creation time or status, and no token. Owners are left out as
  /// well: a reference holds an owner's uid, and no owner of that uid will be there.
  public var applicable: [Resource] { objects.map(\.applicable) }

  /// The objects that an operator would not adopt, were they there before it makes its own: pods are known by the uid
  /// of their PodClique alone.
  public var unadoptable: [Resource] { made.filter { $0.kind == .pod } }
}

extension Resource {
  /// The object as it can be created in another cluster.
  public var applicable: Resource {
    var resource = withoutStatus()
    if case .pod(var pod) = resource {
      pod.status = PodStatus()
      resource = .pod(pod)
    }
    if case .secret(var secret) = resource, secret.type == "kubernetes.io/service-account-token" {
      secret.data = [:]
      secret.metadata.annotations["kubernetes.io/service-account.uid"] = nil
      resource = .secret(secret)
    }
    return resource.withMetadata {
      $0.uid = ""
      $0.resourceVersion = ""
      $0.generation = 0
      $0.creationTimestamp = nil
      $0.deletionTimestamp = nil
      $0.deletionGracePeriodSeconds = nil
      $0.managedFields = []
      $0.selfLink = ""
      $0.ownerReferences = []
    }
  }
}
