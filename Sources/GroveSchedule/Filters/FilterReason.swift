/// Why a pod cannot go to a node, in the words of kube-scheduler 1.36 (S-020, S-021).
public enum FilterReason: Sendable, Hashable {
  /// The node is cordoned.
  case unschedulable
  /// The pod asks for another node by name.
  case nodeName
  /// The node has a taint that the pod does not tolerate.
  case untoleratedTaint
  /// The node's labels do not fulfil the pod's node selector or required node affinity.
  case nodeAffinity
  /// The pod's node affinity names other nodes, so that this one was not looked at.
  case notNamed
  /// The terms of the pod's node affinity name nodes that no node can be at once.
  case affinityConflict
  /// A port of the host is taken.
  case hostPorts
  /// The node runs as many pods as it may.
  case tooManyPods
  /// The node has too little left of a resource.
  case insufficient(resource: String)
  /// A domain of a topology spread constraint has too many pods already.
  case topologySpread
  /// The node lacks the label of a topology spread constraint.
  case topologySpreadLabel
  /// A required pod affinity does not hold.
  case podAffinity
  /// A required anti-affinity of the pod does not hold.
  case podAntiAffinity
  /// A required anti-affinity of a pod that runs already does not hold.
  case existingAntiAffinity
  /// The node is outside the domain that the rest of the gang is in; with the level's label and the domain.
  case outside(level: String, domain: String)
  /// The caller's mask leaves the node out; with the caller's words.
  case masked(String)

  /// The text that kube-scheduler has in its messages.
  public var text: String {
    switch self {
    case .unschedulable: "node(s) were unschedulable"
    case .nodeName: "node(s) didn't match the requested node name"
    case .untoleratedTaint: "node(s) had untolerated taint(s)"
    case .nodeAffinity: "node(s) didn't match Pod's node affinity/selector"
    case .notNamed: "node(s) didn't satisfy plugin(s) [NodeAffinity]"
    case .affinityConflict: "pod affinity terms conflict"
    case .hostPorts: "node(s) didn't have free ports for the requested pod ports"
    case .tooManyPods: "Too many pods"
    case .insufficient(let resource): "Insufficient \(resource)"
    case .topologySpread: "node(s) didn't match pod topology spread constraints"
    case .topologySpreadLabel:
      "node(s) didn't match pod topology spread constraints (missing required label)"
    case .podAffinity: "node(s) didn't match pod affinity rules"
    case .podAntiAffinity: "node(s) didn't match pod anti-affinity rules"
    case .existingAntiAffinity: "node(s) didn't satisfy existing pods anti-affinity rules"
    case .outside(let level, let domain): "node(s) were outside \(level) \(domain)"
    case .masked(let words): words
    }
  }

  /// Whether evicting pods could cure it, given that the pod fits on the empty node.
  public var isCurableByEviction: Bool {
    switch self {
    case .hostPorts, .tooManyPods, .insufficient, .topologySpread, .podAntiAffinity, .existingAntiAffinity:
      true
    case .unschedulable, .nodeName, .untoleratedTaint, .nodeAffinity, .notNamed, .affinityConflict,
      .podAffinity,
      .topologySpreadLabel, .outside, .masked:
      false
    }
  }
}
