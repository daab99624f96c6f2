import Foundation
import GroveManifest
import GroveModel
import GroveReconcile
import GroveReport
import GroveSchedule
import KubernetesModel

@testable import GroveSimulate

/// A cluster to follow Grove's user guide on, with the words of its commands (user-guide-outputs.md).
struct GuideCluster {
  var world: World

  /// A cluster with so many nodes of the demo cluster: tainted, with 8 GPUs each.
  init(
    nodes: Int = 40, configuration: OperatorConfiguration = OperatorConfiguration(),
    labels: (Int) -> StringMap<String> = { _ in [:] }
  ) {
    var setup = ClusterSetup(kubelets: ClusterTiming(), scheduler: Scheduler(policy: Policy(nodes: .spread)))
    setup.keepsHistory = true
    world = World(configuration: configuration, setup: setup)
    for number in 0..<nodes {
      var node = Node()
      let digits = String(number + 1)
      node.metadata.name = "fake-node-" + String(repeating: "0", count: 3 - digits.count) + digits
      node.metadata.labels = labels(number)
      node.metadata.labels["kubernetes.io/hostname"] = node.metadata.name
      node.spec.taints = [Taint(effect: "NoSchedule", key: "fake-node", value: "true")]
      node.status.allocatable = ["cpu": 64, "memory": Quantity(1 << 40), "nvidia.com/gpu": 8, "pods": 110]
      let created = node
      _ = try? world.write { server throws(APIError) in try server.create(.node(created)) }
    }
  }

  /// The objects of a manifest.
  static func objects(_ yaml: String) -> [Resource] {
    ManifestReader.read(yaml, source: "manifest").documents.compactMap { document in
      guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind) else { return nil }
      var decoder = TapeDecoder(document.root.tape)
      return Resource(kind, from: document.root.index, in: &decoder)
    }
  }

  /// `kubectl apply -f`, and the time until nothing changes any more.
  mutating func apply(_ yaml: String) throws {
    for object in Self.objects(yaml) { try world.perform(.apply(object)) }
    settle()
  }

  /// `kubectl apply -f Examples/…`.
  mutating func apply(example: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    try apply(String(contentsOf: root.appendingPathComponent("Examples/\(example)"), encoding: .utf8))
  }

  /// Another command of kubectl, and the time until nothing changes any more.
  mutating func kubectl(_ line: String) throws {
    for action in try ClusterCommand(parsing: line).actions(in: world.server.objects) {
      try world.perform(action)
    }
    settle()
  }

  mutating func settle() {
    precondition(world.runToRest(limit: 1_000_000) == .atRest)
  }

  // MARK: What there is

  /// `kubectl get KIND -o name`, without the kind.
  func names(_ kind: ResourceKind, partOf set: String? = nil) -> [String] {
    world.server.objects.resources(of: kind)
      .filter { set == nil || $0.metadata.labels[LabelKey.partOf] == set }
      .map(\.metadata.name)
  }

  /// `kubectl get pods -l app.kubernetes.io/part-of=SET`.
  func pods(of set: String) -> [Pod] {
    world.server.objects.resources(of: .pod).compactMap {
      if case .pod(let pod) = $0, pod.metadata.labels[LabelKey.partOf] == set { pod } else { nil }
    }
  }

  /// The names of the pods without their random ends, and how many there are of each: `simple1-0-pca ×3`. A name
  /// that does not end in five letters or digits stands there in full.
  func families(of set: String) -> [String] {
    var counts: [(name: String, count: Int)] = []
    for pod in pods(of: set) {
      let name = pod.metadata.name
      let family = name.wholeMatch(of: /(.+)-[a-z0-9]{5}/).map { String($0.1) } ?? name
      if let index = counts.firstIndex(where: { $0.name == family }) {
        counts[index].count += 1
      } else {
        counts.append((family, 1))
      }
    }
    return counts.map { "\($0.name) ×\($0.count)" }
  }

  /// Whether every row of `kubectl get pods` reads `1/1 Running 0`, on a node of the demo cluster.
  func allRun(of set: String) -> Bool {
    let columns = PrinterColumns(.pod, isWide: true)
    return pods(of: set).allSatisfy { pod in
      let row = columns.row(.pod(pod), now: world.now)
      return Array(row[1...3]) == ["1/1", "Running", "0"] && row[6].wholeMatch(of: /fake-node-\d{3}/) != nil
        && row[5].wholeMatch(of: /10\.244\.\d+\.\d+/) != nil && row[7...] == ["<none>", "<none>"]
    }
  }

  /// Whether nothing of a set is left.
  func isGone(_ set: String) -> Bool {
    world.server.objects.resources.allSatisfy { $0.metadata.labels[LabelKey.partOf] != set }
      && world.server[ObjectKey(.podCliqueSet, namespace: "default", name: set)] == nil
  }

  func set(_ name: String) -> PodCliqueSet? {
    guard
      case .podCliqueSet(let set)? = world.server[ObjectKey(.podCliqueSet, namespace: "default", name: name)]
    else { return nil }
    return set
  }

  // MARK: Manifests

  /// A clique of the template.
  static func clique(
    _ name: String, _ replicas: Int, gpus: Int = 0, more: String = "", spec: String = ""
  ) -> String {
    """
        - name: \(name)
    \(more)      spec:
            roleName: \(name)
            replicas: \(replicas)
    \(spec)        podSpec:
              tolerations:
              - {key: fake-node, operator: Exists, effect: NoSchedule}
              containers:
              - name: main
                image: nginx
                resources: {requests: {cpu: 10m}\(gpus > 0 ? ", limits: {nvidia.com/gpu: \(gpus)}" : "")}

    """
  }

  /// A PodCliqueSet.
  static func manifest(
    _ name: String, replicas: Int = 1, metadata: String = "", template: String = "", cliques: [String],
    groups: String = ""
  ) -> String {
    """
    apiVersion: grove.io/v1alpha1
    kind: PodCliqueSet
    metadata:
      name: \(name)
    \(metadata)spec:
      replicas: \(replicas)
      template:
    \(template)    cliques:
    \(cliques.joined())\(groups.isEmpty ? "" : "    podCliqueScalingGroups:\n\(groups)")
    """
  }
}
