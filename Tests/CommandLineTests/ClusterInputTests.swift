import KubernetesModel
import Testing

@Suite("Clusters as kubectl prints them, and bad ones")
struct ClusterInputTests {
  private let dump = "Tests/CommandLineTests/Inputs/kubectl-dump.json"
  private let gangs = "Tests/CommandLineTests/Inputs/gangs.yaml"
  private let good = """
    apiVersion: v1
    kind: Node
    metadata: {name: n0, labels: {rack: r0}}
    status: {allocatable: {cpu: "4", memory: 8Gi, pods: "10"}}

    """

  private func pod(
    _ name: String, _ more: String = "", on node: String = "", request: String = "cpu: 1"
  ) -> String {
    """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: \(name)\(more)}
    spec: {nodeName: "\(node)", containers: [{name: c, image: x, resources: {requests: {\(request)}}}]}

    """
  }

  private func schedule(_ cluster: String) throws -> Tool.Outcome {
    try Tool.run("schedule", "--cluster", "-", input: cluster)
  }

  // MARK: Real clusters (S-006)

  @Test("a dump with managed fields, images, DaemonSets and unknown kinds is read as it is")
  func dumpOfACluster() throws {
    let result = try Tool.run("schedule", "--cluster", dump)
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.hasPrefix("fits: 1 of 1 pod placed, on 1 of 5 nodes\n"))
    #expect(result.messages == "note: passed over 1 Service, 1 DaemonSet, 1 Gadget\n")
  }

  @Test("finished pods take no room, leaving ones do; taints and cordons count")
  func whatCounts() throws {
    // 4 of 8 GPUs are free on gpu-1 and 6 on gpu-2; gpu-3 is unreachable, gpu-4 cordoned.
    let result = try Tool.run("schedule", "--cluster", dump, "--pods", gangs)
    #expect(result.status == 0)
    #expect(result.output.contains("gpu-1.eu-1.example.internal   prod/chat-0           1 worker"))
    #expect(result.output.contains("gpu-2.eu-1.example.internal   prod/chat-0           1 worker"))
    let picture = try Tool.run("schedule", "--cluster", dump, "--pods", gangs, "-o", "svg")
    #expect(picture.output.contains("not ready") && picture.output.contains("cordoned or left out"))
  }

  @Test("a set that is in the cluster already is placed anew")
  func setAlreadyThere() throws {
    let line =
      "grove-demo expand -f Examples/single-node-aggregated.yaml --kind Pod --kind PodGang -o json "
      + "| grove-demo schedule -f Examples/single-node-aggregated.yaml --cluster - --cluster 'node=1,cpu=4,memory=8Gi'"
    let result = try Tool.shell(line)
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.hasPrefix("fits: 2 of 2 pods placed in 1 gang,"))
    #expect(
      result.messages.contains(
        "2 pods of PodCliqueSet default/single-node-aggregated in the cluster do not count"))
  }

  @Test("why tells of a pod that waits in the cluster")
  func whyOfAPendingPod() throws {
    let result = try Tool.run("why", "notebook-0", "--cluster", dump, "--exclude-nodes", "gpu-*")
    #expect(result.status == 1)
    #expect(result.output.contains("notebook-0 needs 1 pod: it may use none of the nodes."))
    #expect(
      result.output.contains(
        "0/5 nodes are available: 1 node(s) had untolerated taint(s), 4 node(s) were excluded.\n"))
  }

  // MARK: Bad clusters

  @Test(
    "what cannot be understood names the object and its place, and no plan is made",
    arguments: [
      (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {cpu: 8GiB}}\n",
        "error: <stdin>:", "Node n1: status.allocatable.cpu"
      ),
      (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {cpu: \"-4\"}}\n",
        "error: <stdin>:1:1: Node n1: ", "cpu"
      ),
      (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {memory: 99999999999999999999}}\n",
        "error: <stdin>:1:1: Node n1: ", "memory"
      ),
      (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\n",
        "error: <stdin>:5:1: Node n1: ", "is there twice"
      ),
      ("apiVersion: v1\nkind: Node\nmetadata: {}\n", "error: <stdin>:1:1: Node", "metadata.name is missing"),
      (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: 3}\n", "error: <stdin>:",
        "Pod p: spec.containers"
      ),
      ("{\"apiVersion\": \"v1\", \"kind\": ", "error: <stdin>:", ""),
      ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "error: no nodes in -", ""),
    ])
  func badObjects(cluster: String, place: String, what: String) throws {
    let result = try schedule(cluster)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.messages.contains(place), "\(result.messages)")
    #expect(what.isEmpty || result.messages.contains(what), "\(result.messages)")
  }

  @Test("a pod on a node that does not exist is a warning, and counts for nothing")
  func unknownNode() throws {
    let result = try schedule(good + pod("lost", on: "gone") + pod("new"))
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("fits: 1 of 1 pod placed, on 1 of 1 node\n"))
    #expect(
      result.messages.contains(
        "warning: <stdin>:6:1: Pod default/lost is bound to node gone, which does not exist, and counts for nothing"
      ))
  }

  @Test("a node that offers no pods is a warning")
  func emptyNode() throws {
    let result = try schedule(
      "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {cpu: 4}}\n" + pod("p"))
    #expect(result.status == 1)
    #expect(result.messages.contains("Node n1 has no status.allocatable.pods: nothing fits there"))
  }

  /// A gang of one group with pods `a` and `b`.
  private func gang(
    _ name: String = "g", minimum: Int = 2, pods: [String] = ["a", "b"], topology: String = "",
    annotations: String = "",
    more: String = ""
  ) -> String {
    let references = pods.map { "{namespace: default, name: \($0)}" }.joined(separator: ", ")
    return """
      ---
      apiVersion: scheduler.grove.io/v1alpha1
      kind: PodGang
      metadata: {name: \(name)\(annotations)}
      spec:
        podgroups: [{name: w, minReplicas: \(minimum), podReferences: [\(references)]}]
      \(topology)\(more)

      """
  }

  @Test("a gang that names missing pods, or needs more than it has, waits and says for what (S-030)")
  func missingPods() throws {
    let missing = try schedule(good + gang() + pod("a"))
    #expect(missing.status == 1)
    #expect(missing.output.contains("w needs 2 pods and has 1; 0 gated, 1 missing"), "\(missing.output)")
    let tooMany = try schedule(good + gang(minimum: 3) + pod("a") + pod("b"))
    #expect(tooMany.status == 1)
    #expect(tooMany.output.contains("w needs 3 pods and has 2"), "\(tooMany.output)")
  }

  @Test(
    "unknown topologies, unknown levels and unknown priority classes are told, not guessed (S-004, S-005)")
  func unknownNames() throws {
    let binding = """
      ---
      apiVersion: grove.io/v1alpha1
      kind: ClusterTopologyBinding
      metadata: {name: t}
      spec: {levels: [{domain: rack, key: rack}]}

      """
    let packed = "  topologyConstraint: {packConstraint: {required: shelf}}\n"
    let named = ", annotations: {grove.io/topology-name: t}"
    let level = try schedule(
      good + binding + gang(topology: packed, annotations: named) + pod("a") + pod("b"))
    #expect(level.status == 1)
    #expect(
      level.output.contains("names the node label shelf, which is no level of its topology"),
      "\(level.output)")
    let other = ", annotations: {grove.io/topology-name: u}"
    let topology = try schedule(
      good + binding + gang(topology: packed, annotations: other) + pod("a") + pod("b"))
    #expect(topology.status == 1)
    #expect(topology.output.contains("names the topology u, which does not exist"), "\(topology.output)")
    let priority = try schedule(good + gang(more: "  priorityClassName: urgent\n") + pod("a") + pod("b"))
    #expect(priority.status == 0)
    #expect(
      priority.messages.contains("names the priority class urgent, which does not exist"),
      "\(priority.messages)")
  }

  @Test("gangs that wait for each other are told so (S-037)")
  func cycle() throws {
    func dependent(_ name: String, on other: String, _ podName: String) -> String {
      gang(name, minimum: 1, pods: [podName], annotations: ", labels: {grove.io/base-podgang: \(other)}")
        + pod(podName, ", labels: {grove.io/podgang: \(name), grove.io/base-podgang: \(other)}")
    }
    let result = try schedule(good + dependent("gx", on: "gy", "a") + dependent("gy", on: "gx", "b"))
    #expect(result.status == 1)
    #expect(result.output.contains("gangs depend on each other: default/gx, default/gy"), "\(result.output)")
  }

  @Test("a group config that names no group is an error with the gang's place")
  func unknownGroup() throws {
    let config = "  topologyConstraintGroupConfigs: [{name: c, podGroupNames: [nope]}]\n"
    let result = try schedule(good + gang(more: config) + pod("a") + pod("b"))
    #expect(result.status == 2)
    #expect(result.messages.contains("error: <stdin>:6:1: PodGang default/g: group config c names nope"))
  }

  @Test("absurd numbers of labels are read")
  func manyLabels() throws {
    let labels = (0..<20_000).map { "l\($0): v" }.joined(separator: ", ")
    let result = try schedule(
      "apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {\(labels)}}\n"
        + "status: {allocatable: {cpu: 4, pods: 4}}\n" + pod("p"))
    #expect(result.status == 0)
  }
}
