import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of ClusterTopologyBindings")
struct ClusterTopologyRuleTests {
  private let admission = Sample.topologyAware

  @Test("Levels are unique (A-420)")
  func levels() {
    var binding = Sample.topology()
    binding.spec.levels.append(TopologyLevel(domain: "zone", key: "example.com/rack"))
    #expect(
      admission.validate(binding).texts == [
        "spec.levels[4].domain: Duplicate value: \"zone\"",
        "spec.levels[4].key: Duplicate value: \"example.com/rack\"",
      ])
  }

  @Test("References to schedulers (A-421…A-423), at the path that the webhook names (B-A15)")
  func references() {
    var binding = Sample.topology()
    binding.spec.schedulerTopologyBindings = [
      "kai-scheduler", "kai-scheduler", "volcano", "default-scheduler",
    ].map { SchedulerTopologyBinding(schedulerName: $0, topologyReference: "t") }
    let path = "spec.schedulerTopologyReferences"
    let found = admission.validate(binding)
    #expect(found.rules == ["A-421", "A-422", "A-423"])
    #expect(
      found.texts == [
        "\(path)[1].schedulerName: Duplicate value: \"kai-scheduler\"",
        "\(path)[2].schedulerName: Invalid value: \"volcano\": scheduler backend is not enabled in Grove",
        "\(path)[3].schedulerName: Invalid value: \"default-scheduler\": scheduler backend does not implement "
          + "topology-aware scheduling",
      ])
  }

  @Test("Removing a level is not refused (A-424), but worth a warning")
  func removal() {
    var smaller = Sample.topology()
    smaller.spec.levels.removeLast()
    let found = admission.validate(smaller, old: Sample.topology())
    #expect(found.rules == ["W-A-424"])
    #expect(found.errors.isEmpty)
    #expect(admission.validate(Sample.topology(), old: smaller).isEmpty)
  }
}

@Suite("Rules of scaling")
struct ScaleRuleTests {
  private static let podClique: PodClique = {
    var podClique = PodClique()
    podClique.metadata.name = "set-0-a"
    podClique.spec.minAvailable = 2
    return podClique
  }()

  @Test("Below minAvailable is possible, and warned about (B-R12, B-A11)")
  func belowMinimum() {
    let target = ScaleTarget.podClique(ScaleRuleTests.podClique)
    #expect(Admission().validate(scale: 2, of: target).isEmpty)
    let found = Admission().validate(scale: 1, of: target)
    #expect(found.rules == ["W-B-R12"])
    #expect(found.errors.isEmpty)
    #expect(
      found[0].detail
        == "PodClique 'set-0-a' would have 1 replicas, fewer than its minAvailable 2: its base PodGang can no longer "
        + "be complete")
    #expect(Admission().validate(scale: 0, of: target).rules == ["W-B-R12"])
    #expect(Admission(isStrict: true).validate(scale: 0, of: target).errors.count == 1)
    var group = PodCliqueScalingGroup()
    group.spec.minAvailable = 1
    #expect(Admission().validate(scale: 0, of: .podCliqueScalingGroup(group)).rules == ["W-B-R12"])
    #expect(Admission().validate(scale: 0, of: .podCliqueSet(Sample.set())).isEmpty)
  }

  @Test("Negative scales are the API server's to refuse (A-430)")
  func negative() {
    #expect(
      Admission().validate(scale: -1, of: .podCliqueSet(Sample.set())).texts == [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"
      ])
  }
}

@Suite("Authorization of writes to managed objects")
struct AuthorizerTests {
  private let authorizer = Authorizer(
    operatorNamespace: " grove-system\n", operatorServiceAccount: "grove-operator",
    exemptUserNames: ["exempt"])
  private let labels: StringMap<String> = [
    "app.kubernetes.io/managed-by": "grove-operator", "app.kubernetes.io/part-of": "set",
  ]

  private func request(
    _ operation: Authorizer.Operation, by user: String = "alice", kind: ResourceKind = .podClique,
    labels: StringMap<String>? = nil
  ) -> Authorizer.Request {
    let labels = labels ?? self.labels
    return Authorizer.Request(
      operation, by: user, kind: kind, object: ObjectName(namespace: "ns", name: "set-0-a"), labels: labels,
      oldLabels: operation == .create ? [:] : labels)
  }

  private func decide(_ request: Authorizer.Request, protected: Bool = true) -> Authorizer.Decision {
    authorizer.decide(request) { name in
      guard name == ObjectName(namespace: "ns", name: "set") else { return nil }
      return Sample.set {
        $0.metadata.annotations["grove.io/disable-managed-resource-protection"] = protected ? "True" : "true"
      }
    }
  }

  @Test("What is intercepted (A-500)")
  func interception() {
    #expect(Authorizer.intercepts(request(.create)))
    #expect(Authorizer.intercepts(request(.update, kind: .pod)))
    #expect(!Authorizer.intercepts(request(.delete, kind: .pod)))
    #expect(!Authorizer.intercepts(request(.create, kind: .pod)))
    #expect(Authorizer.intercepts(request(.delete, kind: .service)))
    #expect(!Authorizer.intercepts(request(.create, kind: .service)))
    #expect(!Authorizer.intercepts(request(.update, kind: .resourceClaim)))
    #expect(!Authorizer.intercepts(request(.create, labels: ["app.kubernetes.io/part-of": "set"])))
    #expect(!Authorizer.intercepts(request(.connect)))
    // The label on either side counts.
    var relabelled = request(.update)
    relabelled.labels = [:]
    #expect(Authorizer.intercepts(relabelled))
  }

  @Test("CONNECT and unknown operations (A-501, A-507)")
  func operations() {
    #expect(decide(request(.connect)).message == "operation CONNECT is allowed")
    let other = decide(request(.other("PATCHY")))
    #expect(!other.isAllowed)
    #expect(other.status == 500)
    #expect(other.message == "unsupported operation: operation PATCHY")
  }

  @Test("Kinds that are not protected are nobody's business (B-A19)")
  func otherKinds() {
    #expect(decide(request(.update, kind: .resourceClaim)).isAllowed)
  }

  @Test("Without a set there is nothing to protect (A-502)")
  func undetermined() {
    let text = "admission allowed, no PodCliqueSet could be determined for resource: ns/set-0-a"
    let unlabelled = decide(request(.create, labels: ["app.kubernetes.io/managed-by": "grove-operator"]))
    #expect(unlabelled.isAllowed)
    #expect(unlabelled.message == text)
    #expect(
      unlabelled.warnings == [
        "missing required label app.kubernetes.io/part-of on resource ns/set-0-a, could not determine parent "
          + "PodCliqueSet"
      ])
    let orphan = decide(request(.create, labels: ["app.kubernetes.io/part-of": "gone"]))
    #expect(orphan.message == text)
    #expect(orphan.warnings == ["parent PodCliqueSet gone not found for resource: ns/set-0-a"])
    // The old object's labels decide on updates.
    var moved = request(.update)
    moved.labels = [:]
    #expect(!decide(moved).isAllowed)
  }

  @Test("Protection can be switched off with exactly true (A-503, A-508)")
  func unprotected() {
    let decision = decide(request(.update), protected: false)
    #expect(decision.isAllowed)
    #expect(decision.rule == "A-503")
    #expect(
      decision.message == "admission allowed, resource protection is disabled for PodCliqueSet: ns/set")
    #expect(!decide(request(.update), protected: true).isAllowed)
  }

  @Test("Who may write (A-504, A-506)")
  func writes() {
    let deed = "creation/updation of resource: ns/set-0-a"
    for operation in [Authorizer.Operation.create, .update] {
      #expect(
        decide(request(operation, by: "system:serviceaccount:grove-system:grove-operator")).message
          == "admission allowed, \(deed) is initiated by the grove reconciler service account")
      #expect(
        decide(request(operation, by: "exempt")).message
          == "admission allowed, \(deed) is initiated by exempt serviceaccount: exempt")
      let denied = decide(request(operation))
      #expect(!denied.isAllowed)
      #expect(denied.status == 403)
      #expect(denied.message == "admission denied, \(deed) is not allowed")
    }
  }

  @Test("Who may delete (A-505)")
  func deletions() {
    #expect(
      decide(request(.delete, kind: .pod)).message
        == "admission allowed, deletion of resource: Pod is allowed for all users having sufficient RBAC")
    #expect(
      decide(request(.delete)).message == "admission denied, deletion of resource: ns/set-0-a is not allowed")
    #expect(decide(request(.delete, by: "exempt")).isAllowed)
    #expect(Authorizer.chartExemptions.count == 5)
  }
}
