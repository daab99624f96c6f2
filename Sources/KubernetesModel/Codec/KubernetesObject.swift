/// An object of the Kubernetes API: something with a kind and metadata.
public protocol KubernetesObject: TapeCodable {
  /// Group and version as manifests write them: `v1`, `grove.io/v1alpha1`.
  static var apiVersion: String { get }
  /// The kind.
  static var kind: String { get }
  /// Name, namespace, labels, annotations, owner references and finalizers.
  var metadata: ObjectMeta { get set }
}

extension ObjectMeta {
  /// The owner that controls the object, if any.
  public var controller: OwnerReference? { ownerReferences.first { $0.controller == true } }
}
