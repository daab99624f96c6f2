import KubernetesModel
import Testing

@testable import KubernetesValidation

/// One fault for each rule: the spec that has it, the rule that is cited, and the API server's text.
struct PodRuleTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var rule: PodRule
    var spec: String
    var texts: [String]
    var testDescription: String { "\(rule.rawValue): \(texts.first ?? "")" }

    init(_ rule: PodRule, _ spec: String, _ texts: String...) {
      self.rule = rule
      self.spec = spec
      self.texts = texts
    }
  }

  static func spec(_ json: String) throws -> PodSpec {
    let tape = try JSONReader.read(json)
    var decoder = TapeDecoder(tape, reportsUnknownFields: false)
    return decoder.decode(at: 0)
  }

  static func problems(
    _ json: String, _ options: PodValidationOptions = PodValidationOptions()
  ) throws -> [Diagnostic] {
    var pod = Pod(metadata: ObjectMeta(name: "p", namespace: "ns"), spec: try spec(json))
    PodDefaults.apply(&pod)
    return PodValidation.problems(creating: pod, options: options)
  }

  /// A spec with one container that has something more, and more in the spec.
  private static func with(_ container: String, _ rest: String = "") -> String {
    let comma = container.isEmpty ? "" : ", "
    let tail = rest.isEmpty ? "" : ", " + rest
    return #"{"containers": [{"name": "c", "image": "i"\#(comma)\#(container)}]\#(tail)}"#
  }

  static let rows: [Row] = [
    Row(.container, #"{"containers": []}"#, "spec.containers: Required value"),
    Row(
      .container, #"{"containers": [{"name": "c", "image": "i"}, {"name": "c", "image": "i"}]}"#,
      #"spec.containers[1].name: Duplicate value: "c""#),
    Row(.image, #"{"containers": [{"name": "c"}]}"#, "spec.containers[0].image: Required value"),
    Row(
      .image, with(#""imagePullPolicy": "Allways""#),
      #"spec.containers[0].imagePullPolicy: Unsupported value: "Allways": supported values: "Always", "IfNotPresent", "Never""#
    ),
    Row(
      .port, with(#""ports": [{"containerPort": 99999}]"#),
      "spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive"
    ),
    Row(
      .port, with(#""ports": [{"containerPort": 1, "hostPort": 2}]"#, #""hostNetwork": true"#),
      "spec.containers[0].ports[0].hostPort: Invalid value: 2: must match `containerPort` when `hostNetwork` is true"
    ),
    Row(
      .environment, with(#""env": [{"name": "A", "valueFrom": {}}]"#),
      "spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, "
        + "`resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"),
    Row(
      .environment,
      with(
        #""env": [{"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "../p", "key": "k"}}}]"#
      ),
      #"spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: "../p": must not contain '..'"#,
      #"spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v""#),
    Row(
      .handler, with(#""readinessProbe": {"periodSeconds": 5}"#),
      "spec.containers[0].readinessProbe: Required value: must specify a handler type"),
    Row(
      .handler, with(#""lifecycle": {"preStop": {"sleep": {"seconds": 31}}}"#),
      "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than "
        + "terminationGracePeriodSeconds (30)"),
    Row(
      .handler, with(#""lifecycle": {"stopSignal": "SIGTERM"}"#),
      "spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`"
    ),
    Row(
      .resources, with(#""resources": {"requests": {"nvidia.com/gpu": 1}}"#),
      "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources"
    ),
    Row(
      .resources, with(#""resources": {"limits": {"gpu": 1}}"#),
      #"spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified"#,
      #"spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers"#,
      #"spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified"#,
      #"spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers"#
    ),
    Row(
      .resources, with(#""resources": {"requests": {"cpu": 2}, "limits": {"cpu": 1}}"#),
      #"spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#
    ),
    Row(
      .resources,
      with(
        #""resources": {"limits": {"cpu": 3}}"#,
        #""resources": {"requests": {"cpu": 4}, "limits": {"cpu": 2}}"#),
      #"spec.resources.containers[0][cpu].limits: Invalid value: "3": must be less than or equal to pod limits of 2"#,
      #"spec.resources.requests: Invalid value: "4": must be less than or equal to cpu limit of 2"#),
    Row(
      .claim,
      with(
        #""resources": {"claims": [{"name": "g", "request": "r"}, {"name": "g"}]}"#,
        #""resourceClaims": [{"name": "g", "resourceClaimName": "x"}]"#),
      #"spec.containers[0].resources.claims[1]: Duplicate value: "g""#),
    Row(
      .claim,
      with(
        "", #""resourceClaims": [{"name": "g", "resourceClaimName": "x", "resourceClaimTemplateName": "y"}]"#),
      #"spec.resourceClaims[0]: Invalid value: {"Name":"g","ResourceClaimName":"x","ResourceClaimTemplateName":"y"}: "#
        + "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"),
    Row(
      .resizePolicy,
      with(
        #""resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]"#,
        #""restartPolicy": "Never""#),
      #"spec.containers[0].resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when `restartPolicy` is 'Never'"#
    ),
    Row(
      .restart, with(#""restartPolicyRules": [{"action": "Restart", "exitCodes": {"values": [1]}}]"#),
      "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
      #"spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "": supported values: "In", "NotIn""#
    ),
    Row(
      .containerKind,
      #"{"containers": [{"name": "c", "image": "i"}], "initContainers": [{"name": "j", "image": "i", "startupProbe": {"exec": {"command": ["x"]}}}]}"#,
      "spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always"
    ),
    Row(
      .volume, with("", #""volumes": [{"name": "v", "nfs": {"server": "s", "path": "p"}}]"#),
      #"spec.volumes[0].nfs.path: Invalid value: "p": must be an absolute path"#),
    Row(
      .volume, with("", #""volumes": [{"name": "v", "emptyDir": {}, "hostPath": {"path": "/x"}}]"#),
      "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"),
    Row(
      .volume,
      with(
        "", #""volumes": [{"name": "v", "iscsi": {"targetPortal": "t", "iqn": "iqn.2001.x:y", "lun": 0}}]"#),
      #"spec.volumes[0].iscsi.iqn: Invalid value: "iqn.2001.x:y": must be valid format"#),
    Row(
      .volume,
      with(
        "",
        #""volumes": [{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 5}}]}}]"#
      ),
      "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not "
        + "specify a duration less than 10 minutes"),
    Row(
      .mount, with(#""volumeMounts": [{"name": "nope", "mountPath": "/x"}]"#),
      #"spec.containers[0].volumeMounts[0].name: Not found: "nope""#),
    Row(
      .security, with("", #""securityContext": {"runAsUser": -1}"#),
      "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"),
    Row(
      .system, with(#""securityContext": {"runAsUser": 1}"#, #""os": {"name": "windows"}"#),
      "spec.containers[0].securityContext.runAsUser: Forbidden: cannot be set for a windows pod"),
    Row(
      .host, with("", #""hostUsers": false, "hostIPC": true"#),
      "spec.HostIPC: Forbidden: when `hostUsers` is false"),
    Row(
      .affinity,
      with(
        "",
        #""affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 200, "podAffinityTerm": {"topologyKey": "z", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}}]}}"#
      ),
      "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 200: must be in the range 1-100",
      "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
    ),
    Row(
      .toleration, with("", #""tolerations": [{"key": "k", "operator": "Exists", "value": "v"}]"#),
      #"spec.tolerations[0].operator: Invalid value: "v": value must be empty when `operator` is 'Exists'"#),
    Row(
      .spread,
      with(
        "",
        #""topologySpreadConstraints": [{"maxSkew": 0, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule"}]"#
      ),
      "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero"),
    Row(
      .gate, with("", #""schedulingGates": [{"name": "a/b"}, {"name": "a/b"}]"#),
      #"spec.schedulingGates[1]: Duplicate value: "a/b""#),
    Row(
      .gate, with("", #""nodeName": "n", "schedulingGates": [{"name": "a"}]"#),
      "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"),
    Row(
      .priority, with("", #""preemptionPolicy": "Often""#),
      #"spec.preemptionPolicy: Unsupported value: "Often": supported values: "PreemptLowerPriority", "Never""#
    ),
    Row(
      .name, with("", #""dnsPolicy": "None""#),
      "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"),
    Row(
      .name, with("", #""hostAliases": [{"ip": "10.0.0.01"}]"#),
      #"spec.hostAliases[0].ip: Invalid value: "10.0.0.01": must not have leading 0s"#),
    Row(
      .other, with("", #""activeDeadlineSeconds": 0"#),
      "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"),
  ]

  @Test(arguments: rows)
  func faults(row: Row) throws {
    let found = try Self.problems(row.spec)
    #expect(Set(found.map(\.message)) == Set(row.texts))
    #expect(found.allSatisfy { $0.rule == row.rule.id })
  }

  @Test func everyRuleIsExplained() {
    for rule in PodRule.allCases {
      #expect(rule.rawValue.hasPrefix("K-"))
      #expect(rule.explanation.hasSuffix(".") && !rule.summary.hasSuffix("."))
    }
  }

  @Test func manyRestartRules() throws {
    let rule = #"{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}"#
    let list = Array(repeating: rule, count: 21).joined(separator: ",")
    let found = try Self.problems(
      #"{"containers": [{"name": "c", "image": "i", "restartPolicy": "Never", "restartPolicyRules": [\#(list)]}]}"#
    )
    #expect(
      found.map(\.message) == [
        "spec.containers[0].restartPolicyRules: Too many: 21: must have at most 20 items"
      ])
  }

  @Test func whatAClusterAllows() throws {
    let spec = #"{"containers": [{"name": "c", "image": "i", "securityContext": {"privileged": true}}]}"#
    #expect(try Self.problems(spec).isEmpty)
    let strict = try Self.problems(spec, PodValidationOptions(allowsPrivileged: false))
    #expect(
      strict.map(\.message) == [
        "spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy"
      ])
    let compares =
      #"{"containers": [{"name": "c", "image": "i"}], "tolerations": [{"key": "k", "operator": "Gt", "value": "5"}]}"#
    #expect(try Self.problems(compares).count == 1)
    #expect(try Self.problems(compares, PodValidationOptions(allowsComparingTolerations: true)).isEmpty)
  }

  @Test func annotations() throws {
    var pod = Pod(metadata: ObjectMeta(name: "p", namespace: "ns"))
    pod.spec.containers = [Container(name: "c", image: "i")]
    pod.metadata.annotations = [
      "container.apparmor.security.beta.kubernetes.io/x": "odd",
      "controller.kubernetes.io/pod-deletion-cost": "+1",
      "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
    ]
    pod.spec.securityContext = PodSecurityContext(seccompProfile: SeccompProfile(type: "Unconfined"))
    let found = PodValidation.problems(creating: PodDefaults.applied(to: pod)).map(\.message)
    #expect(
      found == [
        #"metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer"#,
        #"metadata.annotations[container.apparmor.security.beta.kubernetes.io/x]: Invalid value: "x": container not found"#,
        #"metadata.annotations[container.apparmor.security.beta.kubernetes.io/x]: Invalid value: "odd": invalid AppArmor profile name: "odd""#,
        "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
      ])
  }

  @Test func advice() throws {
    func hint(_ json: String) throws -> String? {
      try Self.problems(json).first.flatMap { PodHints.hint(for: $0) }
    }
    #expect(
      try hint(#"{"containers": [{"name": "My_C", "image": "i"}]}"#) == "for example my-c")
    #expect(
      try hint(#"{"containers": [{"name": "c", "image": "i", "imagePullPolicy": "Allways"}]}"#)
        == "did you mean Always?")
    #expect(
      try hint(#"{"containers": [{"name": "c", "image": "i", "resources": {"limits": {"gpu": 1}}}]}"#)
        == "did you mean nvidia.com/gpu?")
    #expect(
      try hint(#"{"containers": [{"name": "c", "image": "i", "livenessProbe": {}}]}"#)
        == "give one of exec, httpGet, tcpSocket and grpc")
  }
}
