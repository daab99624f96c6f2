internal import GroveModel
public import KubernetesModel

extension Decision {
  /// The decision as a JSON value; member names are stable.
  public var value: Value {
    .object([
      ("fits", .boolean(fits)), ("digest", .string(digest)),
      ("gangs", .array(outcomes.map(\.value))), ("bindings", .array(bindings.map(\.value))),
      ("evictions", .array(evictions.map(\.value))), ("counters", counters.value),
    ])
  }
}

extension Outcome {
  /// The outcome as a JSON value.
  public var value: Value {
    .object([
      ("name", .string(name.name)), ("namespace", .string(name.namespace)),
      ("isSinglePod", .boolean(isSinglePod)), ("verdict", verdict.value),
      ("placed", .integer(Int64(placed))), ("bound", .integer(Int64(bound))),
      ("pending", .integer(Int64(pending))), ("gated", .integer(Int64(gated))),
      ("score", score.map { .decimal($0) } ?? .null), ("scopes", .array(scopes.map(\.value))),
      ("doubts", .array(doubts.map { .string($0) })),
    ])
  }
}

extension ScopePlacement {
  /// The placement as a JSON value.
  public var value: Value {
    .object([
      ("scope", .string(scope)), ("required", packing.required.map { .string($0) } ?? .null),
      ("preferred", packing.preferred.map { .string($0) } ?? .null),
      ("level", level.map { .string($0) } ?? .null), ("domain", .array(domain.map { .string($0) })),
      ("domainsUsed", .integer(Int64(domainsUsed))), ("nodesUsed", .integer(Int64(nodesUsed))),
      ("pods", .integer(Int64(pods))), ("score", .decimal(score)),
    ])
  }
}

extension Binding {
  /// The binding as a JSON value.
  public var value: Value {
    .object([
      ("pod", .string(pod.name)), ("namespace", .string(pod.namespace)), ("node", .string(node)),
      ("gang", gang.map { .string($0.name) } ?? .null),
    ])
  }
}

extension Eviction {
  /// The eviction as a JSON value.
  public var value: Value {
    .object([
      ("pod", .string(pod.name)), ("namespace", .string(pod.namespace)), ("node", .string(node)),
      ("gang", gang.map { .string($0.name) } ?? .null), ("priority", .integer(Int64(priority))),
      ("beneficiary", .string(beneficiary.description)),
    ])
  }
}

extension ShapeRoom {
  /// The room as a JSON value.
  public var value: Value {
    .object([
      ("example", .string(example.description)), ("requests", Value(encoding: requests)),
      ("free", .integer(Int64(free))),
      (
        "domains",
        .array(
          domains.map {
            .object([
              ("domain", .array($0.domain.map { .string($0) })), ("free", .integer(Int64($0.free))),
            ])
          })
      ),
    ])
  }
}

extension Counters {
  fileprivate var value: Value {
    .object([
      ("placements", .integer(Int64(placements))), ("domainsExamined", .integer(Int64(domainsExamined))),
      ("nodesExamined", .integer(Int64(nodesExamined))), ("searches", .integer(Int64(searches))),
      ("victimSearches", .integer(Int64(victimSearches))),
    ])
  }
}

extension Value {
  /// A number from 0 to 1 with four decimal places.
  fileprivate static func decimal(_ number: Double) -> Value {
    let parts = Int((number * 10_000).rounded())
    let digits = String(parts % 10_000)
    let text = "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    guard let tape = try? JSONReader.read(text), let root = tape.roots.first else { return .null }
    return Value(tape: tape, index: root)
  }
}
