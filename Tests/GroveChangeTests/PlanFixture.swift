import Foundation
import GroveManifest
import GroveModel
import GroveReconcile
import GroveSchedule
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// What the tests of plans have in common: examples, recordings, and requests about them.
enum PlanFixture {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let shared = root.deletingLastPathComponent().appendingPathComponent("shared")
  static let hasShared = FileManager.default.fileExists(atPath: shared.path)
  static let noShared: Comment = "nothing beside the package (../shared)"

  static var configuration: OperatorConfiguration {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = SchedulerBackend.allCases
    configuration.topologyAwareSchedulingEnabled = true
    configuration.autoMNNVLEnabled = true
    return configuration
  }

  static var setup: ClusterSetup {
    ClusterSetup(kubelets: ClusterTiming(), scheduler: Scheduler(policy: Policy(nodes: .spread)))
  }

  /// Nodes with room for everything, and the topology of the examples.
  static func cluster(
    _ description: String = "zone=2,rack=5,node=2,gpu=8,cpu=200,memory=2Ti"
  ) throws -> [Resource] {
    let described = try ClusterDescription(parsing: description)
    var topology = described.topology
    topology.metadata.name = "gpu-cluster"
    var nodes = described.nodes
    for index in nodes.indices {
      nodes[index].spec.taints = []
      nodes[index].metadata.labels["kubernetes.io/os"] = "linux"
      nodes[index].metadata.labels["nvidia.com/gpu.product"] = "NVIDIA-GB200"
    }
    return nodes.map { .node($0) } + [.clusterTopologyBinding(topology)]
  }

  /// The names of the examples that any cluster accepts.
  static let examples: [String] = {
    let folder = root.appendingPathComponent("Examples")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    return names.filter { name in
      guard name.hasSuffix(".yaml"), let sets = try? sets(name) else { return false }
      return !sets.isEmpty
    }
  }()

  static func manifests(_ text: String, source: String = "new.yaml") throws -> [PlanRequest.Manifest] {
    let manifest = ManifestReader.read(Array(text.utf8), source: source)
    try #require(manifest.diagnostics.errors.isEmpty, "\(manifest.diagnostics)")
    return manifest.documents.compactMap { document in
      guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind) else { return nil }
      var decoder = TapeDecoder(document.root.tape, reportsUnknownFields: false)
      var object = Resource(kind, from: document.root.index, in: &decoder)
      if !kind.isClusterScoped, object.metadata.namespace.isEmpty { object.metadata.namespace = "default" }
      return PlanRequest.Manifest(object, document: document.root, source: source)
    }
  }

  static func example(_ name: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent("Examples/\(name)"), encoding: .utf8)
  }

  static func sets(_ example: String) throws -> [PodCliqueSet] {
    try manifests(try self.example(example)).compactMap { manifest in
      if case .podCliqueSet(let set) = manifest.object { set } else { nil }
    }
  }

  /// The objects of an example beside its sets, such as claim templates.
  static func others(_ example: String) throws -> [Resource] {
    try manifests(try self.example(example)).map(\.object).filter {
      $0.kind != .podCliqueSet && $0.kind != .clusterTopologyBinding
    }
  }

  static func request(
    old: [PodCliqueSet], new: [PodCliqueSet], cluster: [Resource]
  ) -> PlanRequest {
    var request = PlanRequest(
      before: .manifests(old.map { PlanRequest.Manifest(.podCliqueSet($0)) }),
      manifests: new.map { PlanRequest.Manifest(.podCliqueSet($0)) }, configuration: configuration,
      setup: setup)
    request.cluster = cluster
    return request
  }

  /// A plan for a change of one set.
  static func plan(
    _ old: PodCliqueSet, cluster: [Resource]? = nil, _ edit: (inout PodCliqueSet) -> Void
  ) throws -> Plan {
    var new = old
    edit(&new)
    return GroveChange.plan(request(old: [old], new: [new], cluster: try cluster ?? self.cluster()))
  }

  /// The objects of a stage of a recording, blots removed.
  static func stage(_ path: String) throws -> [Resource] {
    let text = try String(contentsOf: shared.appendingPathComponent("golden/\(path)"), encoding: .utf8)
    // PyYAML wrote the recordings; to kubectl its plain `y` would be a boolean.
    let tape = try YAMLReader.read(text, dialect: .singleLettersAreText)
    let found = ObjectReader.read(
      tape.roots.enumerated().map { position, root in
        ("\(path)#\(position)", Array(JSONWriter.string(Value(tape: tape, index: root)).utf8))
      }, toleratesMasks: true)
    try #require(found.diagnostics.errors.isEmpty, "\(found.diagnostics)")
    return found.objects.map(\.object)
  }
}

extension SetPlan {
  /// The uids of pods that go, for good or to be replaced.
  var deletedPods: Set<String> {
    Set(pods.filter { $0.verdict == .restarts || $0.verdict == .deleted }.map(\.uid))
  }

  var createdPods: Int { pods.count { $0.verdict == .created } + pods.count { $0.verdict == .restarts } }
}
