internal import GroveModel
package import GroveReconcile
package import KubernetesModel

/// Fills Secrets of type `kubernetes.io/service-account-token`, as the controller manager of Kubernetes does.
package struct TokenController: Sendable {
  private static let secretType = "kubernetes.io/service-account-token"
  private static let uidAnnotation = "kubernetes.io/service-account.uid"

  /// The Secrets that have no token yet, or whose ServiceAccount has changed, oldest first.
  package private(set) var pending = UniqueQueue<ObjectName>()

  /// Takes note of a change.
  package mutating func observe(_ change: Change, in state: ObservedState) {
    switch (change.old, change.new) {
    case (_, .secret(let secret)?):
      if secret.type == Self.secretType, secret.data["token"] == nil {
        pending.append(ObjectName(secret.metadata))
      }
    case (.serviceAccount(let account)?, nil):
      for case .secret(let secret) in state.resources(of: .secret)
      where secret.metadata.namespace == account.metadata.namespace
        && secret.metadata.annotations[Self.uidAnnotation] == account.metadata.uid
      {
        pending.append(ObjectName(secret.metadata))
      }
    default: break
    }
  }

  /// Fills the Secret that has waited longest, or deletes it when its ServiceAccount is not there.
  package mutating func fill(in server: inout APIServer) {
    guard let name = pending.popFirst() else { return }
    let key = ObjectKey(.secret, namespace: name.namespace, name: name.name)
    guard case .secret(var secret)? = server[key],
      let accountName = secret.metadata.annotations[AnnotationKey.serviceAccountName]
    else { return }
    let account = server[ObjectKey(.serviceAccount, namespace: name.namespace, name: accountName)]?.metadata
    let wanted = secret.metadata.annotations[Self.uidAnnotation]
    guard let account, wanted == nil || wanted == account.uid else {
      try? server.delete(key, uid: secret.metadata.uid)
      return
    }
    secret.metadata.annotations[Self.uidAnnotation] = account.uid
    // Placeholders: what stands in them is nobody's business here.
    secret.data["ca.crt"] = Base64.encode(Array("simulated certificate".utf8))
    secret.data["namespace"] = Base64.encode(Array(name.namespace.utf8))
    secret.data["token"] = Base64.encode(Array("simulated token of \(name.namespace)/\(accountName)".utf8))
    _ = try? server.update(.secret(secret))
  }
}
