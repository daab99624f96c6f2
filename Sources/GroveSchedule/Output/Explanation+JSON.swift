internal import GroveModel
public import KubernetesModel

extension Explanation {
  /// The explanation as a JSON value; member names are stable.
  public var value: Value {
    .object([
      ("name", .string(name.name)), ("namespace", .string(name.namespace)), ("verdict", verdict.value),
      ("chain", .array(chain.map(\.value))), ("scopes", .array(scopes.map(\.value))),
      ("nodes", nodes?.value ?? .null), ("remedies", .array(remedies.map(\.value))),
    ])
  }
}

extension Explanation.Link {
  fileprivate var value: Value {
    .object([
      ("name", .string(name.name)), ("namespace", .string(name.namespace)),
      ("verdict", verdict?.value ?? .null),
    ])
  }
}

extension Verdict {
  /// The verdict as a JSON value: `state`, `message`, and what proves it.
  public var value: Value {
    var members: [(String, Value)] = []
    switch self {
    case .fits: members.append(("state", .string("fits")))
    case .waiting: members.append(("state", .string("waiting")))
    case .cannotFit(let proof):
      members += [("state", .string("cannotFit")), ("proof", proof.value)]
    case .notFound(let steps):
      members += [("state", .string("notFound")), ("steps", .integer(Int64(steps)))]
    }
    members.append(("message", .string(text)))
    return .object(members)
  }
}

extension Proof {
  fileprivate var value: Value {
    let name =
      switch reason {
      case .room: "room"
      case .resource: "resource"
      case .nodes: "nodes"
      case .slots: "slots"
      case .spread: "spread"
      case .split: "split"
      case .exhausted: "exhausted"
      case .unknownTopology: "unknownTopology"
      case .unknownLevel: "unknownLevel"
      }
    return .object([
      ("reason", .string(name)), ("scope", .string(scope)), ("level", level.map { .string($0) } ?? .null),
      ("domain", .array(best.map { .string($0) })), ("needed", .integer(Int64(needed))),
      ("room", .integer(Int64(room))),
    ])
  }
}

extension ScopeShortage {
  fileprivate var value: Value {
    .object([
      ("scope", .string(scope)), ("depth", .integer(Int64(depth))),
      ("required", packing.required.map { .string($0) } ?? .null),
      ("preferred", packing.preferred.map { .string($0) } ?? .null),
      ("level", level.map { .string($0) } ?? .null), ("domain", .array(domain.map { .string($0) })),
      ("needed", .integer(Int64(needed))), ("placeable", .integer(Int64(placeable))),
      ("shortages", .array(shortages.map(\.value))),
    ])
  }
}

extension ResourceShortage {
  fileprivate var value: Value {
    .object([
      ("resource", .string(resource)), ("perPod", .string(perPod.text)),
      ("requested", .string(requested.text)), ("free", .string(free.text)),
      ("largestFree", .string(largestFree.text)),
    ])
  }
}

extension NodeHistogram {
  fileprivate var value: Value {
    .object([
      ("pod", .string(pod.name)), ("nodeCount", .integer(Int64(nodeCount))),
      ("available", .integer(Int64(available))), ("message", .string(message)),
      (
        "reasons",
        .array(
          reasons.map {
            .object([("reason", .string($0.reason.text)), ("count", .integer(Int64($0.count)))])
          })
      ),
    ])
  }
}

extension Remedy {
  fileprivate var value: Value {
    var members: [(String, Value)]
    switch self {
    case .uncordon(let nodes):
      members = [("kind", .string("uncordon")), ("nodes", .array(nodes.map { .string($0) }))]
    case .tolerate(let taint, let nodes):
      members = [
        ("kind", .string("tolerate")), ("taint", .string(taint)), ("nodeCount", .integer(Int64(nodes))),
      ]
    case .addNodes(let count, let like):
      members = [
        ("kind", .string("addNodes")), ("count", .integer(Int64(count))), ("like", .string(like)),
      ]
    }
    members.append(("message", .string(text)))
    return .object(members)
  }
}
