import GroveModel
import KubernetesModel
import KubernetesServer

/// A mixture of objects like those Grove makes: seven in ten are Pods, the rest Services, autoscalers and Roles.
enum SampleObjects {
  /// Objects whose JSON text has about the given number of bytes.
  static func make(bytes: Int) -> [Resource] {
    var resources: [Resource] = []
    var size = 0
    var index = 0
    while size < bytes {
      let resource = make(index)
      size += JSONWriter.string(resource.value).utf8.count + 1
      resources.append(resource)
      index += 1
    }
    return resources
  }

  private static func make(_ index: Int) -> Resource {
    switch index % 10 {
    case 0: .service(service(index))
    case 1: .horizontalPodAutoscaler(autoscaler(index))
    case 2: .role(role(index))
    default: .pod(pod(index))
    }
  }

  private static func metadata(_ name: String, component: Component) -> ObjectMeta {
    ObjectMeta(
      name: name, namespace: "default", labels: Labels.of(component, podCliqueSet: "pipeline", name: name),
      annotations: ["example.com/team": "inference", "example.com/cost-center": "cc-4711"],
      ownerReferences: [
        OwnerReference(
          apiVersion: PodCliqueSet.apiVersion, kind: PodCliqueSet.kind, name: "pipeline",
          uid: "5f0c8a4e-9a53-4c0e-8d8c-1a2b3c4d5e6f", controller: true, blockOwnerDeletion: true)
      ], finalizers: [GroveName.podCliqueFinalizer])
  }

  private static func service(_ index: Int) -> Service {
    Service(
      metadata: metadata("pipeline-\(index)", component: .headlessService),
      spec: ServiceSpec(
        clusterIP: "None", publishNotReadyAddresses: true, selector: Labels.common("pipeline")))
  }

  private static func autoscaler(_ index: Int) -> HorizontalPodAutoscaler {
    HorizontalPodAutoscaler(
      metadata: metadata("pipeline-\(index)-frontend", component: .autoscaler),
      spec: HorizontalPodAutoscalerSpec(
        maxReplicas: 12,
        metrics: [
          MetricSpec(
            resource: ResourceMetricSource(
              name: "cpu", target: MetricTarget(averageUtilization: 80, type: "Utilization")),
            type: "Resource")
        ], minReplicas: 2,
        scaleTargetRef: CrossVersionObjectReference(
          apiVersion: PodClique.apiVersion, kind: PodClique.kind, name: "pipeline-\(index)-frontend")))
  }

  private static func role(_ index: Int) -> Role {
    Role(
      metadata: metadata("grove.io:pcs:pipeline-\(index)", component: .role),
      rules: [
        PolicyRule(apiGroups: [""], resources: ["pods", "pods/status"], verbs: ["get", "list", "watch"])
      ])
  }

  private static func pod(_ index: Int) -> Pod {
    let name = "pipeline-0-prefill-\(index)-pworker"
    let environment =
      [
        EnvVar(name: EnvironmentName.podCliqueSet, value: "pipeline"),
        EnvVar(name: EnvironmentName.podClique, value: name),
        EnvVar(name: EnvironmentName.headlessService, value: "pipeline-0.default.svc.cluster.local"),
        EnvVar(
          name: EnvironmentName.podIndex,
          valueFrom: EnvVarSource(
            fieldRef: ObjectFieldSelector(fieldPath: "metadata.labels['\(LabelKey.podIndex)']"))),
      ] + (0..<8).map { EnvVar(name: "MODEL_OPTION_\($0)", value: "--some-value=\($0 * index)") }
    let container = Container(
      name: "engine", image: "registry.example.com/inference/engine:1.\(index % 7)",
      command: ["/bin/engine", "--serve"],
      args: ["--model=/models/llama", "--tensor-parallel=8", "--port=8000", "--log-level=info"],
      ports: [ContainerPort(name: "http", containerPort: 8000, protocol: "TCP")], env: environment,
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
    return Pod(
      metadata: metadata(name, component: .memberPodClique),
      spec: PodSpec(
        volumes: [
          Volume(name: "shm", emptyDir: EmptyDirVolumeSource(medium: "Memory", sizeLimit: Quantity("64Gi"))),
          Volume(
            name: "models", persistentVolumeClaim: PersistentVolumeClaimVolumeSource(claimName: "models")),
        ], containers: [container], restartPolicy: "Always", terminationGracePeriodSeconds: 30,
        hostname: "\(name)-0", subdomain: "pipeline-0",
        tolerations: [Toleration(key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule")],
        schedulingGates: [PodSchedulingGate(name: GroveName.schedulingGate)]))
  }
}
