internal import GroveModel
internal import KubernetesModel

/// The indices that the pods of a PodClique hold, read from their host names.
struct PodIndices {
  private var taken: Set<Int> = []

  /// Why the indices of some pods cannot be told.
  struct Problem: Error, Equatable, CustomStringConvertible {
    var description: String
  }

  /// The indices of the given pods, which are neither terminating nor finished.
  init(_ pods: [Stored<Pod>]) throws(Problem) {
    taken.reserveCapacity(pods.count)
    for stored in pods {
      let hostname = stored.object.spec.hostname
      let index = try Self.index(inHostname: hostname)
      guard taken.insert(index).inserted else {
        throw Problem(
          description: "duplicate index \(index) found for pod \(stored.object.metadata.name) "
            + "with hostname \(hostname)")
      }
    }
  }

  /// The lowest indices that are free, in ascending order.
  func free(_ count: Int) -> [Int] {
    var free: [Int] = []
    free.reserveCapacity(count)
    var candidate = 0
    while free.count < count {
      if !taken.contains(candidate) { free.append(candidate) }
      candidate += 1
    }
    return free
  }

  /// The number after the last hyphen of a host name.
  static func index(inHostname hostname: String) throws(Problem) -> Int {
    if hostname.isEmpty { throw Problem(description: "hostname is empty") }
    guard let hyphen = hostname.lastIndex(of: "-") else {
      throw Problem(description: "hostname does not contain index suffix")
    }
    let digits = hostname[hostname.index(after: hyphen)...]
    guard let index = Int(digits), index >= 0 else {
      throw Problem(description: "hostname \(hostname) does not end with an index")
    }
    return index
  }
}
