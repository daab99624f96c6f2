import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// ServiceAccount, Role, RoleBinding and Secrets after creation (R-151…R-156, B-R06).
struct AccessTests {
  private static let yaml = demo(cliques: clique("a"))

  @Test func serviceAccountIsBroughtBack() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settle()
    try cluster.change(.serviceAccount, "demo") { resource in
      guard case .serviceAccount(var account) = resource else { return }
      account.automountServiceAccountToken = false
      account.imagePullSecrets = [LocalObjectReference(name: "registry")]
      account.metadata.labels["more"] = "x"
      resource = .serviceAccount(account)
    }
    #expect(cluster.pass().summary == ["update ServiceAccount demo"])
    guard case .serviceAccount(let account)? = cluster.state[TestCluster.key(.serviceAccount, "demo")] else {
      Issue.record("no ServiceAccount")
      return
    }
    #expect(account.automountServiceAccountToken == true)
    #expect(account.metadata.labels["more"] == nil)
    #expect(account.imagePullSecrets == [LocalObjectReference(name: "registry")])
  }

  @Test func roleIsOnlyEverCreated() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settle()
    try cluster.change(.role, "grove.io:pcs:demo") { resource in
      guard case .role(var role) = resource else { return }
      role.rules = []
      resource = .role(role)
    }
    #expect(cluster.pass().steps.isEmpty)
    try cluster.delete(.role, "grove.io:pcs:demo")
    #expect(cluster.pass().summary == ["create Role grove.io:pcs:demo"])
  }

  /// An object of ours that nobody controls is adopted if it is labelled for us, and left alone if not.
  @Test func strangersAreNotAdopted() throws {
    var cluster = try TestCluster(Self.yaml)
    var stranger = ServiceAccount()
    stranger.metadata = ObjectMeta(name: "demo", namespace: "ns", uid: "stranger")
    cluster.state.insert(.serviceAccount(stranger))
    var result = cluster.pass()
    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_SYNC_SERVICEACCOUNT"])
    let conflict = "ServiceAccount ns/demo already exists and does not belong to PodCliqueSet demo"
    let condition = try #require(try cluster.set().status.conditions["NameConflict"])
    #expect(condition.status == "True" && condition.reason == "NameInUse" && condition.message == conflict)
    #expect(
      try cluster.set().status.lastErrors.map(\.description) == [
        "failed to sync ServiceAccount: [Operation: Sync, Code: ERR_SYNC_SERVICEACCOUNT] message: Error syncing "
          + "ServiceAccount: ns/demo for PodCliqueSet: ns/demo, cause: \(conflict)"
      ])
    // The other objects of the first group are made, later groups are not; failing again writes nothing.
    #expect(cluster.names(.role) == ["grove.io:pcs:demo"])
    result = cluster.pass()
    cluster.now += .seconds(60)
    #expect(cluster.pass().steps.isEmpty)
    #expect(cluster.names(.podClique).isEmpty)

    stranger.metadata.labels = Labels.common("demo")
    cluster.state.insert(.serviceAccount(stranger))
    try cluster.settle()
    guard case .serviceAccount(let adopted)? = cluster.state[TestCluster.key(.serviceAccount, "demo")] else {
      Issue.record("no ServiceAccount")
      return
    }
    #expect(adopted.metadata.uid == "stranger")
    #expect(adopted.metadata.controller?.name == "demo")
    #expect(try cluster.set().status.lastErrors.isEmpty)
    #expect(try cluster.set().status.conditions["NameConflict"] == nil)
  }

  @Test func objectsOfOtherOwnersAreAnError() throws {
    var cluster = try TestCluster(Self.yaml)
    var service = Service()
    service.metadata = ObjectMeta(
      name: "demo-0", namespace: "ns", uid: "other", labels: Labels.common("demo"),
      ownerReferences: [
        OwnerReference(apiVersion: "v1", kind: "Thing", name: "thing", uid: "thing", controller: true)
      ])
    cluster.state.insert(.service(service))
    guard case .failed(let errors) = cluster.pass().outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.cause) == ["Object ns/demo-0 is already owned by another Thing controller thing"])
  }

  @Test func secretOfAnotherOwner() throws {
    var cluster = try TestCluster(Self.yaml)
    var secret = Secret()
    secret.metadata = ObjectMeta(name: "demo-ic-sat", namespace: "ns", uid: "other")
    cluster.state.insert(.secret(secret))
    guard case .failed(let errors) = cluster.pass().outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(
      errors.map(\.message) == [
        "Secret ns/demo-ic-sat already exists but is not controlled by PodCliqueSet ns/demo"
      ])
    #expect(errors.map(\.code) == ["ERR_SECRET_CONFLICT"])
  }

  @Test func legacySecretGoesWhenNoPodMountsIt() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settle()
    var legacy = Secret()
    legacy.metadata = ObjectMeta(name: "demo-initc-sa-token-secret", namespace: "ns", uid: "legacy")
    legacy.metadata.ownerReferences = [OwnerReference(controller: try cluster.set())]
    cluster.state.insert(.secret(legacy))
    let pod = try #require(cluster.state.pods.byName.first { _ in true }).object
    var mounting = pod
    mounting.spec.volumes = [
      Volume(name: "token", secret: SecretVolumeSource(secretName: "demo-initc-sa-token-secret"))
    ]
    cluster.state.insert(.pod(mounting))
    #expect(cluster.pass().steps.isEmpty)
    cluster.state.insert(.pod(pod))
    #expect(cluster.pass().summary == ["delete Secret demo-initc-sa-token-secret"])
  }
}
