public import KubernetesModel
internal import KubernetesSchema

/// The discovery documents of a server, from its table of resources (V-6).
public struct Discovery: Sendable {
  private let resources: [APIResource]

  /// The documents of a server with the given resources; groups and versions come in the order of the list.
  public init(_ resources: [APIResource]) { self.resources = resources }

  /// What the server answers to a path that it does not have.
  public static let pageNotFound = "404 page not found\n"

  /// `/api`.
  ///
  /// - Parameter address: where the server is reached: `127.0.0.1:6443`.
  public static func coreVersions(address: String) -> Value {
    .object([
      "kind": .string("APIVersions"), "versions": .array([.string("v1")]),
      "serverAddressByClientCIDRs": .array([
        .object(["clientCIDR": .string("0.0.0.0/0"), "serverAddress": .string(address)])
      ]),
    ])
  }

  /// `/version`.
  ///
  /// - Parameter version: the version, such as `v1.36.2`.
  public static func version(_ version: String) -> Value {
    let parts = version.drop { !$0.isNumber }.split(separator: ".").map { String($0.prefix { $0.isNumber }) }
    let (major, minor) = (parts.first ?? "1", parts.count > 1 ? parts[1] : "36")
    let before = Int(minor).map { String(max($0 - 1, 0)) } ?? minor
    let texts: KeyValuePairs<String, String> = [
      "major": major, "minor": minor, "emulationMajor": major, "emulationMinor": minor,
      "minCompatibilityMajor": major,
      "minCompatibilityMinor": before, "gitVersion": version,
      "gitCommit": "0000000000000000000000000000000000000000", "gitTreeState": "clean",
      "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none", "compiler": "swiftc",
      "platform": "linux/amd64",
    ]
    return .object(texts.map { ($0.key, .string($0.value)) })
  }

  // MARK: Groups

  /// The named groups.
  public var groupNames: [String] { unique(resources.map(\.group)).filter { !$0.isEmpty } }

  /// The versions of a group.
  public func versions(of group: String) -> [String] {
    unique(resources.filter { $0.group == group }.map(\.version))
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private func groupMembers(_ name: String) -> [(String, Value)] {
    let versions = versions(of: name).map { version in
      Value.object(["groupVersion": .string("\(name)/\(version)"), "version": .string(version)])
    }
    return [
      ("name", .string(name)), ("versions", .array(versions)),
      ("preferredVersion", versions.first ?? .object([])),
    ]
  }

  /// `/apis`.
  public var groupList: Value {
    .object([
      "kind": .string("APIGroupList"), "apiVersion": .string("v1"),
      "groups": .array(groupNames.map { .object(groupMembers($0)) }),
    ])
  }

  /// `/apis/GROUP`; nil when there is none.
  public func group(_ name: String) -> Value? {
    guard groupNames.contains(name) else { return nil }
    return .object([("kind", .string("APIGroup")), ("apiVersion", .string("v1"))] + groupMembers(name))
  }

  /// `/api/v1` and `/apis/GROUP/VERSION`; nil when there is none.
  public func resourceList(group: String, version: String) -> Value? {
    let here = resources.filter { $0.group == group && $0.version == version }
    guard !here.isEmpty else { return nil }
    var entries: [(name: String, value: Value)] = []
    for resource in here {
      entries.append((resource.plural, entry(resource)))
      for part in resource.subresources {
        entries.append(("\(resource.plural)/\(part.name)", entry(part, of: resource)))
      }
    }
    // Built-in resources come by name, those of definitions with their subresources behind them.
    if !here.contains(where: { $0.traits.contains(.isCustom) }) {
      entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
    var members: [(String, Value)] = [("kind", .string("APIResourceList"))]
    if !group.isEmpty { members.append(("apiVersion", .string("v1"))) }
    members.append(("groupVersion", .string(group.isEmpty ? version : "\(group)/\(version)")))
    members.append(("resources", .array(entries.map(\.value))))
    return .object(members)
  }

  private func strings(_ texts: [String]) -> Value { .array(texts.map { .string($0) }) }

  private func entry(_ resource: APIResource) -> Value {
    var members: [(String, Value)] = [
      ("name", .string(resource.plural)), ("singularName", .string(resource.singular)),
      ("namespaced", .boolean(resource.isNamespaced)), ("kind", .string(resource.kind)),
      ("verbs", strings(resource.verbs)),
    ]
    if !resource.shortNames.isEmpty { members.append(("shortNames", strings(resource.shortNames))) }
    if !resource.categories.isEmpty { members.append(("categories", strings(resource.categories))) }
    if resource.verbs.contains("watch") {
      members.append(("storageVersionHash", .string(Self.storageHash(resource.type))))
    }
    return .object(members)
  }

  private func entry(_ part: APIResource.Subresource, of resource: APIResource) -> Value {
    var members: [(String, Value)] = [
      ("name", .string("\(resource.plural)/\(part.name)")), ("singularName", .string("")),
      ("namespaced", .boolean(resource.isNamespaced)),
    ]
    let type = part.kind ?? resource.type
    if type.group != resource.group || type.version != resource.version {
      if !type.group.isEmpty { members.append(("group", .string(type.group))) }
      members.append(("version", .string(type.version)))
    }
    members += [("kind", .string(type.kind)), ("verbs", strings(part.verbs))]
    return .object(members)
  }

  /// What tells clients that objects of two resources are stored as one.
  static func storageHash(_ type: GroupVersionKind) -> String {
    var stored = type
    if type.kind == "Event" { stored.group = "" }
    if type.kind == "HorizontalPodAutoscaler" { stored.version = "v2" }
    // The hash names the first version that definitions were ever stored in.
    if type.kind == "CustomResourceDefinition" { stored.version = "v1beta1" }
    let text = "\(stored.group)/\(stored.version)/\(stored.kind)"
    return Base64.encode(Array(SHA256.digest(Array(text.utf8)).prefix(8)))
  }

  // MARK: Aggregated

  /// The type that an aggregated answer says it has.
  public static func aggregatedContentType(version: String) -> String {
    "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
  }

  /// `/api` or `/apis` with all resources in one document.
  ///
  /// - Parameters:
  ///   - isCore: whether it is `/api`.
  ///   - version: `v2` or `v2beta1`.
  public func aggregated(isCore: Bool, version: String = "v2") -> Value {
    let items = (isCore ? [""] : groupNames).map { name in
      Value.object([
        "metadata": name.isEmpty ? .object([]) : .object(["name": .string(name)]),
        "versions": .array(
          versions(of: name).map { version in
            .object([
              "version": .string(version),
              "resources": .array(
                resources.filter { $0.group == name && $0.version == version }
                  .sorted { $0.plural.utf8.lexicographicallyPrecedes($1.plural.utf8) }.map(aggregatedEntry)),
              "freshness": .string("Current"),
            ])
          }),
      ])
    }
    return .object([
      "kind": .string("APIGroupDiscoveryList"), "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
      "metadata": .object([]), "items": .array(items),
    ])
  }

  private func responseKind(_ kind: GroupVersionKind?, _ resource: APIResource) -> Value {
    // Built-in resources leave out what is theirs anyway.
    let own =
      resource.traits.contains(.isCustom)
      ? resource.type : GroupVersionKind(group: "", version: "", kind: resource.kind)
    var type = kind ?? own
    if !resource.traits.contains(.isCustom), type.group == resource.group, type.version == resource.version {
      type = GroupVersionKind(group: "", version: "", kind: type.kind)
    }
    return .object([
      "group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind),
    ])
  }

  private func aggregatedEntry(_ resource: APIResource) -> Value {
    var members: [(String, Value)] = [
      ("resource", .string(resource.plural)), ("responseKind", responseKind(nil, resource)),
      ("scope", .string(resource.isNamespaced ? "Namespaced" : "Cluster")),
      ("singularResource", .string(resource.singular)), ("verbs", strings(resource.verbs)),
    ]
    if !resource.shortNames.isEmpty { members.append(("shortNames", strings(resource.shortNames))) }
    if !resource.categories.isEmpty { members.append(("categories", strings(resource.categories))) }
    if !resource.subresources.isEmpty {
      members.append(
        (
          "subresources",
          .array(
            resource.subresources.map { part in
              .object([
                "subresource": .string(part.name), "responseKind": responseKind(part.kind, resource),
                "verbs": strings(part.verbs),
              ])
            })
        ))
    }
    return .object(members)
  }
}
