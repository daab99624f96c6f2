import Testing

/// `grove-demo explore`, as users run it.
struct ExploreCommandTests {
  private static let file = "Examples/single-node-aggregated.yaml"
  private static let workloads = "Scripts/explore-workloads"

  @Test func nothingFound() throws {
    let outcome = try Tool.run("explore", "-f", Self.file, "--seeds", "5", "--faults", "crash,lag,scaling")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("nothing found: "))
    #expect(outcome.output.contains("steps checked"))
    #expect(outcome.messages.isEmpty)
    let again = try Tool.run("explore", "-f", Self.file, "--seeds", "5", "--faults", "crash,lag,scaling")
    #expect(again.output == outcome.output, "the same to the last byte")
  }

  @Test func aFindingIsToldInWordsAndCanBeMadeAgain() throws {
    let arguments = ["explore", "-f", "\(Self.workloads)/defects.yaml", "--defect", "B-R07"]
    let outcome = try Tool.shell(
      "grove-demo " + arguments.joined(separator: " ") + " --seeds 200 --faults scaling")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("a user scales PodCliqueSet demo to 1"))
    #expect(
      outcome.output.contains(
        "WRONG (desired-state): Service default/demo-1 is there, but nothing asks for it"))
    let trace = "'@settled scale:PodCliqueSet/demo=2 rest scale:PodCliqueSet/demo=1'"
    #expect(outcome.output.contains("again: --trace \(trace)"))
    let again = try Tool.shell("grove-demo " + arguments.joined(separator: " ") + " -o json --trace \(trace)")
    #expect(again.status == 1)
    #expect(again.output.contains(#""oracle": "desired-state""#))
  }

  @Test func exhaustive() throws {
    let tiny = "\(Self.workloads)/tiny.yaml"
    let outcome = try Tool.run("explore", "-f", tiny, "--exhaustive")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("nothing found: checked all of "))
    let bounded = try Tool.run("explore", "-f", tiny, "--exhaustive", "--states", "20", "-o", "json")
    #expect(bounded.status == 0)
    #expect(bounded.output.contains(#""complete": false"#))
    #expect(bounded.output.contains(#""states": 20"#))
  }

  @Test func wrongUsage() throws {
    #expect(try Tool.run("explore").status == 64)
    let fault = try Tool.run("explore", "-f", Self.file, "--faults", "earthquake")
    #expect(fault.status == 64)
    #expect(fault.messages.contains("There is no fault 'earthquake'"))
    #expect(try Tool.run("explore", "-f", Self.file, "--trace", "dance").status == 64)
    #expect(try Tool.run("explore", "-f", "Examples/operator-configuration.yaml").status == 2)
    #expect(try Tool.run("explore", "-f", "no-such-file.yaml").status == 2)
  }
}
