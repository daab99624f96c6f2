internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "ServiceAccountTokenSecret" }

  /// The Secret with the token of startup init containers. No PodClique is made before the token is
  /// there.
  mutating func syncTokenSecret() {
    let setName = expected.name.name
    let name = objectName(Naming.tokenSecret(setName))
    guard let live = pass.state.secrets[name] else {
      var secret = Secret()
      secret.metadata.name = name.name
      secret.metadata.namespace = name.namespace
      secret.metadata.labels = Labels.of(.tokenSecret, podCliqueSet: setName, name: name.name)
      secret.metadata.annotations = [AnnotationKey.serviceAccountName: Naming.serviceAccount(setName)]
      secret.metadata.setController(owner)
      secret.type = "kubernetes.io/service-account-token"
      do {
        try pass.write(.create(.secret(secret)), rule: "R-154", reason: reason(true, "Secret", name))
        waitsFor("Secret \(name) is waiting for service account token")
      } catch {
        fail(
          Self.kind, code: "ERR_CREATE_SECRET",
          message: "Error creating Secret: \(name) for PodCliqueSet: \(expected.name)", cause: error)
      }
      return
    }
    guard live.metadata.controller?.uid == owner.uid else {
      let message = "Secret \(name) already exists but is not controlled by PodCliqueSet \(expected.name)"
      fail(Self.kind, code: "ERR_SECRET_CONFLICT", message: message)
      return
    }
    if live.metadata.isTerminating || live.data["token"]?.isEmpty ?? true {
      waitsFor("Secret \(name) is waiting for service account token")
    } else {
      deleteLegacyTokenSecret()
    }
  }

  /// Removes the Secret of older operators once no pod mounts it.
  private mutating func deleteLegacyTokenSecret() {
    let name = objectName(Naming.legacyTokenSecret(expected.name.name))
    guard let legacy = pass.state.secrets[name], legacy.metadata.controller?.uid == owner.uid else { return }
    let isMounted = pass.state.pods.family(expected.name).contains { stored in
      stored.object.metadata.labels[LabelKey.managedBy] == GroveName.operatorName
        && stored.object.spec.volumes.contains { $0.secret?.secretName == name.name }
    }
    guard !isMounted else { return }
    do {
      try pass.delete(.secret, legacy.metadata, rule: "R-156", reason: "no pod mounts the old token Secret")
    } catch {
      fail(
        Self.kind, code: "ERR_DELETE_SECRET",
        message: "Error deleting Secret: \(name) for PodCliqueSet: \(expected.name)", cause: error)
    }
  }
}
