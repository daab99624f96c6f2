internal import KubernetesModel

/// What is wrong with a service.
enum ServiceChecks {
  private static let rule: RuleID = "K-service"
  private static let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]

  static func problems(_ document: Value, _ old: Value?) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let spec = document["spec"] ?? .object([])
    let type = spec.text("type")
    if let old {
      let (before, now) = (old.text("spec", "clusterIP"), spec.text("clusterIP"))
      if !before.isEmpty, before != now, type != "ExternalName" {
        found.append(
          .invalid(
            rule, "spec.clusterIPs[0]", .strings(spec["clusterIPs"]?.strings ?? [now]),
            "may not change once set"))
      }
    }
    let ports = spec["ports"]?.elements ?? []
    if ports.isEmpty, type != "ExternalName", spec.text("clusterIP") != "None" {
      found.append(.required(rule, "spec.ports"))
    }
    var names: Set<String> = []
    for (index, port) in ports.enumerated() {
      found += problems(ofPort: port, FieldPath("spec.ports")[index], mustBeNamed: ports.count > 1, &names)
    }
    if !types.contains(type) {
      found.append(.notSupported(rule, "spec.type", .string(type), supported: types))
    }
    if type == "ExternalName", spec.text("externalName").isEmpty {
      found.append(.required(rule, "spec.externalName"))
    }
    let affinity = spec.text("sessionAffinity")
    if !["ClientIP", "None"].contains(affinity) {
      found.append(
        .notSupported(rule, "spec.sessionAffinity", .string(affinity), supported: ["ClientIP", "None"]))
    }
    var seen: Set<String> = []
    for (index, port) in ports.enumerated() {
      let key = "\(port.text("protocol"))/\(port["port"]?.scalarText ?? "")"
      if !seen.insert(key).inserted {
        found.append(
          .duplicate(
            rule, FieldPath("spec.ports")[index],
            .json(
              "{\"Name\":\"\",\"Protocol\":\(jsonString(port.text("protocol"))),\"AppProtocol\":null,\"Port\":"
                + "\(port["port"]?.scalarText ?? "0"),\"TargetPort\":0,\"NodePort\":0}")))
      }
    }
    return found
  }

  private static func problems(
    ofPort port: Value, _ path: FieldPath, mustBeNamed: Bool, _ names: inout Set<String>
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let name = port.text("name")
    if name.isEmpty {
      if mustBeNamed { found.append(.required(rule, path.child("name"))) }
    } else {
      found += NameSyntax.dnsLabelObjections(name).map {
        .invalid(rule, path.child("name"), .string(name), $0)
      }
      if !names.insert(name).inserted { found.append(.duplicate(rule, path.child("name"), .string(name))) }
    }
    func checkNumber(_ value: Value?, _ field: String) {
      guard let number = value?.integerValue, number < 1 || number > 65_535 else { return }
      found.append(
        .invalid(rule, path.child(field), .integer(number), "must be between 1 and 65535, inclusive"))
    }
    checkNumber(port["port"], "port")
    let transport = port.text("protocol")
    if !["SCTP", "TCP", "UDP"].contains(transport) {
      found.append(
        .notSupported(rule, path.child("protocol"), .string(transport), supported: ["SCTP", "TCP", "UDP"]))
    }
    checkNumber(port["targetPort"], "targetPort")
    return found
  }
}
