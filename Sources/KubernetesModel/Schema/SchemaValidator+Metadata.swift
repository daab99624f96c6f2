extension SchemaValidator {
  /// Checks name, namespace, labels, annotations, owner references and finalizers (A-050 to A-052).
  ///
  /// Labels and annotations come in byte order of their keys.
  mutating func checkMetadata(_ value: Value) {
    let metadata = value["metadata"]
    let node = metadata?.index ?? value.index
    checkNames(metadata, node)
    if let generation = metadata?["generation"]?.integerValue, generation < 0 {
      reportMetadata(
        node, "generation", .invalid, value: "\(generation)",
        detail: "must be greater than or equal to 0")
    }
    for label in sorted(metadata?["labels"]) {
      for reason in NameRules.qualifiedName(label.name) {
        reportMetadata(label.node, "labels", .invalid, value: GoText.quoted(label.name), detail: reason)
      }
      for reason in NameRules.labelValue(label.text) {
        reportMetadata(label.node, "labels", .invalid, value: GoText.quoted(label.text), detail: reason)
      }
    }
    checkAnnotations(metadata?["annotations"], node)
    checkOwners(metadata?["ownerReferences"])
    for finalizer in metadata?["finalizers"]?.elements ?? [] {
      let name = finalizer.stringValue ?? ""
      for reason in NameRules.qualifiedName(name) {
        reportMetadata(
          finalizer.index, "finalizers", .invalid, value: GoText.quoted(name), detail: reason)
      }
    }
  }

  private mutating func reportMetadata(
    _ node: Int, _ field: String, _ kind: Diagnostic.Kind, value: String? = nil, detail: String,
    blocks: Bool = false
  ) {
    report(
      .metadata, kind, at: node, owner: -1, value: value, detail: detail, path: "metadata.\(field)",
      blocks: blocks)
  }

  private mutating func checkNames(_ metadata: Value?, _ node: Int) {
    let name = metadata?["name"]?.stringValue ?? ""
    let prefix = metadata?["generateName"]?.stringValue ?? ""
    let namespace = metadata?["namespace"]?.stringValue ?? ""
    if !prefix.isEmpty {
      for reason in NameRules.subdomain(prefix, isPrefix: true) {
        reportMetadata(node, "generateName", .invalid, value: GoText.quoted(prefix), detail: reason)
      }
    }
    if !name.isEmpty {
      for reason in NameRules.subdomain(name) {
        reportMetadata(node, "name", .invalid, value: GoText.quoted(name), detail: reason)
      }
    } else if prefix.isEmpty {
      reportMetadata(
        node, "name", .required, detail: "name or generateName is required", blocks: true)
    }
    if schema.isNamespaced {
      // A manifest need not say its namespace: the request does.
      for reason in namespace.isEmpty ? [] : NameRules.label(namespace) {
        reportMetadata(node, "namespace", .invalid, value: GoText.quoted(namespace), detail: reason)
      }
    } else if !namespace.isEmpty {
      reportMetadata(node, "namespace", .forbidden, detail: "not allowed on this type")
    }
  }

  private mutating func checkAnnotations(_ annotations: Value?, _ node: Int) {
    var size = 0
    for annotation in sorted(annotations) {
      size += annotation.name.utf8.count + annotation.text.utf8.count
      for reason in NameRules.qualifiedName(annotation.name.lowercased()) {
        reportMetadata(
          annotation.node, "annotations", .invalid, value: GoText.quoted(annotation.name), detail: reason)
      }
    }
    if size > 262_144 {
      reportMetadata(
        node, "annotations", .tooLong, detail: "may not be more than 262144 bytes", blocks: true)
    }
  }

  private mutating func checkOwners(_ owners: Value?) {
    var controller: Value?
    for (position, owner) in (owners?.elements ?? []).enumerated() {
      func text(_ field: String) -> String { owner[field]?.stringValue ?? "" }
      let needed = [
        ("apiVersion", "version must not be empty"), ("kind", "kind must not be empty"),
        ("name", "name must not be empty"), ("uid", "uid must not be empty"),
      ]
      for (field, reason) in needed where text(field).isEmpty {
        reportMetadata(
          owner.index, "ownerReferences[\(position)].\(field)", .invalid, value: "\"\"", detail: reason)
      }
      guard owner["controller"]?.booleanValue == true else { continue }
      if let first = controller, let owners {
        reportMetadata(
          owner.index, "ownerReferences", .invalid, value: printed(owners.index),
          detail: "Only one reference can have Controller set to true. Found \"true\" in references for "
            + "\(first["name"]?.stringValue ?? "") and \(text("name"))")
      } else {
        controller = owner
      }
    }
  }

  private func sorted(_ map: Value?) -> [(name: String, text: String, node: Int)] {
    (map?.members ?? []).map { ($0.name, $0.value.stringValue ?? "", $0.value.index) }
      .sorted { utf8Order($0.name, $1.name) < 0 }
  }
}
