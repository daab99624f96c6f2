internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

extension PlacementReport {
  /// `-o svg`: the cluster as a picture.
  var diagram: String {
    let names = input.podCliqueSets.map { ObjectName($0.metadata).description }
    let what = names.isEmpty ? "Placement" : names.joined(separator: ", ")
    let topology = layout.topology.isEmpty ? nil : layout.topology
    guard
      var diagram = ClusterDiagram(
        after, decision, topology: topology, title: what, subtitle: PlacementTable.verdict(self))
    else { return "" }
    diagram.failedNodes = Set(input.cluster.failedNodes)
    let workload = input.workload
    diagram.isShown = { workload.isEmpty || workload.contains($0) }
    let roles = roles
    diagram.role = { roles[$0.name] ?? "pod" }
    return diagram.svg
  }
}
