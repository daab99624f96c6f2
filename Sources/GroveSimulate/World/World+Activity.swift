internal import GroveModel
internal import GroveReconcile
package import KubernetesModel

/// What explorers ask a world that users do not.
extension World {
  /// What comes next in a fair order, time included; nil when nothing will ever happen again.
  package var nextFairStep: Step? {
    mutating get { nextReadyStep ?? nextAlarm.map { .wait(until: $0) } }
  }

  /// Whether the kubelet of a node is dead.
  package func isDead(_ node: String) -> Bool { kubelets?.deadNodes.contains(node) ?? false }

  /// The pods whose probes fail by script, by name.
  package var podsWithFailingProbes: [ObjectName] { (kubelets?.failingProbes ?? []).sorted() }
}

/// What is on its way in a world, apart from its objects.
package struct WorldActivity: Sendable {
  /// What is due or timed for each pod, as a digest.
  package var pods: [ObjectName: UInt64] = [:]
  /// Digests of everything else, in no order.
  package var others: [UInt64] = []
}

extension World {
  /// What is on its way: queues, timers relative to now, watch events.
  package var activity: WorldActivity {
    var activity = WorldActivity()
    func add(_ kind: String, _ text: String, _ number: UInt64 = 0) {
      var hash = Hash()
      hash.combine(kind)
      hash.combine(text)
      hash.combine(number)
      activity.others.append(hash.value)
    }
    func delay(_ time: Timestamp) -> UInt64 { UInt64(bitPattern: (time - now).nanoseconds) }
    for key in passes.ready { add("pass", key.description) }
    for (time, key) in passes.alarmList { add("alarm", key.description, delay(time)) }
    for key in collector.foreground.elements { add("foreground", key.description) }
    for owner in collector.orphanedOwners.elements {
      var hash = Hash()
      hash.combine("orphans")
      for dependent in server.objects.dependents(of: owner) where dependent.kind != .pod {
        hash.combine(dependent.key.description)
      }
      activity.others.append(hash.value)
    }
    for secret in tokens.pending.elements { add("token", secret.description) }
    if scheduling?.isDue == true { add("schedule", "") }
    if let kubelets {
      for pod in kubelets.due { activity.pods[pod, default: 0] &+= 1 }
      for (time, pod) in kubelets.alarmList { activity.pods[pod, default: 0] &+= Identity.mixed(delay(time)) }
      for pod in kubelets.failingProbes { activity.pods[pod, default: 0] &+= 1 << 40 }
      for node in kubelets.deadNodes { add("dead", node) }
    }
    if let nodeLifecycle {
      for node in nodeLifecycle.due { add("node", node) }
      for (time, node) in nodeLifecycle.alarmList { add("node alarm", node, delay(time)) }
    }
    if let lagging {
      for kind in lagging.kindsOnTheirWay {
        var hash = Hash()
        hash.combine("watch")
        for change in lagging.onTheirWay(kind) {
          hash.combine(change.old == nil ? 0 : 1)
          guard let object = change.new ?? change.old else { continue }
          hash.combine(change.new == nil ? 0 : 1)
          hash.combine(
            object.metadata.generateName.isEmpty ? object.metadata.name : object.metadata.generateName)
          hash.combine(object.value)
        }
        activity.others.append(hash.value)
      }
    }
    return activity
  }
}
