internal import GroveModel
internal import KubernetesModel

/// The init container that holds a pod back until the PodCliques it starts after are up, and its volumes
/// (R-345…R-349).
struct StartupWait {
  private let volumes: [Volume]
  private let container: Container

  /// The init container for the pods of a PodClique.
  ///
  /// - Throws: when a PodClique to wait for is not in the PodCliqueSet, or when no image is configured.
  init(
    for podClique: PodClique, at place: PodCliquePlace, configuration: OperatorConfiguration
  ) throws(ReconcileError) {
    guard let image = configuration.initContainerImage else {
      throw ReconcileError(
        code: "ERR_INITCONTAINER_ENVIRONMENT_VARIABLE_MISSING", operation: "Sync",
        message:
          "environment variable GROVE_INIT_CONTAINER_IMAGE specifying the init-container image is missing",
        component: "Pod")
    }
    var arguments: [String] = []
    for dependency in podClique.spec.startsAfter {
      guard let parent = place.expected.clique(ofPodClique: dependency, replica: place.replica) else {
        throw ReconcileError(
          code: "ERR_MISSING_PODCLIQUE_TEMPLATE", operation: "Sync",
          message: "PodClique \(dependency) specified in startsAfter is not present in the templates",
          component: "Pod")
      }
      arguments.append("--podcliques=\(dependency):\(place.expected.cliques[parent].minAvailable)")
    }
    volumes = [
      Volume(
        name: GroveName.tokenVolume,
        secret: SecretVolumeSource(
          secretName: Naming.tokenSecret(place.set.metadata.name), defaultMode: 0o644)),
      Volume(
        name: GroveName.podInfoVolume,
        downwardAPI: DownwardAPIVolumeSource(items: [
          DownwardAPIVolumeFile(
            path: "namespace", fieldRef: ObjectFieldSelector(fieldPath: "metadata.namespace")),
          DownwardAPIVolumeFile(
            path: "podgangname",
            fieldRef: ObjectFieldSelector(fieldPath: "metadata.labels['\(LabelKey.podGang)']")),
        ])),
    ]
    container = Container(
      name: GroveName.initContainer,
      image: "\(image):\(configuration.operatorVersion)",
      args: arguments,
      volumeMounts: [
        VolumeMount(name: GroveName.podInfoVolume, readOnly: true, mountPath: "/var/grove/pod-info"),
        VolumeMount(
          name: GroveName.tokenVolume, readOnly: true,
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount"),
      ])
  }

  /// Adds volumes and container after those that the pod has.
  func add(to spec: inout PodSpec) {
    spec.volumes += volumes
    spec.initContainers.append(container)
  }
}
