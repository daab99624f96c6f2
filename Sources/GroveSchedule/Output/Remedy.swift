internal import GroveModel
public import KubernetesModel

/// A change that makes a gang fit.
public enum Remedy: Sendable, Hashable {
  /// Uncordon these nodes.
  case uncordon([String])
  /// Bring these nodes back: they are not ready, or under pressure.
  case recover([String])
  /// Wait until these pods, which are being deleted, are gone.
  case wait(for: [ObjectName])
  /// Tolerate a taint, or remove it from the nodes that have it.
  case tolerate(taint: String, nodes: Int)
  /// Give nodes a label, if it is true of them; without a value, one of their own for all of them.
  case label(nodes: [String], key: String, value: String?)
  /// Have these pods, which are in the way, go elsewhere; with their gangs where they are in any.
  case free([ObjectName], gangs: [ObjectName])
  /// Raise the priority above a value: then pods of gangs, or pods without one, have to leave.
  case raisePriority(above: Int32, victims: [ObjectName])
  /// Let it preempt: then pods of gangs, or pods without one, which are less important, have to leave.
  case allowPreemption(victims: [ObjectName])
  /// Start these pods, which hold the gang where there is no room, anew along with the others.
  case restart([ObjectName])
  /// Add resources to a node.
  case addResources([Amount], node: String, domain: [String])
  /// Add so many nodes with the labels, taints and resources of another one.
  case addNodes(Int, like: String)

  /// An amount of a resource.
  public struct Amount: Sendable, Hashable {
    /// The resource.
    public var resource: String
    /// How much of it.
    public var quantity: Quantity

    /// An amount.
    public init(resource: String, quantity: Quantity) {
      self.resource = resource
      self.quantity = quantity
    }
  }

  /// The change, in words.
  public var text: String {
    switch self {
    case .uncordon(let nodes): return "uncordon \(Self.nodes(nodes))"
    case .recover(let nodes):
      return
        "bring \(Self.nodes(nodes)) back, which \(nodes.count == 1 ? "is" : "are") not ready or under pressure"
    case .wait(let pods):
      return "wait until \(Self.list(pods, "pod")), which \(pods.count == 1 ? "is" : "are") being deleted, "
        + "\(pods.count == 1 ? "is" : "are") gone"
    case .tolerate(let taint, let nodes):
      return
        "tolerate the taint \(taint), which \(nodes) \(nodes == 1 ? "node has" : "nodes have"), or remove it"
    case .label(let nodes, let key, let value):
      guard let value else {
        return "label \(Self.nodes(nodes)) with one \(key) of their own, if they share one"
      }
      return "label \(Self.nodes(nodes)) with \(key)=\(value), if that is true of "
        + "\(nodes.count == 1 ? "it" : "them")"
    case .free(let pods, let gangs):
      let owners = gangs.isEmpty ? "" : " of \(Self.list(gangs, "gang"))"
      return "move \(Self.list(pods, "pod"))\(owners) out of the way"
    case .raisePriority(let value, let victims):
      return "raise its priority above \(value): then \(Self.leave(victims))"
    case .allowPreemption(let victims): return "let it preempt: then \(Self.leave(victims))"
    case .restart(let pods):
      return "delete \(Self.list(pods, "running pod")): the whole gang then has a place elsewhere"
    case .addResources(let amounts, let node, let domain):
      let what = amounts.map { "\($0.quantity.canonicalText) more \($0.resource)" }.joined(separator: " and ")
      let place = domain.last { !$0.isEmpty }.map { $0 == node ? "" : " in \($0)" } ?? ""
      return "\(what) on node \(node)\(place)"
    case .addNodes(let count, let like):
      return "add \(count) \(count == 1 ? "node" : "nodes") like \(like)"
    }
  }

  private static func nodes(_ names: [String]) -> String {
    "\(names.count == 1 ? "node" : "nodes") \(names.joined(separator: ", "))"
  }

  private static func list(_ names: [ObjectName], _ noun: String) -> String {
    let some = names.prefix(5).map(\.description).joined(separator: ", ")
    return
      "\(noun)\(names.count == 1 ? "" : "s") \(some)\(names.count > 5 ? " and \(names.count - 5) more" : "")"
  }

  private static func leave(_ names: [ObjectName]) -> String {
    let some = names.prefix(5).map(\.description).joined(separator: ", ")
    return "\(some)\(names.count > 5 ? " and \(names.count - 5) more" : "") "
      + "\(names.count == 1 ? "has" : "have") to leave"
  }
}
