import Benchmark
import GroveModel
import GroveReconcile
import KubernetesModel

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .peakMemoryResident], warmupIterations: 2, maxDuration: .seconds(10),
    maxIterations: 100)

  // 100,000 pods each.
  let shapes: [(name: String, shape: ConvergedCluster.Shape)] = [
    ("1000 replicas of 4 cliques", .standalone), ("1000 replicas with scaling groups", .scalingGroups),
  ]
  for (name, shape) in shapes {
    Benchmark("No-op pass over all objects, \(name)") { benchmark in
      let cluster = Clusters.cluster(shape)
      let keys = cluster.keys
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        precondition(cluster.passes(over: keys) == 0, "nothing is to be done in a converged cluster")
      }
    }

    Benchmark("One pod becomes ready, \(name)") { benchmark in
      var cluster = Clusters.cluster(shape)
      let (ready, unready) = cluster.somePod
      for _ in benchmark.scaledIterations {
        blackHole(cluster.settle(after: unready))
        benchmark.startMeasurement()
        blackHole(cluster.settle(after: ready))
        benchmark.stopMeasurement()
      }
    }

    Benchmark("Pass over the set that scales by one, \(name)") { benchmark in
      var cluster = Clusters.cluster(shape)
      cluster.scale(by: 1)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(cluster.passes(over: [ConvergedCluster.set])) }
    }
  }
}

/// The clusters that are measured, each made once for each process.
private enum Clusters {
  private static let standalone = ConvergedCluster(.standalone, replicas: 1_000, pods: 25)
  private static let scalingGroups = ConvergedCluster(.scalingGroups, replicas: 1_000, pods: 25)

  static func cluster(_ shape: ConvergedCluster.Shape) -> ConvergedCluster {
    switch shape {
    case .standalone: standalone
    case .scalingGroups: scalingGroups
    }
  }
}
