import Foundation
import GroveAdmission
import GroveManifest
import GroveModel
import KubernetesModel
import TestSupport

/// The PodCliqueSets of Examples as they are stored, and random edits of them.
enum RandomEdits {
  static let examples: [PodCliqueSet] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    return names.filter { $0.hasSuffix(".yaml") }.flatMap { name -> [PodCliqueSet] in
      guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8),
        let tape = try? YAMLReader.read(text)
      else { return [] }
      let documents = tape.roots.map { Value(tape: tape, index: $0) }
      return Goldens.objects(PodCliqueSet.self, in: documents).map { Admission().default($0) }
    }
  }()

  /// A set with one to four random edits of what hashes are taken over; nil when the result has the wrong types.
  static func edited(_ set: PodCliqueSet, _ random: inout EditRandom) -> PodCliqueSet? {
    var set = set
    for _ in 0..<(1 + random.below(4)) {
      switch random.below(12) {
      case 0: set.spec.template.cliques.shuffle(using: &random)
      case 1:
        set.spec.template.priorityClassName = ["", "gold", "silver"][random.below(3)]
      default:
        let index = random.below(set.spec.template.cliques.count)
        let value = mutated(Value(encoding: set.spec.template.cliques[index]), at: [], &random)
        var decoder = TapeDecoder(value.tape, reportsUnknownFields: false)
        let name = set.spec.template.cliques[index].name
        set.spec.template.cliques[index] = decoder.decode(at: value.index)
        set.spec.template.cliques[index].name = name
        if !decoder.issues.isEmpty { return nil }
      }
    }
    return Admission().default(set)
  }

  private static func mutated(_ value: Value, at path: [String], _ random: inout EditRandom) -> Value {
    switch value.kind {
    case .object: mutatedObject(value, at: path, &random)
    case .array: mutatedArray(value, at: path, &random)
    case .string:
      path.contains("resources")
        ? .string(["1", "100m", "2Gi", "1500M", "0.3"][random.below(5)])
        : .string((value.stringValue ?? "") + ["", "-x", " y", "-z w"][random.below(4)])
    case .integer: .integer(Int64(random.below(1_000)))
    case .boolean: .boolean(value.booleanValue != true)
    default: value
    }
  }

  private static func mutatedObject(
    _ value: Value, at path: [String], _ random: inout EditRandom
  ) -> Value {
    var members = value.members.map { ($0.name, $0.value) }
    let roll = random.below(10)
    if roll == 0, !members.isEmpty, path.count > 1 {
      members.remove(at: random.below(members.count))
    } else if roll <= 2, let addition = addition(at: path, &random) {
      members.removeAll { $0.0 == addition.0 }
      members.append(addition)
    } else if !members.isEmpty {
      let index = random.below(members.count)
      members[index].1 = mutated(members[index].1, at: path + [members[index].0], &random)
    }
    return .object(members)
  }

  private static func mutatedArray(
    _ value: Value, at path: [String], _ random: inout EditRandom
  ) -> Value {
    var elements = value.elements
    switch random.below(6) {
    case 0: elements.shuffle(using: &random)
    case 1: if let one = elements.randomElement(using: &random) { elements.append(one) }
    case 2: if !elements.isEmpty { elements.remove(at: random.below(elements.count)) }
    default:
      if elements.isEmpty { break }
      let index = random.below(elements.count)
      elements[index] = mutated(elements[index], at: path, &random)
    }
    return .array(elements)
  }

  /// A member that an object of a clique may have: full, or empty, which is not the same as absent.
  private static func addition(at path: [String], _ random: inout EditRandom) -> (String, Value)? {
    let number = Int64(random.below(9))
    switch path.last ?? "" {
    case "":
      return random.below(2) == 0
        ? ("labels", .object([])) : ("annotations", .object(["n": .string("1 b:2")]))
    case "labels", "annotations": return ("extra", .string("v\(number)"))
    case "podSpec":
      let additions: [(String, Value)] = [
        ("tolerations", .array([.object(["key": .string("a")]), .object(["key": .string("b")])])),
        ("nodeSelector", .object(["disk": .string("ssd")])), ("nodeSelector", .object([])),
        ("volumes", .array([])), ("dnsPolicy", .string("ClusterFirst")), ("hostPID", .boolean(true)),
        ("imagePullSecrets", .array([.object(["name": .string("pull")])])),
        ("invented", .object(["field": .integer(number)])),
      ]
      return additions[random.below(additions.count)]
    case "containers":
      let additions: [(String, Value)] = [
        (
          "env",
          .array([
            .object(["name": .string("A"), "value": .string("\(number)")]),
            .object(["name": .string("B"), "value": .string("2")]),
            .object(["name": .string("C"), "value": .string("3")]),
          ])
        ),
        ("env", .array([])), ("args", .array([.string("a b"), .string("c"), .string("a b")])),
        ("args", .array([.string("a"), .string("b"), .string("c")])), ("command", .array([.string("")])),
        ("imagePullPolicy", .string("Always")), ("workingDir", .string("/w")),
        ("livenessProbe", .object(["periodSeconds": .integer(number)])), ("securityContext", .object([])),
        ("invented", .integer(number)),
      ]
      return additions[random.below(additions.count)]
    default: return nil
    }
  }
}

/// A repeatable source of randomness.
struct EditRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}
