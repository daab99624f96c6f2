import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@Suite("grove-demo conventions")
struct ConventionTests {
  @Test func wrongUsageIsStatus64() throws {
    for arguments in [
      ["expand"], ["expand", "-f", "x", "--nope"], ["frobnicate"], ["expand", "-f", "x", "-o", "pdf"],
    ] {
      let line = arguments.joined(separator: " ")
      let result = try Tool.shell("grove-demo \(line)")
      #expect(result.status == 64, "\(line)")
      #expect(result.output.isEmpty)
      #expect(result.messages.contains("Usage:"), "\(line)")
    }
  }

  @Test func whatCannotBeReadIsStatus2() throws {
    let missing = try Tool.run("expand", "-f", "no-such-file.yaml")
    #expect(missing.status == 2)
    #expect(missing.messages == "error: no-such-file.yaml: No such file or directory\n")
    let empty = try Tool.run("expand", "-f", "-", input: "")
    #expect(empty.status == 2)
    #expect(empty.messages.contains("no PodCliqueSet"))
    let folder = try Tool.run("expand", "-f", "Sources")
    #expect(folder.status == 2)
    #expect(folder.messages.contains("no .yaml, .yml or .json files"))
  }

  @Test func brokenYAMLHasAPlace() throws {
    let result = try Tool.run("validate", "-f", "-", input: "apiVersion: v1\nkind: [\n")
    #expect(result.status == 1)
    #expect(result.output.contains("error: <stdin>:3:1: "))
  }

  @Test func versionNamesTheCompatibilityTarget() throws {
    #expect(try Tool.run("--version").output.contains(GroveVersion.target))
    let value = try #require(ManifestValue.read(try Tool.run("version", "-o", "json").output))
    #expect(value["version"]?.stringValue == GroveVersion.current)
    #expect(value["compatibleWith"]?.stringValue == GroveVersion.target)
  }

  @Test func explainsFields() throws {
    let result = try Tool.run("explain", "pcs.spec.template.cliques.spec.minAvailable")
    #expect(result.status == 0)
    #expect(result.output.contains("TYPE:      integer (int32)"))
    let wrong = try Tool.run("explain", "pcs.spec.templat")
    #expect(wrong.status == 2)
    #expect(wrong.messages.contains("did you mean \"template\"?"))
  }

  @Test func printsInstallableDefinitions() throws {
    let result = try Tool.run("crds")
    let manifest = ManifestReader.read(result.output, source: "crds")
    #expect(manifest.diagnostics.isEmpty)
    #expect(
      manifest.documents.map(\.name) == [
        "podcliquesets.grove.io", "podcliques.grove.io", "podcliquescalinggroups.grove.io",
        "clustertopologybindings.grove.io", "podgangs.scheduler.grove.io",
      ])
    #expect(manifest.documents.allSatisfy { $0.kind == "CustomResourceDefinition" })
    let one = try Tool.run("crds", "--kind", "pcs", "-o", "name")
    #expect(one.output == "customresourcedefinition.apiextensions.k8s.io/podcliquesets.grove.io\n")
  }

  @Test func helpBeginsWithExamples() throws {
    for command in ["expand", "simulate", "get", "validate", "explain", "crds"] {
      let help = try Tool.run(command, "--help").output
      #expect(help.contains("EXAMPLES\n"), "\(command)")
    }
    #expect(try Tool.run("--generate-completion-script", "bash").output.contains("grove-demo"))
  }
}
