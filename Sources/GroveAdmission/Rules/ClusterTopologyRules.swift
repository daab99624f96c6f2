public import GroveModel
public import KubernetesModel

extension Admission {
  /// What is wrong with a ClusterTopologyBinding (A-420…A-424). Creation and update have the same rules.
  ///
  /// - Parameters:
  ///   - binding: the binding as sent.
  ///   - old: the stored binding for an update. Removing a level that a PodCliqueSet still uses is not refused
  ///     only warned about.
  public func validate(
    _ binding: ClusterTopologyBinding, old: ClusterTopologyBinding? = nil
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let levelsPath: FieldPath = "spec.levels"
    var domains: Set<String> = []
    var keys: Set<String> = []
    for (index, level) in binding.spec.levels.enumerated() {
      if !domains.insert(level.domain).inserted {
        found.append(.duplicate("A-420", levelsPath[index].child("domain"), .string(level.domain)))
      }
      if !keys.insert(level.key).inserted {
        found.append(.duplicate("A-420", levelsPath[index].child("key"), .string(level.key)))
      }
    }
    // The field is called schedulerTopologyBindings; the webhook says otherwise (B-A15).
    let referencesPath: FieldPath = "spec.schedulerTopologyReferences"
    var schedulers: Set<String> = []
    for (index, reference) in binding.spec.schedulerTopologyBindings.enumerated() {
      let path = referencesPath[index].child("schedulerName")
      let place = FieldPath("spec.schedulerTopologyBindings")[index].child("schedulerName")
      let name = FieldValue.string(reference.schedulerName)
      if !schedulers.insert(reference.schedulerName).inserted {
        found.append(.duplicate("A-421", path, name).pointing(at: place))
      }
      guard let backend = configuration.backend(named: reference.schedulerName) else {
        found.append(
          .invalid("A-422", path, name, "scheduler backend is not enabled in Grove").pointing(at: place))
        continue
      }
      if !backend.managesTopology {
        found.append(
          .invalid("A-423", path, name, "scheduler backend does not implement topology-aware scheduling")
            .pointing(at: place))
      }
    }
    return found + removedLevels(binding, old)
  }

  private func removedLevels(
    _ binding: ClusterTopologyBinding, _ old: ClusterTopologyBinding?
  ) -> [Diagnostic] {
    guard let old else { return [] }
    let domains = binding.spec.levels.map(\.domain)
    return old.spec.levels.filter { !domains.contains($0.domain) }.map { level in
      Diagnostic(
        isStrict ? .error : .warning, rule: "W-A-424", path: "spec.levels",
        detail:
          "level '\(level.domain)' is removed; PodCliqueSets that still ask for it lose that constraint "
          + "and report TopologyLevelsUnavailable")
    }
  }
}
