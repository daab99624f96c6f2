import Foundation
import GroveManifest
import KubernetesModel
import Testing

@Suite("grove-demo validate")
struct ValidateCommandTests {
  @Test(arguments: [
    (
      "unknown-field", "15:9: spec.template.cliques[0].spec.minAvailible: unknown field",
      "did you mean \"minAvailable\"?"
    ),
    ("wrong-type", "expected a string, found the number 8000", "quote it: \"8000\""),
    ("min-available-above-replicas", "minAvailable must not be greater than replicas [A-087]", ""),
    ("circular-starts-after", "clique must not have circular dependencies [A-090]", ""),
    ("name-too-long", "exceeds 45-character limit required for pod naming", "[A-132]"),
  ])
  func saysWhatIsWrongAndWhere(name: String, message: String, more: String) throws {
    let result = try Tool.run("validate", "-f", "Examples/invalid/\(name).yaml")
    #expect(result.status == 1)
    #expect(result.output.contains("error: Examples/invalid/\(name).yaml:"))
    #expect(result.output.contains(message))
    #expect(more.isEmpty || result.output.contains(more))
  }

  @Test func acceptsTheExamples() throws {
    let result = try Tool.run(
      "validate", "-f", "Examples", "--config", "Examples/operator-configuration.yaml", "--summary")
    #expect(result.status == 0, "\(result.output)")
    #expect(result.messages.contains("14 valid, 0 invalid, 1 not checked; 0 errors"))
  }

  @Test func findsTheInvalidOnesInSubdirectories() throws {
    let result = try Tool.run(
      "validate", "-f", "Examples", "-R", "--config", "Examples/operator-configuration.yaml", "--summary")
    #expect(result.status == 1)
    #expect(result.messages.contains("6 invalid"))
  }

  @Test func checksUpdates() throws {
    let result = try Tool.shell(
      """
      sed 's/minAvailable: 1/minAvailable: 2/; s/replicas: 1$/replicas: 3/' Examples/multi-node-aggregated.yaml \
        | sed 's/roleName: leader/roleName: chief/' \
        | grove-demo validate -f - --old Examples/multi-node-aggregated.yaml
      """)
    #expect(result.status == 1)
    #expect(result.output.contains("<stdin>:"))
    #expect(result.output.contains("field is immutable"))
  }

  @Test func reportsInEveryFormat() throws {
    let file = "Examples/invalid/unknown-field.yaml"
    let json = try Tool.run("validate", "-f", file, "-o", "json")
    let value = try #require(ManifestValue.read(json.output))
    #expect(value["summary"]?["invalid"]?.integerValue == 1)
    #expect(value["documents"]?[0]?["diagnostics"]?[0]?["line"]?.integerValue == 15)
    #expect(value["compatibleWith"]?.stringValue == "grove@fcc3b3bb")
    let junit = try Tool.run("validate", "-f", file, "-o", "junit")
    #expect(junit.output.hasPrefix("<?xml version=\"1.0\""))
    #expect(junit.output.contains("failures=\"1\""))
    let sarif = try Tool.run("validate", "-f", file, "-o", "sarif")
    let log = try #require(ManifestValue.read(sarif.output))
    #expect(log["runs"]?[0]?["results"]?[0]?["level"]?.stringValue == "error")
    let github = try Tool.run("validate", "-f", file, "-o", "github")
    #expect(github.output.hasPrefix("::error file=Examples/invalid/unknown-field.yaml,line=15,col=9,"))
    for outcome in [json, junit, sarif, github] { #expect(outcome.status == 1) }
  }

  @Test func leavesRulesOutAndFailsOnWarningsWhenAsked() throws {
    let file = "Examples/invalid/min-available-above-replicas.yaml"
    #expect(try Tool.run("validate", "-f", file, "--skip", "A-087").status == 0)
    #expect(try Tool.run("validate", "-f", file, "--skip", "A-999").status == 64)
    let warned = "Examples/invalid/name-too-long.yaml"
    let skipped = try Tool.run("validate", "-f", warned, "--skip", "A-132", "--skip", "A-082")
    #expect(skipped.status == 0)
    #expect(skipped.output.contains("warning:"))
    let strict = try Tool.run(
      "validate", "-f", warned, "--skip", "A-132", "--skip", "A-082", "--fail-on", "warning")
    #expect(strict.status == 1)
  }

  @Test func listsItsRules() throws {
    let result = try Tool.run("validate", "--list-rules")
    #expect(result.status == 0)
    for id in ["A-087", "A-447", "M-duplicate-key", "W-B-A10"] { #expect(result.output.contains(id)) }
  }

  @Test func coloursOnlyWhenAsked() throws {
    let file = "Examples/invalid/unknown-field.yaml"
    #expect(try !Tool.run("validate", "-f", file).output.contains("\u{1B}["))
    #expect(try Tool.run("validate", "-f", file, "--color", "always").output.contains("\u{1B}[31m"))
    let plain = try Tool.run("validate", "-f", file, "--color", "never", environment: ["NO_COLOR": "1"])
    #expect(!plain.output.contains("\u{1B}["))
  }
}

/// Reads one JSON value.
enum ManifestValue {
  static func read(_ text: String) -> Value? {
    guard let tape = try? JSONReader.read(text), let root = tape.roots.first else { return nil }
    return Value(tape: tape, index: root)
  }
}
