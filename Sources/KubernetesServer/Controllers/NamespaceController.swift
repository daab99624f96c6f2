internal import KubernetesModel

/// Furnishes new namespaces and empties those that are being deleted.
extension KubernetesServer {
  mutating func reconcileNamespace(_ name: String) {
    guard let id = frontend.namespaces,
      let namespace = object(ObjectName(namespace: "", name: name), in: id)
    else { return }
    if namespace.metadata.deletionTimestamp == nil {
      furnish(name)
    } else {
      empty(namespace, id)
    }
  }

  /// Makes what every namespace has: the ServiceAccount `default`, and the certificate of the cluster.
  private mutating func furnish(_ namespace: String) {
    let account = ObjectMeta(name: "default", namespace: namespace)
    let certificate = ObjectMeta(
      name: "kube-root-ca.crt", namespace: namespace,
      annotations: [
        "kubernetes.io/description":
          "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as "
          + "the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
          + "Kubernetes clusters."
      ])
    createIfMissing(
      DynamicObject(apiVersion: "v1", kind: "ServiceAccount", metadata: account),
      by: "service-account-controller")
    createIfMissing(
      DynamicObject(
        apiVersion: "v1", kind: "ConfigMap", metadata: certificate,
        body: .object(["data": .object(["ca.crt": .string(frontend.certificateAuthority)])])),
      by: "root-ca-cert-publisher")
  }

  mutating func createIfMissing(_ object: DynamicObject, by controller: String) {
    guard let id = catalog.resource(apiVersion: object.apiVersion, kind: object.kind),
      self.object(ObjectName(object.metadata), in: id) == nil
    else { return }
    var context = WriteContext(controller: .controller(controller))
    _ = try? create(Object(object.value, of: catalog[id]), in: id, context: &context)
  }

  /// Deletes everything in a namespace, and the namespace once it is empty.
  private mutating func empty(_ namespace: Object, _ id: ResourceID) {
    let name = namespace.metadata.name
    var isEmpty = true
    for (resource, entry) in catalog.numbered
    where entry.isNamespaced && !entry.traits.contains(.isTransient) && entry.plural != "bindings" {
      for object in objects(in: resource) where object.metadata.namespace == name {
        var context = WriteContext(controller: .controller("namespace-controller"))
        _ = try? delete(
          ObjectName(object.metadata), in: resource, options: DeleteOptions(propagation: .background),
          context: &context)
        if self.object(ObjectName(object.metadata), in: resource) != nil { isEmpty = false }
      }
    }
    guard isEmpty else { return }
    var document = namespace.value
    document = document.setting(["spec", "finalizers"], to: nil)
    finishNamespace(Object(document, of: catalog[id]), replacing: namespace, id)
  }

  /// Removes a namespace that has no finalizers left, or stores it with those it has.
  mutating func finishNamespace(_ namespace: Object, replacing live: Object, _ id: ResourceID) {
    let isFree = namespace.value[path: "spec", "finalizers"].map { $0.count == 0 } ?? true
    if live.metadata.deletionTimestamp != nil, isFree, namespace.metadata.finalizers.isEmpty {
      commit(old: namespace, new: nil, in: id)
    } else if namespace != live {
      commit(old: live, new: namespace, in: id)
    }
  }

  /// Objects that were still there when a namespace was looked at are gone: it may be empty now.
  mutating func lookAgainAtNamespaces() {
    guard let id = frontend.namespaces else { return }
    for namespace in objects(in: id) where namespace.metadata.deletionTimestamp != nil {
      controllers.namespaces.append(namespace.metadata.name)
    }
  }
}
