import GroveModel
import GroveReconcile
import GroveSchedule
import KubernetesModel
import Testing

@testable import GroveSimulate

/// A world restored from what a live cluster printed goes on from there.
@Suite("Restored dumps", .enabled(if: Dumps.arePresent, Dumps.absence))
struct RestoredDumpTests {
  private func restored(_ objects: [Resource]) throws -> World {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = SchedulerBackend.allCases
    configuration.topologyAwareSchedulingEnabled = true
    var setup = ClusterSetup(kubelets: ClusterTiming(), scheduler: Scheduler(policy: Policy(nodes: .spread)))
    setup.keepsHistory = true
    let now = try #require(World.lastMoment(in: objects))
    return try World(restoring: objects, configuration: configuration, setup: setup, now: now)
  }

  /// The pods that are of the template their PodCliqueSet has now, or that are replaced when they are deleted only.
  private func current(_ world: World) -> Set<String> {
    // A replica of a scaling group is replaced as a whole.
    var outdated: Set<String> = []
    for case .podClique(let clique) in world.server.objects.resources(of: .podClique) {
      let labels = clique.metadata.labels
      guard let group = labels[LabelKey.scalingGroup],
        let replica = labels[LabelKey.scalingGroupReplicaIndex],
        case .podCliqueSet(let set)? = world.server[
          ObjectKey(
            .podCliqueSet, namespace: clique.metadata.namespace, name: labels[LabelKey.partOf] ?? "")]
      else { continue }
      let template = set.spec.template
      let isCurrent = template.cliques.contains {
        Hashing.podTemplate($0, priorityClassName: template.priorityClassName)
          == labels[LabelKey.podTemplateHash]
      }
      if !isCurrent { outdated.insert("\(group)-\(replica)") }
    }
    var uids: Set<String> = []
    for case .pod(let pod) in world.server.objects.resources(of: .pod) {
      guard let family = pod.metadata.labels[LabelKey.partOf], pod.metadata.deletionTimestamp == nil,
        pod.status.phase != "Failed",
        case .podCliqueSet(let set)? = world.server[
          ObjectKey(.podCliqueSet, namespace: pod.metadata.namespace, name: family)],
        set.metadata.deletionTimestamp == nil
      else { continue }
      let template = set.spec.template
      let hashes = template.cliques.map {
        Hashing.podTemplate($0, priorityClassName: template.priorityClassName)
      }
      let labels = pod.metadata.labels
      let member = "\(labels[LabelKey.scalingGroup] ?? "")-\(labels[LabelKey.scalingGroupReplicaIndex] ?? "")"
      let isCurrent = hashes.contains(labels[LabelKey.podTemplateHash] ?? "") && !outdated.contains(member)
      if isCurrent || set.spec.updateStrategy?.type == .onDelete { uids.insert(pod.metadata.uid) }
    }
    return uids
  }

  @Test(arguments: Dumps.names) func goOnWithoutRestarts(name: String) throws {
    var world = try restored(try Dumps.objects(name))
    #expect(world.assumed.isEmpty, "\(name) is complete")
    let current = current(world)
    let before = world.server.objects.resources(of: .pod).count
    #expect(world.runToRest(limit: 100_000) == .atRest)
    var deleted: Set<String> = []
    for case .change(let change) in world.takeHistory().map(\.what) {
      if case .pod(let pod)? = change.old, change.new == nil { deleted.insert(pod.metadata.uid) }
    }
    #expect(deleted.intersection(current).isEmpty)
    #expect(before == 0 || !current.isEmpty)
    // What was begun is over.
    for case .podCliqueSet(let set) in world.server.objects.resources(of: .podCliqueSet)
    where set.metadata.deletionTimestamp == nil {
      #expect(set.status.updateProgress == nil || set.status.updateProgress?.updateEndedAt != nil)
    }
    // Nothing is left to do, also for an operator that looks at everything anew.
    _ = world.takeWrites()
    world.take(.restart)
    #expect(world.runToRest(limit: 100_000) == .atRest)
    #expect(world.takeWrites().map { "\($0.verb) \($0.object): \($0.reason)" } == [])
  }

  /// P-26: managed fields do not matter.
  @Test func readManagedFields() throws {
    let plain = try restored(try Dumps.objects("pipeline-ready"))
    let managed = try restored(try Dumps.objects("pipeline-ready", file: "dump-managed-fields.yaml"))
    #expect(plain.server.objects.resources.map(\.value) == managed.server.objects.resources.map(\.value))
  }

  /// P-2: what the dump does not show is taken to be there, with its live replicas (P-3).
  @Test(
    arguments: [
      [ResourceKind.pod], [.podGang], [.podClique], [.podCliqueScalingGroup], [.pod, .podGang],
      [.podClique, .podCliqueScalingGroup], [.pod, .podClique, .podCliqueScalingGroup, .podGang],
      [.service, .serviceAccount, .role, .roleBinding, .secret],
    ])
  func assumeWhatIsMissing(kinds: [ResourceKind]) throws {
    let all = try Dumps.objects("pipeline-ready")
    var world = try restored(all.filter { !kinds.contains($0.kind) })
    let complete = try restored(all)
    for kind in kinds {
      let assumed = world.assumed.filter { $0.kind == kind }.count
      // Only the pods, groups and cliques tell how far a group was scaled out.
      let isScaledOut =
        kinds.contains(.podCliqueScalingGroup) && kinds.contains(.pod) && kinds.contains(.podClique)
      if isScaledOut {
        #expect(assumed > 0)
      } else {
        let made = complete.server.objects.resources(of: kind).count {
          $0.metadata.labels[LabelKey.managedBy] == GroveName.operatorName
        }
        #expect(assumed == made, "\(kind)")
      }
    }
    let pods = Set(world.server.objects.resources(of: .pod).map(\.metadata.uid))
    let cliques = Set(world.server.objects.resources(of: .podClique).map(\.metadata.uid))
    #expect(world.runToRest(limit: 100_000) == .atRest)
    #expect(Set(world.server.objects.resources(of: .pod).map(\.metadata.uid)) == pods)
    #expect(Set(world.server.objects.resources(of: .podClique).map(\.metadata.uid)) == cliques)
  }

  @Test func refuseTwoObjectsOfOneName() throws {
    var objects = try Dumps.objects("pending")
    let pod = try #require(objects.first { $0.kind == .pod })
    objects.append(pod)
    #expect(throws: Never.self) { try restored(objects) }
    var metadata = pod.metadata
    metadata.uid = "11111111-2222-4333-8444-555555555555"
    objects[objects.count - 1].metadata = metadata
    #expect(throws: RestoreError.duplicate(pod.key)) { try restored(objects) }
  }
}
