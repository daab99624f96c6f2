import GroveAdmission
import GroveModel
import KubernetesModel
import Testing

@testable import GroveSimulate

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

  private static let changes = 22

  /// Changes a pod spec; most changes are harmless by themselves, with values that are sometimes odd.
  private static func change(_ spec: inout PodSpec, _ number: Int, _ generator: inout Generator) {
    var container = spec.containers[0]
    switch number {
    case 0: container.name = generator.pick(["a", "b-c", "My_C", "", "a.b", "grove-initc"])
    case 1: container.image = generator.pick(["nginx", "", " x", "a/b:1"])
    case 2: container.imagePullPolicy = generator.pick(["", "Always", "Allways"])
    case 3:
      let port: Int32 = generator.pick([0, 80, 70_000])
      container.ports = [ContainerPort(name: generator.pick(["", "http", "HTTP"]), containerPort: port)]
    case 4:
      container.resources.limits[generator.pick(["cpu", "gpu", "nvidia.com/gpu", "hugepages-2Mi"])] = 1
    case 5:
      let amount: Int64 = generator.pick([1, 2])
      container.resources.requests[generator.pick(["cpu", "memory", "nvidia.com/gpu"])] = Quantity(amount)
    case 6:
      container.volumeMounts = [
        VolumeMount(name: generator.pick(["v", "w"]), mountPath: generator.pick(["/m", ""]))
      ]
    case 7:
      let source = SecretVolumeSource(secretName: generator.pick(["s", ""]))
      spec.volumes = [Volume(name: generator.pick(["v", "V"]), secret: source)]
    case 8: container.readinessProbe = generator.pick([Probe(), Probe(exec: ExecAction(command: ["x"]))])
    case 9:
      let name = generator.pick(["Exists", "Equal", "Gt"])
      spec.tolerations = [Toleration(key: "k", operator: name, value: generator.pick(["", "v"]))]
    case 10: container.resources.claims = [ContainerResourceClaim(name: generator.pick(["g", "h"]))]
    case 11:
      spec.resourceClaims = [PodResourceClaim(name: "g", resourceClaimName: generator.pick(["x", "X_"]))]
    case 12: spec.hostNetwork = generator.pick([true, false])
    case 13: spec.hostUsers = generator.pick([true, false])
    case 14: spec.dnsPolicy = generator.pick(["", "None", "Default"])
    case 15: spec.containers.append(Container(name: generator.pick(["main", "side"]), image: "i"))
    case 16:
      spec.initContainers = [
        Container(name: generator.pick(["main", "init"]), image: generator.pick(["i", ""]))
      ]
    case 17: spec.priorityClassName = generator.pick(["", "high", "High_"])
    case 18: spec.serviceAccountName = generator.pick(["", "sa", "S_"])
    case 19: spec.activeDeadlineSeconds = generator.pick([1, 0])
    case 20: spec.hostname = generator.pick(["Odd_", "h"])
    default: container.securityContext = SecurityContext(privileged: true)
    }
    spec.containers[0] = container
  }

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
        change(&clique.spec.podSpec, Int(generator.next() % UInt64(changes)), &generator)
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
