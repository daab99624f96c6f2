import Benchmark
import GroveModel
import GroveReconcile
import GroveSimulate
import KubernetesModel

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .peakMemoryResident], warmupIterations: 1, maxDuration: .seconds(20),
    maxIterations: 20)

  // Cost grows linearly with the number of objects: these three show it.
  for pods in [1_000, 10_000, 100_000] {
    Benchmark("Expand a set of \(pods) pods") { benchmark in
      let set = sample(pods: pods)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        blackHole(expand([set], configuration: OperatorConfiguration()).objects.count)
      }
    }
  }

  Benchmark("Pass over every object of a settled set of 10000 pods") { benchmark in
    let expansion = expand([sample(pods: 10_000)], configuration: OperatorConfiguration())
    let state = ObservedState(expansion.objects)
    let keys = expansion.objects.map(\.key)
    let reconciler = Reconciler(configuration: OperatorConfiguration())
    let now = Timestamp(secondsSince1970: 1_800_000_000)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      for key in keys { blackHole(reconciler.reconcile(key, observed: state, now: now).steps.count) }
    }
  }
}

/// A set with ten pods in each of two cliques, one of them in a scaling group, and as many replicas as it takes.
private func sample(pods: Int) -> PodCliqueSet {
  func clique(_ name: String) -> PodCliqueTemplateSpec {
    PodCliqueTemplateSpec(
      name: name,
      spec: PodCliqueSpec(
        roleName: name,
        podSpec: PodSpec(
          containers: [
            Container(
              name: "engine", image: "registry.example.com/engine:1.0",
              resources: ResourceRequirements(requests: ["cpu": 1, "memory": Quantity("1Gi") ?? 0]))
          ]), replicas: 10))
  }
  var set = PodCliqueSet(metadata: ObjectMeta(name: "sample", namespace: "default"))
  set.spec.replicas = Int32(pods / 40)
  set.spec.template.cliques = [clique("frontend"), clique("worker")]
  set.spec.template.podCliqueScalingGroups = [
    PodCliqueScalingGroupConfig(name: "group", cliqueNames: ["worker"], replicas: 3, minAvailable: 1)
  ]
  return set
}
