internal import ArgumentParser
internal import GroveModel
internal import KubernetesModel

/// `grove-demo version`.
struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say which version this is and what it is compatible with.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  func run() throws {
    let console = Console()
    switch output {
    case .text: try console.write(GroveDemo.versionLine + "\n")
    case .json:
      let value = Value.object([
        "apiVersions": .array([
          .string(PodCliqueSet.apiVersion), .string(PodGang.apiVersion),
        ]),
        "compatibleWith": .string(GroveVersion.target), "format": .string("grove-demo/version/v1"),
        "kubernetes": .string(GroveVersion.kubernetes),
        "version": .string(GroveVersion.current),
      ])
      try console.write(JSONWriter.string(value, options: .init(indent: 2)) + "\n")
    }
  }
}
