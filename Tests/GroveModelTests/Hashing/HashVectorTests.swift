import Foundation
import GroveExplore
import KubernetesModel
import Testing

@testable import GroveModel

/// The published vectors of the hashes, bit for bit (R-100…R-109).
@Suite("Hash vectors")
struct HashVectorTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    let cliques: [PodCliqueTemplateSpec]
    let priorityClassNames: [String]
    let podTemplateHashes: [String]
    let generationHash: String
    let sum: String
    let dump: String

    var testDescription: String { name }
  }

  static let vectors: [Vector] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Inputs/hash-vectors.json")
    guard let text = try? String(contentsOf: file, encoding: .utf8), let tape = try? JSONReader.read(text)
    else {
      return []
    }
    return Value(tape: tape, index: tape.roots[0])["vectors"]?.elements.map { vector in
      let cliques = vector["cliques"]?.elements ?? []
      return Vector(
        name: vector["name"]?.stringValue ?? "", cliques: cliques.map(clique),
        priorityClassNames: cliques.map { $0["templatePriorityClassName"]?.stringValue ?? "" },
        podTemplateHashes: vector["podTemplateHashes"]?.elements.compactMap(\.stringValue) ?? [],
        generationHash: vector["generationHash"]?.stringValue ?? "",
        sum: vector["fnv1a64"]?.stringValue ?? "", dump: vector["dump"]?.stringValue ?? "")
    } ?? []
  }()

  private static func clique(_ value: Value) -> PodCliqueTemplateSpec {
    let template = Value.object(
      value.members.compactMap { member in
        switch member.name {
        case "podSpec": ("spec", .object([("podSpec", member.value)]))
        case "templatePriorityClassName": nil
        default: (member.name, member.value)
        }
      })
    var decoder = TapeDecoder(template.tape)
    return decoder.decode(PodCliqueTemplateSpec.self, at: template.index)
  }

  @Test("All vectors are there")
  func isComplete() {
    #expect(HashVectorTests.vectors.count == 12)
  }

  @Test("The dump is the text that go-spew prints (R-105, R-106)", arguments: vectors)
  func dump(vector: Vector) {
    let dumps = zip(vector.cliques, vector.priorityClassNames).map {
      Hashing.dump(of: $0, priorityClassName: $1)
    }
    #expect(dumps.joined() == vector.dump)
  }

  @Test("The sum is 64-bit FNV-1a of the dump (R-103)", arguments: vectors)
  func sum(vector: Vector) {
    var dump = GoDump()
    dump.write(vector.dump)
    #expect(String(dump.hash) == vector.sum)
    #expect(Hashing.safeEncoded(dump.hash) == vector.generationHash)
  }

  @Test("Each clique has the recorded pod template hash (R-101)", arguments: vectors)
  func podTemplateHashes(vector: Vector) {
    let hashes = zip(vector.cliques, vector.priorityClassNames).map {
      Hashing.podTemplate($0, priorityClassName: $1)
    }
    #expect(hashes == vector.podTemplateHashes)
  }

  @Test("All cliques together have the recorded generation hash (R-102)", arguments: vectors)
  func generationHash(vector: Vector) {
    // No vector mixes priority classes.
    #expect(Set(vector.priorityClassNames).count <= 1)
    let priority = vector.priorityClassNames.first ?? ""
    #expect(Hashing.generation(vector.cliques, priorityClassName: priority) == vector.generationHash)
    var podCliqueSet = PodCliqueSet()
    podCliqueSet.spec.template.cliques = vector.cliques
    podCliqueSet.spec.template.priorityClassName = priority
    #expect(Hashing.generation(podCliqueSet) == vector.generationHash)
  }
}

/// What does and does not take part in the hashes.
@Suite("Hash inputs")
struct HashInputTests {
  private static func clique(
    _ change: (inout PodCliqueTemplateSpec) -> Void = { _ in }
  ) -> PodCliqueTemplateSpec {
    var clique = PodCliqueTemplateSpec(name: "a")
    clique.spec.roleName = "a"
    clique.spec.replicas = 1
    clique.spec.podSpec.restartPolicy = "Always"
    clique.spec.podSpec.terminationGracePeriodSeconds = 30
    clique.spec.podSpec.containers = [Container(name: "main", image: "busybox:1.36")]
    change(&clique)
    return clique
  }

  private func hash(_ change: (inout PodCliqueTemplateSpec) -> Void = { _ in }) -> String {
    Hashing.podTemplate(HashInputTests.clique(change), priorityClassName: "")
  }

  @Test("Size, role, order and sharing do not count (R-100)")
  func ignored() {
    let plain = hash()
    #expect(plain == "b5bf4559fbb6747457c")
    #expect(hash { $0.name = "other" } == plain)
    #expect(hash { $0.spec.roleName = "other" } == plain)
    #expect(hash { $0.spec.replicas = 7 } == plain)
    #expect(hash { $0.spec.minAvailable = 3 } == plain)
    #expect(hash { $0.spec.startsAfter = ["b"] } == plain)
    #expect(hash { $0.spec.autoScalingConfig = AutoScalingConfig(maxReplicas: 3) } == plain)
    #expect(hash { $0.topologyConstraint = TopologyConstraint(topologyName: "t") } == plain)
    #expect(hash { $0.resourceSharing = [ResourceSharingSpec(name: "x")] } == plain)
    #expect(hash { $0.spec.podSpec.priorityClassName = "gold" } == plain)
  }

  @Test("Labels, annotations and the pod spec count, and so does an empty map (R-100, R-107)")
  func counted() {
    let plain = hash()
    let changes: [(inout PodCliqueTemplateSpec) -> Void] = [
      { $0.labels["k"] = "v" },
      { $0.annotations["k"] = "v" },
      { $0.preserved.markEmpty(FieldSymbols.labels) },
      { $0.spec.podSpec.containers[0].image = "busybox:1.37" },
      { $0.spec.podSpec.restartPolicy = "Never" },
      { $0.spec.podSpec.hostNetwork = true },
    ]
    let hashes = changes.map(hash)
    #expect(!hashes.contains(plain))
    #expect(Set(hashes).count == hashes.count)
    // Written or not, an empty struct is the same to Go.
    #expect(hash { $0.spec.podSpec.containers[0].preserved.markEmpty(FieldSymbols.resources) } == plain)
  }

  @Test("The set's priority class replaces the clique's (R-100, R-109)")
  func priorityClass() {
    let clique = HashInputTests.clique { $0.spec.podSpec.priorityClassName = "own" }
    #expect(Hashing.podTemplate(clique, priorityClassName: "gold") == "c8d68fb654b478b959f")
  }

  @Test("Order of cliques changes the generation hash (R-102)")
  func order() {
    let first = HashInputTests.clique()
    let second = HashInputTests.clique { $0.spec.podSpec.containers[0].image = "busybox:1.37" }
    #expect(Hashing.generation([first, second], priorityClassName: "") == "6d6dc6dbd49798b6556")
    #expect(Hashing.generation([second, first], priorityClassName: "") == "764c7f4b8cfcd995ccb")
    #expect(Hashing.generation([], priorityClassName: "") == "58bf9fd547f78bb9b47c")
  }
}
