internal import KubernetesModel
internal import KubernetesSchema

/// What built-in kinds have by default: the part of decoding that fills in fields.
enum KindDefaults {
  /// A stored document with its defaults.
  static func applied(to value: Value, _ resource: APIResource) -> Value {
    let completed = completed(value, resource)
    guard let type = BuiltInDecoding.schema(resource)?.typeName,
      let written = GoJSON.value(completed, type: type, in: .kubernetes)
    else { return completed }
    // Metadata is read into a type of its own.
    return withZeroes(written.setting("metadata", to: completed["metadata"]), resource)
  }

  /// What Go writes although it is empty, and the table of types does not say so.
  private static func withZeroes(_ value: Value, _ resource: APIResource) -> Value {
    guard resource.group.isEmpty, ["pods", "nodes"].contains(resource.plural) else { return value }
    var status = value["status"] ?? .object([])
    let times = resource.plural == "pods" ? "lastProbeTime" : "lastHeartbeatTime"
    if let conditions = status["conditions"] {
      status = status.setting(
        "conditions",
        to: .array(conditions.elements.map { $0.filling([times: .null, "lastTransitionTime": .null]) }))
    }
    if resource.plural == "nodes" {
      status = status.filling([
        "daemonEndpoints": .object(["kubeletEndpoint": .object(["Port": .integer(0)])])
      ])
      let info = status["nodeInfo"] ?? .object([])
      status = status.setting("nodeInfo", to: info.filling(Self.nodeInfo))
    }
    return value.setting("status", to: status)
  }

  private static let nodeInfo: KeyValuePairs<String, Value> = [
    "machineID": .string(""), "systemUUID": .string(""), "bootID": .string(""),
    "kernelVersion": .string(""), "osImage": .string(""), "containerRuntimeVersion": .string(""),
    "kubeletVersion": .string(""), "kubeProxyVersion": .string(""), "operatingSystem": .string(""),
    "architecture": .string(""),
  ]

  private static func completed(_ value: Value, _ resource: APIResource) -> Value {
    switch (resource.group, resource.plural) {
    case ("", "services"): service(value)
    case ("", "secrets"): secret(value)
    case ("", "namespaces"): namespace(value)
    case ("", "nodes"): node(value)
    case ("", "pods"): value.withPodDefaults()
    case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
      binding(value)
    case ("rbac.authorization.k8s.io", _): rules(value)
    case ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
      ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"):
      webhooks(value, isMutating: resource.plural == "mutatingwebhookconfigurations")
    case ("apiextensions.k8s.io", "customresourcedefinitions"): definition(value)
    case ("scheduling.k8s.io", "priorityclasses"):
      value.filling(["preemptionPolicy": .string("PreemptLowerPriority")])
    case ("autoscaling", "horizontalpodautoscalers"): autoscaler(value)
    case ("apps", "deployments"): deployment(value)
    case ("apps", "statefulsets"), ("apps", "replicasets"), ("apps", "daemonsets"), ("batch", "jobs"):
      withPodTemplate(value, at: ["spec", "template"])
    default: value
    }
  }

  // MARK: Core

  private static func service(_ value: Value) -> Value {
    var spec = value["spec"] ?? .object([])
    spec = spec.filling(["type": .string("ClusterIP"), "sessionAffinity": .string("None")])
    let type = spec.text("type")
    let isExternal = type == "NodePort" || type == "LoadBalancer"
    if let ports = spec["ports"] {
      if ports.count == 0 {
        spec = spec.setting("ports", to: nil)
      } else {
        spec = spec.setting(
          "ports",
          to: .array(
            ports.elements.map { port in
              var port = port.filling(["protocol": .string("TCP")])
              let target = port["targetPort"]
              if target == nil || target == .integer(0) || target == .string("") {
                port = port.setting("targetPort", to: port["port"] ?? .integer(0))
              }
              return port
            }))
      }
    }
    if isExternal { spec = spec.filling(["externalTrafficPolicy": .string("Cluster")]) }
    if type == "LoadBalancer" { spec = spec.filling(["allocateLoadBalancerNodePorts": .boolean(true)]) }
    if type != "ExternalName" {
      spec = spec.filling(["internalTrafficPolicy": .string("Cluster")])
    }
    if spec.text("sessionAffinity") == "ClientIP", spec["sessionAffinityConfig"] == nil {
      spec = spec.setting(["sessionAffinityConfig", "clientIP", "timeoutSeconds"], to: .integer(10_800))
    }
    return value.setting("spec", to: spec).filling(["status": .object(["loadBalancer": .object([])])])
  }

  private static func secret(_ value: Value) -> Value {
    var document = value.filling(["type": .string("Opaque")])
    if let texts = document["stringData"] {
      for (key, text) in texts.members {
        document = document.setting(
          ["data", key], to: .string(Base64.encode(Array((text.stringValue ?? "").utf8))))
      }
      document = document.setting("stringData", to: nil)
    }
    if document["data"]?.count == 0 { document = document.setting("data", to: nil) }
    return document
  }

  private static func namespace(_ value: Value) -> Value {
    let name = value.text("metadata", "name")
    guard !name.isEmpty else { return value }
    return value.setting(["metadata", "labels", "kubernetes.io/metadata.name"], to: .string(name))
  }

  private static func node(_ value: Value) -> Value {
    guard let range = value[path: "spec", "podCIDR"], value[path: "spec", "podCIDRs"] == nil else {
      return value
    }
    return value.setting(["spec", "podCIDRs"], to: .array([range]))
  }

  // MARK: RBAC

  private static func binding(_ value: Value) -> Value {
    var document = value
    if let subjects = value["subjects"] {
      document =
        subjects.count == 0
        ? document.setting("subjects", to: nil)
        : document.setting(
          "subjects",
          to: .array(
            subjects.elements.map { subject in
              let kind = subject.text("kind")
              guard kind == "User" || kind == "Group" else { return subject }
              return subject.filling(["apiGroup": .string("rbac.authorization.k8s.io")])
            }))
    }
    var reference = value["roleRef"] ?? .object([])
    reference = reference.filling(["apiGroup": .string("rbac.authorization.k8s.io")])
    reference = reference.filling(["kind": .string(""), "name": .string("")])
    return document.setting("roleRef", to: reference)
  }

  private static func rules(_ value: Value) -> Value {
    guard let rules = value["rules"] else { return value.setting("rules", to: .null) }
    return value.setting(
      "rules",
      to: .array(
        rules.elements.map { rule in
          rule.filling(["verbs": .null])
        }))
  }

  // MARK: Admission and definitions

  private static func webhooks(_ value: Value, isMutating: Bool) -> Value {
    guard let webhooks = value["webhooks"] else { return value }
    return value.setting(
      "webhooks",
      to: .array(
        webhooks.elements.map { webhook in
          var webhook = webhook.filling([
            "failurePolicy": .string("Fail"), "matchPolicy": .string("Equivalent"),
            "namespaceSelector": .object([]),
            "objectSelector": .object([]), "timeoutSeconds": .integer(10),
          ])
          if isMutating { webhook = webhook.filling(["reinvocationPolicy": .string("Never")]) }
          if let rules = webhook["rules"] {
            webhook = webhook.setting(
              "rules", to: .array(rules.elements.map { $0.filling(["scope": .string("*")]) }))
          }
          if webhook[path: "clientConfig", "service"] != nil,
            webhook[path: "clientConfig", "service", "port"] == nil
          {
            webhook = webhook.setting(["clientConfig", "service", "port"], to: .integer(443))
          }
          return webhook
        }))
  }

  private static func definition(_ value: Value) -> Value {
    var spec = value["spec"] ?? .object([])
    var names = spec["names"] ?? .object([])
    let kind = names.text("kind")
    names = names.filling([
      "singular": .string(kind.lowercased()), "listKind": .string("\(kind)List"),
    ])
    spec = spec.setting("names", to: names).filling(["conversion": .object(["strategy": .string("None")])])
    return value.setting("spec", to: spec)
  }

  // MARK: Workloads

  private static func autoscaler(_ value: Value) -> Value {
    var spec = (value["spec"] ?? .object([])).filling(["minReplicas": .integer(1)])
    if spec["metrics"] == nil || spec["metrics"]?.count == 0 {
      spec = spec.setting(
        "metrics",
        to: .array([
          .object([
            "type": .string("Resource"),
            "resource": .object([
              "name": .string("cpu"),
              "target": .object(["type": .string("Utilization"), "averageUtilization": .integer(80)]),
            ]),
          ])
        ]))
    }
    return value.setting("spec", to: spec)
  }

  private static func deployment(_ value: Value) -> Value {
    var spec = (value["spec"] ?? .object([])).filling([
      "replicas": .integer(1), "revisionHistoryLimit": .integer(10), "progressDeadlineSeconds": .integer(600),
      "strategy": .object(["type": .string("RollingUpdate")]),
    ])
    if spec.text("strategy", "type") == "RollingUpdate", spec[path: "strategy", "rollingUpdate"] == nil {
      spec = spec.setting(
        ["strategy", "rollingUpdate"],
        to: .object(["maxUnavailable": .string("25%"), "maxSurge": .string("25%")]))
    }
    return withPodTemplate(value.setting("spec", to: spec), at: ["spec", "template"])
  }

  private static func withPodTemplate(_ value: Value, at path: [String]) -> Value {
    var template: Value? = value
    for name in path { template = template?[name] }
    guard let template, template["spec"] != nil else { return value }
    return value.setting(path, to: template.withPodDefaults())
  }
}
