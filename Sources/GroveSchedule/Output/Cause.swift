internal import GroveModel
public import KubernetesModel

/// One thing that keeps a pod off nodes, by name: the label, the taint, the pod, the term.
public struct Cause: Sendable, Hashable {
  /// What it is.
  public enum Fact: Sendable, Hashable {
    /// The nodes are cordoned.
    case cordon
    /// The nodes have a taint that the pod does not tolerate, as `key=value:effect`.
    case taint(String)
    /// The nodes lack what the pod's node selector or node affinity asks for; with the values that nodes have instead.
    case label(key: String, asked: String, found: [String])
    /// A host port is taken, by a pod where that is known.
    case port(String, by: ObjectName?)
    /// The pod keeps off a pod that is there; with the term.
    case keepsOff(ObjectName?, term: String)
    /// A pod that is there keeps the pod off; with the term.
    case keptOff(ObjectName?, term: String)
    /// The pod must be near pods that are nowhere, or elsewhere; with the term and how many of them there are.
    case noFriend(term: String, count: Int)
    /// The nodes lack the label of a topology spread constraint, or of a pod affinity.
    case topologyLabel(String)
    /// One more pod would be too many in the nodes' domains of a label.
    case spread(key: String, maxSkew: Int, least: Int)
  }

  /// What it is.
  public var fact: Fact
  /// The nodes it concerns, in byte order.
  public var nodes: [String]

  /// A cause.
  public init(_ fact: Fact, nodes: [String]) {
    self.fact = fact
    self.nodes = nodes
  }

  /// What it is, in words.
  public var text: String {
    let place = nodes.count > 3 ? "\(nodes.count) nodes" : nodes.joined(separator: ", ")
    let are = nodes.count == 1 ? "is" : "are"
    let have = nodes.count == 1 ? "has" : "have"
    switch fact {
    case .cordon: return "\(place) \(are) cordoned"
    case .taint(let taint): return "\(place) \(have) the taint \(taint), which the pod does not tolerate"
    case .label(let key, let asked, let found):
      let values = found.prefix(4).joined(separator: ", ") + (found.count > 4 ? ", …" : "")
      let instead = found.isEmpty ? "no label \(key)" : "\(key) \(values)"
      return "the pod asks for \(asked), and \(place) \(have) \(instead)"
    case .port(let port, let pod):
      return "host port \(port) is taken on \(place)" + (pod.map { ", by pod \($0)" } ?? "")
    case .keepsOff(let pod, let term):
      return "the pod keeps off \(term): \(Self.name(pod)) on or near \(place)"
    case .keptOff(let pod, let term):
      return "\(Self.name(pod)) on or near \(place) keeps off \(term), which the pod is"
    case .noFriend(let term, let count):
      return count == 0
        ? "the pod must be near \(term), and there is no such pod"
        : "the pod must be near \(term), and the \(count == 1 ? "one" : String(count)) there \(count == 1 ? "is" : "are") "
          + "in other domains than \(place)"
    case .topologyLabel(let key): return "\(place) \(have) no label \(key)"
    case .spread(let key, let maxSkew, let least):
      return
        "one pod more on \(place) would be more than \(maxSkew) above the \(least) of the emptiest domain of \(key)"
    }
  }

  private static func name(_ pod: ObjectName?) -> String {
    pod.map { "pod \($0)" } ?? "another pod of the gang"
  }
}
