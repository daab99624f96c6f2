internal import GroveModel
public import KubernetesModel

/// The nodes of a snapshot in the order of a topology, with what runs on them: what a picture of the cluster needs.
public struct Layout: Sendable, Hashable {
  /// The topology's name; empty when there is none.
  public var topology: String
  /// Domain names of its levels, the broadest first.
  public var domains: [String]
  /// Node labels of its levels.
  public var keys: [String]
  /// The nodes, by domain path, then by name.
  public var nodes: [Machine]

  /// A node.
  public struct Machine: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its label values, one per level; `""` where it lacks the label.
    public var path: [String]
    /// Whether it is cordoned, or left out by the caller.
    public var isCordoned: Bool
    /// What it offers, and what pods on it ask for that it does not offer, as zero.
    public var capacity: StringMap<Quantity>
    /// What is left of that; negative when the node is overcommitted.
    public var free: StringMap<Quantity>
    /// The pods on it, by namespace and name.
    public var pods: [Occupant]
  }

  /// A pod on a node.
  public struct Occupant: Sendable, Hashable {
    /// The pod.
    public var name: ObjectName
    /// Its gang, or nil.
    public var gang: ObjectName?
    /// The scope of the gang that holds it, such as the name of its PodClique; empty without a gang.
    public var scope: String
    /// What it asks for.
    public var requests: StringMap<Quantity>
    /// Whether it is being deleted.
    public var isLeaving: Bool
  }
}

extension Snapshot {
  /// The names of the declared topologies, in byte order.
  public var topologyNames: [String] { state.declared.keys.sorted(by: isByteOrdered) }

  /// How many nodes there are.
  public var nodeCount: Int { state.nodes.presentCount }

  /// Nodes and pods in the order of a topology; the first by name when none is given.
  ///
  /// - Returns: nil when there is no topology of that name.
  /// - Complexity: O(nodes + pods).
  public func layout(topology name: String? = nil) -> Layout? {
    var state = state
    state.refresh()
    guard let index = state.topologies.firstIndex(where: { name == nil || $0.name == name }) else {
      return nil
    }
    let topology = state.topologies[index]
    var layout = Layout(
      topology: topology.name, domains: topology.domains, keys: topology.keys, nodes: [])
    for position in 0..<topology.nodeCount {
      layout.nodes.append(state.machine(Int(topology.order[position]), keys: topology.keys))
    }
    return layout
  }
}

extension ClusterState {
  fileprivate func machine(_ node: Int, keys: [String]) -> Layout.Machine {
    var machine = Layout.Machine(
      name: nodes.name(node), path: keys.map { nodes.labels[node][$0] ?? "" },
      isCordoned: nodes.isCordoned[node] || nodes.isExcluded[node], capacity: [:], free: [:], pods: [])
    let capacityClass = Int(nodes.capacityClass[node])
    for offer in capacityClass < 0 ? [] : capacities.capacities[capacityClass].amounts where offer.amount != 0
    {
      let quantity = ResourceTable.quantity(offer.amount, of: offer.resource)
      machine.capacity[offer.resource] = quantity
      machine.free[offer.resource] = quantity
    }
    for column in 0..<nodes.columnCount {
      let resource = resources.names[column]
      let index = column * nodes.stride + node
      guard nodes.capacity[index] != 0 || nodes.free[index] != 0 else { continue }
      machine.capacity[resource] = ResourceTable.quantity(nodes.capacity[index], of: resource)
      machine.free[resource] = ResourceTable.quantity(nodes.free[index], of: resource)
    }
    var pod = Int(nodes.firstPod[node])
    while pod >= 0 {
      let gang = Int(pods.gang[pod])
      machine.pods.append(
        Layout.Occupant(
          name: ObjectName(namespace: pods.ids.spaces[pod], name: pods.ids.names[pod]),
          gang: gang < 0 ? nil : gangs.name(gang),
          scope: gang < 0
            ? "" : gangs.records[gang].scopes[gangs.records[gang].leaves[Int(pods.leaf[pod])].scope].name,
          requests: requests(of: Int(pods.shape[pod])), isLeaving: pods.state[pod] == .leaving))
      pod = Int(pods.nextOnNode[pod])
    }
    machine.pods.sort { $0.name < $1.name }
    return machine
  }

  /// What a pod of a shape asks for.
  func requests(of shape: Int) -> StringMap<Quantity> {
    var result: StringMap<Quantity> = [:]
    for request in shapes.shapes[shape].requests {
      let resource = resources.names[request.column]
      result[resource] = ResourceTable.quantity(request.amount, of: resource)
    }
    return result
  }
}
