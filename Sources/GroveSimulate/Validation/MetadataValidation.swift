internal import GroveModel
internal import KubernetesModel

/// The checks on names and labels that all objects have in common.
enum MetadataValidation {
  private static let rule: RuleID = "K-metadata"

  /// What is wrong with the metadata of an object. Only what is new is checked.
  static func problems(_ resource: Resource, replacing live: Resource?) -> [Diagnostic] {
    let metadata = resource.metadata
    let isNew = live == nil
    var found: [Diagnostic] = []
    if isNew {
      if metadata.name.isEmpty {
        found.append(.required(rule, "metadata.name", "name or generateName is required"))
      } else {
        for objection in nameObjections(resource.kind, metadata.name) {
          found.append(.invalid(rule, "metadata.name", .string(metadata.name), objection))
        }
      }
      if !resource.kind.isClusterScoped {
        for objection in NameSyntax.dnsLabelObjections(metadata.namespace) {
          found.append(.invalid(rule, "metadata.namespace", .string(metadata.namespace), objection))
        }
      }
    }
    if let live, live.metadata.labels == metadata.labels { return found }
    if !metadata.labels.allSatisfy({ isPlainKey($0.key) && isPlain($0.value) }) {
      found += ObjectMetaRules.labels(metadata.labels, at: "metadata.labels", rule)
    }
    return found
  }

  private static func nameObjections(_ kind: ResourceKind, _ name: String) -> [String] {
    switch kind {
    case .service: serviceNameObjections(name)
    case .role, .roleBinding: pathSegmentObjections(name)
    default: NameSyntax.dnsSubdomainObjections(name)
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

  /// Whether a label key is so plain that nothing can be wrong with it: most are, and there are many.
  private static func isPlainKey(_ key: String) -> Bool {
    key.hasPrefix("grove.io/")
      ? isPlain(key, from: 9) : key.hasPrefix("app.kubernetes.io/") ? isPlain(key, from: 18) : isPlain(key)
  }

  /// Whether a label value, or the name part of a key, is plainly well formed.
  private static func isPlain(_ text: String, from start: Int = 0) -> Bool {
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      guard bytes.count > start, bytes.count <= 63, isAlphanumeric(bytes[start]),
        isAlphanumeric(bytes[bytes.count - 1])
      else { return false }
      for index in start..<bytes.count where !isAlphanumeric(bytes[index]) {
        if bytes[index] != 0x2D && bytes[index] != 0x2E { return false }
      }
      return true
    }
    return isPlain ?? false
  }

  @inline(__always)
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A
  }
}
