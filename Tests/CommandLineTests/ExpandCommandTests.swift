import Foundation
import GroveManifest
import KubernetesModel
import Testing

@Suite("grove-demo expand")
struct ExpandCommandTests {
  private let pipeline = "Examples/complete-inference-pipeline.yaml"

  @Test func printsEveryObjectAsYAML() throws {
    let result = try Tool.run("expand", "-f", pipeline)
    #expect(result.status == 0)
    #expect(result.messages.isEmpty)
    let manifest = ManifestReader.read(result.output, source: "output")
    #expect(manifest.diagnostics.isEmpty)
    let kinds = manifest.documents.map(\.kind)
    #expect(kinds.count { $0 == "Pod" } == 11)
    #expect(kinds.count { $0 == "PodClique" } == 6)
    #expect(kinds.count { $0 == "PodCliqueScalingGroup" } == 2)
    #expect(kinds.count { $0 == "PodGang" } == 1)
    #expect(kinds.first == "PodCliqueSet")
  }

  @Test func givesTheSameBytesTwiceAndOtherSuffixesForAnotherSeed() throws {
    let first = try Tool.run("expand", "-f", pipeline)
    let second = try Tool.run("expand", "-f", pipeline)
    let other = try Tool.run("expand", "-f", pipeline, "--seed", "7")
    #expect(first.output == second.output)
    #expect(first.output != other.output)
    #expect(first.output.utf8.count == other.output.utf8.count)
  }

  @Test func readsStandardInput() throws {
    let text = try String(contentsOf: Tool.root.appendingPathComponent(pipeline), encoding: .utf8)
    let result = try Tool.run("expand", "-f", "-", "-o", "name", input: text)
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").count { $0.hasPrefix("pod/") } == 11)
  }

  @Test func filtersByKindCliqueAndReplica() throws {
    let pods = try Tool.run("expand", "-f", pipeline, "--kind", "pods", "--clique", "pworker", "-o", "name")
    #expect(pods.output.split(separator: "\n").count == 4)
    #expect(pods.output.split(separator: "\n").allSatisfy { $0.contains("pworker") })
    let none = try Tool.run("expand", "-f", pipeline, "--replica", "1", "-o", "name")
    #expect(none.status == 0 && none.output.isEmpty)
  }

  @Test func printsJSONThatReadsBack() throws {
    let list = try Tool.run("expand", "-f", pipeline, "-o", "json")
    let lines = try Tool.run("expand", "-f", pipeline, "-o", "jsonl")
    let items = ManifestReader.read(list.output, source: "list").documents
    let documents = ManifestReader.read(lines.output, source: "lines").documents
    #expect(items.count == documents.count && items.count > 20)
    #expect(zip(items, documents).allSatisfy { $0.root == $1.root })
  }

  @Test func addsUpWhatRolesAskFor() throws {
    let result = try Tool.run("expand", "-f", pipeline, "--totals")
    let total = try #require(result.output.split(separator: "\n").last)
    #expect(total.split(separator: " ").map(String.init) == ["TOTAL", "11", "110m", "352Mi"])
    let gpus = try Tool.run("expand", "-f", "Examples/resource-sharing.yaml", "--totals", "-o", "json")
    #expect(gpus.output.contains("\"compatibleWith\": \"grove@fcc3b3bb\""))
  }

  @Test func drawsTheTree() throws {
    let result = try Tool.run("expand", "-f", "Examples/multi-node-aggregated.yaml", "-o", "tree")
    #expect(result.output.hasPrefix("PodCliqueSet default/multinode-aggregated  1 replica · 8 pods"))
    #expect(result.output.contains("waits until gang multinode-aggregated-0 is scheduled"))
  }

  @Test func writesAFileForEachObject() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("grove-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try Tool.run("expand", "-f", pipeline, "--output-dir", folder.path)
    #expect(result.status == 0 && result.output.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains("default.role.rbac.authorization.k8s.io-grove.io-pcs-comp-inf-ppln.yaml"))
    #expect(names.allSatisfy { $0.hasSuffix(".yaml") })
  }

  @Test func honoursTopologyAndScheduler() throws {
    let result = try Tool.run(
      "expand", "-f", "Examples/topology.yaml", "--config", "Examples/operator-configuration.yaml",
      "--cluster-topology", "Examples/cluster-topology-binding.yaml", "-o", "name")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.contains("clustertopologybinding.grove.io/gpu-cluster"))
    let plain = try Tool.run("expand", "-f", "Examples/topology.yaml")
    #expect(plain.status == 1)
    #expect(
      plain.messages.contains(
        "topology constraints are not allowed when Topology Aware Scheduling is disabled"))
  }

  @Test func refusesWhatAClusterRefuses() throws {
    let result = try Tool.run("expand", "-f", "Examples/invalid/min-available-above-replicas.yaml")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.messages.contains("minAvailable must not be greater than replicas"))
  }

  @Test func endsQuietlyWhenItsReaderGoesAway() throws {
    let result = try Tool.shell("grove-demo expand -f \(pipeline) | head -n 1")
    #expect(result.status == 0)
    #expect(result.output == "apiVersion: grove.io/v1alpha1\n")
    #expect(result.messages.isEmpty)
  }

  /// What only a cluster fills in is refused by another one, or means nothing there.
  @Test(arguments: ["yaml", "json", "jsonl"])
  func canBeApplied(_ format: String) throws {
    let result = try Tool.run("expand", "-f", "Examples/resource-sharing.yaml", "-o", format)
    let documents = ManifestReader.read(result.output, source: "output").documents
    #expect(documents.count > 20)
    for document in documents {
      let metadata = document.root["metadata"]
      for field in [
        "uid", "resourceVersion", "generation", "creationTimestamp", "ownerReferences", "managedFields",
      ] {
        #expect(metadata?[field] == nil, "\(document.kind) has \(field)")
      }
      #expect(document.root["status"] == nil, "\(document.kind) has a status")
      if document.kind == "Secret" { #expect(document.root["data"] == nil) }
    }
    let kinds = documents.map(\.kind)
    let order = [
      "PodCliqueSet", "ServiceAccount", "Service", "PodCliqueScalingGroup", "PodClique", "PodGang", "Pod",
    ]
    #expect(
      order.compactMap { kinds.firstIndex(of: $0) } == order.compactMap { kinds.firstIndex(of: $0) }.sorted())
  }

  @Test func printsObjectsAsTheyStandInTheCluster() throws {
    let result = try Tool.run("expand", "-f", pipeline, "--full")
    #expect(result.messages.isEmpty)
    for document in ManifestReader.read(result.output, source: "output").documents {
      #expect(document.root["metadata"]?["uid"] != nil)
      #expect(document.root["metadata"]?["resourceVersion"] != nil)
    }
  }

  @Test(arguments: ["", "--full"])
  func goesOnToOtherCommands(_ option: String) throws {
    let expand = "grove-demo expand -f Examples/single-node-aggregated.yaml \(option) 2>/dev/null"
    let schedule = try Tool.shell(
      "\(expand) --kind Pod --kind PodGang | grove-demo schedule -f - --cluster node=2,cpu=64,memory=64Gi,gpu=8"
    )
    #expect(schedule.status == 0, "\(schedule.messages)")
    #expect(schedule.output.hasPrefix("fits: 2 of 2 pods placed"))
    let validate = try Tool.shell("\(expand) | grove-demo validate -f -")
    #expect(validate.status == 0, "\(validate.messages)")
  }
}
