public import KubernetesModel

/// What a ``KubernetesServer`` stores: objects of the API, typed or not.
///
/// The server keeps them and hands them out as they are. It asks for their document only where a request comes or goes
/// as text, where a patch needs one, and where a rule is about a kind without a type.
public protocol StoredObject: Sendable, Equatable {
  /// Reads an object whose document has been checked.
  init(_ document: Value, of resource: APIResource)
  /// The whole object as a document.
  var value: Value { get }
  /// Name, namespace, labels, annotations, owner references and finalizers.
  var metadata: ObjectMeta { get }
  /// The object with its metadata changed.
  func withMetadata(_ change: (inout ObjectMeta) -> Void) -> Self
  /// The object with the status of another one of its kind.
  func takingStatus(of other: Self) -> Self
  /// The object as it is before anything has reported a status.
  func withoutStatus() -> Self
  /// Whether both objects are equal apart from metadata and status: what `metadata.generation` counts.
  func hasSameSpec(as other: Self) -> Bool
}

extension DynamicObject: StoredObject {
  /// Reads an object. Fields of the metadata that no object has are dropped.
  public init(_ document: Value, of resource: APIResource) {
    self.init(document)
    apiVersion = resource.apiVersion
    kind = resource.kind
    metadata.preserved = Preserved()
  }

  /// The object with its metadata changed.
  public func withMetadata(_ change: (inout ObjectMeta) -> Void) -> DynamicObject {
    var object = self
    change(&object.metadata)
    return object
  }

  /// The object with the status of another one.
  public func takingStatus(of other: DynamicObject) -> DynamicObject {
    let status = other.body["status"]
    if status == body["status"] { return self }
    var object = self
    object.body = body.setting("status", to: status)
    return object
  }

  /// The object without a status.
  public func withoutStatus() -> DynamicObject {
    guard body["status"] != nil else { return self }
    var object = self
    object.body = body.setting("status", to: nil)
    return object
  }

  /// Whether both objects are equal apart from metadata and status.
  public func hasSameSpec(as other: DynamicObject) -> Bool {
    withoutStatus().body == other.withoutStatus().body
  }
}
