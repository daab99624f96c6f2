public import GroveModel
public import KubernetesModel
internal import KubernetesSchema
internal import KubernetesValidation

extension Admission {
  /// What the API server would say of the pods that the operator makes of a set, clique by clique.
  ///
  /// The webhooks do not look that deep: a set whose pods cannot exist is stored, and the operator fails to create them
  /// for ever. So this is told beside their findings and is no part of ``validate(create:)``. Paths lead into the
  /// set; ``KubernetesModel/Diagnostic/serverMessage`` has the API server's own.
  ///
  /// Host name, subdomain and scheduling gates are the operator's; what it adds to pods besides is valid, and names
  /// that it takes are told of elsewhere (B-R36).
  ///
  /// - Parameter podCliqueSet: the set as ``default(_:)`` returns it.
  public func validatePods(of podCliqueSet: PodCliqueSet) -> [Diagnostic] {
    let template = podCliqueSet.spec.template
    var found: [Diagnostic] = []
    for (index, clique) in template.cliques.enumerated() {
      let path = FieldPath("spec.template.cliques")[index]
      var spec = clique.spec.podSpec
      let takesClassOfSet = spec.priorityClassName.isEmpty
      if takesClassOfSet { spec.priorityClassName = template.priorityClassName }
      var ofClique = problems(
        of: spec, annotations: clique.annotations, at: path.child("spec").child("podSpec"),
        annotationsAt: path.child("annotations"))
      if takesClassOfSet {
        let own = path.child("spec.podSpec.priorityClassName").description
        for position in ofClique.indices where ofClique[position].path == own {
          ofClique[position].path = "spec.template.priorityClassName"
        }
      }
      found += ofClique.filter { !found.contains($0) }
    }
    return found
  }

  /// The same for the pods of one PodClique.
  public func validatePods(of podClique: PodClique) -> [Diagnostic] {
    problems(
      of: podClique.spec.podSpec, annotations: podClique.metadata.annotations, at: "spec.podSpec",
      annotationsAt: "metadata.annotations")
  }

  /// What the API server would say of a pod.
  public func validate(create pod: Pod) -> [Diagnostic] {
    graded(PodValidation.problems(creating: PodDefaults.applied(to: pod), options: Self.podOptions))
  }

  /// What the API server would say of a Service.
  public func validate(create service: Service) -> [Diagnostic] {
    ObjectValidation.problems(service.metadata, nameForm: .serviceName)
      + ServiceValidation.problems(creating: service)
  }

  /// What the API server would say of an autoscaler.
  public func validate(create autoscaler: HorizontalPodAutoscaler) -> [Diagnostic] {
    ObjectValidation.problems(autoscaler.metadata) + AutoscalerValidation.problems(autoscaler)
  }

  /// Whether there are rules here for objects of a kind, beyond the types of its fields.
  public static func checks(_ kind: ResourceKind) -> Bool {
    switch kind {
    case .pod, .service, .horizontalPodAutoscaler: true
    default: StructuralSchema.grove(kind) != nil
    }
  }

  // Whether a cluster allows privileged containers is told as a warning.
  private static let podOptions = PodValidationOptions(allowsPrivileged: false)

  private func problems(
    of spec: PodSpec, annotations: StringMap<String>, at path: FieldPath, annotationsAt: FieldPath
  ) -> [Diagnostic] {
    var pod = Pod()
    pod.metadata.annotations = annotations
    pod.spec = spec
    pod.spec.hostname = ""
    pod.spec.subdomain = ""
    pod.spec.schedulingGates = []
    PodDefaults.apply(&pod)
    var found = PodValidation.problems(
      creating: pod.spec, metadata: pod.metadata, at: path, options: Self.podOptions)
    for index in found.indices {
      var told = found[index]
      if told.path.hasPrefix(path.description) {
        told.path = "spec" + told.path.dropFirst(path.description.count)
      }
      found[index].serverMessage = told.message
    }
    if !annotations.isEmpty { found += PodValidation.problems(annotationsOf: pod, at: annotationsAt) }
    return graded(found)
  }

  /// Findings with advice, and with a warning for what most clusters allow.
  private func graded(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.map { diagnostic in
      var graded = diagnostic
      graded.hint = diagnostic.hint ?? PodHints.hint(for: diagnostic)
      if diagnostic.rule == PodRule.privileged.id, !isStrict { graded.severity = .warning }
      return graded
    }
  }
}
