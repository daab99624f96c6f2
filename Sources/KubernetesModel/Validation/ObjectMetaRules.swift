/// The checks that Kubernetes makes on the metadata of any object (A-050…A-052).
public enum ObjectMetaRules {
  /// The rules that the diagnostics cite.
  public struct Rules: Sendable {
    /// For `name` and `generateName`.
    public var name: RuleID
    /// For `namespace`.
    public var namespace: RuleID
    /// For the rest.
    public var other: RuleID

    /// The rules that the diagnostics cite.
    public init(name: RuleID, namespace: RuleID, other: RuleID) {
      self.name = name
      self.namespace = namespace
      self.other = other
    }
  }

  /// The most that keys and values of all annotations may have together, in bytes.
  public static let annotationBytesLimit = 262_144

  /// What is wrong with the metadata of a namespaced object whose name must be a DNS subdomain, in the API
  /// server's order.
  public static func namespacedObject(
    _ metadata: ObjectMeta, at path: FieldPath, citing rules: Rules
  ) -> [Diagnostic] {
    var found = generatedName(metadata.generateName, at: path.child("generateName"), rules.name)
    if metadata.name.isEmpty {
      found.append(.required(rules.name, path.child("name"), "name or generateName is required"))
    } else {
      for objection in NameSyntax.dnsSubdomainObjections(metadata.name) {
        found.append(.invalid(rules.name, path.child("name"), .string(metadata.name), objection))
      }
    }
    if metadata.namespace.isEmpty {
      found.append(.required(rules.namespace, path.child("namespace")))
    } else {
      for objection in NameSyntax.dnsLabelObjections(metadata.namespace) {
        found.append(
          .invalid(rules.namespace, path.child("namespace"), .string(metadata.namespace), objection))
      }
    }
    if metadata.generation < 0 {
      found.append(
        .invalid(
          rules.other, path.child("generation"), .integer(metadata.generation),
          "must be greater than or equal to 0"))
    }
    found += labels(metadata.labels, at: path.child("labels"), rules.other)
    found += annotations(metadata.annotations, at: path.child("annotations"), rules.other)
    found += ownerReferences(metadata.ownerReferences, at: path.child("ownerReferences"), rules.other)
    found += finalizers(metadata.finalizers, at: path.child("finalizers"), rules.other)
    found += managedFields(metadata.managedFields, at: path.child("managedFields"), rules.other)
    return found
  }

  /// A name to be completed by the server: what follows a trailing dash makes the name well formed.
  ///
  /// - Parameter objections: what is wrong with a name of the kind.
  public static func generatedName(
    _ name: String, at path: FieldPath, _ rule: RuleID,
    _ objections: (String) -> [String] = { NameSyntax.dnsSubdomainObjections($0) }
  ) -> [Diagnostic] {
    guard !name.isEmpty else { return [] }
    let masked = name.utf8.count > 1 && name.hasSuffix("-") ? String(name.dropLast(2)) + "a" : name
    return objections(masked).map { .invalid(rule, path, .string(name), $0) }
  }

  /// What is wrong with labels, in byte order of their keys: all keys have one path, as in Kubernetes.
  public static func labels(
    _ labels: StringMap<String>, at path: FieldPath, _ rule: RuleID
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (key, value) in labels {
      let objections =
        NameSyntax.qualifiedNameObjections(key).map { Diagnostic.invalid(rule, path, .string(key), $0) }
        + NameSyntax.labelValueObjections(value).map { Diagnostic.invalid(rule, path, .string(value), $0) }
      found += objections.map { $0.pointing(at: path[key]) }
    }
    return found
  }

  /// What is wrong with annotations, in byte order of their keys.
  public static func annotations(
    _ annotations: StringMap<String>, at path: FieldPath, _ rule: RuleID
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var bytes = 0
    for (key, value) in annotations {
      // Letter case does not count in keys of annotations.
      let lowercase = String(
        decoding: key.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 }, as: UTF8.self)
      found += NameSyntax.qualifiedNameObjections(lowercase).map {
        .invalid(rule, path, .string(key), $0).pointing(at: path[key])
      }
      bytes += key.utf8.count + value.utf8.count
    }
    if bytes > annotationBytesLimit {
      found.append(.tooLong(rule, path, maximumBytes: annotationBytesLimit))
    }
    return found
  }

  /// What is wrong with references to owners.
  public static func ownerReferences(
    _ owners: [OwnerReference], at path: FieldPath, _ rule: RuleID
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var controller: String?
    for (index, owner) in owners.enumerated() {
      let place = path[index]
      if owner.apiVersion.isEmpty || owner.apiVersion.hasSuffix("/")
        || owner.apiVersion.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 1
      {
        found.append(
          .invalid(rule, path.child("apiVersion"), .string(owner.apiVersion), "version must not be empty")
            .pointing(at: place.child("apiVersion")))
      }
      for (field, value) in [("kind", owner.kind), ("name", owner.name), ("uid", owner.uid)]
      where value.isEmpty {
        found.append(
          .invalid(rule, path.child(field), "", "must not be empty").pointing(at: place.child(field)))
      }
      if owner.apiVersion == "v1", owner.kind == "Event" {
        found.append(
          .invalid(rule, path, .json(goText(owner)), "/v1, Kind=Event is disallowed from being an owner")
            .pointing(at: place))
      }
      guard owner.controller == true else { continue }
      if let controller {
        found.append(
          .invalid(
            rule, path, .json("[" + owners.map { goText($0) }.joined(separator: ",") + "]"),
            "Only one reference can have Controller set to true. Found \"true\" in references for \(controller) "
              + "and \(owner.kind)/\(owner.name)"
          ).pointing(at: place))
      } else {
        controller = "\(owner.kind)/\(owner.name)"
      }
    }
    return found
  }

  private static func goText(_ owner: OwnerReference) -> String {
    var members = [
      ("apiVersion", owner.apiVersion), ("kind", owner.kind), ("name", owner.name), ("uid", owner.uid),
    ].map { "\"\($0.0)\":" + jsonString($0.1, escapesHTML: true) }
    if let flag = owner.controller { members.append("\"controller\":\(flag)") }
    if let flag = owner.blockOwnerDeletion { members.append("\"blockOwnerDeletion\":\(flag)") }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// What is wrong with finalizers.
  public static func finalizers(
    _ finalizers: [String], at path: FieldPath, _ rule: RuleID
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, finalizer) in finalizers.enumerated() {
      found += NameSyntax.qualifiedNameObjections(finalizer).map {
        .invalid(rule, path, .string(finalizer), $0).pointing(at: path[index])
      }
    }
    if finalizers.contains("orphan"), finalizers.contains("foregroundDeletion") {
      found.append(
        .invalid(
          rule, path, .strings(finalizers),
          "finalizer orphan and foregroundDeletion cannot be both set"))
    }
    return found
  }

  private static func managedFields(
    _ entries: [ManagedFieldsEntry], at path: FieldPath, _ rule: RuleID
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, entry) in entries.enumerated() {
      let path = path[index]
      if entry.operation != "Apply", entry.operation != "Update" {
        found.append(
          .invalid(rule, path.child("operation"), .string(entry.operation), "must be `Apply` or `Update`"))
      }
      if !entry.fieldsType.isEmpty, entry.fieldsType != "FieldsV1" {
        found.append(
          .invalid(rule, path.child("fieldsType"), .string(entry.fieldsType), "must be `FieldsV1`"))
      }
      if entry.manager.utf8.count > 128 {
        found.append(.tooLong(rule, path.child("manager"), maximumBytes: 128))
      }
      if entry.subresource.utf8.count > 256 {
        found.append(.tooLong(rule, path.child("subresource"), maximumBytes: 256))
      }
    }
    return found
  }
}
