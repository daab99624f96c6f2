import GroveManifest
import KubernetesModel
import Testing

@Suite("grove-demo schedule")
struct ScheduleCommandTests {
  private let topology = "Examples/topology.yaml"
  private let described = "zone=2,block=2,rack=2,node=4,gpu=8,cpu=96,memory=1Ti"

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func schedule(_ arguments: String) throws -> Tool.Outcome {
    try Tool.shell("grove-demo schedule \(arguments)")
  }

  @Test("the first line says that it fits, then come gangs, nodes and room (S-060, S-062)")
  func fits() throws {
    let result = try schedule("-f \(topology) --cluster '\(described)'")
    #expect(result.status == 0)
    let lines = lines(result.output)
    #expect(lines[0] == "fits: 18 of 18 pods placed in 2 gangs, on 2 of 32 nodes")
    #expect(lines.contains { $0.hasPrefix("z0-b0-r0-n0   default/rack-scale-0 ") && $0.contains("7 worker") })
    #expect(lines.contains { $0.hasPrefix("the cluster     240") })
    #expect(
      result.messages
        == "note: topology gpu-cluster is taken to be the one described: zone, block, rack, host\n")
  }

  @Test("what does not fit is status 1, with the reason in domains rather than labels (S-030, S-037)")
  func doesNotFit() throws {
    let result = try schedule("-f \(topology) --cluster 'zone=2,rack=2,node=1,gpu=4,cpu=96,memory=1Ti'")
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("does not fit: 2 of 2 gangs have no place; 0 of 18 pods placed\n"))
    #expect(
      result.output.contains(
        "rack-scale-0-engine-0 needs room for 8 pods, and the best domain of rack, z0/z0-r0, has room for 4"))
    #expect(result.output.contains("waiting for gang default/rack-scale-0 to meet its minimum"))
  }

  @Test("a cluster from files, with its bindings; lower priority gives way when it must (S-050)")
  func realClusterAndPreemption() throws {
    let files =
      "--cluster Examples/cluster --cluster-topology Examples/cluster-topology-binding.yaml"
    let plain = try schedule("-f \(topology) \(files)")
    #expect(plain.status == 0, "\(plain.messages)")
    #expect(plain.output.hasPrefix("fits: 18 of 18 pods placed in 2 gangs, on 2 of 4 nodes\n"))
    #expect(!plain.output.contains("gpu-b1   default"))
    let narrow = try schedule("-f \(topology) \(files) --exclude-nodes gpu-a1")
    #expect(narrow.status == 0)
    #expect(narrow.output.contains("2 pods preempted"))
    #expect(narrow.output.contains("default/batch-0"))
    let kept = try schedule("-f \(topology) \(files) --exclude-nodes 'gpu-a*' --policy no-preemption")
    #expect(kept.status == 1)
    #expect(!kept.output.contains("preempted"))
  }

  @Test("JSON and YAML say the same and name their form and target")
  func machineOutput() throws {
    let json = try schedule("-f \(topology) --cluster '\(described)' -o json --how-many")
    let value = try #require(ManifestValue.read(json.output))
    #expect(value["format"]?.stringValue == "grove-demo/schedule/v1")
    #expect(value["compatibleWith"]?.stringValue == "grove@fcc3b3bb")
    #expect(value["fits"]?.booleanValue == true)
    #expect(value["bindings"]?.count == 18)
    #expect(value["gangs"]?[0]?["score"]?.doubleValue == 1)
    #expect(value["gangs"]?[0]?["nodes"]?[0]?["pods"]?["worker"]?.integerValue == 7)
    #expect(value["howMany"]?[1]?["minimum"]?.integerValue == 30)
    let yaml = try schedule("-f \(topology) --cluster '\(described)' -o yaml --how-many")
    #expect(ManifestReader.read("apiVersion: v1\nkind: X\n" + yaml.output, source: "y").diagnostics.isEmpty)
    #expect(yaml.output.contains("digest: \(value["digest"]?.stringValue ?? "?")"))
  }

  @Test("a search that was cut short proves nothing, and says so (S-035)")
  func searchBudget() throws {
    let result = try schedule(
      "-f \(topology) --cluster 'zone=2,rack=2,node=2,gpu=8,cpu=64,memory=1Ti' --search-budget 1")
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("does not fit, as far as was searched: 2 of 2 gangs have no place;"))
    #expect(result.output.contains("no placement found in "))
  }

  @Test("a resource that was forgotten in the description is a warning")
  func forgottenResource() throws {
    let result = try schedule("-f \(topology) --cluster 'zone=1,rack=1,node=4,gpu=8,cpu=96'")
    #expect(result.status == 1)
    #expect(result.messages.contains("warning: no node offers memory, which pods ask for\n"))
  }

  @Test("-o wide has a row for each pod")
  func wide() throws {
    let result = try schedule("-f \(topology) --cluster '\(described)' -o wide")
    let rows = lines(result.output).filter { $0.hasPrefix("default/rack-scale-0-") }
    #expect(rows.count == 18)
    #expect(rows.allSatisfy { $0.contains("z0-b0-r0") })
  }

  @Test("the fewest nodes that make it fit (S-062)")
  func minimumNodes() throws {
    let result = try schedule("-f \(topology) --min-nodes 'zone=1,rack=1,node=2,gpu=4,cpu=96,memory=1Ti'")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("fits with 4 more nodes "))
    let none = try schedule(
      "-f \(topology) --cluster '\(described)' --min-nodes 'node=1,gpu=8,cpu=96,memory=1Ti'")
    #expect(none.output.hasPrefix("fits: 18 of 18"))
  }

  @Test("policies change where, not whether (S-034)")
  func policies() throws {
    let packed = try schedule("-f \(topology) --cluster '\(described)'")
    let spread = try schedule("-f \(topology) --cluster '\(described)' --policy most-free,spread")
    #expect(packed.status == 0 && spread.status == 0)
    #expect(packed.output != spread.output)
    let anchored = try schedule(
      "-f \(topology) --cluster '\(described)' --policy most-free --anchor-replicas -o json")
    let value = try #require(ManifestValue.read(anchored.output))
    let zones = Set((value["bindings"]?.elements ?? []).compactMap { $0["node"]?.stringValue?.prefix(2) })
    #expect(zones.count == 1)
    #expect(try schedule("-f \(topology) --cluster '\(described)' --policy fastest").status == 64)
  }

  @Test(
    "what cannot be understood is status 2 with a message that says what and where",
    arguments: [
      ("-f Examples/topology.yaml --cluster 'rack=0,node=2'", "rack=0 is not a number from 1"),
      ("-f Examples/topology.yaml --cluster 'rack=2,gpu=8'", "node=COUNT is missing"),
      ("-f Examples/topology.yaml --cluster 'rack=2,node=1,gpu=-8'", "gpu=-8 is not a quantity"),
      ("-f Examples/topology.yaml --cluster nowhere.json", "nowhere.json: No such file"),
      ("-f Examples/topology.yaml", "no cluster"),
      ("-f Examples/topology.yaml --cluster Examples/cluster", "--cluster-topology FILE"),
      (
        "-f Examples/on-delete.yaml --cluster 'node=2,cpu=4' --cluster 'node=2,cpu=8'",
        "descriptions keep their nodes apart with prefix=NAME"
      ),
      (
        "-f Examples/on-delete.yaml --cluster 'node=2,cpu=4' --exclude-nodes n3",
        "no node is called \"n3\""
      ),
      ("-f Examples/invalid/min-available-above-replicas.yaml --cluster 'node=2,cpu=4'", "[A-"),
    ])
  func badInput(arguments: String, message: String) throws {
    let result = try schedule(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.messages.contains("error: "))
    if message != "[A-" { #expect(result.messages.contains(message), "\(result.messages)") }
  }

  @Test("nodes like one of the cluster, and an unknown one")
  func minNodesLike() throws {
    let manifest = "-f Examples/on-delete.yaml --cluster 'node=1,cpu=1m,memory=8Gi'"
    let unknown = try schedule("\(manifest) --min-nodes like:n1")
    #expect(unknown.status == 2)
    #expect(unknown.messages.contains("there is no node \"n1\" in the cluster"))
    #expect(unknown.messages.contains("did you mean \"n0\"?"))
    let labelled = try schedule(
      "-f - --cluster 'node=1,cpu=2,memory=8Gi,label:pool=a' --min-nodes like:n0 << 'END'\n"
        + [0, 1].map { number in
          "apiVersion: v1\nkind: Pod\nmetadata: {name: p\(number)}\nspec: {nodeSelector: {pool: a}, "
            + "containers: [{name: c, image: x, resources: {requests: {cpu: 2}}}]}\n---\n"
        }.joined() + "END")
    #expect(labelled.status == 0, "\(labelled.messages)")
    #expect(labelled.output.hasPrefix("fits with 1 more node (like:n0): 2 of 2 pods placed"))
  }

  @Test("where there is nothing to place, nothing fits")
  func nothing() throws {
    let result = try Tool.run("schedule", "--cluster", "node=2,cpu=4")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("nothing to place: "))
    let machine = try Tool.run("schedule", "--cluster", "node=2,cpu=4", "-o", "json")
    #expect(ManifestValue.read(machine.output)?["fits"]?.isNull == true)
  }

  @Test("-o svg is a picture with the verdict in it")
  func picture() throws {
    let result = try schedule("-f \(topology) --cluster '\(described)' -o svg")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("<svg xmlns="))
    #expect(result.output.contains(">fits: 18 of 18 pods placed in 2 gangs, on 2 of 32 nodes</text>"))
    #expect(result.output.contains("default/rack-scale-0-engine-0  8/8"))
    #expect(result.output.contains("L leader, W worker, R router"))
  }
}
