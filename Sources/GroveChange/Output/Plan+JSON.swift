internal import GroveModel
public import KubernetesModel

/// An input of a plan, for whoever keeps plans.
public struct PlanInput: Sendable, Equatable {
  /// What it was for: `before`, `new`, `cluster`, …
  public var role: String
  /// What it is called.
  public var name: String
  /// A digest of its bytes: 64-bit FNV-1a in hexadecimal digits.
  public var digest: String

  /// An input with its bytes.
  public init(role: String, name: String, bytes: [UInt8]) {
    self.role = role
    self.name = name
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    let digits = String(hash, radix: 16)
    digest = String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Plan {
  /// The name of the form of ``value(inputs:showsValues:)``. Members are only added within it.
  public static let format = "grove-demo/plan/v1"

  /// The plan for machines (P-20).
  ///
  /// - Parameters:
  ///   - inputs: what it was made from.
  ///   - showsValues: whether values that look like secrets are shown (P-23).
  public func value(inputs: [PlanInput] = [], showsValues: Bool = false) -> Value {
    let redaction = Redaction(showsValues: showsValues)
    return .object([
      ("format", .string(Self.format)), ("compatibleWith", .string(GroveVersion.target)),
      ("headline", .string(PlanWords(plan: self, redaction: redaction).headline)),
      (
        "inputs",
        .array(
          inputs.map {
            .object(["role": .string($0.role), "name": .string($0.name), "fnv1a64": .string($0.digest)])
          })
      ), ("sets", .array(sets.map { $0.value(redaction) })),
      ("objects", .array(objects.map(\.value))),
      ("rejections", .array(rejections.map(\.value))), ("operator", .array(operatorChanges.map(\.value))),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension SetPlan {
  fileprivate func value(_ redaction: Redaction) -> Value {
    .object([
      ("name", .string(name.name)), ("namespace", .string(name.namespace)),
      ("verdict", .string(verdict.rawValue)),
      ("totals", totals.value),
      (
        "generation",
        .object([("old", generation.old.json), ("new", generation.new.json)])
      ), ("cliques", .array(cliques.map(\.value))), ("causes", .array(causes.map { value($0, redaction) })),
      ("noEffects", .array(noEffects.map { value($0, redaction) })),
      ("objects", .array(objects.map(\.value))),
      ("pods", .array(pods.map(\.value))), ("steps", .array(steps.map(\.value))),
      ("worst", worst.map(\.value) ?? .null),
      ("terminations", .array(terminations.map(\.value))), ("continuesFrom", continuesFrom.json),
      ("ends", ends.value),
    ])
  }

  private func value(_ cause: PlanCause, _ redaction: Redaction) -> Value {
    let change = cause.change
    let (old, new) = redaction.values(change.path, change.old, change.new)
    let hash = cliques.first { $0.clique == change.clique }?.new ?? generation.new
    return .object([
      ("path", change.path.value), ("text", .string(change.path.description)),
      ("source", cause.location.map { .string("\($0.file):\($0.line)") } ?? .null),
      ("line", cause.location.map { .integer(Int64($0.line)) } ?? .null), ("old", old ?? .null),
      ("new", new ?? .null),
      ("hash", hash.json), ("clique", change.clique.json), ("effect", .string(change.effect.rawValue)),
      ("mark", (change.mark?.rawValue).json),
    ])
  }

  private func value(_ effect: NoEffect, _ redaction: Redaction) -> Value {
    let (old, new) = redaction.values(effect.path, effect.old, effect.new)
    return .object([
      ("path", effect.path.value), ("text", .string(effect.path.description)),
      ("source", effect.location.map { .string("\($0.file):\($0.line)") } ?? .null),
      ("line", effect.location.map { .integer(Int64($0.line)) } ?? .null), ("old", old ?? .null),
      ("new", new ?? .null), ("reason", .string(effect.reason.rawValue)), ("instead", .string(effect.text)),
    ])
  }
}

extension PlanTotals {
  fileprivate var value: Value {
    .object(
      pods.members(total: "pods") + [
        ("resources", .object(resources.map { ($0.name, .object($0.counts.members(total: "total"))) }))
      ])
  }
}

extension PlanTotals.Counts {
  fileprivate func members(total: String) -> [(String, Value)] {
    [
      (total, .integer(Int64(before))), ("restart", .integer(Int64(restart))),
      ("added", .integer(Int64(added))),
      ("removed", .integer(Int64(removed))), ("atOnce", .integer(Int64(atOnce))),
    ]
  }
}

extension CliqueChange {
  fileprivate var value: Value {
    .object([("name", .string(clique)), ("old", old.json), ("new", new.json), ("means", .string(text))])
  }
}

extension ObjectPlan {
  fileprivate var value: Value {
    .object([
      ("kind", .string(key.kind.kind)), ("namespace", .string(key.namespace)), ("name", .string(key.name)),
      ("verdict", .string(verdict.rawValue)),
      (
        "scaled",
        scaled.map { .object(["from": .integer(Int64($0.from)), "to": .integer(Int64($0.to))]) } ?? .null
      ), ("detail", .string(detail)), ("assumed", .boolean(isAssumed)),
    ])
  }
}

extension PodPlan {
  fileprivate var value: Value {
    .object([
      ("name", .string(name)), ("podClique", .string(clique)), ("index", .integer(Int64(index))),
      ("verdict", .string(verdict.rawValue)), ("served", .boolean(served)), ("reason", .string(reason)),
      ("operatorsOwn", .boolean(isOperatorsOwn)),
    ])
  }
}

extension RolloutStep {
  fileprivate var value: Value {
    .object([
      ("number", .integer(Int64(number))), ("at", .string(at.text)), ("until", (until?.text).json),
      ("down", .array(down.map(\.value))),
      ("resources", .object(resources.map { ($0.name, .integer(Int64($0.amount))) })),
      ("levels", .array(levels.map(\.value))),
    ])
  }
}

extension RolloutStep.Away {
  fileprivate var value: Value {
    .object([
      ("kind", .string(kind.kind)), ("name", .string(name)), ("replica", .integer(Int64(replica))),
      ("pods", .integer(Int64(podCount))),
    ])
  }
}

extension RolloutStep.Level {
  fileprivate var value: Value {
    .object([
      ("kind", .string(kind.kind)), ("name", .string(name)), ("available", .integer(Int64(available))),
      ("wanted", .integer(Int64(wanted))), ("minimum", minimum.map { .integer(Int64($0)) } ?? .null),
    ])
  }
}

extension WorstMoment {
  fileprivate var value: Value {
    .object([
      ("step", .integer(Int64(step))), ("below", .array(below.map(\.value))), ("rule", rule.json),
    ])
  }
}

extension GangTermination {
  fileprivate var value: Value {
    .object([
      ("at", .string(at.text)), ("replica", .integer(Int64(replica))), ("pods", .integer(Int64(pods))),
    ])
  }
}

extension PlanEnding {
  fileprivate var value: Value {
    switch self {
    case .unchanged: .object(["state": .string("unchanged")])
    case .finishes(let after): .object(["state": .string("finishes"), "after": .string(after.text)])
    case .waits(let pods):
      .object(["state": .string("waits"), "pods": .array(pods.map { .string($0) })])
    case .never(let reason):
      .object([
        "state": .string("never"), "reason": .string(reason.text),
        "remedies": .array(reason.remedies.map { .string($0) }),
        "takenBy": .array(reason.takenBy.map { .string($0) }),
        "missing": .array(reason.missing.map { .string($0) }),
      ])
    }
  }
}

extension PlanRejection {
  fileprivate var value: Value {
    .object([
      ("kind", .string(object.kind.kind)), ("namespace", .string(object.namespace)),
      ("name", .string(object.name)),
      ("message", .string(message)), ("source", location.map { .string("\($0.file):\($0.line)") } ?? .null),
      ("hint", hint.json),
    ])
  }
}

extension OperatorChange {
  fileprivate var value: Value {
    .object([
      ("reason", .string(reason.rawValue)), ("namespace", (set?.namespace).json), ("set", (set?.name).json),
      ("text", .string(text)), ("restart", .integer(Int64(restarts))),
      ("objects", .array(objects.map { .string($0.shown) })),
    ])
  }
}

extension String? {
  /// The string, or null.
  fileprivate var json: Value { map { .string($0) } ?? .null }
}
