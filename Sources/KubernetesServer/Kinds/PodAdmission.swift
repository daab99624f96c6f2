internal import KubernetesModel
internal import KubernetesValidation

/// What the server and its admission plugins add to new pods: a ServiceAccount with its token, a priority, tolerations
/// for nodes that fall silent, and a status.
enum PodAdmission {
  static func admitted<Object: StoredObject>(
    _ pod: Value, _ attributes: AdmissionAttributes, _ server: inout KubernetesServer<Object>,
    _ context: inout WriteContext
  ) throws(StatusError) -> Value {
    var pod = pod
    pod = try withServiceAccount(pod, attributes, &server)
    pod = try withPriority(pod, attributes, server)
    pod = withTolerations(pod)
    if let seconds = pod[path: "spec", "terminationGracePeriodSeconds"]?.integerValue, seconds < 0 {
      pod = pod.setting(["spec", "terminationGracePeriodSeconds"], to: .integer(1))
    }
    warn(about: pod, attributes, &context)
    var status: [(String, Value)] = [
      ("phase", .string("Pending")), ("qosClass", .string(qualityOfService(pod))),
    ]
    if let gates = pod[path: "spec", "schedulingGates"], gates.count > 0 {
      let condition = Value.object([
        "type": .string("PodScheduled"), "status": .string("False"), "lastProbeTime": .null,
        "lastTransitionTime": .string(server.now.roundedDownToSecond.text),
        "reason": .string("SchedulingGated"),
        "message": .string("Scheduling is blocked due to non-empty scheduling gates"),
      ])
      status.append(("conditions", .array([condition])))
    }
    return pod.setting("status", to: .object(status))
  }

  private static func withServiceAccount<Object: StoredObject>(
    _ pod: Value, _ attributes: AdmissionAttributes, _ server: inout KubernetesServer<Object>
  ) throws(StatusError) -> Value {
    var pod = pod
    guard let accounts = server.frontend.serviceAccounts else { return pod }
    var name = pod.text("spec", "serviceAccountName")
    if name.isEmpty { name = "default" }
    pod = pod.setting(["spec", "serviceAccountName"], to: .string(name))
    pod = pod.setting(["spec", "serviceAccount"], to: .string(name))
    guard let account = server.object(ObjectName(namespace: attributes.namespace, name: name), in: accounts)
    else {
      throw .forbidden(
        attributes.resource.groupResource, attributes.name,
        "error looking up service account \(attributes.namespace)/\(name): serviceaccount \(goQuoted(name)) not found"
      )
    }
    let document = account.value
    if let secrets = document["imagePullSecrets"], pod[path: "spec", "imagePullSecrets"] == nil {
      pod = pod.setting(["spec", "imagePullSecrets"], to: secrets)
    }
    let wants =
      pod[path: "spec", "automountServiceAccountToken"]?.booleanValue
      ?? document["automountServiceAccountToken"]?.booleanValue ?? true
    return wants ? withToken(pod, &server) : pod
  }

  private static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// The token of the ServiceAccount as a volume that every container has.
  private static func withToken<Object: StoredObject>(
    _ pod: Value, _ server: inout KubernetesServer<Object>
  ) -> Value {
    var pod = pod
    var isNeeded = false
    let volume = server.identities.name(
      for: ObjectMeta(generateName: "kube-api-access-"), isTaken: { _ in false })
    let mount = Value.object([
      "name": .string(volume), "readOnly": .boolean(true), "mountPath": .string(mountPath),
    ])
    for list in ["initContainers", "containers"] {
      guard let containers = pod[path: "spec", list] else { continue }
      pod = pod.setting(
        ["spec", list],
        to: .array(
          containers.elements.map { container in
            let mounts = container["volumeMounts"]?.elements ?? []
            if mounts.contains(where: { $0.text("mountPath") == mountPath }) { return container }
            isNeeded = true
            return container.setting("volumeMounts", to: .array(mounts + [mount]))
          }))
    }
    guard isNeeded else { return pod }
    let source = Value.object([
      "name": .string(volume),
      "projected": .object([
        "sources": .array([
          .object([
            "serviceAccountToken": .object(["expirationSeconds": .integer(3_607), "path": .string("token")])
          ]),
          .object([
            "configMap": .object([
              "name": .string("kube-root-ca.crt"),
              "items": .array([.object(["key": .string("ca.crt"), "path": .string("ca.crt")])]),
            ])
          ]),
          .object([
            "downwardAPI": .object([
              "items": .array([
                .object([
                  "path": .string("namespace"),
                  "fieldRef": .object([
                    "apiVersion": .string("v1"), "fieldPath": .string("metadata.namespace"),
                  ]),
                ])
              ])
            ])
          ]),
        ]),
        "defaultMode": .integer(420),
      ]),
    ])
    return pod.setting(
      ["spec", "volumes"], to: .array((pod[path: "spec", "volumes"]?.elements ?? []) + [source]))
  }

  private static func withPriority<Object: StoredObject>(
    _ pod: Value, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>
  ) throws(StatusError) -> Value {
    let resource = GroupResource(group: "scheduling.k8s.io", resource: "priorityclasses")
    guard let id = server.catalog.resource(resource), let document = pod["spec"] else { return pod }
    let plugin = PriorityAdmission(
      classes: server.objects(in: id).map { $0.value.decoded(as: PriorityClass.self) })
    var spec = document.decoded(as: PodSpec.self)
    do throws(PriorityAdmission.Refusal) {
      try plugin.admit(&spec)
    } catch {
      throw .forbidden(attributes.resource.groupResource, attributes.name, error.description)
    }
    return pod.setting("spec", to: Value(encoding: spec))
  }

  static func withTolerations(_ pod: Value) -> Value {
    var tolerations = pod[path: "spec", "tolerations"]?.elements ?? []
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
      let isThere = tolerations.contains {
        let (ownKey, effect) = ($0.text("key"), $0.text("effect"))
        return (ownKey == key || (ownKey.isEmpty && $0.text("operator") == "Exists"))
          && (effect == "NoExecute" || effect.isEmpty)
      }
      if isThere { continue }
      tolerations.append(
        .object([
          "key": .string(key), "operator": .string("Exists"), "effect": .string("NoExecute"),
          "tolerationSeconds": .integer(300),
        ]))
    }
    return pod.setting(["spec", "tolerations"], to: .array(tolerations))
  }

  private static func warn(about pod: Value, _ attributes: AdmissionAttributes, _ context: inout WriteContext)
  {
    let objections = NameSyntax.dnsLabelObjections(attributes.name)
    if !objections.isEmpty, NameSyntax.dnsSubdomainObjections(attributes.name).isEmpty {
      context.warn(
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is "
          + "recommended: [\(objections.joined(separator: " "))]")
    }
    for (key, _) in pod[path: "metadata", "annotations"]?.members ?? []
    where key == "seccomp.security.alpha.kubernetes.io/pod" {
      context.warn(
        "metadata.annotations[\(key)]: non-functional in v1.27+; use the \"seccompProfile\" field instead")
    }
    for list in ["initContainers", "containers"] {
      for (position, container) in (pod[path: "spec", list]?.elements ?? []).enumerated() {
        var names: Set<String> = []
        for (index, variable) in (container["env"]?.elements ?? []).enumerated() {
          let name = variable.text("name")
          if !names.insert(name).inserted {
            context.warn(
              "spec.\(list)[\(position)].env[\(index)]: hides previous definition of \(goQuoted(name)), which may be "
                + "dropped when using apply")
          }
        }
      }
    }
  }

  /// The class of service that follows from requests and limits.
  static func qualityOfService(_ pod: Value) -> String {
    var hasAny = false
    var isGuaranteed = true
    for list in ["containers", "initContainers"] {
      for container in pod[path: "spec", list]?.elements ?? [] {
        for name in ["cpu", "memory"] {
          let request = amount(container[path: "resources", "requests", name])
          let limit = amount(container[path: "resources", "limits", name])
          if request != nil || limit != nil { hasAny = true }
          if limit == nil || (request ?? limit) != limit { isGuaranteed = false }
        }
      }
    }
    return !hasAny ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
  }

  private static func amount(_ value: Value?) -> String? {
    guard let text = value?.scalarText, let quantity = Quantity(text) else { return nil }
    let canonical = quantity.canonicalText
    return canonical == "0" ? nil : canonical
  }
}
