internal import KubernetesModel

/// The columns of built-in kinds, as the API server of 1.36 prints them.
enum BuiltInPrinters {
  /// The columns of one kind.
  struct Printer: Sendable {
    var group: String
    var columns: [TableColumn]
    var cells: @Sendable (Value, Timestamp) -> [Value]
  }

  static let all: [String: Printer] = core.merging(workloads) { first, _ in first }.merging(others) {
    first, _ in first
  }

  static func columns(_ names: String..., wide: [String] = []) -> [TableColumn] {
    names.map { TableColumn($0) } + wide.map { TableColumn($0, priority: 1) }
  }

  // MARK: Reading objects

  static func text(_ object: Value?, _ path: String...) -> String {
    var value = object
    for name in path { value = value?[name] }
    return value?.scalarText ?? ""
  }

  static func number(_ object: Value?, _ path: String...) -> Int {
    var value = object
    for name in path { value = value?[name] }
    return Int(value?.integerValue ?? 0)
  }

  static func list(_ object: Value?, _ path: String...) -> [Value] {
    var value = object
    for name in path { value = value?[name] }
    return value?.elements ?? []
  }

  /// `a=b,c=d`, sorted; `<none>` without any.
  static func labels(_ value: Value?) -> String {
    let pairs = (value?.members ?? []).map { "\($0.name)=\($0.value.scalarText ?? "")" }
    return Cell.orNone(pairs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ","))
  }

  /// The text of a selector of workloads: `a=b,c in (d,e)`.
  static func selector(_ value: Value?) -> String {
    guard let value, !value.isNull else { return "<none>" }
    var parts = (value["matchLabels"]?.members ?? []).map { "\($0.name)=\($0.value.scalarText ?? "")" }
    for expression in value["matchExpressions"]?.elements ?? [] {
      let key = text(expression, "key")
      let values = list(expression, "values").compactMap(\.stringValue).sorted().joined(separator: ",")
      switch text(expression, "operator") {
      case "In": parts.append("\(key) in (\(values))")
      case "NotIn": parts.append("\(key) notin (\(values))")
      case "Exists": parts.append(key)
      default: parts.append("!\(key)")
      }
    }
    return Cell.orNone(parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ","))
  }

  /// The names and images of the containers of a template.
  static func containers(_ object: Value) -> [Value] {
    let containers = list(object, "spec", "template", "spec", "containers")
    return [
      .string(containers.map { text($0, "name") }.joined(separator: ",")),
      .string(containers.map { text($0, "image") }.joined(separator: ",")),
    ]
  }

  private static let core: [String: Printer] = [
    "Pod": Printer(
      group: "",
      columns: columns(
        "Ready", "Status", "Restarts", "Age", wide: ["IP", "Node", "Nominated Node", "Readiness Gates"])
    ) { pod, now in PodCells(pod, now).cells },
    "Service": Printer(
      group: "", columns: columns("Type", "Cluster-IP", "External-IP", "Port(s)", "Age", wide: ["Selector"])
    ) { service, now in
      let spec = service["spec"]
      let type = text(spec, "type").isEmpty ? "ClusterIP" : text(spec, "type")
      let address = list(spec, "clusterIPs").first?.stringValue ?? text(spec, "clusterIP")
      return [
        .string(type), .string(Cell.orNone(address)), .string(externalAddress(service, type)),
        .string(ports(list(spec, "ports"))), Cell.age(service, now), .string(labels(spec?["selector"])),
      ]
    },
    "Namespace": Printer(group: "", columns: columns("Status", "Age")) { object, now in
      [.string(text(object, "status", "phase")), Cell.age(object, now)]
    },
    "ConfigMap": Printer(group: "", columns: columns("Data", "Age")) { object, now in
      [Cell.count((object["data"]?.count ?? 0) + (object["binaryData"]?.count ?? 0)), Cell.age(object, now)]
    },
    "Secret": Printer(group: "", columns: columns("Type", "Data", "Age")) { object, now in
      [.string(text(object, "type")), Cell.count(object["data"]?.count ?? 0), Cell.age(object, now)]
    },
    "ServiceAccount": Printer(group: "", columns: columns("Age")) { object, now in [Cell.age(object, now)] },
    "Node": Printer(
      group: "",
      columns: columns(
        "Status", "Roles", "Age", "Version",
        wide: ["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"]), cells: node),
    "Event": Printer(
      group: "",
      columns: columns("Last Seen", "Type", "Reason", "Object")
        + [
          TableColumn("Subobject", priority: 1), TableColumn("Source", priority: 1), TableColumn("Message"),
          TableColumn("First Seen", priority: 1), TableColumn("Count", priority: 1),
          TableColumn("Name", format: "name", priority: 1),
        ], cells: event),
    "PersistentVolumeClaim": Printer(
      group: "",
      columns: columns(
        "Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass", "Age",
        wide: ["VolumeMode"])
    ) { claim, now in
      let isBound = !text(claim, "spec", "volumeName").isEmpty
      let phase =
        claim["metadata"]?["deletionTimestamp"] == nil ? text(claim, "status", "phase") : "Terminating"
      return [
        .string(phase), .string(text(claim, "spec", "volumeName")),
        .string(isBound ? text(claim, "status", "capacity", "storage") : ""),
        .string(isBound ? accessModes(list(claim, "status", "accessModes")) : ""),
        .string(text(claim, "spec", "storageClassName")),
        .string(
          text(claim, "spec", "volumeAttributesClassName").isEmpty
            ? "<unset>" : text(claim, "spec", "volumeAttributesClassName")), Cell.age(claim, now),
        .string(text(claim, "spec", "volumeMode").isEmpty ? "<unset>" : text(claim, "spec", "volumeMode")),
      ]
    },
    "Endpoints": Printer(group: "", columns: columns("Endpoints", "Age")) { object, now in
      var addresses: [String] = []
      for subset in list(object, "subsets") {
        let ports = list(subset, "ports")
        for address in list(subset, "addresses") {
          if ports.isEmpty { addresses.append(text(address, "ip")) }
          for port in ports { addresses.append("\(text(address, "ip")):\(text(port, "port"))") }
        }
      }
      let more = addresses.count > 3 ? " + \(addresses.count - 3) more..." : ""
      return [.string(Cell.orNone(addresses.prefix(3).joined(separator: ",") + more)), Cell.age(object, now)]
    },
    "LimitRange": Printer(group: "", columns: [TableColumn("Created At", type: "date")]) { object, _ in
      [Cell.creation(object)]
    },
    "ResourceQuota": Printer(group: "", columns: columns("Request", "Limit", "Age")) { object, now in
      var (requests, limits) = ([String](), [String]())
      for (name, hard) in object["status"]?["hard"]?.members.sorted(by: { $0.name < $1.name }) ?? [] {
        let entry = "\(name): \(text(object["status"]?["used"], name))/\(hard.scalarText ?? "")"
        if name.hasPrefix("limits") { limits.append(entry) } else { requests.append(entry) }
      }
      return [
        .string(requests.joined(separator: ", ")), .string(limits.joined(separator: ", ")),
        Cell.age(object, now),
      ]
    },
  ]

  private static func accessModes(_ modes: [Value]) -> String {
    let short = [
      "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
    ]
    return ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
      .filter { mode in modes.contains { $0.stringValue == mode } }.compactMap { short[$0] }.joined(
        separator: ",")
  }

  private static func externalAddress(_ service: Value, _ type: String) -> String {
    let given = list(service, "spec", "externalIPs").compactMap(\.stringValue)
    switch type {
    case "LoadBalancer":
      let ingress = list(service, "status", "loadBalancer", "ingress").map {
        text($0, "ip").isEmpty ? text($0, "hostname") : text($0, "ip")
      }
      let all = ingress + given
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    case "ExternalName": return text(service, "spec", "externalName")
    default: return Cell.orNone(given.joined(separator: ","))
    }
  }

  private static func ports(_ ports: [Value]) -> String {
    Cell.orNone(
      ports.map { port in
        let node = number(port, "nodePort")
        let name = text(port, "protocol").isEmpty ? "TCP" : text(port, "protocol")
        return node > 0 ? "\(text(port, "port")):\(node)/\(name)" : "\(text(port, "port"))/\(name)"
      }.joined(separator: ","))
  }

  @Sendable private static func node(_ node: Value, _ now: Timestamp) -> [Value] {
    let ready = list(node, "status", "conditions").first { text($0, "type") == "Ready" }
    var status = ready.map { text($0, "status") == "True" ? "Ready" : "NotReady" } ?? "Unknown"
    if node["spec"]?["unschedulable"]?.booleanValue == true { status += ",SchedulingDisabled" }
    var roles: Set<String> = []
    for (name, value) in node["metadata"]?["labels"]?.members ?? [] {
      if name.hasPrefix("node-role.kubernetes.io/") {
        let role = String(name.dropFirst("node-role.kubernetes.io/".count))
        if !role.isEmpty { roles.insert(role) }
      } else if name == "kubernetes.io/role", let role = value.stringValue, !role.isEmpty {
        roles.insert(role)
      }
    }
    func address(_ type: String) -> String {
      Cell.orNone(
        list(node, "status", "addresses").first { text($0, "type") == type }.map { text($0, "address") })
    }
    let info = node["status"]?["nodeInfo"]
    func known(_ text: String) -> String { text.isEmpty ? "<unknown>" : text }
    let architecture = text(info, "architecture")
    let kernel = known(text(info, "kernelVersion"))
    return [
      .string(status), .string(Cell.orNone(roles.sorted().joined(separator: ","))), Cell.age(node, now),
      .string(text(info, "kubeletVersion")), .string(address("InternalIP")), .string(address("ExternalIP")),
      .string(known(text(info, "osImage"))),
      .string(architecture.isEmpty ? kernel : "\(kernel) (\(architecture))"),
      .string(known(text(info, "containerRuntimeVersion"))),
    ]
  }

  @Sendable private static func event(_ event: Value, _ now: Timestamp) -> [Value] {
    func since(_ field: String) -> String? {
      text(event, field).isEmpty ? nil : Cell.age(of: text(event, field), now)
    }
    let first = since("firstTimestamp") ?? Cell.age(of: event["eventTime"]?.stringValue, now)
    var last = since("lastTimestamp") ?? first
    var count = max(number(event, "count"), 1)
    if let series = event["series"], !series.isNull {
      last = Cell.age(of: series["lastObservedTime"]?.stringValue, now)
      count = number(series, "count")
    }
    let object = event["involvedObject"]
    let name = text(object, "name")
    let kind = text(object, "kind").lowercased()
    let component =
      text(event, "source", "component").isEmpty
      ? text(event, "reportingComponent") : text(event, "source", "component")
    let instance =
      text(event, "source", "host").isEmpty
      ? text(event, "reportingInstance") : text(event, "source", "host")
    return [
      .string(last), .string(text(event, "type")), .string(text(event, "reason")),
      .string(name.isEmpty ? kind : "\(kind)/\(name)"), .string(text(object, "fieldPath")),
      .string(instance.isEmpty ? component : "\(component), \(instance)"),
      .string(trimmed(text(event, "message"))),
      .string(first), Cell.count(count), Cell.name(event),
    ]
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
