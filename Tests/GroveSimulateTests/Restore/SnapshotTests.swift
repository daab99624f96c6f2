import Foundation
import GroveAdmission
import GroveManifest
import GroveModel
import GroveReconcile
import GroveSchedule
import KubernetesModel
import Testing

@testable import GroveSimulate

/// A world that is restored from the objects of another one has the same future.
@Suite("Snapshots of worlds")
struct SnapshotRestoreTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func world(_ example: String) throws -> World {
    let data = try Data(contentsOf: Self.root.appendingPathComponent("Examples/\(example).yaml"))
    let checked = ManifestChecker(admission: Admission()).check([(example, Array(data))])
    var world = World(configuration: OperatorConfiguration(), setup: setup)
    let nodes = try ClusterDescription(parsing: "node=8,cpu=64,memory=512Gi,gpu=8").nodes
    try world.write { server throws(APIError) in
      for node in nodes { try server.create(.node(node)) }
    }
    for object in checked.objects { try world.perform(.apply(object)) }
    return world
  }

  private var setup: ClusterSetup { ClusterSetup(kubelets: ClusterTiming(), scheduler: Scheduler()) }

  private func restored(_ world: World) throws -> World {
    try World(
      restoring: world.server.objects.resources, configuration: OperatorConfiguration(), setup: setup,
      now: world.now, assumesMissing: false)
  }

  /// Everything that can be seen, without what numbers writes and addresses.
  private func picture(_ world: World) -> [Value] {
    world.server.objects.resources.map { object in
      var object = object
      var metadata = object.metadata
      (metadata.uid, metadata.resourceVersion) = ("", "")
      for index in metadata.ownerReferences.indices { metadata.ownerReferences[index].uid = "" }
      if case .secret = object { metadata.annotations = [:] }
      if case .pod(var pod) = object {
        (pod.status.podIP, pod.status.podIPs) = ("", [])
        (pod.status.hostIP, pod.status.hostIPs) = ("", [])
        object = .pod(pod)
      }
      object.metadata = metadata
      return object.value
    }
  }

  @Test(
    arguments: [
      "complete-inference-pipeline", "startup-order-explicit", "startup-order-in-order",
      "multi-node-disaggregated", "single-node-aggregated", "on-delete", "autoscaling",
    ])
  func haveTheSameFuture(example: String) throws {
    var world = try world(example)
    var moments = 0
    for second in 0..<40 {
      if second == 20 {
        for case .podCliqueSet(var set) in world.server.objects.resources(of: .podCliqueSet) {
          for index in set.spec.template.cliques.indices {
            set.spec.template.cliques[index].spec.podSpec.containers[0].env.append(
              EnvVar(name: "NEW", value: "1"))
          }
          let changed = set
          try world.write { server throws(APIError) in try server.update(.podCliqueSet(changed)) }
        }
      }
      var other = try restored(world)
      var one = world
      // The other operator has just started, too.
      one.take(.restart)
      #expect(one.runToRest() == .atRest)
      #expect(other.runToRest() == .atRest)
      let (expected, found) = (picture(one), picture(other))
      #expect(expected.count == found.count, "\(example) at \(second)s")
      for (left, right) in zip(expected, found) where left != right {
        let difference = "\(JSONWriter.string(left))\n\(JSONWriter.string(right))"
        Issue.record("\(example) at \(second)s:\n\(difference)")
        return
      }
      moments += 1
      _ = world.run(for: .seconds(1))
    }
    #expect(moments == 40)
  }
}
