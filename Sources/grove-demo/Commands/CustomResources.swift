internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import KubernetesModel

/// `grove-demo crds`.
struct CustomResources: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crds", abstract: "Print the CustomResourceDefinitions of Grove's kinds.",
    discussion: """
      EXAMPLES
        grove-demo crds | kubectl apply --server-side -f -
        grove-demo crds --kind PodCliqueSet -o json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case yaml
    case json
    case name
  }

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .yaml

  @Option(parsing: .singleValue, help: "Only this kind. May be given several times.")
  var kind: [String] = []

  func validate() throws {
    for name in kind where selected(name).isEmpty {
      let known = CustomResource.all.map(\.kind.kind).joined(separator: ", ")
      throw ValidationError("There is no CustomResourceDefinition for '\(name)'. Known are \(known).")
    }
  }

  func run() throws {
    let console = Console()
    let resources =
      kind.isEmpty
      ? CustomResource.all
      : CustomResource.all.filter { resource in kind.contains { selected($0).contains(resource) } }
    let definitions = resources.map { CustomResourceDefinitions.definition(of: $0) }
    var text: [UInt8] = []
    switch output {
    case .yaml: ObjectOutput.writeYAML(definitions, to: &text)
    case .json: ObjectOutput.writeJSONList(definitions, to: &text)
    case .name:
      for resource in resources {
        text += Array("customresourcedefinition.apiextensions.k8s.io/\(resource.definitionName)\n".utf8)
      }
    }
    try console.write(text)
  }

  private func selected(_ name: String) -> [CustomResource] {
    guard let kinds = ResourceFilter.kind(named: name) else { return [] }
    return CustomResource.all.filter { kinds.contains($0.kind) }
  }
}
