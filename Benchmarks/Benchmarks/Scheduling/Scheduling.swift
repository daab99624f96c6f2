import Benchmark
import GroveSchedule
import KubernetesModel

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .peakMemoryResident] + counts,
    warmupIterations: 1, maxDuration: .seconds(10), maxIterations: 50)

  decision("GS-A1: 1000 nodes, one gang of 32000 pods", .fill)
  decision("GS-A2: 10000 nodes with 1 cpu left, one gang of 10000 pods", .lastCPU)
  for gangs in [1_000, 2_000, 3_000] {
    decision("GS-A7: 5000 nodes, \(gangs) gangs of 3 pods", .smallGangs(gangs))
  }
  decision("GS-A8: 5000 nodes in 50 racks, 2250 gangs of 4 pods, required rack", .rackGangs(2_250))
  decision("GS-A12: 512 nodes, one gang of 512 pods, preferred rack", .preferredRack)
  decision("GS-A19: 100 racks of 10 nodes, one gang of 100 groups of 10, required rack each", .rackGroups)
  decision("GS-100k: 100000 nodes, 1000 gangs of 100 pods, required rack", .hundredThousand)
  decision("GS-preempt: 1000 full nodes, one gang of 125 nodes evicts 1000 pods", .preemption)
  decision("Small: 30 nodes, 3 gangs of 9 pods, preferred rack", .small)

  // The same queue on clusters that grow: what it costs hardly depends on the nodes.
  for nodes in [1_000, 10_000, 100_000] {
    decision("Growth: \(nodes) nodes, 1000 gangs of 4 pods, required rack", .rackGangs(1_000, nodes: nodes))
  }

  Benchmark("GS-load: index 4000 nodes and 140000 pods") { benchmark in
    let workload = Workload.running()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(workload.snapshot) }
  }
  refresh("GS-load: 1400 of 140000 pods change, then a decision", .running(), changes: 1_400)
  refresh(
    "One of 100000 pods on 10000 nodes changes, then a decision",
    .running(nodes: 10_000, podsPerNode: 10), changes: 1)
}

/// What a decision looked at, beside what it took.
private let counts: [BenchmarkMetric] = [
  .custom("Domains examined"), .custom("Nodes examined"), .custom("Placements"), .custom("Searches"),
]

extension Benchmark {
  fileprivate func note(_ counters: Counters) {
    measurement(.custom("Domains examined"), counters.domainsExamined)
    measurement(.custom("Nodes examined"), counters.nodesExamined)
    measurement(.custom("Placements"), counters.placements)
    measurement(.custom("Searches"), counters.searches)
  }
}

/// Measures the decision on everything that waits; making the snapshot is not part of it.
private func decision(_ name: String, _ workload: @autoclosure @escaping @Sendable () -> Workload) {
  Benchmark(name) { benchmark in
    var snapshot = benchmark.prepared(name) { workload() }.snapshot
    benchmark.startMeasurement()
    let decision = Scheduler().schedule(&snapshot)
    benchmark.stopMeasurement()
    precondition(decision.fits, "\(name): not everything fits")
    benchmark.note(decision.counters)
    blackHole(snapshot)
  }
}

/// Measures changing some pods of a cluster, and the decision on the one pod that waits then.
private func refresh(
  _ name: String, _ workload: @autoclosure @escaping @Sendable () -> Workload, changes: Int
) {
  Benchmark(name) { benchmark in
    let workload = benchmark.prepared(name) { workload() }
    var snapshot = workload.snapshot
    var waiting = Workload.pod("waiting", ["nvidia.com/gpu": "1"])
    decide(&snapshot, [waiting])
    let changed = (0..<changes).map { number in
      var pod = workload.pods[number * 101 % workload.pods.count]
      pod.status.phase = "Succeeded"
      return pod
    }
    waiting.metadata.name = "another"
    benchmark.startMeasurement()
    let decision = decide(&snapshot, changed + [waiting])
    benchmark.stopMeasurement()
    precondition(decision.bindings.count == 1, "\(name): the pod that waits has room")
    benchmark.note(decision.counters)
    blackHole(snapshot)
  }
}

@discardableResult
private func decide(_ snapshot: inout Snapshot, _ pods: [Pod]) -> Decision {
  do {
    for pod in pods { try snapshot.set(pod) }
  } catch {
    preconditionFailure("the workload is well-formed: \(error)")
  }
  return Scheduler().schedule(&snapshot)
}
