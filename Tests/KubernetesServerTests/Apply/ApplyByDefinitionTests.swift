import GroveExplore
import KubernetesModel
import KubernetesSchema
import Testing

@testable import KubernetesServer

/// Random applies and writes of three managers against an implementation by the definition (serve, acceptance 6).
///
/// The slow one knows an object as a flat table of leaves, and for each manager the set of leaves it has.
struct ApplyByDefinitionTests {
  /// Leaves of a ConfigMap: entries of `data` and labels have values, finalizers are elements of a set.
  private struct Model {
    var leaves: [String: String] = [:]
    var owned: [String: Set<String>] = [:]

    /// Nil when others have fields that would change.
    mutating func apply(_ wanted: [String: String], by manager: String, force: Bool) -> Set<String>? {
      let last = owned["\(manager) Apply"] ?? []
      var new = leaves.merging(wanted) { $1 }
      for leaf in last where wanted[leaf] == nil {
        let others = owned.filter { $0.key != "\(manager) Apply" }
        if !others.values.contains(where: { $0.contains(leaf) }) { new[leaf] = nil }
      }
      let changed = Set(new.keys.filter { leaves[$0] != new[$0] })
      let disputed = Set(
        owned.filter { $0.key != "\(manager) Apply" }.values.flatMap { $0.intersection(changed) })
      guard disputed.isEmpty || force else { return disputed }
      take(new, changed)
      owned["\(manager) Apply"] = wanted.isEmpty ? nil : Set(wanted.keys)
      return nil
    }

    mutating func write(_ new: [String: String], by manager: String) {
      let changed = Set(new.keys.filter { leaves[$0] != new[$0] })
      take(new, changed)
      if !changed.isEmpty { owned["\(manager) Update", default: []].formUnion(changed) }
    }

    private mutating func take(_ new: [String: String], _ changed: Set<String>) {
      let gone = Set(leaves.keys.filter { new[$0] == nil })
      for manager in owned.keys { owned[manager]?.subtract(changed.union(gone)) }
      owned = owned.filter { !$0.value.isEmpty }
      leaves = new
    }
  }

  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) | (state << 31)
    }
  }

  private static let names = [
    "data a", "data b", "data c", "labels x", "labels y", "finalizers e.io/f", "finalizers e.io/g",
  ]

  @Test(arguments: UInt64(1)...30)
  func `objects, books and conflicts agree`(_ seed: UInt64) throws {
    var dice = Dice(state: seed &* 77_777)
    let kind = GroupVersionKind(group: "", version: "v1", kind: "ConfigMap")
    let manager = FieldManager(try builtInDocuments("", "v1", "ConfigMap"), kind: kind)
    let now = Timestamp(secondsSince1970: 1_767_225_600)
    var model = Model()
    // The first write is an apply, so that books are kept from the start.
    var stored = try manager.applied(object([:]), to: nil, manager: "one", force: false, now: now)
    var conflicts = 0
    for step in 0..<60 {
      let who = ["one", "two", "three"].randomElement(using: &dice) ?? "one"
      var leaves: [String: String] = [:]
      for name in Self.names where Bool.random(using: &dice) {
        leaves[name] = name.hasPrefix("finalizers") ? "" : ["1", "2"].randomElement(using: &dice)
      }
      let note = Comment(rawValue: "seed \(seed) step \(step) \(who) \(leaves)")
      if Int.random(in: 0..<4, using: &dice) == 0 {
        let new = object(leaves, books: stored["metadata"]?["managedFields"])
        stored = manager.updated(new, live: stored, manager: who, now: now)
        model.write(leaves, by: who)
      } else {
        let force = Int.random(in: 0..<3, using: &dice) == 0
        let disputed = model.apply(leaves, by: who, force: force)
        do throws(PatchError) {
          stored = try manager.applied(object(leaves), to: stored, manager: who, force: force, now: now)
          #expect(disputed == nil, note)
        } catch {
          #expect(Set(error.causes.map { leaf(ofPath: $0.field) }) == disputed, note)
          conflicts += 1
        }
      }
      #expect(self.leaves(of: stored) == model.leaves, note)
      #expect(owned(by: stored) == model.owned, note)
    }
    #expect(conflicts > 0)
  }

  private func object(_ leaves: [String: String], books: Value? = nil) -> Value {
    func members(_ prefix: String) -> [(String, Value)] {
      leaves.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        .map { (String($0.key.dropFirst(prefix.count)), .string($0.value)) }
    }
    var metadata: [(String, Value)] = [("name", .string("m"))]
    let (labels, finalizers, data) = (members("labels "), members("finalizers "), members("data "))
    if !labels.isEmpty { metadata.append(("labels", .object(labels))) }
    if !finalizers.isEmpty { metadata.append(("finalizers", .array(finalizers.map { .string($0.0) }))) }
    if let books { metadata.append(("managedFields", books)) }
    var result: [(String, Value)] = [
      ("apiVersion", .string("v1")), ("kind", .string("ConfigMap")), ("metadata", .object(metadata)),
    ]
    if !data.isEmpty { result.append(("data", .object(data))) }
    return .object(result)
  }

  private func leaves(of object: Value) -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in object["data"]?.members ?? [] { result["data \(name)"] = value.stringValue }
    for (name, value) in object["metadata"]?["labels"]?.members ?? [] {
      result["labels \(name)"] = value.stringValue
    }
    for value in object["metadata"]?["finalizers"]?.elements ?? [] {
      result["finalizers \(value.stringValue ?? "")"] = ""
    }
    return result
  }

  private func owned(by object: Value) -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for entry in object["metadata"]?["managedFields"]?.elements ?? [] {
      let fields = entry["fieldsV1"]
      var leaves: Set<String> = []
      for (name, _) in fields?["f:data"]?.members ?? [] where name != "." {
        leaves.insert("data \(name.dropFirst(2))")
      }
      for (name, _) in fields?["f:metadata"]?["f:labels"]?.members ?? [] where name != "." {
        leaves.insert("labels \(name.dropFirst(2))")
      }
      for (name, _) in fields?["f:metadata"]?["f:finalizers"]?.members ?? [] where name != "." {
        leaves.insert("finalizers \(name.dropFirst(3).dropLast())")
      }
      let key = "\(entry["manager"]?.stringValue ?? "") \(entry["operation"]?.stringValue ?? "")"
      if !leaves.isEmpty { result[key] = leaves }
    }
    return result
  }

  private func leaf(ofPath path: String) -> String {
    if path.hasPrefix(".data.") { return "data \(path.dropFirst(6))" }
    if path.hasPrefix(".metadata.labels.") { return "labels \(path.dropFirst(17))" }
    return "finalizers \(path.dropFirst(".metadata.finalizers[=\"".count).dropLast(2))"
  }
}
