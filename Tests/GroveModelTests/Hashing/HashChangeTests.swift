import GroveAdmission
import GroveManifest
import GroveModel
import KubernetesModel
import TestSupport
import Testing

/// P-9…P-11: which changes change a hash.
@Suite("Hash changes")
struct HashChangeTests {
  /// P-9: undoing all changes gives the old hashes, and undoing all but one does not. Acceptance 1 of `plan`.
  @Test(arguments: 0..<8) func areMinimal(part: Int) throws {
    try #require(RandomEdits.examples.count >= 10)
    var random = EditRandom(seed: UInt64(part) + 1)
    var compared = 0
    var kinds: Set<String> = []
    while compared < 300 {
      let old = RandomEdits.examples[random.below(RandomEdits.examples.count)]
      guard let new = RandomEdits.edited(old, &random) else { continue }
      compared += 1
      let comparison = HashComparison(from: old, to: new)
      let all = Set(comparison.changes.indices)
      let hash = Hashing.generation(old)
      #expect(comparison.changes.isEmpty == (Hashing.generation(new) == hash))
      let undone = comparison.undoing(all)
      #expect(Hashing.generation(undone) == hash)
      let labels = old.spec.template.hashes
      #expect(undone.spec.template.hashes == labels)
      for kept in all {
        let other = comparison.undoing(all.subtracting([kept]))
        #expect(Hashing.generation(other) != hash, "\(comparison.changes[kept].path) changes nothing")
      }
      let redone = comparison.undoing([])
      for (made, wanted) in zip(redone.spec.template.cliques, new.spec.template.cliques) {
        let priorityClassName = new.spec.template.priorityClassName
        #expect(
          Hashing.dump(of: made, priorityClassName: priorityClassName)
            == Hashing.dump(of: wanted, priorityClassName: priorityClassName))
      }
      for change in comparison.changes {
        kinds.insert(change.mark?.rawValue ?? change.effect.rawValue)
      }
    }
    #expect(kinds == ["orderOnly", "noEffectiveChange", "podTemplateHash"])
  }

  private func set(_ edit: (inout PodCliqueSet) -> Void = { _ in }) throws -> PodCliqueSet {
    var set = try object(
      PodCliqueSet.self,
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata: {name: demo}
      spec:
        replicas: 1
        template:
          cliques:
          - name: leader
            spec: {roleName: leader, replicas: 1, podSpec: {containers: [{name: main, image: "a:1"}]}}
          - name: worker
            spec:
              roleName: worker
              replicas: 2
              podSpec:
                containers:
                - name: main
                  image: a:latest
                  args: [one, two, three]
                  env: [{name: A, value: "1"}, {name: B, value: "2"}]
                tolerations: [{key: a}, {key: b}]
      """)
    edit(&set)
    return Admission().default(set)
  }

  private func lines(_ edit: (inout PodCliqueSet) -> Void) throws -> [String] {
    hashChanges(from: try set(), to: try set(edit)).map { change in
      let (old, new) = (change.old.map { JSONWriter.string($0) }, change.new.map { JSONWriter.string($0) })
      return
        "\(change.path) \(old ?? "-") \(new ?? "-") \(change.effect.rawValue) \(change.mark?.rawValue ?? "-")"
    }
  }

  private let main = "spec.template.cliques[worker].spec.podSpec.containers[main]"

  @Test func nameTheLeafByKey() throws {
    #expect(
      try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].image = "a:2" } == [
        "\(main).image \"a:latest\" \"a:2\" podTemplateHash -"
      ])
    #expect(
      try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].env[1].value = "3" } == [
        "\(main).env[B].value \"2\" \"3\" podTemplateHash -"
      ])
    #expect(
      try lines { $0.spec.template.cliques[0].labels = ["tier": "x"] } == [
        "spec.template.cliques[leader].labels.tier - \"x\" podTemplateHash -"
      ])
    #expect(
      try lines {
        $0.spec.template.cliques[1].spec.podSpec.containers[0].env.insert(
          EnvVar(name: "C", value: "0"), at: 0)
      } == ["\(main).env[C] - {\"name\":\"C\",\"value\":\"0\"} podTemplateHash -"])
    #expect(
      try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].args.remove(at: 0) } == [
        "\(main).args[0] \"one\" - podTemplateHash -"
      ])
    #expect(
      try lines { $0.spec.template.priorityClassName = "gold" } == [
        "spec.template.priorityClassName - \"gold\" podTemplateHash -"
      ])
  }

  @Test func giveJSONPathsWithPositions() throws {
    let changes = hashChanges(
      from: try set(),
      to: try set { $0.spec.template.cliques[1].spec.podSpec.containers[0].env[1].value = "3" })
    let path = try #require(changes.first?.path)
    #expect(path.indexed == "spec.template.cliques[1].spec.podSpec.containers[0].env[1].value")
    #expect(
      JSONWriter.string(path.value)
        == #"["spec","template","cliques",1,"spec","podSpec","containers",0,"env",1,"value"]"#)
    #expect(changes.first?.clique == "worker")
  }

  /// P-11.
  @Test func markWhatOnlyChangedItsOrder() throws {
    let order = try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].env.swapAt(0, 1) }
    #expect(
      order.count == 1 && order[0].hasPrefix("\(main).env [")
        && order[0].hasSuffix("podTemplateHash orderOnly"))
    let tolerations = try lines { $0.spec.template.cliques[1].spec.podSpec.tolerations.swapAt(0, 1) }
    #expect(tolerations.count == 1 && tolerations[0].hasSuffix("podTemplateHash orderOnly"))
    #expect(
      try lines { $0.spec.template.cliques.swapAt(0, 1) } == [
        #"spec.template.cliques ["leader","worker"] ["worker","leader"] generationHashOnly orderOnly"#
      ])
  }

  /// P-11: the API server would make the same pod.
  @Test func markWhatLeavesThePodAsItWas() throws {
    #expect(
      try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].imagePullPolicy = "Always" } == [
        "\(main).imagePullPolicy - \"Always\" podTemplateHash noEffectiveChange"
      ])
    #expect(
      try lines { $0.spec.template.cliques[0].spec.podSpec.containers[0].imagePullPolicy = "Always" } == [
        "spec.template.cliques[leader].spec.podSpec.containers[main].imagePullPolicy - \"Always\" podTemplateHash -"
      ])
    #expect(
      try lines { $0.spec.template.cliques[0].spec.podSpec.dnsPolicy = "ClusterFirst" }.allSatisfy {
        $0.hasSuffix("noEffectiveChange")
      })
  }

  /// P-12, R-100: what is not hashed is no change of a hash.
  @Test func leaveOutWhatIsNotHashed() throws {
    #expect(
      try lines {
        $0.metadata.labels = ["a": "b"]
        $0.spec.replicas = 3
        $0.spec.template.terminationDelay = .minutes(5)
        $0.spec.template.cliques[0].spec.replicas = 5
        $0.spec.template.cliques[0].spec.podSpec.priorityClassName = "own"
        $0.spec.template.cliques[0].spec.podSpec.restartPolicy = "Always"
        $0.spec.template.cliques[0].spec.podSpec.preserved.keep("invented", .integer(1))
      } == [])
  }

  /// Go prints a list of strings without quotes (R-106): two lists may have one hash.
  @Test func leaveOutWhatIsHashedAlike() throws {
    #expect(
      try lines { $0.spec.template.cliques[1].spec.podSpec.containers[0].args = ["one two", "three"] } == [])
  }
}

extension PodCliqueSetTemplateSpec {
  fileprivate var hashes: [String] {
    cliques.map { Hashing.podTemplate($0, priorityClassName: priorityClassName) }
  }
}
