public import KubernetesModel

/// The checks that the API server makes on new Services, with its texts.
///
/// What the API server allots itself (addresses, ports of nodes) is not asked for.
public enum ServiceValidation {
  /// The rule that findings cite.
  public static let rule: RuleID = "K-service"

  /// What is wrong with a new Service, besides its metadata. Defaults need not be filled in.
  public static func problems(creating service: Service) -> [Diagnostic] {
    var check = ServiceCheck(service)
    check.run()
    return check.found
  }
}

private struct ServiceCheck {
  let spec: ServiceSpec
  let type: String
  let addresses: [String]
  var found: [Diagnostic] = []

  private let rule = ServiceValidation.rule
  private let path: FieldPath = "spec"

  init(_ service: Service) {
    spec = service.spec
    type = spec.type.isEmpty ? "ClusterIP" : spec.type
    addresses = spec.clusterIPs.isEmpty && !spec.clusterIP.isEmpty ? [spec.clusterIP] : spec.clusterIPs
  }

  private var isHeadless: Bool { addresses == ["None"] }

  private var isReachableFromOutside: Bool {
    type == "LoadBalancer" || type == "NodePort" || type == "ClusterIP" && !spec.externalIPs.isEmpty
  }

  mutating func run() {
    if spec.ports.isEmpty, !isHeadless, type != "ExternalName" {
      found.append(.required(rule, path.child("ports")))
    }
    checkType()
    for index in spec.ports.indices { checkPort(spec.ports[index], path.child("ports")[index]) }
    found += ObjectMetaRules.labels(spec.selector, at: path.child("selector"), rule)
    checkAffinity()
    checkAddresses()
    checkDuplicatePorts()
    checkTraffic()
  }

  private mutating func checkType() {
    switch type {
    case "ClusterIP": break
    case "LoadBalancer", "NodePort":
      if isHeadless {
        found.append(
          .invalid(
            rule, path.child("clusterIPs")[0], "None", "may not be set to 'None' for \(type) services"))
      }
    case "ExternalName":
      for (field, isSet) in [
        ("clusterIPs", !addresses.isEmpty), ("ipFamilies", !spec.ipFamilies.isEmpty),
        ("ipFamilyPolicy", spec.ipFamilyPolicy != nil),
      ] where isSet {
        found.append(.forbidden(rule, path.child(field), "may not be set for ExternalName services"))
      }
      let name = spec.externalName.hasSuffix(".") ? String(spec.externalName.dropLast()) : spec.externalName
      if name.isEmpty { found.append(.required(rule, path.child("externalName"))) }
      for objection in name.isEmpty ? [] : NameSyntax.dnsSubdomainObjections(name) {
        found.append(.invalid(rule, path.child("externalName"), .string(name), objection))
      }
    default:
      found.append(
        .notSupported(
          rule, path.child("type"), .named(type),
          supported: ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]))
    }
    if type != "LoadBalancer" {
      let words = "may only be used when `type` is 'LoadBalancer'"
      if spec.loadBalancerClass != nil {
        found.append(.forbidden(rule, path.child("loadBalancerClass"), words))
      }
      if spec.allocateLoadBalancerNodePorts != nil {
        found.append(.forbidden(rule, path.child("allocateLoadBalancerNodePorts"), words))
      }
      if !spec.loadBalancerSourceRanges.isEmpty {
        found.append(.forbidden(rule, path.child("LoadBalancerSourceRanges"), words))
      }
    }
  }

  private mutating func checkPort(_ port: ServicePort, _ path: FieldPath) {
    if port.name.isEmpty {
      if spec.ports.count > 1 { found.append(.required(rule, path.child("name"))) }
    } else {
      for objection in NameSyntax.dnsLabelObjections(port.name) {
        found.append(.invalid(rule, path.child("name"), .string(port.name), objection))
      }
    }
    if !(1...65_535).contains(port.port) {
      found.append(
        .invalid(rule, path.child("port"), .integer(Int64(port.port)), Findings.outside(1...65_535)))
    }
    if !["", "TCP", "UDP", "SCTP"].contains(port.protocol) {
      found.append(
        .notSupported(
          rule, path.child("protocol"), .named(port.protocol), supported: ["SCTP", "TCP", "UDP"]))
    }
    switch port.targetPort {
    case nil, .int(0), .string(""): break
    case .int(let number):
      if !(1...65_535).contains(number) {
        found.append(
          .invalid(rule, path.child("targetPort"), .integer(Int64(number)), Findings.outside(1...65_535)))
      }
    case .string(let name):
      for objection in PortNameForm.objections(name) {
        found.append(.invalid(rule, path.child("targetPort"), .string(name), objection))
      }
    }
    if type == "ClusterIP", port.nodePort != 0 {
      found.append(
        .forbidden(rule, path.child("nodePort"), "may not be used when `type` is 'ClusterIP'"))
    }
  }

  private mutating func checkDuplicatePorts() {
    for (index, port) in spec.ports.enumerated() {
      let place = path.child("ports")[index]
      let earlier = spec.ports[..<index]
      let kind = port.protocol.isEmpty ? "TCP" : port.protocol
      if !port.name.isEmpty, earlier.contains(where: { $0.name == port.name }) {
        found.append(.duplicate(rule, place.child("name"), .string(port.name)))
      }
      let isSameKind = { (other: ServicePort) in (other.protocol.isEmpty ? "TCP" : other.protocol) == kind }
      if port.nodePort != 0, earlier.contains(where: { $0.nodePort == port.nodePort && isSameKind($0) }) {
        found.append(.duplicate(rule, place.child("nodePort"), .integer(Int64(port.nodePort))))
      }
      if earlier.contains(where: { $0.port == port.port && isSameKind($0) }) {
        found.append(
          .duplicate(
            rule, place,
            .json(
              #"{"Name":"","Protocol":\#(GoText.text(kind)),"AppProtocol":null,"Port":\#(port.port),"#
                + #""TargetPort":0,"NodePort":0}"#)))
      }
    }
  }

  private mutating func checkAffinity() {
    let place = path.child("sessionAffinityConfig")
    switch spec.sessionAffinity {
    case "", "None": break
    case "ClientIP":
      guard let seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds else { return }
      if !(1...86_400).contains(seconds) {
        found.append(
          .invalid(
            rule, place.child("clientIP").child("timeoutSeconds"), .integer(Int64(seconds)),
            "must be greater than 0 and less than 86400"))
      }
    default:
      found.append(
        .notSupported(
          rule, path.child("sessionAffinity"), .named(spec.sessionAffinity), supported: ["ClientIP", "None"]))
    }
  }

  private mutating func checkAddresses() {
    guard type != "ExternalName" else { return }
    let place = path.child("clusterIPs")
    if !spec.clusterIP.isEmpty, let first = addresses.first, first != spec.clusterIP {
      found.append(.invalid(rule, place, .strings(addresses), "first value must match `clusterIP`"))
    }
    for (index, family) in spec.ipFamilies.enumerated() {
      let place = path.child("ipFamilies")[index]
      if family != "IPv4", family != "IPv6" {
        found.append(.notSupported(rule, place, .named(family), supported: ["IPv4", "IPv6"]))
      }
      if spec.ipFamilies[..<index].contains(family) {
        found.append(.duplicate(rule, place, .named(family)))
      }
    }
    if let policy = spec.ipFamilyPolicy,
      !["PreferDualStack", "RequireDualStack", "SingleStack"].contains(policy)
    {
      found.append(
        .notSupported(
          rule, path.child("ipFamilyPolicy"), .named(policy),
          supported: ["PreferDualStack", "RequireDualStack", "SingleStack"]))
    }
    for (index, address) in addresses.enumerated() where !(index == 0 && address == "None") {
      for objection in AddressForm.objections(address) {
        found.append(.invalid(rule, place[index], .string(address), objection))
      }
    }
    if addresses.first == "None", addresses.count > 1 {
      found.append(.invalid(rule, place, .strings(addresses), "'None' must be the first and only value"))
    }
    if addresses.count > 2 {
      found.append(.invalid(rule, place, .strings(addresses), "may only hold up to 2 values"))
    }
    for (index, address) in spec.externalIPs.enumerated() {
      for objection in AddressForm.objections(address) {
        found.append(.invalid(rule, path.child("externalIPs")[index], .string(address), objection))
      }
    }
  }

  private mutating func checkTraffic() {
    let outside = spec.externalTrafficPolicy
    if !outside.isEmpty {
      if !isReachableFromOutside {
        found.append(
          .invalid(
            rule, path.child("externalTrafficPolicy"), .named(outside),
            "may only be set for externally-accessible services"))
      } else if outside != "Cluster", outside != "Local" {
        found.append(
          .notSupported(
            rule, path.child("externalTrafficPolicy"), .named(outside), supported: ["Cluster", "Local"]))
      }
    }
    if spec.healthCheckNodePort != 0, type != "LoadBalancer" || outside != "Local" {
      found.append(
        .invalid(
          rule, path.child("healthCheckNodePort"), .integer(Int64(spec.healthCheckNodePort)),
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
    }
    if let inside = spec.internalTrafficPolicy, inside != "Cluster", inside != "Local" {
      found.append(
        .notSupported(
          rule, path.child("internalTrafficPolicy"), .named(inside), supported: ["Cluster", "Local"]))
    }
    let distributions = ["PreferClose", "PreferSameNode", "PreferSameZone"]
    if let distribution = spec.trafficDistribution, !distributions.contains(distribution) {
      found.append(
        .notSupported(
          rule, path.child("trafficDistribution"), .string(distribution), supported: distributions))
    }
  }
}
