public import GroveModel
package import GroveReconcile
public import GroveSimulate
public import KubernetesModel

/// What is explored: the objects of a user, and the cluster they are applied to.
public struct ExplorationSubject: Sendable {
  /// The objects, in the order in which they are applied; one PodCliqueSet at least.
  public var objects: [Resource]
  /// What the operator is configured to do.
  public var configuration: OperatorConfiguration
  /// The nodes.
  public var nodes: [Node]
  /// How long kubelets take; short, so that much happens in few steps.
  public var timing: ClusterTiming
  /// What generated names and uids come from.
  public var seed: UInt64
  /// Known defects that the operator has in this exploration; for tests of the explorers.
  package var defects: Defects = []

  /// A subject.
  public init(
    objects: [Resource], configuration: OperatorConfiguration = OperatorConfiguration(), nodes: [Node],
    timing: ClusterTiming = ClusterTiming(), seed: UInt64 = 0
  ) {
    self.objects = objects
    self.configuration = configuration
    self.nodes = nodes
    self.timing = timing
    self.seed = seed
  }

  /// The PodCliqueSets among the objects.
  public var podCliqueSets: [PodCliqueSet] {
    objects.compactMap { if case .podCliqueSet(let set) = $0 { set } else { nil } }
  }

  /// Nodes that are alike, with room for 110 pods each.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - resources: what each can give.
  ///   - taints: what keeps pods away that do not tolerate it.
  public static func nodes(
    _ count: Int,
    resources: StringMap<Quantity> = [
      "cpu": 256, "memory": 4_398_046_511_104, "nvidia.com/gpu": 64, "pods": 110,
    ],
    taints: [Taint] = []
  ) -> [Node] {
    (0..<count).map { index in
      var node = Node()
      node.metadata.name = "node-\(index)"
      node.metadata.labels = ["kubernetes.io/hostname": "node-\(index)"]
      node.spec.taints = taints
      node.status.capacity = resources
      node.status.allocatable = resources
      node.status.conditions = [NodeCondition(status: "True", type: "Ready")]
      return node
    }
  }

  /// The cluster with everything applied, before anything has happened.
  ///
  /// - Parameters:
  ///   - lags: whether the operator sees changes late.
  ///   - terminationDelay: in the place of what the PodCliqueSets say, if given.
  /// - Throws: what the API server refused.
  func world(lags: Bool, terminationDelay: Duration? = nil) throws(ExplorationError) -> World {
    var setup = ClusterSetup(kubelets: timing)
    setup.watchesLag = lags
    setup.keepsHistory = true
    var reconciler = Reconciler(configuration: configuration)
    reconciler.defects = defects
    var world = World(reconciler: reconciler, configuration: configuration, setup: setup, seed: seed)
    for object in nodes.map({ Resource.node($0) }) + objects.map({ Self.asNew($0, terminationDelay) }) {
      do {
        try world.write { server throws(APIError) in try server.create(object) }
      } catch {
        throw .refused(error)
      }
    }
    return world
  }

  /// An object as a user has it before it is applied.
  static func asNew(_ object: Resource, _ terminationDelay: Duration?) -> Resource {
    let clean = object.withMetadata {
      $0.uid = ""
      $0.resourceVersion = ""
      $0.managedFields = []
    }
    guard let terminationDelay, case .podCliqueSet(var set) = clean else { return clean }
    set.spec.template.terminationDelay = terminationDelay
    return .podCliqueSet(set)
  }
}

/// Why something cannot be explored.
public enum ExplorationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The API server does not take an object.
  case refused(APIError)
  /// Without any fault, the objects do not come to what they ask for; the text says what is missing.
  case neverReady(String)

  /// The reason in words.
  public var description: String {
    switch self {
    case .refused(let error): error.description
    case .neverReady(let reason): "even without faults the workload does not become ready: \(reason)"
    }
  }
}
