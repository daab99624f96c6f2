import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@Suite("grove-demo simulate and get")
struct SimulateCommandTests {
  private let pipeline = "Examples/complete-inference-pipeline.yaml"

  /// The cells of a table, row by row, without the headings.
  private func cells(_ text: String) -> [[String]] {
    text.split(separator: "\n").dropFirst().map { row in
      row.components(separatedBy: "   ").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
        !$0.isEmpty
      }
    }
  }

  @Test func endsWithTheTableOfKubectl() throws {
    let result = try Tool.run("simulate", "-f", pipeline)
    #expect(result.status == 0)
    #expect(result.messages.isEmpty)
    let headings = try #require(result.output.split(separator: "\n").first)
    #expect(
      headings.split(separator: " ").joined(separator: " ")
        == "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES")
    let rows = cells(result.output)
    #expect(rows.count == 11)
    #expect(rows.allSatisfy { Array($0[1...3]) == ["1/1", "Running", "0"] })
    #expect(rows.map(\.[0]) == rows.map(\.[0]).sorted())
    for row in rows {
      #expect(row[6].hasPrefix("fake-node-0") && row[6].count == 13)
      #expect(row[5].hasPrefix("10.244."))
      #expect(row[7...] == ["<none>", "<none>"])
    }
  }

  @Test func stopsInTheMiddleWhenAsked() throws {
    let creating = try Tool.run("simulate", "-f", pipeline, "--until", "6s")
    #expect(cells(creating.output).allSatisfy { $0[2] == "ContainerCreating" })
    let running = try Tool.run(
      "simulate", "-f", pipeline, "--until", "1m", "--timing", "imagePull=10s,readiness=1h")
    #expect(cells(running.output).allSatisfy { $0[1] == "0/1" && $0[2] == "Running" })
  }

  @Test func doesOneThingAfterTheOther() throws {
    let result = try Tool.run(
      "simulate", "-f", pipeline, "--do", "scale pcsg comp-inf-ppln-0-prefill --replicas=2", "--do",
      "delete pcs comp-inf-ppln")
    #expect(result.status == 0)
    let parts = result.output.components(separatedBy: "==> ").dropFirst()
    #expect(parts.map { $0.split(separator: "\n").count - 2 } == [11, 16, -1])
    #expect(parts.last?.contains("delete pcs comp-inf-ppln") == true)
    #expect(result.messages == "No resources found\n")
  }

  @Test func selectsByLabels() throws {
    let result = try Tool.run(
      "simulate", "-f", pipeline, "-l", "grove.io/podclique=comp-inf-ppln-0-frontend", "-o", "name")
    let names = result.output.split(separator: "\n")
    #expect(names.count == 2)
    #expect(names.allSatisfy { $0.hasPrefix("pod/comp-inf-ppln-0-frontend-") })
  }

  @Test func watchShowsEveryStateWithItsTime() throws {
    let result = try Tool.run("simulate", "-f", "Examples/startup-order-in-order.yaml", "--watch")
    let lines = result.output.split(separator: "\n").filter { $0.contains(" pod/in-order-0-gateway-") }
    let states = lines.map { $0.split(separator: " ", omittingEmptySubsequences: true).dropFirst(2) }
    let first = states.enumerated().filter { $0.offset % 2 == 0 }.map { $0.element.joined(separator: " ") }
    #expect(first.first == "SchedulingGated")
    #expect(first.contains { $0.hasSuffix("→ Init:0/1") })
    #expect(first.contains("Init:0/1 → PodInitializing"))
    #expect(first.last == "Running 0/1 → Running 1/1")
  }

  @Test func streamsWatchEvents() throws {
    let result = try Tool.run("simulate", "-f", pipeline, "--do", "delete pcs comp-inf-ppln", "-o", "jsonl")
    var pods: [String: [String]] = [:]
    for line in result.output.split(separator: "\n") {
      let event = try #require(ManifestValue.read("[\(line)]").flatMap { $0[0] })
      let object = try #require(event["object"])
      guard object["kind"]?.stringValue == "Pod" else { continue }
      let name = try #require(object["metadata"]?["name"]?.stringValue)
      pods[name, default: []].append(event["type"]?.stringValue ?? "")
    }
    #expect(pods.count == 11)
    for (name, types) in pods {
      #expect(types.first == "ADDED" && types.last == "DELETED", "\(name)")
      #expect(types.dropFirst().dropLast().allSatisfy { $0 == "MODIFIED" } && types.count > 5)
    }
  }

  @Test func aRecordCanBeReplayedUntilSomethingChanges() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("grove-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("run.jsonl")
    let recorded = try Tool.run(
      "simulate", "-f", pipeline, "--do", "set image pcs/comp-inf-ppln frontend=nginx:2", "--record",
      file.path)
    #expect(recorded.status == 0)
    let same = try Tool.run("simulate", "--replay", file.path)
    #expect(same.status == 0)
    #expect(same.messages.contains("the same again"))
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains("\"cluster\":[") && text.contains("\"format\":\"grove-demo/record/v1\""))
    try text.replacingOccurrences(of: "frontend=nginx:2", with: "frontend=nginx:3")
      .write(to: file, atomically: true, encoding: .utf8)
    let other = try Tool.run("simulate", "--replay", file.path)
    #expect(other.status == 1)
    #expect(other.messages.contains("the run parts from the record here"))
  }

  @Test func writesAPageAboutTheRun() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "grove-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try Tool.run(
      "simulate", "-f", pipeline, "--do", "fail-node fake-node-001", "--report", file.path)
    #expect(result.status == 0)
    let page = try String(contentsOf: file, encoding: .utf8)
    #expect(page.contains("<h1>comp-inf-ppln</h1>"))
    #expect(page.components(separatedBy: "class=\"pod\"").count - 1 == 12)
    #expect(!page.contains("<script"))
  }

  @Test func runsScenarios() throws {
    let one = try Tool.run("simulate", "--scenario", "Scenarios/gang-scheduling/GS-02.yaml")
    #expect(one.status == 0)
    #expect(one.output.hasPrefix("passed  GS-2 "))
    #expect(one.output.contains("\n  ok       9s      scale workload1-0-sg-x to 3\n"))
    let several = try Tool.run("simulate", "--scenario", "Scenarios/startup-ordering", "-o", "json")
    let value = try #require(ManifestValue.read(several.output))
    #expect(value["format"]?.stringValue == "grove-demo/scenarios/v1")
    #expect(value["scenarios"]?.elements.allSatisfy { $0["passed"]?.booleanValue == true } == true)
    #expect(try Tool.run("simulate", "--scenario", "Scenarios").status == 2)
    #expect(try Tool.run("simulate", "--scenario", "Scenarios", "-f", pipeline).status == 64)
  }

  @Test func aScenarioThatFailsSaysWhereAndWhy() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("grove-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("wrong.yaml")
    let text = try String(
      contentsOf: Tool.root.appendingPathComponent("Scenarios/gang-scheduling/GS-02.yaml"), encoding: .utf8)
    try text.replacingOccurrences(of: "../", with: Tool.root.path + "/Scenarios/")
      .replacingOccurrences(of: "count: 14", with: "count: 15").write(
        to: file, atomically: true, encoding: .utf8)
    let result = try Tool.run("simulate", "--scenario", file.path)
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("FAILED  GS-2 "))
    #expect(result.output.contains("\n  failed   "))
    #expect(result.output.contains("\(file.path):"))
    #expect(result.output.contains("\n  skipped"))
  }

  @Test func saysWhyPodsDoNotRun() throws {
    let result = try Tool.run(
      "simulate", "-f", "Examples/topology.yaml", "--cluster", "rack=2,node=2,gpu=1,cpu=96,memory=1Ti")
    #expect(result.status == 1)
    #expect(result.messages.contains("zone"))
    let small = try Tool.run(
      "simulate", "-f", "Examples/topology.yaml", "--cluster", "zone=1,rack=2,node=2,gpu=1,cpu=96,memory=1Ti")
    #expect(small.status == 0)
    #expect(
      small.messages.contains("topology gpu-cluster is taken to be the one described: zone, rack, host"))
    #expect(small.messages.contains("10 pods are Pending: default/rack-scale-0: cannot fit"))
    #expect(cells(small.output).count { $0[2] == "SchedulingGated" } == 8)
  }

  @Test func aTaintKeepsOffWhoDoesNotTolerateIt() throws {
    let taint = "fake-node=true:NoSchedule"
    let tolerant = try Tool.run("simulate", "-f", pipeline, "--taint", taint)
    #expect(cells(tolerant.output).allSatisfy { $0[2] == "Running" })
    let other = try Tool.run("simulate", "-f", "Examples/startup-order-in-order.yaml", "--taint", taint)
    #expect(cells(other.output).allSatisfy { $0[2] != "Running" })
    #expect(other.messages.contains("untolerated taint"))
  }

  @Test func whatIsWrongIsSaid() throws {
    let command = try Tool.run("simulate", "-f", pipeline, "--do", "scal pcs x")
    #expect(command.status == 64)
    #expect(command.messages.contains("did you mean 'scale'?"))
    let name = try Tool.run("simulate", "-f", pipeline, "--do", "scale pcs comp-inf-pplm --replicas=2")
    #expect(name.status == 1)
    #expect(name.messages.contains("not found; did you mean \"comp-inf-ppln\"?"))
    let denied = try Tool.run(
      "simulate", "-f", pipeline, "--do",
      #"patch pcs comp-inf-ppln -p '{"spec":{"template":{"cliques":[]}}}'"#)
    #expect(denied.status == 1)
    #expect(denied.messages.contains("error: patch pcs comp-inf-ppln"))
    let invalid = try Tool.run("simulate", "-f", "Examples/invalid/min-available-above-replicas.yaml")
    #expect(invalid.status == 1 && invalid.output.isEmpty)
    #expect(try Tool.run("simulate").status == 64)
    #expect(try Tool.run("simulate", "-f", pipeline, "--nodes", "-1").status == 64)
    #expect(try Tool.run("simulate", "-f", pipeline, "--cluster", "no-such-file").status == 2)
  }

  @Test("UG 0.1: several kinds get tables of their own, and names say the kind")
  func getPrintsTables() throws {
    let result = try Tool.run("get", "pcs,pclq,pcsg,pg,pod", "-f", pipeline)
    #expect(result.status == 0)
    let tables = result.output.components(separatedBy: "\n\n")
    #expect(tables.map { cells($0).count } == [1, 6, 2, 1, 11])
    let prefixes = [
      "podcliqueset.grove.io/", "podclique.grove.io/", "podcliquescalinggroup.grove.io/",
      "podgang.scheduler.grove.io/", "pod/",
    ]
    for (table, prefix) in zip(tables, prefixes) {
      #expect(cells(table).allSatisfy { $0[0].hasPrefix(prefix) })
    }
    #expect(tables[0].hasPrefix("NAME"))
  }

  @Test func getPrintsOneObjectOrSaysThatThereIsNone() throws {
    let one = try Tool.run("get", "pclq", "comp-inf-ppln-0-frontend", "-f", pipeline, "-o", "yaml")
    let manifest = ManifestReader.read(one.output, source: "one")
    #expect(manifest.documents.map(\.name) == ["comp-inf-ppln-0-frontend"])
    #expect(manifest.documents[0].root["status"]?["readyReplicas"]?.integerValue == 2)
    let none = try Tool.run("get", "pclq", "comp-inf-ppln-0-frontent", "-f", pipeline)
    #expect(none.status == 1)
    #expect(none.messages.contains("not found; did you mean \"comp-inf-ppln-0-frontend\"?"))
    let empty = try Tool.run("get", "hpa", "-f", pipeline)
    #expect(empty.status == 0 && empty.messages == "No resources found\n")
    #expect(try Tool.run("get", "gadgets", "-f", pipeline).status == 64)
  }

  @Test("TG-13: events can be asked for by object")
  func getPrintsEvents() throws {
    let result = try Tool.run(
      "get", "events", "-f", pipeline, "--field-selector",
      "involvedObject.kind=PodCliqueSet,involvedObject.name=comp-inf-ppln")
    #expect(result.output.hasPrefix("LAST SEEN"))
    #expect(cells(result.output).allSatisfy { $0[3] == "podcliqueset/comp-inf-ppln" })
    #expect(result.output.contains("PodGangCreateOrUpdateSuccessful"))
    let list = try Tool.run("get", "events", "-f", pipeline, "-o", "jsonl")
    #expect(list.output.contains(#""reason":"Scheduled""#))
  }
}
