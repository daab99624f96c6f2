import Foundation
import GroveSchedule
import KubernetesModel

/// Answers of Kubernetes' own code to generated questions, which stand beside the package.
enum FilterOracle {
  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/oracle/scheduling-filters.jsonl")
  static let isThere = FileManager.default.fileExists(atPath: file.path)

  /// A cluster, a pod, and what each node says to it.
  struct Case {
    var id: String
    var about: String
    var nodes: [Node]
    var pods: [Pod]
    var namespaces: [(name: String, labels: StringMap<String>)]
    var pod: Pod
    /// Reasons by node; empty where the pod passes.
    var verdict: [String: Set<String>]
  }

  static func cases() throws -> [Case] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try read(String($0)) }
  }

  private static func read(_ line: String) throws -> Case {
    let tape = try JSONReader.read(line)
    let root = Value(tape: tape, index: tape.roots[0])
    var decoder = TapeDecoder(tape, reportsUnknownFields: false)
    func all<T: TapeCodable>(_ name: String, _ type: T.Type) -> [T] {
      (root[name]?.elements ?? []).map { decoder.decode(T.self, at: $0.index) }
    }
    struct Unreadable: Error {}
    guard let pod = root["pod"], let verdict = root["verdict"] else { throw Unreadable() }
    var result = Case(
      id: root["id"]?.stringValue ?? "", about: root["about"]?.stringValue ?? "",
      nodes: all("nodes", Node.self), pods: all("pods", Pod.self), namespaces: [],
      pod: decoder.decode(Pod.self, at: pod.index), verdict: [:])
    for namespace in root["namespaces"]?.elements ?? [] {
      guard let metadata = namespace["metadata"] else { throw Unreadable() }
      let meta = decoder.decode(ObjectMeta.self, at: metadata.index)
      result.namespaces.append((meta.name, meta.labels))
    }
    if !decoder.issues.isEmpty { throw Unreadable() }
    for (node, reasons) in verdict.members {
      result.verdict[node] = Set(reasons.elements.compactMap(\.stringValue))
    }
    return result
  }
}

extension FilterOracle.Case {
  /// What the scheduler says, as reasons by node.
  func answer() throws -> [String: Set<String>] {
    var snapshot = try Snapshot(nodes: nodes, pods: pods)
    for (name, labels) in namespaces { snapshot.setLabels(labels, ofNamespace: name) }
    let verdicts = try snapshot.verdicts(on: pod)
    return Dictionary(uniqueKeysWithValues: verdicts.map { ($0.node, Set($0.reasons.map(\.text))) })
  }
}
