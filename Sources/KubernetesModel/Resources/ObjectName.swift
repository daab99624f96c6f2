/// Namespace and name of an object. Cluster-scoped objects have an empty namespace.
public struct ObjectName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The namespace; empty for cluster-scoped objects.
  public var namespace: String
  /// The name.
  public var name: String

  /// A namespaced name.
  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// The name of an object.
  public init(_ metadata: ObjectMeta) {
    self.init(namespace: metadata.namespace, name: metadata.name)
  }

  /// By namespace, then by name.
  @inlinable public static func < (lhs: ObjectName, rhs: ObjectName) -> Bool {
    lhs.namespace == rhs.namespace ? lhs.name < rhs.name : lhs.namespace < rhs.namespace
  }

  /// `namespace/name`, or the name alone.
  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
