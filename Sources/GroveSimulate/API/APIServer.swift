public import GroveModel
public import GroveReconcile
public import KubernetesModel

/// The objects of a cluster and the rules for changing them, as a value.
///
/// It does what a Kubernetes API server does for the kinds that Grove knows: uids, resource versions and conflicts,
/// generations, generated names, statuses with an endpoint of their own, finalizers, graceful deletion, admission,
/// validation, events. Who acts on the objects (operator, garbage collector, kubelet, users) is outside.
///
/// Copying it costs O(1), so a run can be branched at any point. Two servers with the same seed that see the same
/// writes answer the same, down to the last byte.
public struct APIServer: Sendable {
  /// What the server does beyond storing objects.
  public struct Options: Sendable, Equatable {
    /// Whether a pod may name a PriorityClass that is not there. A real API server refuses such pods; who expands a
    /// manifest usually leaves the cluster's PriorityClasses out.
    public var acceptsUnknownPriorityClasses = true

    /// The options of a server that is fed manifests only.
    public init() {}
  }

  /// All objects.
  public internal(set) var objects = ObservedState()
  /// The events that were reported.
  public internal(set) var events = EventLog()
  /// What time it is for the server.
  public var now: Timestamp
  /// What generated names and uids come from.
  public let seed: UInt64
  /// What the server does beyond storing objects.
  public let options: Options
  /// What the operator's webhooks are configured to do; nil when they are not installed.
  public var webhooks: OperatorConfiguration?

  /// The warnings that came with the answer to the last write that webhooks looked at.
  public internal(set) var warnings: [Diagnostic] = []

  /// How many writes changed something; also the last resource version.
  public internal(set) var version: UInt64 = 0
  /// The watch events that ``takeChanges()`` has not taken yet, in order.
  var changes: [Change] = []
  var identities: UInt64 = 0
  /// The spec of the last pod that was found to be valid: the next one is often like it.
  @Boxed var acceptedPodSpec: PodSpec? = nil
  /// How often a generated name was drawn, for those that were drawn before or whose object is gone.
  private var incarnations: [UInt64: UInt32] = [:]

  /// An empty cluster.
  ///
  /// - Parameters:
  ///   - seed: what generated names and uids come from.
  ///   - start: what time it is.
  ///   - webhooks: the configuration of the operator whose webhooks look at PodCliqueSets and
  ///     ClusterTopologyBindings; nil for a cluster without them.
  public init(
    seed: UInt64 = 0, start: Timestamp = APIServer.defaultStart, webhooks: OperatorConfiguration? = nil,
    options: Options = Options()
  ) {
    self.seed = seed
    self.now = start
    self.webhooks = webhooks
    self.options = options
  }

  /// When simulated clusters come into being unless told otherwise: 2026-01-01T00:00:00Z.
  public static let defaultStart = Timestamp(secondsSince1970: 1_767_225_600)

  /// The object with a key.
  public subscript(key: ObjectKey) -> Resource? { objects[key] }

  /// The watch events since the last call, in order.
  public mutating func takeChanges() -> [Change] {
    var taken: [Change] = []
    swap(&taken, &changes)
    return taken
  }

  /// Keeps an event.
  public mutating func record(_ event: ObjectEvent) { events.record(event, at: now) }

  mutating func nextVersion() -> String {
    version += 1
    return String(version)
  }

  mutating func nextUID() -> String {
    identities += 1
    return Identity.uid(seed: seed, counter: identities)
  }

  /// A free name for an object that asks for a generated one.
  mutating func generatedName(_ kind: ResourceKind, _ metadata: ObjectMeta) -> String {
    let base = metadata.generateName
    let key = Self.nameKey(seed: seed, metadata)
    var incarnation = incarnations[key] ?? 0
    while true {
      let name = Identity.name(base: base, key: key, incarnation: incarnation)
      if objects[ObjectKey(kind, namespace: metadata.namespace, name: name)] == nil {
        if incarnation > 0 { incarnations[key] = incarnation + 1 }
        return name
      }
      incarnation += 1
    }
  }

  /// Remembers that an object with a generated name is gone: its successor gets another name.
  mutating func retireName(_ metadata: ObjectMeta) {
    guard !metadata.generateName.isEmpty else { return }
    let key = Self.nameKey(seed: seed, metadata)
    if incarnations[key] == nil { incarnations[key] = 1 }
  }

  /// Remembers how often a generated name was drawn that an object came with.
  mutating func reserveName(_ metadata: ObjectMeta) {
    guard !metadata.generateName.isEmpty else { return }
    let key = Self.nameKey(seed: seed, metadata)
    // Whoever came with a name of another seed, or has been made anew more often, has a name that no draw repeats.
    for incarnation: UInt32 in 1..<16
    where Identity.name(base: metadata.generateName, key: key, incarnation: incarnation) == metadata.name {
      incarnations[key] = max(incarnations[key] ?? 0, incarnation + 1)
    }
  }

  private static func nameKey(seed: UInt64, _ metadata: ObjectMeta) -> UInt64 {
    Identity.nameKey(
      seed: seed, namespace: metadata.namespace, base: metadata.generateName,
      index: metadata.labels[LabelKey.podIndex] ?? "")
  }
}
