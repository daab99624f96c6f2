internal import ArgumentParser
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// The answer to `--how-many`: for each PodCliqueSet and each of its scaling groups, how many more replicas fit.
enum ReplicaCount {
  /// Counting ends here.
  static let limit = 10_000

  static func rooms(
    _ input: SchedulingInput, _ scheduler: Scheduler, _ console: Console
  ) throws -> [PlacementReport.ReplicaRoom] {
    var rooms: [PlacementReport.ReplicaRoom] = []
    do throws(SnapshotError) {
      for set in input.podCliqueSets {
        var one = set
        one.spec.replicas = 1
        // One replica beyond those of the base gang, so that there is a scaled gang to count.
        for index in one.spec.template.podCliqueScalingGroups.indices {
          let minimum = one.spec.template.podCliqueScalingGroups[index].minAvailable ?? 1
          one.spec.template.podCliqueScalingGroups[index].replicas = minimum + 1
        }
        rooms.append(
          try room(
            "PodCliqueSet", ObjectName(set.metadata).description, gangs(of: set, input) { _ in true }, input,
            scheduler))
        for group in set.spec.template.podCliqueScalingGroups {
          let name = Naming.scalingGroup(set.metadata.name, replica: 0, group: group.name)
          let gang = Naming.scaledPodGang(scalingGroup: name, index: 0)
          rooms.append(
            try room(
              "PodCliqueScalingGroup", name, gangs(of: one, input) { $0 == gang }, input, scheduler))
        }
      }
    } catch {
      throw console.fail("\(error)")
    }
    return rooms
  }

  /// The gangs of one replica of a set, and their pods.
  private static func gangs(
    of set: PodCliqueSet, _ input: SchedulingInput, where isWanted: (String) -> Bool
  ) throws(SnapshotError) -> Replica {
    var set = set
    set.spec.replicas = 1
    let expansion = expand(
      [set], with: input.cluster.topologies.map { .clusterTopologyBinding($0) },
      configuration: input.configuration)
    var replica = Replica(pods: [])
    for object in expansion.schedulable {
      switch object {
      case .podGang(let gang) where isWanted(gang.metadata.name): replica.gangs.append(try Gang(gang))
      case .pod(let pod) where isWanted(pod.metadata.labels[LabelKey.podGang] ?? ""): replica.pods.append(pod)
      default: continue
      }
    }
    return replica
  }

  private static func room(
    _ kind: String, _ name: String, _ replica: Replica, _ input: SchedulingInput, _ scheduler: Scheduler
  ) throws(SnapshotError) -> PlacementReport.ReplicaRoom {
    // Without pods there is nothing to count with.
    if replica.pods.isEmpty {
      return PlacementReport.ReplicaRoom(name: name, kind: kind, minimum: nil, whole: nil, pods: 0)
    }
    return PlacementReport.ReplicaRoom(
      name: name, kind: kind, minimum: try scheduler.howMany(replica, in: input.snapshot, limit: limit),
      whole: try scheduler.howMany(replica, in: input.snapshot, whole: true, limit: limit),
      pods: replica.pods.count)
  }
}
