import GroveModel
import KubernetesModel

extension PodCliqueSet {
  /// A PodCliqueSet whose pods are like those of an inference workload.
  static func sample(_ shape: ConvergedCluster.Shape, replicas: Int32, pods: Int32) -> PodCliqueSet {
    var set = PodCliqueSet(metadata: ObjectMeta(name: "pipeline", namespace: "default"))
    set.metadata.labels = ["example.com/team": "inference"]
    set.spec.replicas = replicas
    switch shape {
    case .standalone:
      set.spec.template.cliques = ["router", "prefill", "decode", "cache"].map { .sample($0, pods: pods) }
    case .scalingGroups:
      set.spec.template.cliques = ["router", "worker"].map { .sample($0, pods: pods) }
      set.spec.template.podCliqueScalingGroups = [
        PodCliqueScalingGroupConfig(name: "model", cliqueNames: ["worker"], replicas: 3, minAvailable: 1)
      ]
    }
    return set
  }
}

extension PodCliqueTemplateSpec {
  fileprivate static func sample(_ name: String, pods: Int32) -> PodCliqueTemplateSpec {
    PodCliqueTemplateSpec(
      name: name, labels: ["example.com/tier": name],
      spec: PodCliqueSpec(roleName: name, podSpec: .sample(name), replicas: pods))
  }
}

extension PodSpec {
  /// One container with what an inference server usually has: options, probes, devices, models.
  fileprivate static func sample(_ role: String) -> PodSpec {
    let container = Container(
      name: "engine", image: "registry.example.com/inference/engine:1.4.2",
      command: ["/bin/engine", "--serve"],
      args: [
        "--role=\(role)", "--model=/models/large-language-model", "--tensor-parallel=8", "--log-level=info",
      ],
      ports: [ContainerPort(name: "http", containerPort: 8000, protocol: "TCP")],
      env: (0..<6).map { EnvVar(name: "ENGINE_OPTION_NUMBER_\($0)", value: "the value of option \($0)") },
      resources: ResourceRequirements(
        limits: ["nvidia.com/gpu": 8], requests: ["cpu": 16, "memory": Quantity("128Gi") ?? 0]),
      volumeMounts: [
        VolumeMount(name: "shm", mountPath: "/dev/shm"),
        VolumeMount(name: "models", readOnly: true, mountPath: "/models"),
      ],
      livenessProbe: Probe(
        httpGet: HTTPGetAction(path: "/healthz", port: "http"), initialDelaySeconds: 30, periodSeconds: 10),
      readinessProbe: Probe(httpGet: HTTPGetAction(path: "/ready", port: "http"), periodSeconds: 5),
      securityContext: SecurityContext(capabilities: Capabilities(add: ["IPC_LOCK"]), privileged: false))
    return PodSpec(
      volumes: [
        Volume(name: "shm", emptyDir: EmptyDirVolumeSource(medium: "Memory", sizeLimit: Quantity("64Gi"))),
        Volume(
          name: "models",
          persistentVolumeClaim: PersistentVolumeClaimVolumeSource(claimName: "large-language-model")),
      ], containers: [container], restartPolicy: "Always", terminationGracePeriodSeconds: 30,
      tolerations: [Toleration(key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule")])
  }
}
