public import KubernetesModel

/// What an API server's configuration decides about pods.
public struct PodValidationOptions: Sendable, Hashable {
  /// Whether privileged containers and HostProcess containers may be created (`--allow-privileged`). Installers turn it
  /// on; the flag itself is off unless given.
  public var allowsPrivileged: Bool
  /// Whether tolerations may compare numbers with `Lt` and `Gt`; an alpha feature of Kubernetes 1.36.
  public var allowsComparingTolerations: Bool

  /// Whether pods without an account get the namespace's own before they are checked, as the admission plugin
  /// ServiceAccount does, which is on unless turned off.
  public var assignsServiceAccounts: Bool

  /// Options; those of an ordinary cluster unless given.
  public init(
    allowsPrivileged: Bool = true, assignsServiceAccounts: Bool = true,
    allowsComparingTolerations: Bool = false
  ) {
    self.allowsPrivileged = allowsPrivileged
    self.assignsServiceAccounts = assignsServiceAccounts
    self.allowsComparingTolerations = allowsComparingTolerations
  }
}

/// The checks that the API server makes on pods, with its texts (Kubernetes 1.36).
///
/// Pods are checked after defaults were filled in (``PodDefaults``), as the API server does. Everything wrong is
/// reported, in the API server's order; where that follows a map there, it is byte order here.
///
/// ```swift
/// PodDefaults.apply(&pod)
/// for problem in PodValidation.problems(creating: pod) { print(problem.message) }
/// ```
public enum PodValidation {
  /// What is wrong with a new pod whose defaults were filled in.
  ///
  /// - Parameters:
  ///   - pod: the pod, with name and namespace.
  ///   - options: what the API server is configured to allow.
  /// - Complexity: O(fields of the pod); a few microseconds for an ordinary one without faults.
  public static func problems(
    creating pod: Pod, options: PodValidationOptions = PodValidationOptions()
  ) -> [Diagnostic] {
    var check = PodCheck(pod.metadata, options)
    check.checkMetadata(pod)
    check.checkPod(pod.spec, "spec")
    check.checkCreation(pod.spec, "spec")
    return check.findings.all
  }

  /// What is wrong with a new pod whose spec is, but for the host name, that of another that was found to be valid.
  ///
  /// It is for whoever makes many pods of one template. Both pods must be such that
  /// ``dependsOnSpecOnly(_:)`` holds.
  public static func problems(creatingLikeAccepted pod: Pod) -> [Diagnostic] {
    var check = PodCheck(pod.metadata, PodValidationOptions())
    check.checkMetadata(pod)
    let hostname = pod.spec.hostname
    if !hostname.isEmpty { check.findings.checkDNSLabel(.name, hostname, "spec.hostname") }
    return check.findings.all
  }

  /// Whether nothing in the metadata of a pod decides about its spec, as some annotations and, with ephemeral volumes,
  /// the name do.
  public static func dependsOnSpecOnly(_ pod: Pod) -> Bool {
    !pod.metadata.annotations.keys.contains { PodCheck.isProfile($0) }
      && !pod.spec.volumes.contains { $0.ephemeral != nil }
  }

  /// What is wrong with the annotations of a pod that say something to Kubernetes.
  ///
  /// - Parameters:
  ///   - pod: the pod.
  ///   - path: where the annotations are.
  public static func problems(
    annotationsOf pod: Pod, at path: FieldPath = "metadata.annotations"
  ) -> [Diagnostic] {
    var check = PodCheck(pod.metadata, PodValidationOptions())
    check.checkAnnotations(pod, path)
    return check.findings.all
  }

  /// What is wrong with the spec of a pod that is going to be created, without its metadata.
  ///
  /// - Parameters:
  ///   - spec: the spec, with defaults.
  ///   - metadata: the metadata the pod will have; annotations and, for ephemeral volumes, the name are looked at.
  ///   - path: where the spec is.
  ///   - options: what the API server is configured to allow.
  public static func problems(
    creating spec: PodSpec, metadata: ObjectMeta = ObjectMeta(), at path: FieldPath = "spec",
    options: PodValidationOptions = PodValidationOptions()
  ) -> [Diagnostic] {
    var check = PodCheck(metadata, options)
    check.checkPod(spec, path)
    check.checkCreation(spec, path)
    return check.findings.all
  }
}

/// One pod under validation, and what was found so far. The rules are in extensions, one file for each part of a pod.
struct PodCheck {
  let metadata: ObjectMeta
  let options: PodValidationOptions
  var findings = Findings()
  /// The volumes that containers can mount: those that are well formed.
  var volumes: [Volume] = []
  /// The names of the pod's claims, in their order.
  var claims: [String] = []
  /// Whether processes have the ids on the node that they have in the pod.
  var sharesUserNamespace = true
  var gracePeriod: Int64?
  var restartPolicy = ""

  init(_ metadata: ObjectMeta, _ options: PodValidationOptions) {
    self.metadata = metadata
    self.options = options
  }

  func volume(named name: String) -> Volume? { volumes.first { $0.name == name } }

  /// Everything that must hold of a pod at any time.
  mutating func checkPod(_ spec: PodSpec, _ path: FieldPath) {
    sharesUserNamespace = spec.hostUsers ?? true
    gracePeriod = spec.terminationGracePeriodSeconds
    restartPolicy = spec.restartPolicy
    if gracePeriod == nil { findings.required(.other, path.child("terminationGracePeriodSeconds")) }
    checkVolumes(spec.volumes, path.child("volumes"))
    checkClaims(spec.resourceClaims, path.child("resourceClaims"))
    checkContainers(spec, path)
    checkInitContainers(spec, path)
    checkEphemeralContainers(spec, path)
    checkFileVariables(spec, path)
    checkPodResources(spec, path.child("resources"))
    checkHostPorts(spec, path)
    checkPolicies(spec, path)
    findings.checkLabels(.affinity, spec.nodeSelector, path.child("nodeSelector"))
    checkSecurityContext(of: spec, path.child("securityContext"))
    checkAffinity(spec.affinity, path.child("affinity"))
    checkNameResolution(spec, path)
    checkGates(spec, path)
    checkSpread(spec.topologySpreadConstraints, path.child("topologySpreadConstraints"))
    checkHostProcess(spec, path)
    checkUserNamespace(spec, path)
    checkNames(spec, path)
    checkTolerations(spec.tolerations, path.child("tolerations"))
    checkPriority(spec, path)
    if !spec.overhead.isEmpty {
      checkResources(ResourceRequirements(limits: spec.overhead), path.child("overhead"), isPodLevel: false)
    }
    checkSystem(spec, path)
    if !options.assignsServiceAccounts { checkTokens(spec, path) }
    checkImages(spec.containers, path.child("containers"))
    checkImages(spec.initContainers, path.child("initContainers"))
  }

  /// What must hold of a new pod only.
  mutating func checkCreation(_ spec: PodSpec, _ path: FieldPath) {
    if !spec.ephemeralContainers.isEmpty {
      findings.forbidden(.containerKind, path.child("ephemeralContainers"), "cannot be set on create")
    }
    if !spec.nodeName.isEmpty, !spec.schedulingGates.isEmpty {
      findings.forbidden(
        .gate, path.child("nodeName"), "cannot be set until all schedulingGates have been cleared")
    }
    if !metadata.annotations.isEmpty {
      checkSeccompAgreement(spec, path)
      checkAppArmorAgreement(spec, path)
    }
  }

  /// Calls a function for every container with its path: init containers, containers, ephemeral containers.
  static func forEachContainer(
    of spec: PodSpec, _ path: FieldPath, _ body: (Container, FieldPath) -> Void
  ) {
    for (index, container) in spec.initContainers.enumerated() {
      body(container, path.child("initContainers")[index])
    }
    for (index, container) in spec.containers.enumerated() {
      body(container, path.child("containers")[index])
    }
    for (index, container) in spec.ephemeralContainers.enumerated() {
      body(container.container, path.child("ephemeralContainers")[index])
    }
  }
}

extension EphemeralContainer {
  /// The container without what only ephemeral containers have.
  var container: Container {
    Container(
      name: name, image: image, command: command, args: args, workingDir: workingDir, ports: ports,
      envFrom: envFrom, env: env, resources: resources, resizePolicy: resizePolicy,
      restartPolicy: restartPolicy,
      restartPolicyRules: restartPolicyRules, volumeMounts: volumeMounts, volumeDevices: volumeDevices,
      livenessProbe: livenessProbe, readinessProbe: readinessProbe, startupProbe: startupProbe,
      lifecycle: lifecycle, terminationMessagePath: terminationMessagePath,
      terminationMessagePolicy: terminationMessagePolicy, imagePullPolicy: imagePullPolicy,
      securityContext: securityContext, stdin: stdin, stdinOnce: stdinOnce, tty: tty)
  }
}
