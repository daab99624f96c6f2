internal import GroveModel
public import KubernetesModel

/// Pods that are placed together or not at all, in a tree of any depth (S-003).
///
/// A PodGang is one: its root holds a scope per group config and a scope per pod group. Other workloads can build
/// deeper trees, and trees of which a part is enough.
///
/// ```swift
/// let gang = Gang(
///   name: ObjectName(namespace: "default", name: "serve"),
///   root: GangScope(
///     name: "serve", packing: Packing(required: "topology.kubernetes.io/zone"),
///     scopes: [
///       GangScope(name: "leader", pods: [leader], minimum: 1),
///       GangScope(name: "workers", pods: workers, minimum: 4, packing: Packing(preferred: "rack")),
///     ]))
/// ```
public struct Gang: Sendable, Hashable {
  /// Namespace and name.
  public var name: ObjectName
  /// The outermost scope.
  public var root: GangScope
  /// PriorityClass; when empty, the highest priority of the pods counts.
  public var priorityClassName: String
  /// The topology whose labels the packing constraints name.
  ///
  /// When absent, the first one, by name, that has them all; for a single label that no topology has, one is made up
  /// with that label as its only level.
  public var topology: String?
  /// Gangs that must meet their minimum before this one may be placed (S-037).
  ///
  /// The label `grove.io/base-podgang` on a pod adds one without being listed here.
  public var dependencies: [ObjectName]
  /// A gang whose nodes are preferred when they are as good as others (S-039).
  public var reuse: ObjectName?
  /// When the gang was created: of gangs with equal priority the older one comes first (S-036).
  public var createdAt: Timestamp?

  /// A gang.
  public init(
    name: ObjectName, root: GangScope, priorityClassName: String = "", topology: String? = nil,
    dependencies: [ObjectName] = [], reuse: ObjectName? = nil, createdAt: Timestamp? = nil
  ) {
    self.name = name
    self.root = root
    self.priorityClassName = priorityClassName
    self.topology = topology
    self.dependencies = dependencies
    self.reuse = reuse
    self.createdAt = createdAt
  }
}

/// Where the pods of a scope must or should be together, as node label keys (S-032, S-033).
public struct Packing: Sendable, Hashable {
  /// Label whose value all pods of the scope must share.
  public var required: String?
  /// Label whose value they should share; the scope is packed as narrowly as possible up to ``required``.
  public var preferred: String?

  /// A constraint; none by default.
  public init(required: String? = nil, preferred: String? = nil) {
    self.required = required
    self.preferred = preferred
  }
}

/// A part of a gang: pods, or scopes inside.
public struct GangScope: Sendable, Hashable {
  /// What a scope holds.
  public enum Content: Sendable, Hashable {
    /// Scopes inside.
    case scopes([GangScope])
    /// Pods, which are interchangeable as far as the gang is concerned.
    case pods([ObjectName])
  }

  /// The name, for reports.
  public var name: String
  /// Where the pods go.
  public var packing: Packing
  /// How many of the pods, or of the scopes inside, the gang cannot do without; 0…2³¹ - 1.
  public var minimum: Int
  /// Pods or scopes.
  public var content: Content

  /// A scope of pods.
  public init(name: String, pods: [ObjectName], minimum: Int, packing: Packing = Packing()) {
    self.name = name
    self.packing = packing
    self.minimum = minimum
    content = .pods(pods)
  }

  /// A scope of scopes; all of them are needed unless a smaller minimum is given.
  public init(name: String, packing: Packing = Packing(), minimum: Int? = nil, scopes: [GangScope]) {
    self.name = name
    self.packing = packing
    self.minimum = minimum ?? scopes.count
    content = .scopes(scopes)
  }
}
