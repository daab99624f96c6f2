import GroveModel
import GroveSimulate
import KubernetesModel
import Testing

/// `validate` and a cluster agree about the pods of a set: what it calls valid is created, what it refuses is not.
struct PossiblePodTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func pick<T>(_ list: [T]) -> T { list[Int(next() % UInt64(list.count))] }
  }

  /// Changes of a pod spec, most of them harmless by themselves, with values that are sometimes odd.
  private static let changes: [@Sendable (inout PodSpec, inout Generator) -> Void] = [
    { $0.containers[0].name = $1.pick(["a", "b-c", "My_C", "", "a.b", "grove-initc"]) },
    { $0.containers[0].image = $1.pick(["nginx", "", " x", "a/b:1"]) },
    { $0.containers[0].imagePullPolicy = $1.pick(["", "Always", "Allways"]) },
    {
      $0.containers[0].ports = [
        ContainerPort(name: $1.pick(["", "http", "HTTP"]), containerPort: $1.pick([0, 80, 70_000]))
      ]
    },
    { $0.containers[0].resources.limits = [$1.pick(["cpu", "gpu", "nvidia.com/gpu", "hugepages-2Mi"]): 1] },
    {
      $0.containers[0].resources.requests = [$1.pick(["cpu", "memory", "nvidia.com/gpu"]): $1.pick([1, 2])]
    },
    {
      $0.containers[0].volumeMounts = [
        VolumeMount(name: $1.pick(["v", "w"]), mountPath: $1.pick(["/m", ""]))
      ]
    },
    {
      $0.volumes = [
        Volume(name: $1.pick(["v", "V"]), secret: SecretVolumeSource(secretName: $1.pick(["s", ""])))
      ]
    },
    { $0.containers[0].readinessProbe = $1.pick([Probe(), Probe(exec: ExecAction(command: ["x"]))]) },
    {
      $0.tolerations = [
        Toleration(key: "k", operator: $1.pick(["Exists", "Equal", "Gt"]), value: $1.pick(["", "v"]))
      ]
    },
    { $0.containers[0].resources.claims = [ContainerResourceClaim(name: $1.pick(["g", "h"]))] },
    { $0.resourceClaims = [PodResourceClaim(name: "g", resourceClaimName: $1.pick(["x", "X_"]))] },
    { $0.hostNetwork = $1.pick([true, false]) },
    { $0.hostUsers = $1.pick([true, false]) },
    { $0.dnsPolicy = $1.pick(["", "None", "Default"]) },
    { $0.containers.append(Container(name: $1.pick(["main", "side"]), image: "i")) },
    { $0.initContainers = [Container(name: $1.pick(["main", "init"]), image: $1.pick(["i", ""]))] },
    { $0.priorityClassName = $1.pick(["", "high", "High_"]) },
    { $0.serviceAccountName = $1.pick(["", "sa", "S_"]) },
    { $0.activeDeadlineSeconds = $1.pick([1, 0]) },
    { $0.hostname = $1.pick(["Odd_", "h"]) },
    { $0.containers[0].securityContext = SecurityContext(privileged: true) },
  ]

  private static func set(_ generator: inout Generator) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = "s"
    set.metadata.namespace = "default"
    set.spec.replicas = 1
    for name in ["a", "b"] {
      var clique = PodCliqueTemplateSpec(name: name)
      clique.spec.roleName = name
      clique.spec.replicas = 2
      clique.spec.podSpec.containers = [Container(name: "main", image: "nginx:1.25")]
      for _ in 0..<generator.pick([0, 1, 1, 2]) {
        generator.pick(changes)(&clique.spec.podSpec, &generator)
      }
      set.spec.template.cliques.append(clique)
    }
    set.spec.template.cliqueStartupType = generator.pick([.anyOrder, .inOrder])
    return set
  }

  @Test func agree() {
    var configuration = OperatorConfiguration()
    configuration.initContainerImage = "grove-initc"
    let admission = Admission(configuration: configuration)
    var generator = Generator(state: 20_261_129)
    var (clean, broken) = (0, 0)
    for _ in 0..<400 {
      let set = admission.default(Self.set(&generator))
      guard admission.validate(create: set).errors.isEmpty else { continue }
      let told = admission.validatePods(of: set).errors
      let expansion = expand([set], configuration: configuration)
      guard expansion.rejections.isEmpty else { continue }
      let refused = expansion.refusals.flatMap(\.diagnostics)
      #expect(told.isEmpty == refused.isEmpty, "\(told.map(\.message)) \(refused.map(\.message))")
      if told.isEmpty {
        clean += 1
        #expect(expansion.objects.count { $0.kind == .pod } == 4)
      } else {
        broken += 1
        let texts = Set(told.compactMap(\.serverMessage))
        #expect(refused.allSatisfy { texts.contains($0.message) }, "\(refused.map(\.message))")
      }
    }
    #expect(clean > 50 && broken > 50, "\(clean) clean, \(broken) broken")
  }
}
