internal import KubernetesModel

/// Requests and limits that follow from others.
extension PodDefaults {
  /// A limit without a request is a request, too.
  static func applyRequests(_ spec: inout PodSpec) {
    for index in spec.containers.indices { spec.containers[index].resources.completeRequests() }
    for index in spec.initContainers.indices { spec.initContainers[index].resources.completeRequests() }
  }

  /// What a pod that says something about its resources as a whole leaves open.
  static func applyPodResources(_ spec: inout PodSpec) {
    guard var resources = spec.resources else { return }
    if resources.limits.isEmpty, resources.requests.isEmpty { return }
    for (name, limit) in spec.containerTotals(\.limits)
    where ResourceName.isHugePages(name) && resources.requests[name] == nil && resources.limits[name] == nil {
      resources.limits[name] = limit
    }
    if !resources.limits.isEmpty {
      for (name, request) in spec.containerTotals(\.requests)
      where resources.requests[name] == nil && (name == "cpu" || name == "memory") {
        resources.requests[name] = request
      }
      for (name, limit) in resources.limits
      where resources.requests[name] == nil && ResourceName.isForPods(name) {
        resources.requests[name] = limit
      }
    }
    spec.resources = resources
  }

  static func round(_ amounts: inout StringMap<Quantity>) {
    guard amounts.contains(where: { $0.value.mayBeFinerThanMilli }) else { return }
    amounts = amounts.mapValues { $0.roundedUpToMilli }
  }
}

extension ResourceRequirements {
  fileprivate mutating func completeRequests() {
    guard !limits.isEmpty else { return }
    for (name, limit) in limits where requests[name] == nil { requests[name] = limit }
  }

  /// Amounts finer than a thousandth become the next thousandth: nothing finer can be stored.
  mutating func roundUp() {
    if !limits.isEmpty { PodDefaults.round(&limits) }
    if !requests.isEmpty { PodDefaults.round(&requests) }
  }
}

extension ContainerPort {
  mutating func takeHostPort() {
    if hostPort == 0 { hostPort = containerPort }
  }
}

extension Quantity {
  /// Whether the text could say something finer than a thousandth.
  fileprivate var mayBeFinerThanMilli: Bool {
    text.utf8.contains { $0 == 0x2E || $0 == 0x75 || $0 == 0x6E || $0 == 0x2D }
  }

  fileprivate var roundedUpToMilli: Quantity {
    guard mayBeFinerThanMilli else { return self }
    let milli = milliValue
    if milli == .max || milli == .min || Quantity(milli: milli) == self { return self }
    if format == .decimalExponent, let rounded = Quantity("\(milli)e-3") { return rounded }
    return Quantity(milli: milli)
  }
}
