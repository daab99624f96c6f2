import Benchmark
import GroveModel
import GroveReconcile
import GroveSchedule
import GroveSimulate
import KubernetesModel

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .peakMemoryResident], warmupIterations: 1, maxDuration: .seconds(20),
    maxIterations: 50)

  // The scale test of the catalogue: 500 replicas of two pods on 100 nodes, from apply to all Ready.
  Benchmark("Scale test: 1000 pods from apply to Ready") { benchmark in
    let cluster = largeCluster
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var world = cluster
      blackHole(try world.perform(.apply(workload(replicas: 500, pods: 2))))
      precondition(world.runToRest() == .atRest)
      blackHole(world.writes.count)
    }
  }

  // A small world taken through its life again and again; scaled by its steps.
  Benchmark("Steps of a small world", configuration: .init(scalingFactor: .kilo)) { benchmark in
    let cluster = smallCluster
    benchmark.startMeasurement()
    var steps = 0
    while steps < benchmark.scaledIterations.count {
      var world = cluster
      try world.perform(.apply(workload(replicas: 1, pods: 2)))
      while world.takeNextStep(until: world.now + .seconds(30)) != nil { steps += 1 }
      try world.perform(.scale(setKey, replicas: 2))
      while world.takeNextStep(until: world.now + .seconds(30)) != nil { steps += 1 }
      try world.perform(.delete(setKey))
      while world.takeNextStep(until: world.now + .seconds(30)) != nil { steps += 1 }
    }
  }
}

private let setKey = ObjectKey(.podCliqueSet, namespace: "default", name: "scale-test")

private var largeCluster: World { cluster(nodes: 100) }
private var smallCluster: World { cluster(nodes: 3) }

private func cluster(nodes: Int) -> World {
  var world = World(
    configuration: OperatorConfiguration(), setup: ClusterSetup(kubelets: ClusterTiming()), seed: 1)
  for number in 0..<nodes {
    var node = Node(metadata: ObjectMeta(name: "node-\(number)"))
    node.status.allocatable = ["cpu": 64, "memory": Quantity("512Gi") ?? 0, "pods": 110]
    try? world.perform(.apply(.node(node)))
  }
  _ = world.runToRest()
  return world
}

private func workload(replicas: Int32, pods: Int32) -> Resource {
  let clique = PodCliqueTemplateSpec(
    name: "expert-worker",
    spec: PodCliqueSpec(
      roleName: "expert",
      podSpec: PodSpec(
        containers: [
          Container(
            name: "expert-worker", image: "registry.example.com/nginx:alpine-slim",
            resources: ResourceRequirements(requests: ["memory": Quantity("1Mi") ?? 0]))
        ]), replicas: pods))
  var set = PodCliqueSet(metadata: ObjectMeta(name: "scale-test", namespace: "default"))
  set.spec.replicas = replicas
  set.spec.template.cliques = [clique]
  return .podCliqueSet(set)
}
