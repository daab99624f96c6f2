import Foundation
import KubernetesModel
import Testing

@Suite("grove-demo plan")
struct PlanCommandTests {
  private let topology = "Examples/topology.yaml"
  private let cluster = "zone=1,rack=2,node=1,gpu=9,cpu=200,memory=2Ti"

  /// An example with some of its text replaced, as a file.
  private func edited(_ example: String, _ old: String, _ new: String) throws -> String {
    let text = try String(contentsOf: Tool.root.appendingPathComponent(example), encoding: .utf8)
    try #require(text.contains(old))
    return try file(text.replacingOccurrences(of: old, with: new))
  }

  private func file(_ text: String, _ name: String = "new.yaml") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  private func withDebug() throws -> String {
    try edited(
      topology, "          - name: worker\n            image: nginx:latest\n",
      "          - name: worker\n            image: nginx:latest\n            env: [{name: NCCL_DEBUG, value: INFO}]\n"
    )
  }

  private func json(_ text: String) throws -> Value {
    let tape = try JSONReader.read(text)
    return Value(tape: tape, index: tape.roots[0])
  }

  /// The example of the specification (P-19).
  @Test func answersInTheFirstLine() throws {
    let new = try withDebug()
    let result = try Tool.run("plan", "-f", new, "--old", topology, "--cluster", cluster)
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      lines[0]
        == "default/rack-scale: 16 of 18 pods restart (16 of 16 nvidia.com/gpu), 8 at a time, in 2 steps; no minimum is missed; finishes in 10s"
    )
    #expect(
      lines[3]
        == "  \(new):69  + spec.template.cliques[worker].spec.podSpec.containers[worker].env[NCCL_DEBUG]   \"INFO\"   pod template hash"
    )
    #expect(lines[4] == "      clique worker  5549bbb7d8b8c8d5dcb7 → 7bc4fc848d645cbbb69")
    #expect(
      lines[5] == "      clique leader  5b8bbf9cd86c557794b  same, restarts with its scaling group engine")
    #expect(lines[6] == "      clique router  59d576d59bd6d6fbc7f6  same, stays")
    #expect(lines[7] == "      generation     5b5d58c4c7656c6fc855 → 5bcf5d475b9d49799445")
    #expect(result.output.contains("rack-scale-0-engine-{0,1}-{leader,worker}    4 objects, 16 pods"))
    #expect(result.output.contains("engine 1: 1 leader 7 worker     8  10s   1/2 (min 1)"))
  }

  /// P-17, P-18, P-25.
  @Test func saysWhyItNeverFinishes() throws {
    let text = try String(contentsOf: Tool.root.appendingPathComponent(topology), encoding: .utf8)
    let last = try #require(text.range(of: "nvidia.com/gpu: \"1\"", options: .backwards))
    let new = try file(text.replacingCharacters(in: last, with: "nvidia.com/gpu: \"2\""))
    let arguments = ["-f", new, "--old", topology, "--cluster", cluster]
    let result = try Tool.shell(
      "grove-demo plan \(arguments.map { "'\($0)'" }.joined(separator: " ")) --fail-on change,stuck")
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "8 pods of engine 0 go and never come back: rack-scale-0 needs room for 7 pods, and the best domain"))
    #expect(result.output.contains("rack-scale-0-engine stays at 1/2 (min 1)"))
    #expect(result.output.contains("would help: add 1 node like z0-r0-n0"))
    #expect(result.messages.split(separator: "\n").last == "plan: fails on change")
    let stuck = try Tool.shell(
      "grove-demo plan \(arguments.map { "'\($0)'" }.joined(separator: " ")) --fail-on stuck")
    #expect(stuck.status == 1)
    #expect(stuck.messages.split(separator: "\n").last == "plan: fails on stuck")
    let planned = try Tool.run(
      "plan", "-f", new, "--old", topology, "--cluster", cluster, "--fail-on", "none")
    #expect(planned.status == 0)
  }

  /// P-25, P-26.
  @Test func endsWithTheRightStatus() throws {
    let aggregated = "Examples/multi-node-aggregated.yaml"
    #expect(try Tool.run("plan", "-f", aggregated, "--old", aggregated).status == 0)
    #expect(try Tool.run("plan", "-f", aggregated, "--old", aggregated).output.hasPrefix("no changes\n"))
    let unknown = try Tool.run("plan", "-f", topology, "--old", topology)
    #expect(unknown.status == 1)
    #expect(unknown.output.contains("ClusterTopologyBinding \"gpu-cluster\" not found"))
    #expect(unknown.output.contains("hint: describe the network with --cluster"))
    #expect(try Tool.run("plan", "-f", topology).status == 64)
    #expect(try Tool.run("plan", "-f", topology).messages.contains("--live dump.yaml"))
    #expect(try Tool.run("plan", "--old", topology).status == 64)
    #expect(try Tool.run("plan", "-f", topology, "--old", topology, "--live", topology).status == 64)
    #expect(try Tool.run("plan", "-f", topology, "--old", topology, "--fail-on", "sometimes").status == 64)
    #expect(try Tool.run("plan", "-f", "Examples/none.yaml", "--old", topology).status == 2)
    let nodes = try Tool.run("plan", "-f", topology, "--live", "Examples/cluster/nodes.yaml")
    #expect(nodes.status == 2)
    #expect(
      nodes.messages.contains(
        "kubectl get pcs,pclq,pcsg,pg,pods,nodes,hpa,clustertopologybindings -A -o yaml"))
    let other = try file(
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata: {name: a, namespace: elsewhere}
      spec: {replicas: 1, template: {cliques: []}}
      """)
    let apart = try Tool.run("plan", "-f", topology, "--live", other)
    #expect(apart.status == 2)
    #expect(apart.messages.contains("namespace default") && apart.messages.contains("elsewhere"))
  }

  /// P-13: the rest is planned all the same.
  @Test func rejectsWithTheServersWords() throws {
    let new = try edited(
      "Examples/multi-node-disaggregated.yaml", "        replicas: 4\n", "        replicas: 5\n")
    let result = try Tool.run("plan", "-f", new, "--old", "Examples/multi-node-disaggregated.yaml")
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "spec.template.cliques.spec.minAvailable: Invalid value: 5: field is immutable"))
    #expect(result.output.contains("hint: --apply server"))
    #expect(result.messages.hasSuffix("plan: fails on rejected\n"))
    let unknown = try edited(
      "Examples/multi-node-disaggregated.yaml", "        replicas: 4\n", "        replicaz: 4\n")
    let strict = try Tool.run("plan", "-f", unknown, "--old", "Examples/multi-node-disaggregated.yaml")
    #expect(strict.status == 1)
    #expect(
      strict.output.contains(
        "strict decoding error: unknown field \"spec.template.cliques[1].spec.replicaz\""))
  }

  /// P-26: two sets of another name run side by side.
  @Test func warnsOfARenamedSet() throws {
    let new = try edited(
      "Examples/single-node-aggregated.yaml", "name: single-node-aggregated", "name: renamed")
    let old = "Examples/single-node-aggregated.yaml"
    let both = try Tool.run("plan", "-f", new, "--old", old)
    #expect(both.output.contains("default/renamed: created with"))
    #expect(both.output.contains("stays beside what is new; --prune deletes it"))
    let pruned = try Tool.run("plan", "-f", new, "--old", old, "--prune", "-o", "name")
    #expect(pruned.output.contains("created podcliqueset/renamed\n"))
    #expect(pruned.output.contains("deleted podcliqueset/single-node-aggregated\n"))
  }

  /// P-20.
  @Test func printsJSONOfItsSchema() throws {
    let schema = try JSONSchema(
      try String(contentsOf: Tool.root.appendingPathComponent("docs/plan.schema.json"), encoding: .utf8))
    let new = try withDebug()
    let rejected = try edited(
      "Examples/multi-node-disaggregated.yaml", "        replicas: 4\n", "        replicas: 5\n")
    let runs = [
      ["-f", new, "--old", topology, "--cluster", cluster],
      ["-f", topology, "--old", topology, "--cluster", cluster],
      ["-f", rejected, "--old", "Examples/multi-node-disaggregated.yaml"],
      ["-f", topology, "--old", "Examples/single-node-aggregated.yaml", "--prune", "--cluster", cluster],
    ]
    for arguments in runs {
      let result = try Tool.shell(
        "grove-demo plan -o json \(arguments.map { "'\($0)'" }.joined(separator: " "))")
      #expect(schema.objections(to: try json(result.output)) == [])
    }
    let plan = try json(
      try Tool.run("plan", "-o", "json", "-f", new, "--old", topology, "--cluster", cluster).output)
    let set = try #require(plan["sets"]?[0])
    #expect(plan["format"]?.stringValue == "grove-demo/plan/v1")
    #expect(
      JSONWriter.string(set["causes"]?[0]?["path"] ?? .null)
        == #"["spec","template","cliques",2,"spec","podSpec","containers",0,"env",0]"#)
    #expect(set["causes"]?[0]?["new"] == .object(["name": .string("NCCL_DEBUG"), "value": .string("INFO")]))
    #expect(set["totals"]?["restart"]?.integerValue == 16)
    #expect(set["totals"]?["resources"]?["nvidia.com/gpu"]?["atOnce"]?.integerValue == 8)
    #expect(set["ends"] == .object(["state": .string("finishes"), "after": .string("10s")]))
  }

  /// P-20: members are only added within v1.
  @Test func keepsTheMembersOfItsForm() throws {
    let schema = try json(
      try String(contentsOf: Tool.root.appendingPathComponent("docs/plan.schema.json"), encoding: .utf8))
    let frozen: [String: [String]] = [
      "set": [
        "name", "namespace", "verdict", "totals", "causes", "objects", "pods", "steps", "worst", "ends",
        "noEffects",
        "generation", "cliques", "terminations", "continuesFrom",
      ],
      "cause": ["path", "text", "line", "old", "new", "hash", "clique", "effect", "mark", "source"],
      "totals": ["pods", "restart", "added", "removed", "atOnce", "resources"],
      "step": ["number", "at", "until", "down", "levels", "resources"],
      "level": ["kind", "name", "available", "wanted", "minimum"], "worst": ["step", "below", "rule"],
      "rejection": ["kind", "namespace", "name", "message", "source", "hint"],
    ]
    for (definition, members) in frozen {
      let known = schema["$defs"]?[definition]?["required"]?.elements.compactMap(\.stringValue) ?? []
      #expect(Set(members).isSubset(of: known), "\(definition) of grove-demo/plan/v1 has lost a member")
    }
  }

  /// P-21.
  @Test func printsMarkdownForAComment() throws {
    let new = try withDebug()
    let result = try Tool.run("plan", "-o", "markdown", "-f", new, "--old", topology, "--cluster", cluster)
    #expect(
      result.output.hasPrefix("<!-- grove-demo plan -->\n### default/rack-scale: 16 of 18 pods restart"))
    #expect(
      result.output.contains("| `default/rack-scale` | rolling | 16 of 18 | 0 | 0 | 8 | finishes in 10s |"))
    #expect(result.output.contains("<details><summary>Steps of default/rack-scale (2)"))
    let short = try Tool.run(
      "plan", "-o", "markdown", "--max-bytes", "1000", "-f", new, "--old", topology, "--cluster", cluster)
    #expect(short.output.utf8.count <= 1_000)
    #expect(short.output.contains("Left out for size: "))
  }

  /// P-22.
  @Test func printsADiffWithoutServerFields() throws {
    let new = try withDebug()
    let result = try Tool.run("plan", "-o", "diff", "-f", new, "--old", topology, "--cluster", cluster)
    #expect(
      result.output.hasPrefix(
        "--- old/default/podcliqueset/rack-scale\n+++ new/default/podcliqueset/rack-scale\n@@ "))
    #expect(result.output.contains("\n+            - name: NCCL_DEBUG\n"))
    for field in ["resourceVersion", "generation:", "uid:", "status:"] {
      #expect(!result.output.contains(field))
    }
  }

  /// P-23.
  @Test func keepsSecretsToItself() throws {
    let old = try edited(
      "Examples/single-node-aggregated.yaml", "            image: nginx:latest\n",
      "            image: nginx:latest\n            env: [{name: API_TOKEN, value: hush-one}]\n")
    let new = try edited(
      "Examples/single-node-aggregated.yaml", "            image: nginx:latest\n",
      "            image: nginx:latest\n            env: [{name: API_TOKEN, value: hush-two}]\n")
    for format in ["text", "json", "markdown", "diff", "wide"] {
      let result = try Tool.run("plan", "-o", format, "-f", new, "--old", old)
      #expect(!result.output.contains("hush"), "\(format)")
      #expect(result.output.contains("(sensitive, changed)"), "\(format)")
      let shown = try Tool.run("plan", "-o", format, "--show-values", "-f", new, "--old", old)
      #expect(shown.output.contains("hush-two"), "\(format)")
    }
  }

  /// P-22: the page of the run has the plan on top.
  @Test func writesAReport() throws {
    let new = try withDebug()
    let page = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).html").path
    let result = try Tool.run(
      "plan", "-f", new, "--old", topology, "--cluster", cluster, "--report", page, "--no-steps")
    #expect(result.status == 0)
    #expect(!result.output.contains("STEP"))
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<h2>The plan</h2>"))
    #expect(html.contains("16 of 18 pods restart"))
  }

  @Test func sayWhatWasAssumed() throws {
    let result = try Tool.run(
      "plan", "-f", "Examples/single-node-aggregated.yaml", "--old", "Examples/single-node-aggregated.yaml")
    #expect(result.output.contains("note: on 20 assumed nodes: capacity was not checked"))
  }
}
