public import GroveModel
public import KubernetesModel

extension Admission {
  /// Which of several PodCliqueSets would make objects of the same kind and name (B-R38): the one that comes
  /// second fails to adopt them.
  ///
  /// Sets in different namespaces never collide. Of very large sets only the first few thousand names are looked
  /// at.
  ///
  /// - Returns: one warning for each pair of sets, about the later one.
  /// - Complexity: O(names), at most 10,000 for each set.
  public static func nameCollisions(among podCliqueSets: [PodCliqueSet]) -> [Diagnostic] {
    collisions(among: podCliqueSets).map(\.diagnostic)
  }

  /// The same, each with the position of the later set.
  package static func collisions(
    among podCliqueSets: [PodCliqueSet]
  ) -> [(index: Int, diagnostic: Diagnostic)] {
    var owners: [ObjectKey: Int] = [:]
    var found: [(index: Int, diagnostic: Diagnostic)] = []
    for (index, podCliqueSet) in podCliqueSets.enumerated() {
      var reported: Set<Int> = []
      for key in GeneratedNames(podCliqueSet).keys {
        guard let other = owners[key] else {
          owners[key] = index
          continue
        }
        guard other != index, reported.insert(other).inserted else { continue }
        let detail =
          "\(key) would belong to PodCliqueSet '\(podCliqueSet.metadata.name)' and to "
          + "'\(podCliqueSets[other].metadata.name)'"
        found.append(
          (index, Diagnostic(.warning, rule: "W-B-R38", path: "metadata.name", detail: detail)))
      }
    }
    return found
  }
}

/// The names of the objects that a PodCliqueSet makes when it has the sizes of its template.
struct GeneratedNames {
  private static let limit = 10_000
  private(set) var keys: [ObjectKey] = []

  init(_ podCliqueSet: PodCliqueSet) {
    let name = podCliqueSet.metadata.name
    let namespace = podCliqueSet.metadata.namespace
    let template = podCliqueSet.spec.template
    let members = Set(template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    func add(_ kind: ResourceKind, _ name: String) {
      keys.append(ObjectKey(kind, namespace: namespace, name: name))
    }
    for replica in 0..<max(0, Int(podCliqueSet.spec.replicas)) {
      guard keys.count < GeneratedNames.limit else { return }
      add(.service, Naming.headlessService(name, replica: replica))
      add(.podGang, Naming.basePodGang(name, replica: replica))
      for clique in template.cliques where !members.contains(clique.name) {
        let podClique = Naming.podClique(name, replica: replica, clique: clique.name)
        add(.podClique, podClique)
        if clique.spec.autoScalingConfig != nil { add(.horizontalPodAutoscaler, podClique) }
      }
      for group in template.podCliqueScalingGroups {
        let scalingGroup = Naming.scalingGroup(name, replica: replica, group: group.name)
        add(.podCliqueScalingGroup, scalingGroup)
        if group.scaleConfig != nil { add(.horizontalPodAutoscaler, scalingGroup) }
        let minimum = Int(group.minAvailable ?? 1)
        for index in 0..<max(0, Int(group.replicas ?? 1)) {
          guard keys.count < GeneratedNames.limit else { return }
          if index >= minimum {
            add(.podGang, Naming.scaledPodGang(scalingGroup: scalingGroup, index: index - minimum))
          }
          for clique in group.cliqueNames {
            add(
              .podClique, Naming.memberPodClique(scalingGroup: scalingGroup, replica: index, clique: clique))
          }
        }
      }
    }
  }
}
