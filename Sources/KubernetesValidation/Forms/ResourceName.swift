internal import KubernetesModel

/// What the name of a resource says about it.
enum ResourceName {
  static let standard: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
    "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services",
    "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "storage",
    "requests.storage",
    "services.nodeports", "services.loadbalancers",
  ]
  private static let counted: Set<String> = [
    "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
  ]

  static func isHugePages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }

  static func isStandard(_ name: String) -> Bool {
    isHugePages(name) || name.hasPrefix("requests.hugepages-") || standard.contains(name)
  }

  static func isForContainers(_ name: String) -> Bool {
    name == "cpu" || name == "memory" || name == "ephemeral-storage" || isHugePages(name)
  }

  static func isForPods(_ name: String) -> Bool { name == "cpu" || name == "memory" || isHugePages(name) }

  static func hasDomain(_ name: String) -> Bool { name.utf8.contains(0x2F) }

  /// Whether Kubernetes itself knows the resource: it has no domain, or one of Kubernetes.
  static func isNative(_ name: String) -> Bool { !hasDomain(name) || name.contains("kubernetes.io/") }

  /// Whether requests may stay below limits.
  static func allowsOvercommit(_ name: String) -> Bool {
    name == "cpu" || name == "memory" || isNative(name) && !isHugePages(name)
  }

  static func isExtended(_ name: String) -> Bool {
    !isNative(name) && !name.hasPrefix("requests.")
      && NameSyntax.qualifiedNameObjections("requests." + name).isEmpty
  }

  /// Whether amounts must be whole.
  static func isCounted(_ name: String) -> Bool {
    hasDomain(name) ? isExtended(name) : counted.contains(name)
  }

  /// Whether an amount of huge pages is a whole number of them.
  static func isWholePages(_ quantity: Quantity, of name: String) -> Bool {
    guard let page = Quantity(String(name.dropFirst("hugepages-".count))), page.signum > 0,
      Quantity(page.value) == page
    else { return false }
    return quantity.value % page.value == 0
  }
}
