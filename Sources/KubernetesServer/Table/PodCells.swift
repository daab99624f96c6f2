internal import KubernetesModel

/// The cells of a pod: how many containers are ready, and in one word how it does.
struct PodCells {
  private let pod: Value
  private let now: Timestamp
  private var ready = 0
  private var total = 0
  private var restarts = 0
  private var lastRestart: String?
  private var reason = ""

  init(_ pod: Value, _ now: Timestamp) {
    self.pod = pod
    self.now = now
    count()
  }

  var cells: [Value] {
    let address =
      pod["status"]?["podIPs"]?[0]?["ip"]?.stringValue ?? BuiltInPrinters.text(pod, "status", "podIP")
    let restartText = lastRestart.map { "\(restarts) (\(Cell.age(of: $0, now)) ago)" } ?? "\(restarts)"
    let gates = pod["spec"]?["readinessGates"]?.elements ?? []
    let passed = gates.count { isTrue($0["conditionType"]?.stringValue ?? "") }
    return [
      .string("\(ready)/\(total)"), .string(reason), .string(restartText), Cell.age(pod, now),
      .string(Cell.orNone(address)), .string(Cell.orNone(pod["spec"]?["nodeName"]?.stringValue)),
      .string(Cell.orNone(pod["status"]?["nominatedNodeName"]?.stringValue)),
      .string(gates.isEmpty ? "<none>" : "\(passed)/\(gates.count)"),
    ]
  }

  private func isTrue(_ condition: String) -> Bool {
    (pod["status"]?["conditions"]?.elements ?? []).contains {
      $0["type"]?.stringValue == condition && $0["status"]?.stringValue == "True"
    }
  }

  private mutating func count() {
    let (spec, status) = (pod["spec"], pod["status"])
    reason = status?["phase"]?.stringValue ?? ""
    if let given = status?["reason"]?.stringValue, !given.isEmpty { reason = given }
    for condition in status?["conditions"]?.elements ?? []
    where condition["type"]?.stringValue == "PodScheduled"
      && condition["reason"]?.stringValue == "SchedulingGated"
    {
      reason = "SchedulingGated"
    }
    let initial = spec?["initContainers"]?.elements ?? []
    let sidecars = Set(
      initial.filter { $0["restartPolicy"]?.stringValue == "Always" }.compactMap { $0["name"]?.stringValue })
    total = (spec?["containers"]?.count ?? 0) + sidecars.count
    let (isInitializing, sidecarRestarts, lastSidecar) = countInitial(initial, sidecars)
    if !isInitializing || isTrue("Initialized") { countContainers(sidecarRestarts, lastSidecar) }
    if pod["metadata"]?["deletionTimestamp"].map({ !$0.isNull }) == true {
      let phase = status?["phase"]?.stringValue ?? ""
      if status?["reason"]?.stringValue == "NodeLost" {
        reason = "Unknown"
      } else if phase != "Succeeded", phase != "Failed" {
        reason = "Terminating"
      }
    }
  }

  private static func ended(_ state: Value?) -> String {
    if let reason = state?["reason"]?.stringValue, !reason.isEmpty { return reason }
    if let signal = state?["signal"]?.integerValue, signal != 0 { return "Signal:\(signal)" }
    return "ExitCode:\(state?["exitCode"]?.integerValue ?? 0)"
  }

  private static func later(_ first: String?, _ container: Value) -> String? {
    guard let ended = container["lastState"]?["terminated"]?["finishedAt"]?.stringValue else { return first }
    guard let first, let a = Timestamp(first), let b = Timestamp(ended) else { return ended }
    return a < b ? ended : first
  }

  private mutating func countInitial(
    _ initial: [Value], _ sidecars: Set<String>
  ) -> (isInitializing: Bool, restarts: Int, last: String?) {
    var sidecarRestarts = 0
    var lastSidecar: String?
    for (index, container) in (pod["status"]?["initContainerStatuses"]?.elements ?? []).enumerated() {
      let isSidecar = sidecars.contains(container["name"]?.stringValue ?? "")
      let count = Int(container["restartCount"]?.integerValue ?? 0)
      restarts += count
      lastRestart = Self.later(lastRestart, container)
      if isSidecar {
        sidecarRestarts += count
        lastSidecar = Self.later(lastSidecar, container)
      }
      let state = container["state"]
      if let end = state?["terminated"], end["exitCode"]?.integerValue == 0 { continue }
      if isSidecar, container["started"]?.booleanValue == true {
        if container["ready"]?.booleanValue == true { ready += 1 }
        continue
      }
      if let end = state?["terminated"] {
        reason = "Init:\(Self.ended(end))"
      } else if let waiting = state?["waiting"]?["reason"]?.stringValue, !waiting.isEmpty,
        waiting != "PodInitializing"
      {
        reason = "Init:\(waiting)"
      } else {
        reason = "Init:\(index)/\(initial.count)"
      }
      return (true, sidecarRestarts, lastSidecar)
    }
    return (false, sidecarRestarts, lastSidecar)
  }

  private mutating func countContainers(_ sidecarRestarts: Int, _ lastSidecar: String?) {
    restarts = sidecarRestarts
    lastRestart = lastSidecar
    var isRunning = false
    for container in (pod["status"]?["containerStatuses"]?.elements ?? []).reversed() {
      restarts += Int(container["restartCount"]?.integerValue ?? 0)
      lastRestart = Self.later(lastRestart, container)
      let state = container["state"]
      if let waiting = state?["waiting"]?["reason"]?.stringValue, !waiting.isEmpty {
        reason = waiting
      } else if let end = state?["terminated"] {
        reason = Self.ended(end)
      } else if container["ready"]?.booleanValue == true, state?["running"] != nil {
        isRunning = true
        ready += 1
      }
    }
    // Some containers are done, but one still runs.
    if reason == "Completed", isRunning { reason = isTrue("Ready") ? "Running" : "NotReady" }
  }
}
