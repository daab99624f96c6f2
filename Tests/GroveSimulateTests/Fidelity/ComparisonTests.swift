import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@testable import grove_fidelity

/// The comparison with recordings must see what counts and nothing else.
struct ComparisonTests {
  private func yaml(_ text: String) throws -> Value {
    let tape = try YAMLReader.read(text)
    return Value(tape: tape, index: tape.roots[0])
  }

  private func paths(_ recorded: String, _ ours: String, submitted: String? = nil) throws -> [String] {
    let submission = try submitted.map { try yaml($0) }
    return Comparison.differences(
      RecordedObject(try yaml(recorded)), try yaml(ours), submission: submission
    ).map(\.path)
  }

  @Test func grovesKindsAreComparedWhole() throws {
    let recorded = """
      {apiVersion: grove.io/v1alpha1, kind: PodClique, metadata: {name: a, creationTimestamp: <time>},
      spec: {replicas: 2, roleName: a}, status: {replicas: 0}}
      """
    let ours = """
      {apiVersion: grove.io/v1alpha1, kind: PodClique,
      metadata: {name: a, creationTimestamp: "2026-01-01T00:00:00Z", uid: x, resourceVersion: "3"},
      spec: {replicas: 2, roleName: a}, status: {replicas: 0}}
      """
    #expect(try paths(recorded, ours) == [])
    #expect(try paths(recorded, ours.replacing("replicas: 2", with: "replicas: 3")) == ["spec.replicas"])
    #expect(
      try paths(recorded, ours.replacing("status: {replicas: 0}", with: "status: {}")) == ["status.replicas"])
    #expect(try paths(recorded, ours.replacing("roleName: a", with: "roleName: a, x: 1")) == ["spec.x"])
    #expect(
      try paths(recorded, ours.replacing("2026-01-01T00:00:00Z", with: "soon")) == [
        "metadata.creationTimestamp"
      ])
  }

  private let recordedPod = """
    {apiVersion: v1, kind: Pod,
    metadata: {name: a-0, labels: {app: x}, generation: 2, ownerReferences: [{name: a, uid: <uid>}]},
    spec: {containers: [{name: c, image: "nginx:1", imagePullPolicy: IfNotPresent, resources: {},
    volumeMounts: [{name: t, mountPath: /t}]}], volumes: [{name: t}], dnsPolicy: ClusterFirst, nodeName: n1,
    hostname: h}, status: {phase: Pending}}
    """
  private let submittedPod = """
    {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: "nginx:1",
    imagePullPolicy: IfNotPresent, resources: {}}], dnsPolicy: ClusterFirst, hostname: h, schedulingGates: [{name: g}]}}
    """
  private let ourPod = """
    {apiVersion: v1, kind: Pod, metadata: {name: a-0, labels: {app: x}, ownerReferences: [{name: a, uid: u}]},
    spec: {containers: [{name: c, image: "nginx:1"}], hostname: h}, status: {phase: Running}}
    """

  @Test func ofCoreKindsOnlyWhatWasSubmittedCounts() throws {
    #expect(try paths(recordedPod, ourPod, submitted: submittedPod) == [])
  }

  @Test func whatWeHaveMustBeRecorded() throws {
    for (old, new, path) in [
      ("hostname: h", "hostname: i", "spec.hostname"),
      ("hostname: h", "hostname: h, subdomain: s", "spec.subdomain"),
      ("hostname: h", "x: {}", "spec.hostname"),
      ("nginx:1", "nginx:2", "spec.containers[0].image"),
      ("app: x", "app: x, b: y", "metadata.labels[b]"),
      ("app: x", "", "metadata.labels[app]"),
      ("uid: u", "uid: ''", "metadata.ownerReferences[0].uid"),
      ("hostname: h", "hostname: h, schedulingGates: [{name: g}]", "spec.schedulingGates"),
    ] {
      #expect(try paths(recordedPod, ourPod.replacing(old, with: new), submitted: submittedPod) == [path])
    }
  }

  @Test func serverDefaultsAreKnownOneByOne() throws {
    let owner = try yaml("{image: 'nginx:latest', limits: {gpu: 1}}")
    let always = Value.string("Always")
    #expect(ServerDefaults.explain("spec.containers[0].imagePullPolicy", always, in: owner))
    #expect(
      !ServerDefaults.explain("spec.containers[0].imagePullPolicy", .string("IfNotPresent"), in: owner))
    #expect(!ServerDefaults.explain("spec.containers[0].image", always, in: owner))
    #expect(ServerDefaults.explain("spec.containers[1].resources.requests", try yaml("{gpu: 1}"), in: owner))
    #expect(!ServerDefaults.explain("spec.containers[1].resources.requests", try yaml("{gpu: 2}"), in: owner))
    #expect(!ServerDefaults.explain("spec.hostname", .string("x"), in: owner))
  }

  @Test func podsAreRenamedEverywhere() {
    var pod = Pod()
    pod.metadata.name = "a-0-x-bbbbb"
    pod.metadata.labels = [LabelKey.podClique: "a-0-x", LabelKey.podIndex: "3"]
    var twin = pod
    twin.metadata.name = "a-0-x-ccccc"
    twin.metadata.creationTimestamp = Timestamp(secondsSince1970: 9)
    var gang = PodGang()
    gang.metadata.name = "a-0"
    gang.spec.podgroups = [
      PodGroup(name: "a-0-x", podReferences: [NamespacedName(namespace: "ns", name: "a-0-x-bbbbb")])
    ]
    let rendering = Rendering([.pod(twin), .pod(pod), .podGang(gang)])
    #expect(Set(rendering.objects.keys.map(\.name)) == ["a-0-x-3", "a-0-x-3-dup1", "a-0"])
    let reference = rendering.objects.first { $0.key.kind == "PodGang" }?
      .value["spec"]?["podgroups"]?[0]?["podReferences"]?[0]?["name"]?.stringValue
    #expect(reference == "a-0-x-3")
    #expect(rendering.renamed("Created Pod: a-0-x-ccccc") == "Created Pod: a-0-x-3-dup1")
    #expect(rendering.renamed(#"Pod "a-0-x-bbbbb" is gone"#) == #"Pod "a-0-x-3" is gone"#)
  }
}

extension String {
  fileprivate func replacing(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
