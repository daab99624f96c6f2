import GroveModel
import KubernetesModel
import KubernetesServer
import Testing

@testable import GroveReconcile

/// What happens after a PodCliqueSet was created, with the example of R-900.
struct FirstPassesTests {
  @Test func passByPass() throws {
    var cluster = try TestCluster(workedExample)
    cluster.issuesTokens = false

    let first = cluster.pass()
    #expect(
      first.summary == [
        "update PodCliqueSet demo", "status PodCliqueSet demo", "create ServiceAccount demo",
        "create Role grove.io:pcs:demo", "create RoleBinding grove.io:pcs:demo", "create Secret demo-ic-sat",
        "create Service demo-0", "status PodCliqueSet demo",
      ])
    #expect(first.requeueAfter == .seconds(5))
    #expect(first.outcome == .waiting("Secret ns/demo-ic-sat is waiting for service account token"))
    #expect(try cluster.set().metadata.finalizers == ["grove.io/podcliqueset.grove.io"])
    #expect(try cluster.set().status.currentGenerationHash == Hashing.generation(try cluster.set()))
    #expect(try cluster.set().status.updateProgress == nil)

    // Nothing changes while the token is not there.
    #expect(cluster.pass().steps.isEmpty)
    try cluster.change(.secret, "demo-ic-sat") { resource in
      guard case .secret(var secret) = resource else { return }
      secret.data["token"] = "dG9rZW4="
      resource = .secret(secret)
    }

    let second = cluster.pass()
    #expect(
      second.summary == [
        "create PodClique demo-0-fe", "event PodCliqueCreateOrUpdateSuccessful",
        "create PodCliqueScalingGroup demo-0-sg", "event PodCliqueScalingGroupCreateSuccessful",
        "create PodGang demo-0", "event PodGangCreateOrUpdateSuccessful", "status PodGang demo-0",
        "create PodGang demo-0-sg-0", "event PodGangCreateOrUpdateSuccessful", "status PodGang demo-0-sg-0",
      ])
    #expect(second.outcome == .waiting("Waiting for all pods to be created for PodGang ns/demo-0"))
    #expect(try cluster.set().status.observedGeneration == nil)
    #expect(try cluster.podGang("demo-0").status.phase == "Pending")
    #expect(try cluster.podGang("demo-0").status.conditions["Initialized"]?.status == "False")
    #expect(try cluster.podGang("demo-0").spec.podgroups.allSatisfy(\.podReferences.isEmpty))

    cluster.pass(.podCliqueScalingGroup, "demo-0-sg")
    #expect(
      cluster.names(.podClique) == [
        "demo-0-fe", "demo-0-sg-0-ld", "demo-0-sg-0-wk", "demo-0-sg-1-ld", "demo-0-sg-1-wk", "demo-0-sg-2-ld",
        "demo-0-sg-2-wk",
      ])
    for name in cluster.names(.podClique) { cluster.pass(.podClique, name) }
    #expect(cluster.state.pods.byName.count == 14)

    let third = cluster.pass()
    #expect(
      third.summary == [
        "update PodGang demo-0", "event PodGangCreateOrUpdateSuccessful", "status PodGang demo-0",
        "update PodGang demo-0-sg-0", "event PodGangCreateOrUpdateSuccessful", "status PodGang demo-0-sg-0",
        "status PodCliqueSet demo",
      ])
    #expect(third.outcome == .settled)
    #expect(third.requeueAfter == nil)
    #expect(try cluster.set().status.observedGeneration == 1)
    #expect(try cluster.podGang("demo-0").status.conditions["Initialized"]?.status == "True")
    #expect(
      try cluster.podGang("demo-0").spec.podgroups.map(\.podReferences.count) == [2, 1, 3, 1, 3])

    // R-002, and a converged state yields no steps.
    #expect(cluster.pass().steps.isEmpty)
  }

  @Test func everyPrefixOfStepsConverges() throws {
    var reference = try TestCluster(workedExample)
    try reference.settleAndRun()
    let steps = try TestCluster(workedExample).decide(.podCliqueSet, "demo").steps.count
    for prefix in 0..<steps {
      var cluster = try TestCluster(workedExample)
      for step in cluster.decide(.podCliqueSet, "demo").steps.prefix(prefix) { cluster.carryOut(step.action) }
      try cluster.settleAndRun()
      for kind in ResourceKind.allCases where kind != .pod {
        #expect(cluster.names(kind) == reference.names(kind))
      }
      #expect(try cluster.set().status == reference.set().status)
    }
  }

  @Test func accessObjects() throws {
    var cluster = try TestCluster(workedExample)
    let first = cluster.pass()
    let owner = try OwnerReference(controller: cluster.set())

    guard case .serviceAccount(let account)? = first.created(.serviceAccount).first else {
      Issue.record("no ServiceAccount")
      return
    }
    #expect(account.automountServiceAccountToken == true)
    #expect(account.metadata.ownerReferences == [owner])
    #expect(
      account.metadata.labels == [
        "app.kubernetes.io/component": "pod-service-account",
        "app.kubernetes.io/managed-by": "grove-operator",
        "app.kubernetes.io/name": "demo", "app.kubernetes.io/part-of": "demo",
      ])
    guard case .role(let role)? = first.created(.role).first,
      case .roleBinding(let binding)? = first.created(.roleBinding).first
    else {
      Issue.record("no Role or RoleBinding")
      return
    }
    #expect(
      role.rules == [
        PolicyRule(apiGroups: [""], resources: ["pods", "pods/status"], verbs: ["get", "list", "watch"])
      ])
    #expect(role.metadata.labels["app.kubernetes.io/name"] == "grove.io-pcs-demo")
    #expect(
      binding.roleRef
        == RoleRef(apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "grove.io:pcs:demo"))
    #expect(binding.subjects == [Subject(kind: "ServiceAccount", name: "demo", namespace: "ns")])
    guard case .secret(let secret)? = first.created(.secret).first else {
      Issue.record("no Secret")
      return
    }
    #expect(secret.type == "kubernetes.io/service-account-token")
    #expect(secret.metadata.annotations == ["kubernetes.io/service-account.name": "demo"])
    #expect(secret.metadata.ownerReferences == [owner])
  }
}
