public import KubernetesModel
internal import KubernetesSchema

/// Who asks.
public struct UserInfo: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The unique id; empty when there is none.
  public var uid: String
  /// The groups, in the order that answers list them.
  public var groups: [String]

  /// A user.
  public init(_ name: String, uid: String = "", groups: [String] = []) {
    self.name = name
    self.uid = uid
    self.groups = groups
  }

  /// A user who may do everything.
  public static let administrator = UserInfo("admin", groups: ["system:masters", "system:authenticated"])
  /// Who says nothing about themselves.
  public static let anonymous = UserInfo("system:anonymous", groups: ["system:unauthenticated"])
  /// The controllers of the cluster itself.
  public static func controller(_ name: String) -> UserInfo {
    UserInfo(
      "system:serviceaccount:kube-system:\(name)",
      groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"])
  }

  /// The user as reviews show it.
  public var value: Value {
    var members: [(String, Value)] = [("username", .string(name))]
    if !uid.isEmpty { members.append(("uid", .string(uid))) }
    if !groups.isEmpty { members.append(("groups", .array(groups.map { .string($0) }))) }
    return .object(members)
  }
}

/// What goes with a write: who makes it, how, and what was said on the way.
public struct WriteContext: Sendable {
  /// Who writes.
  public var user: UserInfo
  /// Whether nothing is to be changed.
  public var isDryRun: Bool
  /// Who the books name for the fields that are written.
  public var fieldManager: String
  /// What to tell the client though the write succeeded.
  public var warnings: [String] = []
  /// The options of the request as it came, for reviews.
  var requestOptions: [(String, Value)] = []
  /// The options of a deletion as they came.
  var deleteOptions: Value?
  /// What reviews show instead of the objects.
  var shown: (kind: GroupVersionKind, new: Value?, old: Value?)?
  /// Answers that earlier attempts at the request asked for, oldest first.
  var answers: ArraySlice<WebhookAnswer> = []
  /// The call without an answer for which the request has to be made again.
  var missingCall: WebhookCall?
  /// Whether a controller of the cluster itself writes.
  var isController = false
  /// Whether fields are written down in the books (`metadata.managedFields`).
  var keepsBooks = false
  /// Whether the write is an apply, which keeps its own books.
  var isApply = false

  /// What goes with a write.
  public init(
    user: UserInfo = .administrator, isDryRun: Bool = false, fieldManager: String = ""
  ) {
    self.user = user
    self.isDryRun = isDryRun
    self.fieldManager = fieldManager
  }

  /// What goes with a write of a controller of the cluster itself.
  init(controller user: UserInfo) {
    self.init(user: user)
    isController = true
  }

  /// The options as a document of a kind such as `CreateOptions`.
  func options(kind: String) -> Value {
    .object([("kind", .string(kind)), ("apiVersion", .string("meta.k8s.io/v1"))] + requestOptions)
  }

  /// Adds a warning, once.
  public mutating func warn(_ text: String) {
    if !warnings.contains(text) { warnings.append(text) }
  }
}
