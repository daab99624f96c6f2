internal import KubernetesModel

/// The checks on the metadata of any object.
enum MetadataChecks {
  static let rule: RuleID = "K-metadata"

  /// What is wrong with the metadata of an object of a built-in kind.
  static func problems(_ metadata: ObjectMeta, _ resource: APIResource, isNew: Bool) -> [Diagnostic] {
    var shown = metadata
    // The name is checked below: kinds differ in what they take.
    shown.name = "x"
    if !resource.isNamespaced { shown.namespace = "default" }
    let names = nameProblems(metadata, resource)
    shown.generateName = ""
    let others = ObjectMetaRules.namespacedObject(
      shown, at: "metadata", citing: .init(name: rule, namespace: rule, other: rule))
    return names + others
  }

  private static func nameProblems(_ metadata: ObjectMeta, _ resource: APIResource) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if !metadata.generateName.isEmpty {
      // What follows a trailing dash makes the name well formed.
      let base = metadata.generateName
      let masked = base.utf8.count > 1 && base.hasSuffix("-") ? String(base.dropLast(2)) + "a" : base
      found += objections(to: masked, resource).map {
        .invalid(rule, "metadata.generateName", .string(base), $0)
      }
    }
    if metadata.name.isEmpty {
      found.append(.required(rule, "metadata.name", "name or generateName is required"))
    } else {
      found += objections(to: metadata.name, resource).map {
        .invalid(rule, "metadata.name", .string(metadata.name), $0)
      }
    }
    return found
  }

  /// What is wrong with a name of a resource.
  static func objections(to name: String, _ resource: APIResource) -> [String] {
    switch (resource.group, resource.plural) {
    case ("", "services"): serviceNameObjections(name)
    case ("", "namespaces"): NameSyntax.dnsLabelObjections(name)
    case ("rbac.authorization.k8s.io", _): pathSegmentObjections(name)
    default: NameSyntax.dnsSubdomainObjections(name)
    }
  }

  /// A name that only has to be one part of a path.
  static func pathSegmentObjections(_ name: String) -> [String] {
    if name == "." || name == ".." { return ["may not be '\(name)'"] }
    return ["/", "%"].filter { name.contains($0) }.map { "may not contain '\($0)'" }
  }

  private static func serviceNameObjections(_ name: String) -> [String] {
    name.contains(".") ? ["must not contain dots"] : NameSyntax.dnsLabelObjections(name)
  }

  /// What may not change in the metadata of an object.
  static func changes(_ metadata: ObjectMeta, from old: ObjectMeta) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if old.deletionTimestamp != nil {
      let new = metadata.finalizers.filter { !old.finalizers.contains($0) }
      if !new.isEmpty {
        let list = new.map { goQuoted($0) }.joined(separator: ", ")
        found.append(
          .forbidden(
            rule, "metadata.finalizers",
            "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(list)}"
          ))
      }
    }
    func immutable(_ field: String, _ value: FieldValue) {
      found.append(.invalid(rule, FieldPath("metadata").child(field), value, "field is immutable"))
    }
    if metadata.uid != old.uid { immutable("uid", .string(metadata.uid)) }
    if metadata.creationTimestamp != old.creationTimestamp, let time = metadata.creationTimestamp {
      immutable("creationTimestamp", .string(time.text))
    }
    if metadata.deletionTimestamp != old.deletionTimestamp, let time = metadata.deletionTimestamp {
      immutable("deletionTimestamp", .string(time.text))
    }
    if let seconds = metadata.deletionGracePeriodSeconds,
      metadata.deletionGracePeriodSeconds != old.deletionGracePeriodSeconds
    {
      found.append(
        .invalid(rule, "metadata.deletionGracePeriodSeconds", .integer(seconds), "field is immutable"))
    }
    return found
  }
}
