internal import ArgumentParser
internal import GroveAdmission
internal import GroveModel
internal import KubernetesModel
internal import KubernetesSchema

/// `grove-demo explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Document a field: its type, whether it is required, its default, and what it means.",
    discussion: """
      EXAMPLES
        grove-demo explain pcs.spec.template
        grove-demo explain podcliqueset.spec.template.cliques.spec.minAvailable
        grove-demo explain pod.spec.containers.resources
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Argument(help: "A kind (podcliqueset, pclq, pod, …), with field names after it, separated by dots.")
  var path: String

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  func run() throws {
    let console = Console()
    let documentation: FieldDocumentation
    do throws(FieldLookupError) {
      documentation = try FieldDocumentation(of: path)
    } catch {
      throw console.fail("\(error)")
    }
    try console.write(
      output == .json
        ? JSONWriter.string(Self.json(documentation), options: .init(indent: 2)) + "\n"
        : Self.text(documentation))
  }

  static func text(_ field: FieldDocumentation) -> String {
    var lines = [
      "KIND:      \(field.groupVersionKind.kind)", "VERSION:   \(field.groupVersionKind.apiVersion)",
    ]
    if !field.path.isEmpty { lines.append("FIELD:     \(field.path)") }
    lines.append("TYPE:      \(field.type)")
    if field.isRequired { lines.append("REQUIRED:  yes") }
    if let value = field.defaultValue { lines.append("DEFAULT:   \(value)") }
    if !field.allowedValues.isEmpty {
      lines.append("VALUES:    \(field.allowedValues.joined(separator: ", "))")
    }
    for demand in field.demands { lines.append("DEMANDS:   \(demand)") }
    for rule in field.rules { lines.append("RULE:      \(rule)") }
    if !field.meaning.isEmpty { lines += ["", field.meaning] }
    if !field.children.isEmpty {
      lines += ["", "FIELDS:"]
      let width = field.children.map { $0.name.count + $0.type.count + 3 }.max() ?? 0
      for child in field.children {
        let head = "\(child.name)  <\(child.type)>"
        let padding = String(repeating: " ", count: max(width - head.count + 2, 1))
        var line = "  \(head)\(padding)\(child.isRequired ? "required. " : "")\(child.meaning)"
        while line.hasSuffix(" ") { line.removeLast() }
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func json(_ field: FieldDocumentation) -> Value {
    var members: [(String, Value)] = [
      ("allowedValues", .array(field.allowedValues.map { .string($0) })),
      ("apiVersion", .string(field.groupVersionKind.apiVersion)),
      ("compatibleWith", .string(GroveVersion.target)),
    ]
    if let value = field.defaultValue { members.append(("default", .string(value))) }
    members += [
      ("demands", .array((field.demands + field.rules).map { .string($0) })),
      (
        "fields",
        .array(
          field.children.map { child in
            .object([
              "meaning": .string(child.meaning), "name": .string(child.name),
              "required": .boolean(child.isRequired), "type": .string(child.type),
            ])
          })
      ),
      ("format", .string("grove-demo/explain/v1")), ("kind", .string(field.groupVersionKind.kind)),
      ("meaning", .string(field.meaning)), ("path", .string(field.path)),
      ("required", .boolean(field.isRequired)), ("type", .string(field.type)),
    ]
    return .object(members)
  }
}
