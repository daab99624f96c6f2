internal import KubernetesModel

/// What a pod has by default.
enum PodDefaults {
  /// A pod, or a template of pods, with its defaults.
  static func applied(to value: Value) -> Value {
    guard var spec = value["spec"], spec.kind == .object else { return value }
    spec = spec.filling([
      "restartPolicy": .string("Always"), "terminationGracePeriodSeconds": .integer(30),
      "dnsPolicy": .string("ClusterFirst"), "securityContext": .object([]),
      "schedulerName": .string("default-scheduler"),
    ])
    let account = spec.text("serviceAccountName")
    if account.isEmpty, !spec.text("serviceAccount").isEmpty {
      spec = spec.setting("serviceAccountName", to: spec["serviceAccount"])
    } else if !account.isEmpty {
      spec = spec.setting("serviceAccount", to: .string(account))
    }
    spec = spec.setting("enableServiceLinks", to: spec["enableServiceLinks"] ?? .boolean(true))
    for list in ["containers", "initContainers", "ephemeralContainers"] {
      guard let containers = spec[list] else { continue }
      spec = spec.setting(
        list,
        to: .array(
          containers.elements.map { container($0, isHostNetwork: spec["hostNetwork"] == .boolean(true)) }))
    }
    if let volumes = spec["volumes"] {
      spec = spec.setting("volumes", to: .array(volumes.elements.map { volume($0) }))
    }
    return value.setting("spec", to: spec)
  }

  private static func container(_ value: Value, isHostNetwork: Bool) -> Value {
    var container = value.filling([
      "terminationMessagePath": .string("/dev/termination-log"), "terminationMessagePolicy": .string("File"),
      "imagePullPolicy": .string(pullPolicy(value.text("image"))), "resources": .object([]),
    ])
    if let ports = container["ports"] {
      container = container.setting(
        "ports",
        to: .array(
          ports.elements.map { port in
            let port = port.filling(["protocol": .string("TCP")])
            guard isHostNetwork, let number = port["containerPort"] else { return port }
            return port.filling(["hostPort": number])
          }))
    }
    if let variables = container["env"] {
      container = container.setting(
        "env",
        to: .array(
          variables.elements.map { variable in
            guard variable[path: "valueFrom", "fieldRef"] != nil,
              variable[path: "valueFrom", "fieldRef", "apiVersion"] == nil
            else { return variable }
            return variable.setting(["valueFrom", "fieldRef", "apiVersion"], to: .string("v1"))
          }))
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
      if let value = container[probe] { container = container.setting(probe, to: Self.probe(value)) }
    }
    container = container.setting("resources", to: resources(container["resources"] ?? .object([])))
    return container
  }

  /// `Always` for an image without a tag or with the tag `latest`.
  private static func pullPolicy(_ image: String) -> String {
    if image.contains("@") { return "IfNotPresent" }
    let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let colon = last.lastIndex(of: ":") else { return "Always" }
    return last[last.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
  }

  private static func probe(_ value: Value) -> Value {
    var probe = value.filling([
      "timeoutSeconds": .integer(1), "periodSeconds": .integer(10), "successThreshold": .integer(1),
      "failureThreshold": .integer(3),
    ])
    if let get = probe["httpGet"] {
      probe = probe.setting(
        "httpGet", to: get.filling(["path": .string("/"), "scheme": .string("HTTP")]))
    }
    if let call = probe["grpc"] { probe = probe.setting("grpc", to: call.filling(["service": .string("")])) }
    return probe
  }

  /// Amounts in their canonical form; what is limited is requested too.
  private static func resources(_ value: Value) -> Value {
    var resources = value
    for kind in ["limits", "requests"] {
      guard let amounts = resources[kind] else { continue }
      resources = resources.setting(kind, to: .object(amounts.members.map { ($0.name, canonical($0.value)) }))
    }
    for (name, amount) in resources["limits"]?.members ?? [] where resources[path: "requests", name] == nil {
      resources = resources.setting(["requests", name], to: amount)
    }
    return resources
  }

  private static func canonical(_ value: Value) -> Value {
    guard let text = value.scalarText, let quantity = Quantity(text) else { return value }
    return .string(quantity.canonicalText)
  }

  private static func volume(_ value: Value) -> Value {
    var volume = value
    for kind in ["secret", "configMap", "downwardAPI", "projected"] where volume[kind] != nil {
      guard volume[path: kind, "defaultMode"] == nil else { continue }
      volume = volume.setting([kind, "defaultMode"], to: .integer(420))
    }
    if volume["hostPath"] != nil {
      volume = volume.setting(["hostPath", "type"], to: volume[path: "hostPath", "type"] ?? .string(""))
    }
    for path in ["downwardAPI", "projected"] { volume = withFieldVersions(volume, path) }
    return volume
  }

  private static func withFieldVersions(_ volume: Value, _ kind: String) -> Value {
    func items(_ value: Value) -> Value {
      guard let list = value["items"] else { return value }
      return value.setting(
        "items",
        to: .array(
          list.elements.map { item in
            guard item["fieldRef"] != nil, item[path: "fieldRef", "apiVersion"] == nil else { return item }
            return item.setting(["fieldRef", "apiVersion"], to: .string("v1"))
          }))
    }
    guard let source = volume[kind] else { return volume }
    guard kind == "projected" else { return volume.setting(kind, to: items(source)) }
    let sources = (source["sources"]?.elements ?? []).map { source -> Value in
      var source = source
      if let downward = source["downwardAPI"] { source = source.setting("downwardAPI", to: items(downward)) }
      if source["serviceAccountToken"] != nil, source[path: "serviceAccountToken", "expirationSeconds"] == nil
      {
        source = source.setting(["serviceAccountToken", "expirationSeconds"], to: .integer(3_600))
      }
      return source
    }
    return volume.setting(kind, to: source.setting("sources", to: .array(sources)))
  }
}
