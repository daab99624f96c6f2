/// Group, version and kind of an object.
public struct GroupVersionKind: Sendable, Hashable {
  /// The group; empty for the core group.
  public var group: String
  /// The version.
  public var version: String
  /// The kind.
  public var kind: String

  /// A group, version and kind.
  public init(group: String, version: String, kind: String) {
    self.group = group
    self.version = version
    self.kind = kind
  }

  /// As manifests write group and version.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}
