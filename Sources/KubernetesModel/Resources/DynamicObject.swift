/// An object of a kind without a type: what every Kubernetes object has, and the rest as it is.
///
/// It is to kinds that this library does not know what ``KubernetesObject`` is to those it does.
public struct DynamicObject: Sendable, Equatable {
  /// Group and version as manifests write them.
  public var apiVersion: String
  /// The kind.
  public var kind: String
  /// Name, namespace, labels, annotations, owner references and finalizers.
  public var metadata: ObjectMeta
  /// All other members: `spec`, `status`, `data` and so on.
  public var body: Value

  /// An object from its parts.
  ///
  /// - Parameter body: an object without `apiVersion`, `kind` and `metadata`.
  public init(apiVersion: String, kind: String, metadata: ObjectMeta, body: Value = .object([])) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.metadata = metadata
    self.body = body
  }

  /// Reads an object from a document. What is wrong with its metadata is left out.
  public init(_ value: Value) {
    apiVersion = value["apiVersion"]?.stringValue ?? ""
    kind = value["kind"]?.stringValue ?? ""
    if let metadata = value["metadata"], metadata.kind == .object {
      var decoder = TapeDecoder(metadata.tape)
      self.metadata = decoder.decode(at: metadata.index)
    } else {
      metadata = ObjectMeta()
    }
    body = .object(
      value.members.lazy.filter { !Self.commonNames.contains($0.name) }.map { ($0.name, $0.value) })
  }

  private static let commonNames: Set<String> = ["apiVersion", "kind", "metadata"]

  /// The whole object as a document.
  public var value: Value {
    .object(
      [("apiVersion", .string(apiVersion)), ("kind", .string(kind)), ("metadata", Value(encoding: metadata))]
        + body.members.map { ($0.name, $0.value) })
  }
}
