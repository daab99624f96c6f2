import Foundation
import GroveAdmission
import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// The recordings of a real API server, beside the repository.
enum Recordings {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
    .appendingPathComponent("shared/api-recordings")
  static let areHere = FileManager.default.fileExists(atPath: folder.path)

  /// One session: what it starts with, and what was asked and answered.
  static func session(_ name: String) throws -> (setup: [Value], exchanges: [Exchange]) {
    let text = try String(contentsOf: folder.appendingPathComponent("sessions/\(name).json"), encoding: .utf8)
    let session = try json(text)
    return (session["setup"]?.elements ?? [], session["exchanges"]?.elements.map(Exchange.init) ?? [])
  }
}

/// One request of a recording with its answer.
struct Exchange {
  let value: Value
  var number: Int { Int(value["n"]?.integerValue ?? 0) }
  var method: String { value["method"]?.stringValue ?? "" }
  var path: String { value["path"]?.stringValue ?? "" }
  var status: Int { Int(value["response"]?["status"]?.integerValue ?? 0) }
  var answer: Value { value["response"]?["body"] ?? .null }
  var text: String? { value["response"]?["text"]?.stringValue }
  var message: String { answer["message"]?.stringValue ?? "" }
  var body: Value { value["body"] ?? (try? json(value["rawBody"]?.stringValue ?? "")) ?? .null }
  func query(_ name: String) -> String? { value["query"]?[name]?.stringValue }
  func header(_ name: String) -> String? { value["headers"]?[name]?.stringValue }
}

/// A value from its JSON text.
func json(_ text: String) throws -> Value {
  let tape = try JSONReader.read(text)
  return Value(tape: tape, index: try #require(tape.roots.first))
}

/// The types of a Grove kind, as its CustomResourceDefinition tells them.
func groveDocuments(_ kind: String) throws -> TypedDocuments {
  let definition = try #require(
    CustomResourceDefinitions.all().first { $0["spec"]?["names"]?["kind"]?.stringValue == kind })
  let version = try #require(definition["spec"]?["versions"]?[0])
  let schema = try #require(version["schema"]?["openAPIV3Schema"])
  let type = GroupVersionKind(
    group: definition["spec"]?["group"]?.stringValue ?? "", version: version["name"]?.stringValue ?? "",
    kind: kind)
  return TypedDocuments(TypeCatalog(openAPISchema: schema, kind: type), type: 0)
}

/// The types of a built-in kind.
func builtInDocuments(_ group: String, _ version: String, _ kind: String) throws -> TypedDocuments {
  let position = try #require(
    TypeCatalog.kubernetes.position(of: GroupVersionKind(group: group, version: version, kind: kind)))
  return TypedDocuments(.kubernetes, type: position)
}

/// A document without what the server makes, and without nulls and empty lists, which built-in kinds write for some
/// fields and leave out for others.
func comparable(_ value: Value, dropping names: Set<String>) -> Value {
  switch value.kind {
  case .object:
    .object(
      value.members.filter {
        !names.contains($0.name) && !$0.value.isNull && !($0.value.kind == .array && $0.value.count == 0)
      }
      .map { ($0.name, comparable($0.value, dropping: names)) })
  case .array: .array(value.elements.map { comparable($0, dropping: names) })
  default: value
  }
}

let madeByServer: Set<String> = [
  "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "namespace",
]
