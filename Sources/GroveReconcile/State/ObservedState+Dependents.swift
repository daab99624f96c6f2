public import GroveModel
internal import KubernetesModel

extension ObservedState {
  /// The objects whose controller has a uid: what garbage collection deletes after that controller.
  ///
  /// - Complexity: O(log n) for each kind, and O(dependents).
  public func dependents(of uid: String) -> [Resource] {
    var found: [Resource] = []
    func collect<Object: KubernetesObject>(_ table: ObjectTable<Object>, _ wrap: (Object) -> Resource) {
      for stored in table.controlled(by: uid) { found.append(wrap(stored.object)) }
    }
    collect(podCliqueSets) { .podCliqueSet($0) }
    collect(podCliques) { .podClique($0) }
    collect(podCliqueScalingGroups) { .podCliqueScalingGroup($0) }
    collect(clusterTopologyBindings) { .clusterTopologyBinding($0) }
    collect(podGangs) { .podGang($0) }
    collect(pods) { .pod($0) }
    collect(services) { .service($0) }
    collect(serviceAccounts) { .serviceAccount($0) }
    collect(secrets) { .secret($0) }
    collect(nodes) { .node($0) }
    collect(roles) { .role($0) }
    collect(roleBindings) { .roleBinding($0) }
    collect(horizontalPodAutoscalers) { .horizontalPodAutoscaler($0) }
    collect(resourceClaims) { .resourceClaim($0) }
    collect(resourceClaimTemplates) { .resourceClaimTemplate($0) }
    collect(priorityClasses) { .priorityClass($0) }
    collect(computeDomains) { .computeDomain($0) }
    collect(kaiPodGroups) { .kaiPodGroup($0) }
    collect(kaiTopologies) { .kaiTopology($0) }
    collect(volcanoPodGroups) { .volcanoPodGroup($0) }
    return found
  }
}
