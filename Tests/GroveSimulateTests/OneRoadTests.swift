import Foundation
import GroveAdmission
import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@testable import GroveSimulate

/// There is one road for objects: what `validate` and `expand` make of a text (untyped, by the schema) and what the
/// simulated API server makes of the decoded object (typed) are the same, whatever is left out, null or empty.
@Suite struct OneRoadTests {
  /// Every PodCliqueSet of the examples.
  private static let examples: [Value] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Examples")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().filter { $0.hasSuffix(".yaml") }.flatMap { name -> [Value] in
      guard let data = try? Data(contentsOf: root.appendingPathComponent(name)) else { return [] }
      return ManifestReader.read([UInt8](data), source: name).documents
        .filter { $0.kind == PodCliqueSet.kind }.map(\.root)
    }
  }()

  private enum Change: CaseIterable {
    case dropped, null, emptied
  }

  /// The value with a change to the member whose key is at a node; nil when the change is none.
  private func changed(_ value: Value, at key: Int, _ change: Change) -> Value? {
    var applied = false
    func copy(_ value: Value) -> Value {
      switch value.kind {
      case .object:
        return .object(
          value.members.compactMap { name, member in
            guard member.index - 1 == key else { return (name, copy(member)) }
            switch (change, member.kind) {
            case (.dropped, _):
              applied = true
              return nil
            case (.null, _):
              applied = true
              return (name, .null)
            case (.emptied, .object):
              applied = true
              return (name, .object([] as [(String, Value)]))
            case (.emptied, .array):
              applied = true
              return (name, .array([]))
            case (.emptied, _): return (name, copy(member))
            }
          })
      case .array: return .array(value.elements.map(copy))
      default: return value
      }
    }
    let result = copy(value)
    return applied ? result : nil
  }

  /// The spec as it would be stored, as JSON with sorted members.
  private func spec(_ set: PodCliqueSet) -> String {
    JSONWriter.string(Value(encoding: set.spec), options: .init(sortsMembers: true))
  }

  @Test func bothRoadsAgree() throws {
    try #require(Self.examples.count > 5)
    let configuration = OperatorConfiguration.defaultSchedulerOnly
    var seen: Set<String> = []
    var (compared, accepted) = (0, 0)
    for example in Self.examples {
      let keys = (0..<example.tape.count).filter { example.tape[$0].kind == .key }
      for key in keys {
        for change in Change.allCases {
          let path = example.tape.path(of: key, in: example.index)
          // Each field once: the examples have much in common.
          guard seen.insert("\(path.replacing(/\[\d+\]/, with: "[]")) \(change)").inserted else { continue }
          guard let value = changed(example, at: key, change),
            value["kind"]?.stringValue == PodCliqueSet.kind,
            value["apiVersion"]?.stringValue == PodCliqueSet.apiVersion
          else { continue }
          let label: Comment = "\(example["metadata"]?["name"]?.stringValue ?? ""): \(path) \(change)"
          let review = Admission(configuration: configuration, topologies: []).review(
            value, as: .podCliqueSet)
          compared += 1
          let read = ObjectReader.read([("set.yaml", Array(YAMLWriter.string(value).utf8))])
          guard case .podCliqueSet(let typed)? = read.objects.first?.object else {
            #expect(!review.isAccepted, label)
            continue
          }
          var server = APIServer(webhooks: configuration)
          var sent = typed
          if sent.metadata.namespace.isEmpty { sent.metadata.namespace = "default" }
          let stored = try? server.create(.podCliqueSet(sent))
          // Typed objects cannot lack their lists, so some that lack required ones are refused by the text alone.
          #expect(stored != nil || !review.isAccepted, label)
          guard case .podCliqueSet(let made)? = stored, case .podCliqueSet(let reviewed)? = review.object
          else {
            continue
          }
          accepted += 1
          #expect(spec(made) == spec(reviewed), label)
          // What comes out goes in again, and nothing is to be said against it.
          var printed = reviewed
          printed.metadata = ObjectMeta(name: reviewed.metadata.name, labels: reviewed.metadata.labels)
          printed.metadata.annotations = reviewed.metadata.annotations
          let text = YAMLWriter.string(Value(encoding: printed))
          let checker = ManifestChecker(
            admission: Admission(configuration: configuration, topologies: []))
          let again = checker.check([("again.yaml", Array(text.utf8))])
          #expect(again.documents.first?.verdict == .valid, label)
          guard case .podCliqueSet(let second)? = again.objects.first else { continue }
          #expect(spec(second) == spec(reviewed), label)
        }
      }
    }
    #expect(compared > 200 && accepted > 100, "\(compared) compared, \(accepted) accepted")
  }
}
