public import KubernetesModel
internal import KubernetesSchema

/// What is done with an object.
public enum AdmissionOperation: String, Sendable, Equatable {
  /// It is made.
  case create = "CREATE"
  /// It is changed, by whatever verb.
  case update = "UPDATE"
  /// It is deleted.
  case delete = "DELETE"
  /// A connection to it is opened.
  case connect = "CONNECT"
}

/// What an admission plugin is asked about.
public struct AdmissionAttributes: Sendable {
  /// The resource.
  public var resource: APIResource
  /// The endpoint below the object; empty for the object itself.
  public var subresource: String
  /// What is done.
  public var operation: AdmissionOperation
  /// The namespace; empty for objects of the whole cluster.
  public var namespace: String
  /// The name; empty when it is to be generated or a collection is deleted.
  public var name: String
  /// The options of the request, as a document.
  public var options: Value
  /// What reviews show instead of the objects: the `Scale` that is written, and the one before.
  public var shown: (kind: GroupVersionKind, new: Value?, old: Value?)?

  /// What is asked about.
  public init(
    resource: APIResource, subresource: String = "", operation: AdmissionOperation, namespace: String,
    name: String,
    options: Value = .object([]), shown: (kind: GroupVersionKind, new: Value?, old: Value?)? = nil
  ) {
    self.resource = resource
    self.subresource = subresource
    self.operation = operation
    self.namespace = namespace
    self.name = name
    self.options = options
    self.shown = shown
  }
}

/// Something that looks at writes before they are carried out, and may change or refuse them.
///
/// Plugins are values made of functions, so that a server with them is a value too. The first of them to refuse ends
/// the write.
public struct AdmissionPlugin<Object: StoredObject>: Sendable {
  /// Changes what is about to be written.
  public typealias Mutation =
    @Sendable (
      inout Object, _ old: Object?, AdmissionAttributes, KubernetesServer<Object>, inout WriteContext
    ) throws(StatusError) -> Void
  /// Refuses what is about to be written, or lets it pass.
  public typealias Validation =
    @Sendable (
      _ new: Object?, _ old: Object?, AdmissionAttributes, KubernetesServer<Object>, inout WriteContext
    ) throws(StatusError) -> Void

  /// What it is called.
  public var name: String
  /// Changes objects; nil for plugins that only look.
  public var mutate: Mutation?
  /// Refuses objects; nil for plugins that only change.
  public var validate: Validation?

  /// A plugin.
  public init(name: String, mutate: Mutation? = nil, validate: Validation? = nil) {
    self.name = name
    self.mutate = mutate
    self.validate = validate
  }
}

/// What the server does for objects of particular kinds beyond what it does for all: the part that a real API server
/// keeps in the strategy of each resource.
public struct KindRules<Object: StoredObject>: Sendable {
  /// Prepares a new object: statuses, allocated addresses, fields that only the server sets.
  public typealias Preparation =
    @Sendable (
      inout Object, _ old: Object?, AdmissionAttributes, inout KubernetesServer<Object>, inout WriteContext
    ) throws(StatusError) -> Void
  /// What is wrong with an object.
  public typealias Check =
    @Sendable (
      Object, _ old: Object?, AdmissionAttributes, KubernetesServer<Object>
    ) throws(StatusError) -> [Diagnostic]

  /// Prepares an object that is about to be written.
  public var prepare: Preparation
  /// Checks an object that is about to be written, after admission plugins have changed it.
  public var check: Check
  /// How many seconds an object has to end once it is deleted, given what the request asks for.
  public var gracePeriod: @Sendable (Object, APIResource, _ asked: Int64?) -> Int64

  /// What becomes of an object that is to be deleted but has something to finish first; nil where nothing is special.
  public var beginDeletion: @Sendable (Object, APIResource, Timestamp) -> Object?

  /// The rules of kinds.
  public init(
    prepare: @escaping Preparation = { _, _, _, _, _ in }, check: @escaping Check = { _, _, _, _ in [] },
    gracePeriod: @escaping @Sendable (Object, APIResource, Int64?) -> Int64 = { _, _, _ in 0 },
    beginDeletion: @escaping @Sendable (Object, APIResource, Timestamp) -> Object? = { _, _, _ in nil }
  ) {
    self.prepare = prepare
    self.check = check
    self.gracePeriod = gracePeriod
    self.beginDeletion = beginDeletion
  }
}
