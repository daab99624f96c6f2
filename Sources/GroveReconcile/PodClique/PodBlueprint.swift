internal import GroveModel
internal import KubernetesModel

/// The pods of a PodClique before they have an index (R-320…R-349).
///
/// Everything that is the same for all pods is made once; a pod then costs a copy and what its index decides: the
/// label, the host name, and claims of its own.
struct PodBlueprint {
  private let base: Pod
  private let podClique: String
  private let claims: ClaimInjection
  /// The startup init container, as long as it is not in ``base`` yet.
  private let startup: StartupWait?

  /// Makes what all pods of a PodClique have in common.
  ///
  /// - Throws: when the pods' scheduler is not enabled or refuses them, when a dependency is not in the
  ///   PodCliqueSet, or when there is no image for the startup init container.
  init(
    for podClique: PodClique, podGang: String, at place: PodCliquePlace, configuration: OperatorConfiguration
  ) throws(ReconcileError) {
    let name = podClique.metadata.name
    let setName = place.set.metadata.name
    self.podClique = name
    claims = ClaimInjection(podClique: name, at: place)

    var pod = Pod()
    pod.metadata.generateName = name + "-"
    pod.metadata.namespace = podClique.metadata.namespace
    pod.metadata.setController(OwnerReference(controller: podClique))
    var labels = Labels.common(setName).merging(podClique.metadata.labels)
    labels[LabelKey.podClique] = name
    labels[LabelKey.podCliqueSetReplicaIndex] = String(place.replica)
    labels[LabelKey.podGang] = podGang
    labels[LabelKey.podIndex] = "0"
    pod.metadata.labels = labels
    pod.metadata.annotations = podClique.metadata.annotations

    pod.spec = podClique.spec.podSpec
    // The template's own gates stay (B-R16).
    if !pod.hasGroveGate {
      pod.spec.schedulingGates.append(PodSchedulingGate(name: GroveName.schedulingGate))
    }
    // The gang has the template's class, so its pods have it, too (B-R04).
    if pod.spec.priorityClassName.isEmpty {
      pod.spec.priorityClassName = place.expected.template.priorityClassName
    }
    do {
      try configuration.preparePod(&pod)
    } catch {
      throw ReconcileError(
        code: "ERR_BUILD_POD_RESOURCE", operation: "Sync",
        message: "failed to build Pod resource for PodClique \(ObjectName(podClique.metadata))",
        cause: error.description, component: "Pod")
    }
    pod.spec.prependEnvironment(Self.environment(podClique: name, at: place))
    pod.spec.subdomain = Naming.headlessService(setName, replica: place.replica)
    claims.injectShared(into: &pod.spec)
    // The injected init container has neither Grove's environment nor claims, so it comes last.
    let startup =
      podClique.spec.startsAfter.isEmpty
      ? nil : try StartupWait(for: podClique, at: place, configuration: configuration)
    if claims.perPod.isEmpty {
      startup?.add(to: &pod.spec)
      self.startup = nil
    } else {
      self.startup = startup
    }
    base = pod
  }

  /// The pod with an index, from 0.
  func pod(index: Int) -> Pod {
    var pod = base
    pod.metadata.labels[LabelKey.podIndex] = String(index)
    pod.spec.hostname = Naming.hostname(podClique: podClique, podIndex: index)
    if !claims.perPod.isEmpty {
      claims.injectPerPod(index: index, into: &pod.spec)
      startup?.add(to: &pod.spec)
    }
    return pod
  }

  /// What every container is told about its place.
  private static func environment(podClique: String, at place: PodCliquePlace) -> [EnvVar] {
    let set = place.set.metadata
    let address = Naming.headlessServiceAddress(
      set.name, replica: place.replica, namespace: set.namespace)
    return [
      EnvVar(name: EnvironmentName.podCliqueSet, value: set.name),
      EnvVar(name: EnvironmentName.podCliqueSetIndex, value: String(place.replica)),
      EnvVar(name: EnvironmentName.podClique, value: podClique),
      EnvVar(name: EnvironmentName.headlessService, value: address),
      EnvVar(name: EnvironmentName.podIndex, label: LabelKey.podIndex),
    ]
  }
}
