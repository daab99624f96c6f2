internal import GroveModel
public import KubernetesModel

extension Explanation {
  /// The explanation as a JSON value; member names are stable.
  public var value: Value {
    .object([
      ("name", .string(name.name)), ("namespace", .string(name.namespace)), ("verdict", verdict.value),
      ("chain", .array(chain.map(\.value))), ("scopes", .array(scopes.map(\.value))),
      ("nodes", nodes?.value ?? .null), ("causes", .array(causes.map(\.value))),
      ("remedies", .array(remedies.map(\.value))),
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
      ("pinnedBy", .array(pinnedBy.map { .string($0.description) })),
      (
        "elsewhere",
        elsewhere.map { place in
          .object([
            ("domain", .array(place.domain.map { .string($0) })), ("room", .integer(Int64(place.room))),
          ])
        } ?? .null
      ),
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
      (
        "verdicts",
        .array(
          verdicts.map {
            .object([
              ("node", .string($0.node)), ("reasons", .array($0.reasons.map { .string($0.text) })),
            ])
          })
      ),
    ])
  }
}

extension Cause {
  fileprivate var value: Value {
    var members: [(String, Value)] = []
    func pod(_ name: ObjectName?) -> Value { name.map { .string($0.description) } ?? .null }
    switch fact {
    case .cordon: members = [("kind", .string("cordon"))]
    case .taint(let taint): members = [("kind", .string("taint")), ("taint", .string(taint))]
    case .label(let key, let asked, let found):
      members = [
        ("kind", .string("label")), ("key", .string(key)), ("asked", .string(asked)),
        ("found", .array(found.map { .string($0) })),
      ]
    case .port(let port, let by):
      members = [("kind", .string("port")), ("port", .string(port)), ("pod", pod(by))]
    case .keepsOff(let name, let term):
      members = [("kind", .string("keepsOff")), ("pod", pod(name)), ("term", .string(term))]
    case .keptOff(let name, let term):
      members = [("kind", .string("keptOff")), ("pod", pod(name)), ("term", .string(term))]
    case .noFriend(let term, let count):
      members = [("kind", .string("noFriend")), ("term", .string(term)), ("count", .integer(Int64(count)))]
    case .topologyLabel(let key): members = [("kind", .string("topologyLabel")), ("key", .string(key))]
    case .spread(let key, let maxSkew, let least):
      members = [
        ("kind", .string("spread")), ("key", .string(key)), ("maxSkew", .integer(Int64(maxSkew))),
        ("least", .integer(Int64(least))),
      ]
    }
    members += [("nodes", .array(nodes.map { .string($0) })), ("message", .string(text))]
    return .object(members)
  }
}

extension Remedy {
  fileprivate var value: Value {
    func texts(_ list: [String]) -> Value { .array(list.map { .string($0) }) }
    func names(_ list: [ObjectName]) -> Value { .array(list.map { .string($0.description) }) }
    var members: [(String, Value)]
    switch self {
    case .uncordon(let nodes): members = [("kind", .string("uncordon")), ("nodes", texts(nodes))]
    case .recover(let nodes): members = [("kind", .string("recover")), ("nodes", texts(nodes))]
    case .wait(let pods): members = [("kind", .string("wait")), ("pods", names(pods))]
    case .tolerate(let taint, let nodes):
      members = [
        ("kind", .string("tolerate")), ("taint", .string(taint)), ("nodeCount", .integer(Int64(nodes))),
      ]
    case .label(let nodes, let key, let value):
      members = [
        ("kind", .string("label")), ("nodes", texts(nodes)), ("key", .string(key)),
        ("value", value.map { .string($0) } ?? .null),
      ]
    case .free(let pods, let gangs):
      members = [("kind", .string("free")), ("pods", names(pods)), ("gangs", names(gangs))]
    case .raisePriority(let value, let victims):
      members = [
        ("kind", .string("raisePriority")), ("above", .integer(Int64(value))), ("victims", names(victims)),
      ]
    case .allowPreemption(let victims):
      members = [("kind", .string("allowPreemption")), ("victims", names(victims))]
    case .restart(let pods): members = [("kind", .string("restart")), ("pods", names(pods))]
    case .addResources(let amounts, let node, let domain):
      members = [
        ("kind", .string("addResources")), ("node", .string(node)), ("domain", texts(domain)),
        ("amounts", .object(amounts.map { ($0.resource, .string($0.quantity.canonicalText)) })),
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
