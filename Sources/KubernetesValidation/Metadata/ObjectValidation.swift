public import KubernetesModel

/// The checks on metadata that all objects have in common.
public enum ObjectValidation {
  /// The form that names of a kind of objects have.
  public enum NameForm: Sendable {
    /// A DNS subdomain; most kinds.
    case dnsSubdomain
    /// A DNS label that begins with a letter: Services.
    case serviceName
    /// A part of a path: roles and bindings.
    case pathSegment
  }

  /// The rule that findings cite.
  public static let rule: RuleID = "K-metadata"

  /// What is wrong with the metadata of an object that is created or changed. Of a changed object only what is new is
  /// looked at.
  ///
  /// - Parameters:
  ///   - metadata: the metadata.
  ///   - form: the form of names of the kind.
  ///   - isNamespaced: whether objects of the kind are in namespaces.
  ///   - live: the metadata of the stored object that is replaced.
  public static func problems(
    _ metadata: ObjectMeta, nameForm form: NameForm = .dnsSubdomain, isNamespaced: Bool = true,
    replacing live: ObjectMeta? = nil
  ) -> [Diagnostic] {
    let path: FieldPath = "metadata"
    var found: [Diagnostic] = []
    if live == nil {
      found += ObjectMetaRules.generatedName(metadata.generateName, at: path.child("generateName"), rule) {
        objections($0, form)
      }
      if metadata.name.isEmpty {
        found.append(.required(rule, path.child("name"), "name or generateName is required"))
      }
      for objection in metadata.name.isEmpty ? [] : objections(metadata.name, form) {
        found.append(.invalid(rule, path.child("name"), .string(metadata.name), objection))
      }
      if isNamespaced {
        if metadata.namespace.isEmpty {
          found.append(.required(rule, path.child("namespace")))
        } else {
          for objection in NameSyntax.dnsLabelObjections(metadata.namespace) {
            found.append(.invalid(rule, path.child("namespace"), .string(metadata.namespace), objection))
          }
        }
      }
    }
    if live?.labels != metadata.labels {
      found += ObjectMetaRules.labels(metadata.labels, at: path.child("labels"), rule)
    }
    if live?.annotations != metadata.annotations {
      found += ObjectMetaRules.annotations(metadata.annotations, at: path.child("annotations"), rule)
    }
    if live?.ownerReferences != metadata.ownerReferences {
      found += ObjectMetaRules.ownerReferences(
        metadata.ownerReferences, at: path.child("ownerReferences"), rule)
    }
    if live?.finalizers != metadata.finalizers {
      found += ObjectMetaRules.finalizers(metadata.finalizers, at: path.child("finalizers"), rule)
      found += FinalizerRules.problems(metadata.finalizers, at: path)
    }
    return found
  }

  private static func objections(_ name: String, _ form: NameForm) -> [String] {
    switch form {
    case .dnsSubdomain: NameSyntax.dnsSubdomainObjections(name)
    case .serviceName: serviceNameObjections(name)
    case .pathSegment: pathSegmentObjections(name)
    }
  }

  /// A DNS-1035 label: a DNS label that starts with a letter.
  private static func serviceNameObjections(_ name: String) -> [String] {
    var objections = name.utf8.count > 63 ? ["must be no more than 63 characters"] : []
    let startsWithLetter = name.utf8.first.map { $0 >= 0x61 && $0 <= 0x7A } ?? false
    if !startsWithLetter || !NameSyntax.isDNSLabel(name) {
      objections.append(
        """
        a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
        character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation \
        is '[a-z]([-a-z0-9]*[a-z0-9])?')
        """)
    }
    return objections
  }

  /// A name that only has to be one part of a path.
  private static func pathSegmentObjections(_ name: String) -> [String] {
    if name == "." || name == ".." { return ["may not be '\(name)'"] }
    return ["/", "%"].filter { name.contains($0) }.map { "may not contain '\($0)'" }
  }
}
