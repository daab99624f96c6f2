extension PodSpec {
  /// What a pod asks of a node, by resource name, as the Kubernetes scheduler counts it.
  ///
  /// That is the sum over containers and sidecars (init containers that restart always), or what an init container
  /// needs beside the sidecars before it where that is more; then pod-level requests in their place, where given;
  /// plus `overhead`. A limit stands for a request that is not given. What is finer than a thousandth is rounded up in
  /// each place, as the API server does.
  ///
  /// - Complexity: O(containers × resources).
  public var effectiveRequests: StringMap<Quantity> {
    let asked = sum { $0.resources.withDefaultedRequests.roundedUp }
    return effective(asked, asked)
  }

  /// The same while the pod is being resized in place: what a container asks for, what it was allocated and what it
  /// has, whichever is most; a resize that is infeasible does not count (S-314).
  ///
  /// - Parameter status: the pod's status.
  public func effectiveRequests(beside status: PodStatus) -> StringMap<Quantity> {
    let isInfeasible = PodResize.isInfeasible(Indirect(wrappedValue: status))
    let used = sum { container in
      let asked = container.resources.withDefaultedRequests.roundedUp
      let known =
        status.containerStatuses.first { $0.name == container.name }
        ?? status.initContainerStatuses.first { $0.name == container.name }
      guard let known, let actual = known.resources else { return asked }
      var most = isInfeasible ? [:] : asked
      most.raise(to: known.allocatedResources.roundedUp)
      most.raise(to: actual.requests.roundedUp)
      return most
    }
    return effective(used, resources == nil ? [:] : sum { $0.resources.withDefaultedRequests })
  }

  /// What the containers need together, given what each of those needs that go on running.
  private func sum(_ requests: (Container) -> StringMap<Quantity>) -> StringMap<Quantity> {
    var running = StringMap<Quantity>()
    for container in containers { running.add(requests(container)) }
    var sidecars = StringMap<Quantity>()
    var peak = StringMap<Quantity>()
    for container in initContainers {
      if container.restartPolicy == "Always" {
        let own = requests(container)
        running.add(own)
        sidecars.add(own)
        peak.raise(to: sidecars)
      } else {
        var needed = sidecars
        needed.add(container.resources.withDefaultedRequests.roundedUp)
        peak.raise(to: needed)
      }
    }
    running.raise(to: peak)
    return running
  }

  /// What the pod needs, given what its containers do.
  ///
  /// A limit of the pod stands for a request that neither it nor a container asked for when it was made.
  private func effective(_ used: StringMap<Quantity>, _ asked: StringMap<Quantity>) -> StringMap<Quantity> {
    var result = used
    if let resources {
      for (name, quantity) in resources.limits where Self.isPodLevel(name) && asked[name] == nil {
        result[name] = quantity.roundedUp
      }
      for (name, quantity) in resources.requests where Self.isPodLevel(name) {
        result[name] = quantity.roundedUp
      }
    }
    result.add(overhead.roundedUp)
    return result
  }

  /// Whether a resource may be given for a pod as a whole.
  private static func isPodLevel(_ name: String) -> Bool {
    name == "cpu" || name == "memory" || name.hasPrefix("hugepages-")
  }
}

extension ResourceRequirements {
  /// The requests, with limits in the place of requests that are not given.
  fileprivate var withDefaultedRequests: StringMap<Quantity> {
    if limits.isEmpty { return requests }
    var result = requests
    for (name, quantity) in limits where result[name] == nil { result[name] = quantity }
    return result
  }
}

extension Quantity {
  /// The amount, with what is finer than a thousandth rounded up.
  fileprivate var roundedUp: Quantity {
    let thousandths = milliValue
    if thousandths == .max || thousandths == .min { return self }
    let rounded = Quantity(milli: thousandths)
    return rounded == self ? self : rounded
  }
}

extension StringMap<Quantity> {
  fileprivate var roundedUp: StringMap<Quantity> { mapValues { $0.roundedUp } }

  /// Adds quantities name by name.
  public mutating func add(_ other: StringMap<Quantity>) {
    for (name, quantity) in other { self[name] = self[name].map { $0 + quantity } ?? quantity }
  }

  /// Takes the larger quantity name by name.
  public mutating func raise(to other: StringMap<Quantity>) {
    for (name, quantity) in other {
      if let own = self[name], own >= quantity { continue }
      self[name] = quantity
    }
  }
}
