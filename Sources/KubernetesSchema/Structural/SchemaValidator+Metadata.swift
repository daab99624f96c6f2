internal import KubernetesModel

extension SchemaValidator {
  /// Checks name, namespace, labels, annotations, owner references and finalizers.
  ///
  /// A manifest need not say its namespace: the request does.
  mutating func checkMetadata(_ value: Value) {
    var metadata = ObjectMeta()
    if let given = value["metadata"] {
      var decoder = TapeDecoder(value.tape)
      metadata = decoder.decode(ObjectMeta.self, at: given.index)
    }
    let namespace = metadata.namespace
    if !schema.isNamespaced || namespace.isEmpty { metadata.namespace = "default" }
    let findings = ObjectMetaRules.namespacedObject(
      metadata, at: "metadata",
      citing: ObjectMetaRules.Rules(
        name: ruleID("metadata.name"), namespace: ruleID("metadata.namespace"), other: ruleID("metadata")))
    for finding in findings { add(finding, in: value) }
    if !schema.isNamespaced, !namespace.isEmpty {
      let path: FieldPath = "metadata.namespace"
      add(.forbidden(ruleID(path.description), path, "not allowed on this type"), in: value)
    }
  }

  private func ruleID(_ path: String) -> RuleID {
    schema.rule(StructuralSchema.Subject(check: .metadata, type: "ObjectMeta", path: path))
  }

  private mutating func add(_ finding: Diagnostic, in value: Value) {
    var finding = finding
    if let file {
      finding.location = value.tape.location(
        of: value.tape.locate(finding.place ?? finding.path, in: value.index), file: file)
    }
    add(finding, blocks: finding.kind == .required || finding.kind == .tooLong)
  }
}
