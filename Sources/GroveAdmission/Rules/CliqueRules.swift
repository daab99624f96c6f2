internal import GroveModel
internal import KubernetesModel

/// Clique templates (A-080…A-093).
extension PodCliqueSetCheck {
  mutating func checkCliques(isCreate: Bool) {
    let cliques = template.cliques
    if cliques.isEmpty {
      report(.required("A-080", cliquesPath, "at least one PodClique must be defined"))
    }
    let members = Set(template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    for (index, clique) in cliques.enumerated() {
      let path = cliquesPath[index]
      checkName(of: clique, isMember: members.contains(clique.name), path)
      report(ObjectMetaRules.labels(clique.labels, at: path.child("labels"), "A-083"))
      report(ObjectMetaRules.annotations(clique.annotations, at: path.child("annotations"), "A-083"))
      checkSharing(of: clique, path.child("resourceSharing"))
      checkSize(of: clique, path.child("spec"))
      checkStartsAfter(of: clique, path.child("spec.startsAfter"))
      checkAutoScaling(of: clique.spec, path.child("spec.autoScalingConfig"))
      checkPodSpec(of: clique.spec.podSpec, path.child("spec.podSpec"), isCreate: isCreate)
    }
    let list = cliquesPath
    checkUnique(cliques.map(\.name), "A-085", list.child("name")) { list[$0].child("name") }
    checkUnique(cliques.map(\.spec.roleName), "A-085", list.child("roleName")) {
      list[$0].child("spec.roleName")
    }
    checkSchedulerNames()
    if template.cliqueStartupType == .explicit { checkDependencies() }
  }

  ///
  private mutating func checkName(of clique: PodCliqueTemplateSpec, isMember: Bool, _ path: FieldPath) {
    let namePath = path.child("name")
    guard !clique.name.isBlank else {
      report(.required("A-081", namePath, "field cannot be empty"))
      return
    }
    if !NameSyntax.dnsSubdomainObjections(clique.name).isEmpty {
      report(
        .invalid(
          "A-081", namePath, .string(clique.name),
          "invalid PodCliqueTemplateSpec name, must be a valid DNS subdomain"))
    }
    // Members of a scaling group are checked there.
    let length = name.utf8.count + clique.name.utf8.count
    guard !isMember, length > Naming.combinedNameBudget else { return }
    let detail =
      "combined resource name length \(length) exceeds \(Naming.combinedNameBudget)-character limit required "
      + "for pod naming. Consider shortening: PodCliqueSet '\(name)' or PodClique '\(clique.name)'"
    report(.invalid("A-082", namePath, .string(clique.name), detail))
    report(.invalid("A-082", "metadata.name", .string(name), detail))
  }

  ///
  private mutating func checkSize(of clique: PodCliqueTemplateSpec, _ path: FieldPath) {
    let spec = clique.spec
    if spec.replicas <= 0 {
      report(.invalid("A-086", path.child("replicas"), .integer(spec.replicas), "must be greater than 0"))
    }
    let minimumPath = path.child("minAvailable")
    guard let minimum = spec.minAvailable else {
      report(.required("A-087", minimumPath, "field is required"))
      return
    }
    if minimum <= 0 {
      report(.invalid("A-087", minimumPath, .integer(minimum), "must be greater than 0"))
    }
    if minimum > spec.replicas {
      report(
        .invalid("A-087", minimumPath, .integer(minimum), "minAvailable must not be greater than replicas"))
    }
  }

  ///
  private mutating func checkStartsAfter(of clique: PodCliqueTemplateSpec, _ path: FieldPath) {
    guard template.cliqueStartupType == .explicit, !clique.spec.startsAfter.isEmpty else { return }
    for (index, parent) in clique.spec.startsAfter.enumerated() {
      if parent.isBlank {
        report(.required("A-088", path, "clique dependency must not be empty"), at: path[index])
      }
      if parent == clique.name {
        report(
          .invalid("A-088", path, .string(parent), "clique dependency cannot refer to itself"),
          at: path[index])
      }
    }
    checkUnique(clique.spec.startsAfter, "A-088", path) { path[$0] }
  }

  ///
  private mutating func checkAutoScaling(of spec: PodCliqueSpec, _ path: FieldPath) {
    guard let scaling = spec.autoScalingConfig else { return }
    let maximumPath = path.child("maxReplicas")
    if let minimum = scaling.minReplicas {
      if let available = spec.minAvailable, minimum < available {
        report(
          .invalid(
            "A-091", path.child("minReplicas"), .integer(minimum),
            "must be greater than or equal to podCliqueSpec.minAvailable"))
      }
      if scaling.maxReplicas < minimum {
        report(
          .invalid(
            "A-092", maximumPath, .integer(scaling.maxReplicas),
            "must be greater than or equal to podCliqueSpec.minReplicas"))
      }
    } else {
      report(.required("A-091", path.child("minReplicas"), "field is required"))
    }
    if scaling.maxReplicas < spec.replicas {
      report(
        .invalid(
          "A-092", maximumPath, .integer(scaling.maxReplicas), "must be greater than or equal to replicas"))
    }
  }

  /// The scheduler names of the cliques with the default filled in, each once, in template order.
  var schedulerNames: [String] {
    var names: [String] = []
    for clique in template.cliques {
      let name = clique.spec.podSpec.schedulerName
      let resolved = name.isEmpty ? admission.configuration.defaultScheduler.rawValue : name
      if !names.contains(resolved) { names.append(resolved) }
    }
    return names
  }

  ///
  private mutating func checkSchedulerNames() {
    let names = schedulerNames
    guard let first = names.first else { return }
    let path = cliquesPath.child("spec.podSpec.schedulerName")
    if names.count > 1 {
      report(
        .invalid(
          "A-093", path, .string(names.joined(separator: ", ")),
          "the schedulerName for all pods have to be the same"),
        at: schedulerPath(ofFirst: { $0 != first }))
    }
    if admission.configuration.backend(named: first) == nil {
      report(
        Diagnostic.invalid(
          "A-093", path, .string(first),
          "schedulerName must be an enabled scheduler backend; this scheduler is not enabled in "
            + "OperatorConfiguration"
        ).hinting(
          "enabled: " + admission.configuration.schedulerProfiles.map(\.rawValue).joined(separator: ", ")),
        at: schedulerPath(ofFirst: { $0 == first }))
    }
  }

  /// Where the first clique names its scheduler whose scheduler, the default filled in, is one that is looked for.
  private func schedulerPath(ofFirst matches: (String) -> Bool) -> FieldPath? {
    let index = template.cliques.firstIndex { clique in
      let name = clique.spec.podSpec.schedulerName
      return matches(name.isEmpty ? admission.configuration.defaultScheduler.rawValue : name)
    }
    return index.map { cliquesPath[$0].child("spec.podSpec.schedulerName") }
  }

  ///
  private mutating func checkDependencies() {
    let graph = DependencyGraph(template.cliques.map { ($0.name, $0.spec.startsAfter) })
    if !graph.unknownNames.isEmpty {
      report(
        .invalid(
          "A-089", cliquesPath.child("startsAfter"), .string(graph.unknownNames.joined(separator: ",")),
          "unknown clique names found, all clique dependencies must be defined as cliques"),
        at: dependencyPath { graph.unknownNames.contains($1) })
    }
    let cycles = graph.cycles
    if !cycles.isEmpty {
      let lists = cycles.map { FieldValue.strings($0).text }.joined(separator: ",")
      report(
        .invalid(
          "A-090", cliquesPath, .json("[\(lists)]"), "clique must not have circular dependencies"),
        at: dependencyPath { clique, parent in
          cycles.contains { $0.contains(clique) && $0.contains(parent) }
        })
    }
  }

  /// Where the first dependency stands that is looked for, given the clique that has it and the one it names.
  private func dependencyPath(where matches: (String, String) -> Bool) -> FieldPath? {
    for (index, clique) in template.cliques.enumerated() {
      for (position, parent) in clique.spec.startsAfter.enumerated() where matches(clique.name, parent) {
        return cliquesPath[index].child("spec.startsAfter")[position]
      }
    }
    return nil
  }
}
