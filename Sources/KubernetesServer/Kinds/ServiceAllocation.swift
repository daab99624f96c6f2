internal import KubernetesModel

/// Gives services their addresses and ports.
enum ServiceAllocation {
  static func allocated<Object: StoredObject>(
    _ service: Value, _ old: Value?, _ attributes: AdmissionAttributes,
    _ server: inout KubernetesServer<Object>
  ) throws(StatusError) -> Value {
    var spec = service["spec"] ?? .object([])
    let type = spec.text("type")
    if let old {
      // Addresses stay once they are given.
      for name in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] where spec[name] == nil {
        if let value = old[path: "spec", name], type != "ExternalName" {
          spec = spec.setting(name, to: value)
        }
      }
      spec = keepingPorts(spec, old)
    }
    guard ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) else {
      return service.setting("spec", to: spec)
    }
    // Problems that come before an allocation are reported by the checks.
    var address = spec.text("clusterIP")
    if address.isEmpty, let first = spec["clusterIPs"]?.elements.first?.stringValue { address = first }
    if address.isEmpty {
      address = freeAddress(server)
    } else if address != "None", old == nil {
      try check(address, attributes, server)
    }
    spec = spec.filling(["ipFamilies": .array([.string("IPv4")]), "ipFamilyPolicy": .string("SingleStack")])
    spec = spec.setting("clusterIP", to: .string(address))
    if spec["clusterIPs"] == nil { spec = spec.setting("clusterIPs", to: .array([.string(address)])) }
    if type != "ClusterIP", let ports = spec["ports"] {
      var taken = takenPorts(server)
      spec = spec.setting(
        "ports",
        to: .array(
          ports.elements.map { port in
            if let number = port["nodePort"]?.integerValue, number > 0 { return port }
            var number: Int64 = 30_000
            while taken.contains(number) { number += 1 }
            taken.insert(number)
            return port.setting("nodePort", to: .integer(number))
          }))
    }
    return service.setting("spec", to: spec)
  }

  private static func keepingPorts(_ spec: Value, _ old: Value) -> Value {
    guard let ports = spec["ports"], spec.text("type") != "ClusterIP" else { return spec }
    let before = old[path: "spec", "ports"]?.elements ?? []
    return spec.setting(
      "ports",
      to: .array(
        ports.elements.map { port in
          guard port["nodePort"] == nil,
            let same = before.first(where: {
              $0["port"] == port["port"] && $0["protocol"] == port["protocol"]
            }),
            let number = same["nodePort"]
          else { return port }
          return port.setting("nodePort", to: number)
        }))
  }

  private static func services<Object: StoredObject>(_ server: KubernetesServer<Object>) -> [Value] {
    server.frontend.services.map { server.objects(in: $0).map(\.value) } ?? []
  }

  private static func takenPorts<Object: StoredObject>(_ server: KubernetesServer<Object>) -> Set<Int64> {
    var taken: Set<Int64> = []
    for service in services(server) {
      for port in service[path: "spec", "ports"]?.elements ?? [] {
        if let number = port["nodePort"]?.integerValue { taken.insert(number) }
      }
    }
    return taken
  }

  /// The first address of 10.96.0.0/16 above .0.10 that no service has.
  private static func freeAddress<Object: StoredObject>(_ server: KubernetesServer<Object>) -> String {
    let taken = Set(services(server).map { $0.text("spec", "clusterIP") })
    var number = 11
    while number < 65_534 {
      let address = "10.96.\(number / 256).\(number % 256)"
      if !taken.contains(address) { return address }
      number += 1
    }
    return "10.96.255.254"
  }

  private static func check<Object: StoredObject>(
    _ address: String, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>
  ) throws(StatusError) {
    func refuse(_ why: String) -> StatusError {
      .invalid(
        attributes.resource, attributes.name,
        [
          .invalid(
            "K-service", "spec.clusterIPs", .strings([address]), "failed to allocate IP \(address): \(why)")
        ])
    }
    let parts = address.split(separator: ".").compactMap { UInt8($0) }
    guard parts.count == 4 else { return }
    guard parts[0] == 10, parts[1] == 96 else {
      throw refuse("the provided network does not match the current range")
    }
    if services(server).contains(where: { $0.text("spec", "clusterIP") == address }) {
      throw refuse("provided IP is already allocated")
    }
  }
}
