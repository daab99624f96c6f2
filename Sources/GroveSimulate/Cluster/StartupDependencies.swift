internal import GroveModel
internal import KubernetesModel

/// Which pods wait in `grove-initc`, for what, and how many of that are ready (R-400…R-405).
///
/// Pods belong to a PodClique by label and terminating ones do not count (B-R20).
struct StartupDependencies: Sendable {
  /// The pods of a PodClique in one PodGang.
  private struct Party: Hashable, Sendable {
    var namespace: String
    var podGang: String
    var podClique: String
  }

  private struct Waiter: Sendable {
    var pod: ObjectName
    var needs: [(party: Party, count: Int)]
  }

  private var ready: [Party: Int] = [:]
  /// Those who wait, by gang, in the order in which they began to.
  private var waiters: [ObjectName: [Waiter]] = [:]

  /// What `--podcliques` arguments ask for.
  ///
  /// - Returns: PodClique and number of ready pods, in order; nil when the arguments are refused, in which
  ///   case the container ends with an error.
  static func parse(_ arguments: [String]) -> [(podClique: String, count: Int)]? {
    var needs: [(podClique: String, count: Int)] = []
    for argument in arguments {
      guard let separator = argument.firstIndex(of: "=") else { return nil }
      for part in argument[argument.index(after: separator)...].split(separator: ",") {
        let fields = part.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2, let count = Int(fields[1]), count > 0, !fields[0].isEmpty else { return nil }
        let podClique = String(fields[0])
        if let known = needs.firstIndex(where: { $0.podClique == podClique }) {
          needs[known].count = count
        } else {
          needs.append((podClique, count))
        }
      }
    }
    return needs
  }

  /// Takes note of a pod's change.
  ///
  /// - Returns: the pods that need not wait any longer.
  mutating func observe(old: Pod?, new: Pod?) -> [ObjectName] {
    let (before, after) = (old.flatMap(Self.readyParty), new.flatMap(Self.readyParty))
    if before == after { return [] }
    if let before {
      let count = ready[before, default: 0] - 1
      ready[before] = count == 0 ? nil : count
    }
    guard let after else { return [] }
    ready[after, default: 0] += 1
    let gang = ObjectName(namespace: after.namespace, name: after.podGang)
    guard let line = waiters[gang] else { return [] }
    return line.filter { isSatisfied($0) }.map(\.pod)
  }

  /// Lets a pod wait.
  ///
  /// - Returns: whether it need not wait at all.
  mutating func wait(_ pod: Pod, arguments: [String]) -> Bool {
    let name = ObjectName(pod.metadata)
    let gang = ObjectName(namespace: name.namespace, name: pod.metadata.labels[LabelKey.podGang] ?? "")
    let needs = Self.parse(arguments) ?? []
    let waiter = Waiter(
      pod: name,
      needs: needs.map {
        (Party(namespace: gang.namespace, podGang: gang.name, podClique: $0.podClique), $0.count)
      })
    if isSatisfied(waiter) { return true }
    waiters[gang, default: []].append(waiter)
    return false
  }

  /// Forgets that a pod waits.
  mutating func forget(_ pod: Pod) {
    let name = ObjectName(pod.metadata)
    let gang = ObjectName(namespace: name.namespace, name: pod.metadata.labels[LabelKey.podGang] ?? "")
    guard var line = waiters[gang] else { return }
    line.removeAll { $0.pod == name }
    waiters[gang] = line.isEmpty ? nil : line
  }

  private func isSatisfied(_ waiter: Waiter) -> Bool {
    waiter.needs.allSatisfy { ready[$0.party, default: 0] >= $0.count }
  }

  private static func readyParty(_ pod: Pod) -> Party? {
    guard !pod.metadata.isTerminating, pod.status.conditions.status(of: "Ready") == "True",
      let podGang = pod.metadata.labels[LabelKey.podGang],
      let podClique = pod.metadata.labels[LabelKey.podClique]
    else { return nil }
    return Party(namespace: pod.metadata.namespace, podGang: podGang, podClique: podClique)
  }
}
