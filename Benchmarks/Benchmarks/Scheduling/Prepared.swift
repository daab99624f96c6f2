import Benchmark
import Synchronization

/// The workload of the benchmark that runs, so that it is made once and not for every iteration.
private let current = Mutex<(name: String, workload: Workload)?>(nil)

extension Benchmark {
  /// The workload of a benchmark, made the first time it is asked for.
  func prepared(_ name: String, _ make: () -> Workload) -> Workload {
    current.withLock { current in
      if let current, current.name == name { return current.workload }
      let workload = make()
      current = (name, workload)
      return workload
    }
  }
}
