import KubernetesModel
import Testing

@Suite("grove-demo why")
struct WhyCommandTests {
  private let cluster =
    "-f Examples/topology.yaml --cluster Examples/cluster "
    + "--cluster-topology Examples/cluster-topology-binding.yaml --exclude-nodes gpu-a1"
  private let small = "-f Examples/topology.yaml --cluster 'zone=2,rack=2,node=1,gpu=4,cpu=96,memory=1Ti'"

  private func why(_ arguments: String) throws -> Tool.Outcome {
    try Tool.shell("grove-demo why \(arguments)")
  }

  @Test("a gang without a place: nearest domain, shortage, histogram, what would help (S-061)")
  func noPlace() throws {
    let result = try why("rack-scale-0-engine-0 \(cluster) --policy no-preemption")
    #expect(result.status == 1)
    for part in [
      "default/rack-scale-0-engine-0 has no place: rack-scale-0-engine-0 needs room for 8 pods",
      "all in one rack: rack rack-b comes nearest, with room for 4.",
      "nvidia.com/gpu: the others ask for 4, 1 a pod; 0 is free there",
      "0/4 nodes are available: 1 node(s) were excluded, 1 node(s) were unschedulable, 2 Insufficient nvidia.com/gpu.",
      "- uncordon node gpu-b1",
    ] { #expect(result.output.contains(part), "\(part)\n\(result.output)") }
  }

  @Test("a gang that waits for another is told about that one (S-037)")
  func chain() throws {
    let result = try why("rack-scale-0-engine-0 \(small)")
    #expect(result.status == 1)
    #expect(result.output.contains("waiting for gang default/rack-scale-0 to meet its minimum"))
    #expect(result.output.contains("What it waits for, default/rack-scale-0, has no place: "))
    #expect(result.output.contains("- add 1 node like z0-r0-n0"))
  }

  @Test("what helps does help: with one more node per rack it fits")
  func remedyWorks() throws {
    let result = try why(
      "rack-scale-0 -f Examples/topology.yaml --cluster 'zone=2,rack=2,node=2,gpu=4,cpu=96,memory=1Ti'")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("default/rack-scale-0 fits: 10 of 10 pods placed, score 0.95.\n"))
    #expect(result.output.contains("must be in one zone"))
    #expect(result.output.contains("4 of 4 domains of rack had room for 8 pods"))
  }

  @Test("a pod: where it goes, who pushes it out, what its gang is")
  func pods() throws {
    let victim = try why("default/batch-0 \(cluster)")
    #expect(victim.status == 1)
    #expect(
      victim.output
        == "default/batch-0 has to leave node gpu-b0: with priority -100 it makes room for "
        + "default/rack-scale-0-engine-0.\n")
    let stays = try why("batch-0 \(cluster) --policy no-preemption")
    #expect(stays.status == 0)
    #expect(stays.output == "default/batch-0 is on node gpu-b0 already.\n")
    let member = try why("rack-scale-0-router-96v7h \(small)")
    #expect(member.status == 1)
    #expect(
      member.output.contains(
        "has no place, because its gang has none. It belongs to gang default/rack-scale-0."))
  }

  @Test("a pod beyond the minimum of its gang has an explanation of its own (S-031)")
  func surplus() throws {
    let set = "Examples/topology.yaml"
    // The base gang needs 1 router and 8 pods with 8 cpu each: 66 cpu leave no room for the second router.
    let line =
      "grove-demo why $(grove-demo schedule -f \(set) --cluster 'zone=1,rack=1,node=1,gpu=8,cpu=65,memory=1Ti' "
      + "-o wide 2>/dev/null | awk '/router.*<none>/ {print $1}') -f \(set) "
      + "--cluster 'zone=1,rack=1,node=1,gpu=8,cpu=65,memory=1Ti'"
    let result = try Tool.shell(line)
    #expect(result.status == 1, "\(result.messages)")
    #expect(result.output.contains("its gang has its minimum, and this pod is beyond it"))
    #expect(result.output.contains("0/1 nodes are available: 1 Insufficient cpu."))
  }

  @Test("an unknown name is an error with near names")
  func unknownName() throws {
    let part = try why("rack-scale-o \(small)")
    #expect(part.status == 2)
    #expect(part.messages.contains("there is no gang or pod \"rack-scale-o\""))
    #expect(part.messages.contains("did you mean \"rack-scale-0\"?"))
    let other = try why("other/rack-scale-0 \(small)")
    #expect(other.status == 2)
  }

  @Test("JSON has the explanation")
  func json() throws {
    let result = try why("rack-scale-0-engine-0 \(small) -o json")
    #expect(result.status == 1)
    let value = try #require(ManifestValue.read(result.output))
    #expect(value["format"]?.stringValue == "grove-demo/why/v1")
    #expect(value["compatibleWith"]?.stringValue == "grove@fcc3b3bb")
    #expect(value["explanation"]?["verdict"]?["state"]?.stringValue == "waiting")
    #expect(value["blocker"]?["verdict"]?["state"]?.stringValue == "cannotFit")
    #expect(value["blocker"]?["remedies"]?[0]?["kind"]?.stringValue == "addNodes")
  }
}
