internal import KubernetesModel

/// What a pod asks of a node. Pods of one PodClique share one.
struct PodShape: Sendable {
  /// Amount per column, all above zero, in order of columns; without the pod itself.
  var requests: [Request]
  /// Number of the placement rule.
  var rule: Int
  /// Numbers of the host ports.
  var ports: [Int32]

  struct Request: Sendable, Hashable {
    var column: Int
    var amount: Int64
  }
}

/// Pod shapes by number.
struct ShapeTable: Sendable {
  private(set) var shapes: [PodShape] = []
  /// Shapes by what they mean.
  private var keys = ByteKeyTable()
  /// Shapes by how pods spell them, so that a known pod template is not understood anew for every pod.
  private var spellings = ByteKeyTable()
  private var shapeOfSpelling: [Int32] = []

  private(set) var hostPorts: [HostPort] = []
  private var portNumbers: [HostPort: Int32] = [:]

  func known(_ spelling: ByteKey) -> Int? { spellings.find(spelling).map { Int(shapeOfSpelling[$0]) } }

  mutating func remember(_ spelling: ByteKey, _ shape: Int) {
    _ = spellings.add(spelling)
    shapeOfSpelling.append(Int32(shape))
  }

  mutating func intern(_ shape: PodShape) -> Int {
    var key = ByteKey()
    key.number(shape.rule)
    key.number(shape.requests.count)
    for request in shape.requests {
      key.number(request.column)
      key.number(Int(request.amount))
    }
    for port in shape.ports { key.number(Int(port)) }
    if let known = keys.find(key) { return known }
    shapes.append(shape)
    return keys.add(key)
  }

  mutating func intern(_ port: HostPort) -> Int32 {
    if let known = portNumbers[port] { return known }
    let number = Int32(hostPorts.count)
    hostPorts.append(port)
    portNumbers[port] = number
    return number
  }

  func conflict(_ ports: [Int32], _ used: [Int32]) -> Bool {
    for port in ports {
      for other in used where hostPorts[Int(port)].conflicts(with: hostPorts[Int(other)]) { return true }
    }
    return false
  }
}

extension ByteKey {
  /// Writes everything in a pod's spec that decides its shape.
  mutating func write(_ spec: Indirect<PodSpec>, _ affinity: NodeAffinity?) {
    number(spec.wrappedValue.containers.count)
    let containers = spec.wrappedValue.containers
    for index in containers.indices {
      map(containers[index].resources.requests)
      map(containers[index].resources.limits)
      write(containers[index].ports)
    }
    let initContainers = spec.wrappedValue.initContainers
    number(initContainers.count)
    for index in initContainers.indices {
      map(initContainers[index].resources.requests)
      map(initContainers[index].resources.limits)
      text(initContainers[index].restartPolicy ?? "")
      write(initContainers[index].ports)
    }
    number(spec.wrappedValue.hostNetwork ? 1 : 0)
    if let resources = spec.wrappedValue.resources {
      number(1)
      map(resources.requests)
      map(resources.limits)
    } else {
      number(0)
    }
    map(spec.wrappedValue.overhead)
    writeRule(spec, affinity)
  }

  /// Writes what a pod was given, as far as it may differ from what it asks for.
  mutating func write(_ status: Indirect<PodStatus>) {
    number(PodResize.isInfeasible(status) ? 2 : 1)
    for statuses in [status.wrappedValue.containerStatuses, status.wrappedValue.initContainerStatuses] {
      number(statuses.count)
      for container in statuses {
        text(container.name)
        map(container.allocatedResources)
        number(container.resources == nil ? 0 : 1)
        map(container.resources?.requests ?? [:])
      }
    }
  }

  /// Writes what decides a pod's placement rule: the same as for the rule itself while it has no mask.
  mutating func writeRule(_ spec: Indirect<PodSpec>, _ affinity: NodeAffinity?) {
    map(spec.wrappedValue.nodeSelector)
    write(spec.wrappedValue.tolerations)
    write(affinity?.requiredDuringSchedulingIgnoredDuringExecution)
    write(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
  }

  /// Writes a placement rule with its mask.
  mutating func write(_ rule: PlacementRule) {
    map(rule.nodeSelector)
    write(rule.tolerations)
    write(rule.required)
    write(rule.preferred)
    guard let mask = rule.mask else { return }
    number(mask.allowsOnly ? 1 : 0)
    texts(mask.nodes)
    text(mask.reason)
  }

  private mutating func write(_ tolerations: [Toleration]) {
    number(tolerations.count)
    for index in tolerations.indices {
      text(tolerations[index].key)
      text(tolerations[index].operator)
      text(tolerations[index].value)
      text(tolerations[index].effect)
    }
  }

  private mutating func write(_ required: NodeSelector?) {
    number(required == nil ? 2 : 1)
    guard let required else { return }
    number(required.nodeSelectorTerms.count)
    for term in required.nodeSelectorTerms { write(term) }
  }

  private mutating func write(_ preferred: [PreferredSchedulingTerm]) {
    number(preferred.count)
    for term in preferred {
      number(Int(term.weight))
      write(term.preference)
    }
  }

  private mutating func write(_ term: NodeSelectorTerm) {
    for requirements in [term.matchExpressions, term.matchFields] {
      number(requirements.count)
      for requirement in requirements {
        text(requirement.key)
        text(requirement.operator)
        texts(requirement.values)
      }
    }
  }

  private mutating func write(_ ports: [ContainerPort]) {
    number(ports.count)
    for index in ports.indices {
      number(Int(ports[index].hostPort))
      number(Int(ports[index].containerPort))
      text(ports[index].protocol)
      text(ports[index].hostIP)
    }
  }
}
