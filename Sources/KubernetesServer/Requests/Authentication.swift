internal import KubernetesModel

/// Who is asking.
extension KubernetesServer {
  /// Who has which bearer token.
  public var tokens: [String: UserInfo] {
    get { frontend.tokens }
    set { frontend.tokens = newValue }
  }

  func authenticate(_ request: APIRequest) throws(StatusError) -> UserInfo {
    if let user = request.user { return user }
    guard let header = request.header("Authorization") else { return .anonymous }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .anonymous }
    guard let user = user(ofToken: String(parts[1])) else { throw .unauthorized }
    return user
  }

  /// Who has a bearer token; nil when nobody has.
  func user(ofToken token: String) -> UserInfo? {
    if let user = frontend.tokens[token] { return user }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "simulated", let accounts = frontend.serviceAccounts else {
      return nil
    }
    let name = ObjectName(namespace: String(parts[1]), name: String(parts[2]))
    guard let account = object(name, in: accounts) else { return nil }
    var user = Self.serviceAccount(name)
    user.uid = account.metadata.uid
    return user
  }

  /// A ServiceAccount as a user.
  static func serviceAccount(_ name: ObjectName) -> UserInfo {
    UserInfo(
      "system:serviceaccount:\(name.namespace):\(name.name)",
      groups: ["system:serviceaccounts", "system:serviceaccounts:\(name.namespace)", "system:authenticated"])
  }

  /// Lets a user act as another one, where they may.
  func impersonate(
    _ request: APIRequest, _ path: RequestPath, as user: UserInfo
  ) throws(StatusError) -> UserInfo {
    guard let wanted = request.header("Impersonate-User"), !wanted.isEmpty else { return user }
    let parts = wanted.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let isAccount = parts.count == 4 && parts[0] == "system" && parts[1] == "serviceaccount"
    var question = AccessAttributes(verb: "impersonate", resource: "users", name: wanted)
    if isAccount {
      question = AccessAttributes(
        verb: "impersonate", namespace: parts[2], resource: "serviceaccounts", name: parts[3])
    }
    if !decide(question, for: user).isAllowed {
      guard path.isResource else { throw .forbiddenPath(request.path, verb: path.verb, user) }
      var asked = path
      asked.verb = "impersonate-on:user-info:\(path.verb)"
      throw .forbidden(path.groupResource, path.name, asked.complaint(user))
    }
    let groups = request.headers.filter { $0.name.lowercased() == "impersonate-group" }.map(\.value)
    if isAccount, groups.isEmpty {
      return Self.serviceAccount(ObjectName(namespace: parts[2], name: parts[3]))
    }
    return UserInfo(
      wanted, uid: request.header("Impersonate-Uid") ?? "",
      groups: groups.contains("system:authenticated") ? groups : groups + ["system:authenticated"])
  }
}

extension RequestPath {
  /// Why a user may not do what the path asks for.
  func complaint(_ user: UserInfo) -> String {
    let what = subresource.isEmpty ? resource : "\(resource)/\(subresource)"
    return
      "User \(goQuoted(user.name)) cannot \(verb) resource \(goQuoted(what)) in API group \(goQuoted(group)) "
      + (namespace.isEmpty ? "at the cluster scope" : "in the namespace \(goQuoted(namespace))")
  }
}

extension StatusError {
  /// The user may not read a path that is not one of a resource.
  static func forbiddenPath(_ path: String, verb: String, _ user: UserInfo) -> StatusError {
    StatusError(
      code: 403, reason: "Forbidden",
      message: "forbidden: User \(goQuoted(user.name)) cannot \(verb) path \(goQuoted(path))",
      details: Details())
  }
}
