internal import KubernetesModel

/// Which version of Kubernetes a server says it is.
public struct ServerVersion: Sendable, Equatable {
  /// The version with its leading `v`.
  public var gitVersion: String

  /// A version such as `v1.36.2`.
  public init(_ gitVersion: String = "v1.36.2") { self.gitVersion = gitVersion }

  /// The answer to `GET /version`.
  var value: Value {
    let numbers = gitVersion.dropFirst().split(separator: ".", maxSplits: 2).map(String.init)
    let major = numbers.first ?? "1"
    let minor = numbers.count > 1 ? numbers[1] : "0"
    let before = String(max((Int(minor) ?? 1) - 1, 0))
    return .object([
      "major": .string(major), "minor": .string(minor), "emulationMajor": .string(major),
      "emulationMinor": .string(minor), "minCompatibilityMajor": .string(major),
      "minCompatibilityMinor": .string(before), "gitVersion": .string(gitVersion),
      "gitCommit": .string("0000000000000000000000000000000000000000"), "gitTreeState": .string("clean"),
      "buildDate": .string("2026-01-01T00:00:00Z"), "goVersion": .string("go1.27.3"),
      "compiler": .string("gc"),
      "platform": .string("linux/amd64"),
    ])
  }
}

/// Paths that are not those of resources: discovery, version, health.
extension KubernetesServer {
  func answerOutsideResources(_ path: RequestPath, _ request: APIRequest) throws(StatusError) -> APIResponse {
    let parts = path.parts
    let isKnown =
      Self.healthPaths.contains(parts.first ?? "") || parts.first == "version" || parts.isEmpty
      || ["api", "apis", "openapi"].contains(parts.first ?? "")
    guard isKnown else { return .pageNotFound }
    guard request.method == "GET" || request.method == "HEAD" else { throw .methodNotAllowed }
    switch parts.first {
    case nil: return .document(200, .object(["paths": .array(indexPaths.map { .string($0) })]))
    case "version": return parts.count == 1 ? .document(200, serverVersion.value) : .pageNotFound
    case "healthz", "livez", "readyz": return health(parts, request)
    default: return try discovery(path, request)
    }
  }

  private static var healthPaths: [String] { ["healthz", "livez", "readyz"] }

  /// What a server does once it has started, in the order in which it lists it.
  private static var hooks: [String] {
    [
      "start-apiserver-admission-initializer", "generic-apiserver-start-informers",
      "priority-and-fairness-config-consumer", "priority-and-fairness-filter",
      "storage-object-count-tracker-hook",
      "start-apiextensions-informers", "start-apiextensions-controllers", "crd-informer-synced",
      "start-system-namespaces-controller", "peer-endpoint-reconciler-controller",
      "start-cluster-authentication-info-controller", "start-kube-apiserver-identity-lease-controller",
      "start-kube-apiserver-identity-lease-garbage-collector", "storage-readiness",
      "start-legacy-token-tracking-controller", "start-service-ip-repair-controllers", "rbac/bootstrap-roles",
      "scheduling/bootstrap-system-priority-classes", "priority-and-fairness-config-producer",
      "bootstrap-controller", "start-kubernetes-service-cidr-controller", "start-kube-aggregator-informers",
      "apiservice-status-local-available-controller", "apiservice-status-remote-available-controller",
      "apiservice-registration-controller", "apiservice-wait-for-first-sync",
      "apiservice-discovery-controller",
      "kube-apiserver-autoregistration",
    ]
  }

  /// The checks of a health path, in the order in which `?verbose` lists them.
  private static func checks(of path: String) -> [String] {
    let first =
      path == "readyz"
      ? ["ping", "log", "etcd", "etcd-readiness", "informer-sync"] : ["ping", "log", "etcd"]
    let hooks =
      hooks.map { "poststarthook/\($0)" } + ["autoregister-completion"]
      + ["apiservice-openapi-controller", "apiservice-openapiv3-controller"].map { "poststarthook/\($0)" }
    return first + hooks + (path == "readyz" ? ["shutdown"] : [])
  }

  private func health(_ parts: [String], _ request: APIRequest) -> APIResponse {
    let name = parts[0]
    if parts.count > 1 {
      let check = parts.dropFirst().joined(separator: "/")
      return Self.checks(of: name).contains(check) ? .text(200, "ok") : .pageNotFound
    }
    guard request.parameter("verbose") != nil else { return .text(200, "ok") }
    let lines = Self.checks(of: name).map { "[+]\($0) ok\n" }.joined()
    return .text(200, lines + "\(name) check passed\n")
  }

  /// The paths that the index lists.
  var indexPaths: [String] {
    var paths: Set<String> = [
      "/api", "/api/v1", "/apis", "/apis/", "/healthz", "/livez", "/openapi/v2", "/openapi/v3",
      "/openapi/v3/", "/readyz", "/version",
    ]
    for resource in catalog.resources where !resource.group.isEmpty {
      paths.insert("/apis/\(resource.group)")
      paths.insert("/apis/\(resource.group)/\(resource.version)")
    }
    for name in Self.healthPaths {
      // Hooks in a group of their own are not listed.
      for check in Self.checks(of: name) where check.split(separator: "/").count < 3 {
        paths.insert("/\(name)/\(check)")
      }
      if name != "readyz" { paths.insert("/\(name)/loopback-serving-certificate") }
    }
    return paths.sorted { utf8Precedes($0, $1) }
  }
}
