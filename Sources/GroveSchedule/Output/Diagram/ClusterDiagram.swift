internal import GroveModel
public import KubernetesModel

/// A picture of a cluster with the pods on it: domains as boxes, nodes as rows of cells, a cell for each GPU.
///
/// Cells are coloured by gang and carry the gang's number and the letter of the pod's role, so that the picture can be
/// read without colour. The document refers to nothing outside and follows the reader's preference for light or dark.
/// Where there are no GPUs, nor other extended resources that pods ask for, a cell is a pod.
///
/// ```swift
/// var after = snapshot
/// let decision = Scheduler().schedule(&after)
/// let text = ClusterDiagram(after, decision, title: "serve")?.svg
/// ```
public struct ClusterDiagram: Sendable {
  /// The cluster after the decision.
  public var layout: Layout
  /// The decision.
  public var decision: Decision
  /// The heading.
  public var title: String
  /// A line below it, such as the verdict.
  public var subtitle: String
  /// Nodes that are down.
  public var failedNodes: Set<String> = []
  /// Which gangs, and pods without one, get colours and a place in the legend; all that were decided on by default.
  public var isShown: @Sendable (ObjectName) -> Bool = { _ in true }
  /// What a pod is called among those of its gang; what follows the last `-` in its scope's name by default.
  public var role: @Sendable (Layout.Occupant) -> String = { pod in
    pod.scope.split(separator: "-").last.map(String.init) ?? "pod"
  }

  /// A picture.
  ///
  /// - Parameters:
  ///   - snapshot: the cluster after the decision was carried out, as ``Scheduler/schedule(_:)`` leaves it.
  ///   - decision: the decision.
  ///   - topology: the topology whose domains are drawn; the first by name when none is given.
  ///   - title: the heading.
  ///   - subtitle: a line below it.
  /// - Returns: nil when there is no such topology.
  public init?(
    _ snapshot: Snapshot, _ decision: Decision, topology: String? = nil, title: String, subtitle: String = ""
  ) {
    guard let layout = snapshot.layout(topology: topology) else { return nil }
    self.layout = layout
    self.decision = decision
    self.title = title
    self.subtitle = subtitle
  }

  /// The picture as an SVG document.
  ///
  /// - Complexity: O(nodes + pods); about 20 bytes for each cell.
  public var svg: String {
    let model = DiagramModel(self)
    return DiagramRendering(self, model).document
  }

  /// The levels that are drawn as boxes: not those of which every node is one domain.
  var drawnLevels: [(index: Int, domain: String)] {
    layout.domains.indices.compactMap { level in
      var domains = 0
      var last: ArraySlice<String>?
      var named = 0
      for node in layout.nodes {
        if !node.path[level].isEmpty { named += 1 }
        if node.path[...level] != last { domains += 1 }
        last = node.path[...level]
      }
      let isHost =
        layout.keys[level] == "kubernetes.io/hostname" || (domains == layout.nodes.count && domains > 64)
      return isHost || named == 0 ? nil : (level, layout.domains[level])
    }
  }
}
