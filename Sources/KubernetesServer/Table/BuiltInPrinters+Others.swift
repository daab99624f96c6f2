internal import KubernetesModel

extension BuiltInPrinters {
  private static let rbac = "rbac.authorization.k8s.io"

  private static let created = Printer(group: rbac, columns: [TableColumn("Created At", type: "date")]) {
    object, _ in
    [Cell.creation(object)]
  }

  private static let binding = Printer(
    group: rbac, columns: columns("Role", "Age", wide: ["Users", "Groups", "ServiceAccounts"])
  ) { object, now in
    func subjects(_ kind: String) -> Value {
      .string(
        list(object, "subjects").filter { text($0, "kind") == kind }.map {
          kind == "ServiceAccount" ? "\(text($0, "namespace"))/\(text($0, "name"))" : text($0, "name")
        }.joined(separator: ", "))
    }
    return [
      .string("\(text(object, "roleRef", "kind"))/\(text(object, "roleRef", "name"))"), Cell.age(object, now),
      subjects("User"), subjects("Group"), subjects("ServiceAccount"),
    ]
  }

  private static let webhooks = Printer(
    group: "admissionregistration.k8s.io", columns: columns("Webhooks", "Age")
  ) { object, now in [Cell.count(list(object, "webhooks").count), Cell.age(object, now)] }

  static let others: [String: Printer] = [
    "Role": created, "ClusterRole": created, "RoleBinding": binding, "ClusterRoleBinding": binding,
    "ValidatingWebhookConfiguration": webhooks, "MutatingWebhookConfiguration": webhooks,
    "Lease": Printer(group: "coordination.k8s.io", columns: columns("Holder", "Age")) { object, now in
      [.string(text(object, "spec", "holderIdentity")), Cell.age(object, now)]
    },
    "PriorityClass": Printer(
      group: "scheduling.k8s.io", columns: columns("Value", "Global-Default", "Age", "PreemptionPolicy")
    ) { object, now in
      let policy = text(object, "preemptionPolicy")
      return [
        Cell.count(number(object, "value")), .boolean(object["globalDefault"]?.booleanValue ?? false),
        Cell.age(object, now), .string(policy.isEmpty ? "PreemptLowerPriority" : policy),
      ]
    },
    "StorageClass": Printer(
      group: "storage.k8s.io",
      columns: columns("Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age")
    ) { object, now in
      func or(_ name: String, _ fallback: String) -> Value {
        .string(text(object, name).isEmpty ? fallback : text(object, name))
      }
      return [
        .string(text(object, "provisioner")), or("reclaimPolicy", "Delete"),
        or("volumeBindingMode", "Immediate"),
        .boolean(object["allowVolumeExpansion"]?.booleanValue ?? false), Cell.age(object, now),
      ]
    },
    "Ingress": Printer(
      group: "networking.k8s.io", columns: columns("Class", "Hosts", "Address", "Ports", "Age")
    ) { object, now in
      let hosts = list(object, "spec", "rules").map { text($0, "host") }.filter { !$0.isEmpty }
      let more = hosts.count > 3 ? " + \(hosts.count - 3) more..." : ""
      let addresses = list(object, "status", "loadBalancer", "ingress").map {
        text($0, "ip").isEmpty ? text($0, "hostname") : text($0, "ip")
      }
      return [
        .string(Cell.orNone(text(object, "spec", "ingressClassName"))),
        .string(hosts.isEmpty ? "*" : hosts.prefix(3).joined(separator: ",") + more),
        .string(addresses.joined(separator: ",")),
        .string(list(object, "spec", "tls").isEmpty ? "80" : "80, 443"), Cell.age(object, now),
      ]
    },
    "NetworkPolicy": Printer(group: "networking.k8s.io", columns: columns("Pod-Selector", "Age")) {
      object, now in
      [.string(selector(object["spec"]?["podSelector"])), Cell.age(object, now)]
    },
    "ResourceClaim": Printer(group: "resource.k8s.io", columns: columns("State", "Age")) { object, now in
      [.string(claimState(object)), Cell.age(object, now)]
    },
    "ResourceClaimTemplate": Printer(group: "resource.k8s.io", columns: columns("Age")) { object, now in
      [Cell.age(object, now)]
    },
    "DeviceClass": Printer(group: "resource.k8s.io", columns: columns("Age")) { object, now in
      [Cell.age(object, now)]
    },
    "ResourceSlice": Printer(
      group: "resource.k8s.io", columns: columns("Node", "Driver", "Pool", "Age")
    ) { object, now in
      [
        .string(text(object, "spec", "nodeName")), .string(text(object, "spec", "driver")),
        .string(text(object, "spec", "pool", "name")), Cell.age(object, now),
      ]
    },
  ]

  private static func claimState(_ claim: Value) -> String {
    var words: [String] = []
    let isDeleted = claim["metadata"]?["deletionTimestamp"] != nil
    if isDeleted { words.append("deleted") }
    if claim["status"]?["allocation"].map({ $0.isNull }) ?? true {
      if !isDeleted { words.append("pending") }
    } else {
      words.append("allocated")
      if !list(claim, "status", "reservedFor").isEmpty { words.append("reserved") }
    }
    return words.joined(separator: ",")
  }
}
