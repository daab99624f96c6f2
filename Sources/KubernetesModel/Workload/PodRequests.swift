extension PodSpec {
  /// What a pod asks of a node, by resource name, as the Kubernetes scheduler counts it.
  ///
  /// That is the sum over containers and sidecars (init containers that restart always), or what an init container
  /// needs beside the sidecars before it where that is more; then pod-level requests in their place, where given;
  /// plus `overhead`. A limit stands for a request that is not given.
  ///
  /// - Complexity: O(containers × resources).
  public var effectiveRequests: StringMap<Quantity> {
    var running = StringMap<Quantity>()
    for container in containers { running.add(container.resources.withDefaultedRequests) }
    var sidecars = StringMap<Quantity>()
    var peak = StringMap<Quantity>()
    for container in initContainers {
      let requests = container.resources.withDefaultedRequests
      if container.restartPolicy == "Always" {
        running.add(requests)
        sidecars.add(requests)
        peak.raise(to: sidecars)
      } else {
        var needed = sidecars
        needed.add(requests)
        peak.raise(to: needed)
      }
    }
    running.raise(to: peak)
    if let resources {
      for (name, quantity) in resources.withDefaultedRequests { running[name] = quantity }
    }
    running.add(overhead)
    return running
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

extension StringMap<Quantity> {
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
