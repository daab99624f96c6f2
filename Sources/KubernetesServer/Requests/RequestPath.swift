internal import KubernetesModel

/// What a path and a method are about, as the API server reads them before it looks at anything else.
struct RequestPath: Sendable, Equatable {
  /// Whether the path is one of a resource.
  var isResource = false
  /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; of other paths the method in
  /// small letters.
  var verb = ""
  /// `api` or `apis`.
  var prefix = ""
  /// The API group; empty for the core group.
  var group = ""
  /// The version.
  var version = ""
  /// The namespace; empty for none.
  var namespace = ""
  /// The plural name of the resource.
  var resource = ""
  /// The endpoint below the object.
  var subresource = ""
  /// The name of the object.
  var name = ""
  /// What stands behind the subresource.
  var rest: [String] = []
  /// The parts of the path.
  var parts: [String] = []

  /// The resource with its group.
  var groupResource: GroupResource { GroupResource(group: group, resource: resource) }

  private static let namespaceSubresources: Set<String> = ["status", "finalize"]

  init(_ request: APIRequest) {
    parts = request.path.split(separator: "/").map(String.init)
    verb = request.method.lowercased()
    guard let first = parts.first, first == "api" || first == "apis", parts.count >= (first == "api" ? 3 : 4)
    else {
      return
    }
    prefix = first
    var rest = Array(parts.dropFirst())
    if first == "apis" { group = rest.removeFirst() }
    version = rest.removeFirst()
    isResource = true
    verb =
      switch request.method {
      case "POST": "create"
      case "GET", "HEAD": "get"
      case "PUT": "update"
      case "PATCH": "patch"
      case "DELETE": "delete"
      default: ""
      }
    if rest[0] == "namespaces" {
      if rest.count > 1 {
        namespace = rest[1]
        if rest.count > 2, !Self.namespaceSubresources.contains(rest[2]) { rest = Array(rest.dropFirst(2)) }
      }
    }
    resource = rest[0]
    if rest.count > 1 { name = rest[1] }
    if rest.count > 2 { subresource = rest[2] }
    self.rest = Array(rest.dropFirst(3))
    if name.isEmpty {
      if verb == "get" { verb = Self.isTrue(request.parameter("watch")) ? "watch" : "list" }
      if verb == "delete" { verb = "deletecollection" }
    }
  }

  /// Whether a flag in a query is set, as the API server reads it: anything but `false` and `0`.
  static func isTrue(_ text: String?) -> Bool {
    guard let text else { return false }
    return text != "false" && text != "0"
  }
}
