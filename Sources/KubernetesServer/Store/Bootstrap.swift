public import KubernetesModel
internal import KubernetesSchema

/// What a new cluster has before anybody makes anything.
extension KubernetesServer where Object == DynamicObject {
  /// A cluster as it is after its first start: namespaces with what they hold, roles, priority classes and the service
  /// of the API.
  ///
  /// - Parameters:
  ///   - version: the resource version to begin with. Watches from before are too old.
  ///   - start: what time it is.
  ///   - identities: where uids and generated names come from.
  public static func cluster(
    version: UInt64 = 200, start: Timestamp = Timestamp(secondsSince1970: 1_767_225_600),
    identities: any IdentitySource = CountedIdentities()
  ) -> KubernetesServer {
    var server = KubernetesServer(start: start, version: 0, identities: identities, rules: .builtIn)
    server.furnish()
    server.version = max(server.version, version)
    server.compact()
    return server
  }
}

extension KubernetesServer {
  /// Forgets what happened so far: watches begin here.
  public mutating func compact() {
    for index in stores.indices { stores[index].compact(at: version) }
  }

  /// Makes what a new cluster has.
  public mutating func furnish() {
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
      createIfMissing(
        DynamicObject(apiVersion: "v1", kind: "Namespace", metadata: ObjectMeta(name: name)), by: "bootstrap")
    }
    runControllers()
    for (name, value, description) in [
      (
        "system-cluster-critical", 2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
      ),
      (
        "system-node-critical", 2_000_001_000,
        "Used for system critical pods that must not be moved from their current node."
      ),
    ] {
      createIfMissing(
        DynamicObject(
          apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: ObjectMeta(name: name),
          body: .object([
            "value": .integer(Int64(value)), "description": .string(description),
            "preemptionPolicy": .string("PreemptLowerPriority"),
          ])), by: "bootstrap")
    }
    furnishRoles()
    createIfMissing(
      DynamicObject(
        apiVersion: "v1", kind: "Service",
        metadata: ObjectMeta(
          name: "kubernetes", namespace: "default",
          labels: ["component": "apiserver", "provider": "kubernetes"]),
        body: KindDefaults.applied(
          to: .object([
            "metadata": .object([]),
            "spec": .object([
              "clusterIP": .string("10.96.0.1"), "clusterIPs": .array([.string("10.96.0.1")]),
              "ports": .array([
                .object([
                  "name": .string("https"), "port": .integer(443), "targetPort": .integer(6_443),
                  "protocol": .string("TCP"),
                ])
              ]),
            ]),
          ]),
          APIResource(type: GroupVersionKind(group: "", version: "v1", kind: "Service"), plural: "services"))
      ), by: "bootstrap")
    runControllers()
  }

  /// The roles that the server itself needs.
  private mutating func furnishRoles() {
    let every = ["*"]
    func rule(_ verbs: [String], _ groups: [String], _ resources: [String]) -> Value {
      .object([
        "verbs": .array(verbs.map { .string($0) }), "apiGroups": .array(groups.map { .string($0) }),
        "resources": .array(resources.map { .string($0) }),
      ])
    }
    func paths(_ verbs: [String], _ paths: [String]) -> Value {
      .object([
        "verbs": .array(verbs.map { .string($0) }), "nonResourceURLs": .array(paths.map { .string($0) }),
      ])
    }
    let discovery = [
      "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz",
      "/version",
      "/version/",
    ]
    let open = ["/healthz", "/livez", "/readyz", "/version", "/version/"]
    let roles: [(String, [Value])] = [
      ("cluster-admin", [rule(every, every, every), paths(every, every)]),
      (
        "system:basic-user",
        [
          rule(
            ["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
          rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"]),
        ]
      ),
      ("system:discovery", [paths(["get"], discovery)]),
      ("system:public-info-viewer", [paths(["get"], open)]),
    ]
    let group = "rbac.authorization.k8s.io"
    for (name, rules) in roles {
      createIfMissing(
        DynamicObject(
          apiVersion: "\(group)/v1", kind: "ClusterRole",
          metadata: ObjectMeta(name: name, labels: ["kubernetes.io/bootstrapping": "rbac-defaults"]),
          body: .object(["rules": .array(rules)])), by: "bootstrap")
    }
    let bindings: [(String, [String])] = [
      ("cluster-admin", ["system:masters"]), ("system:basic-user", ["system:authenticated"]),
      ("system:discovery", ["system:authenticated"]),
      ("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
    ]
    for (name, groups) in bindings {
      createIfMissing(
        DynamicObject(
          apiVersion: "\(group)/v1", kind: "ClusterRoleBinding",
          metadata: ObjectMeta(name: name, labels: ["kubernetes.io/bootstrapping": "rbac-defaults"]),
          body: .object([
            "roleRef": .object([
              "apiGroup": .string(group), "kind": .string("ClusterRole"), "name": .string(name),
            ]),
            "subjects": .array(
              groups.map {
                .object(["kind": .string("Group"), "apiGroup": .string(group), "name": .string($0)])
              }),
          ])), by: "bootstrap")
    }
  }
}
