internal import GroveModel
internal import KubernetesModel

/// ResourceClaimTemplates that were in the cluster although a case does not have them in its input: those of other
/// namespaces. What they said is known from the claims that were made of them.
enum ExternalTemplates {
  /// The templates that sets refer to, that are not given, and of which claims were recorded.
  static func missing(
    from given: [Resource], for sets: [PodCliqueSet], recording: Recording
  ) throws(UnusableRecording) -> [Resource] {
    var known = Set(
      given.filter { $0.kind == .resourceClaimTemplate }.map { full($0.key.namespace, $0.key.name) })
    var templates: [Resource] = []
    var claims: [Value]?
    for set in sets {
      let template = set.spec.template
      let references =
        template.resourceSharing.map { ($0.namespace, $0.name) }
        + template.podCliqueScalingGroups.flatMap { $0.resourceSharing.map { ($0.namespace, $0.name) } }
        + template.cliques.flatMap { $0.resourceSharing.map { ($0.namespace, $0.name) } }
      for (namespace, name) in references {
        if namespace.isEmpty, template.resourceClaimTemplates.contains(where: { $0.name == name }) {
          continue
        }
        let home = namespace.isEmpty ? set.metadata.namespace : namespace
        guard known.insert(full(home, name)).inserted else { continue }
        if claims == nil { claims = try recording.createdClaims() }
        let claim = claims?.first { $0["metadata"]?["name"]?.stringValue?.hasSuffix("-\(name)") == true }
        guard let spec = claim?["spec"] else { continue }
        var object = ResourceClaimTemplate()
        object.metadata.name = name
        object.metadata.namespace = home
        var decoder = TapeDecoder(spec.tape)
        object.spec.spec = decoder.decode(at: spec.index)
        templates.append(.resourceClaimTemplate(object))
      }
    }
    return templates
  }

  private static func full(_ namespace: String, _ name: String) -> String {
    "\(namespace.isEmpty ? "default" : namespace)/\(name)"
  }
}

extension Recording {
  /// The ResourceClaims that the operator created.
  fileprivate func createdClaims() throws(UnusableRecording) -> [Value] {
    try (Files.recorded("\(path)/requests.yaml") ?? [])
      .filter { $0["verb"]?.stringValue == "create" && $0["kind"]?.stringValue == "ResourceClaim" }
      .compactMap { $0["object"] }
  }
}
