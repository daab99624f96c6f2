import GroveModel
import KubernetesModel
import Testing

@testable import GroveSimulate

@Suite("What an expansion gives a scheduler")
struct SchedulableTests {
  @Test("Grove's gate is gone, others stay (R-365)")
  func gates() {
    var container = Container()
    container.name = "main"
    container.image = "nginx"
    var clique = PodCliqueTemplateSpec()
    clique.name = "worker"
    clique.spec.roleName = "worker"
    clique.spec.replicas = 1
    clique.spec.podSpec.containers = [container]
    clique.spec.podSpec.schedulingGates = [PodSchedulingGate(name: "example.com/mine")]
    var group = PodCliqueScalingGroupConfig()
    group.name = "group"
    group.cliqueNames = ["worker"]
    group.replicas = 2
    group.minAvailable = 1
    var set = PodCliqueSet()
    set.metadata.name = "serve"
    set.metadata.namespace = "default"
    set.spec.replicas = 1
    set.spec.template.cliques = [clique]
    set.spec.template.podCliqueScalingGroups = [group]
    let expansion = expand([set], configuration: OperatorConfiguration())
    func gates(_ objects: [Resource]) -> [[String]] {
      objects.compactMap { object in
        guard case .pod(let pod) = object else { return nil }
        return pod.spec.schedulingGates.map(\.name)
      }
    }
    #expect(gates(expansion.objects).contains { $0.contains(GroveName.schedulingGate) })
    #expect(gates(expansion.schedulable) == [["example.com/mine"], ["example.com/mine"]])
    #expect(expansion.schedulable.count == expansion.objects.count)
  }
}
