public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// How many pods there are and what they ask for, by role and in all.
public struct ResourceTotals: Sendable, Equatable {
  /// The pods of one role of one PodCliqueSet, in all its replicas.
  public struct Role: Sendable, Equatable {
    /// The PodCliqueSet.
    public var podCliqueSet: ObjectName
    /// The clique's name in the template.
    public var clique: String
    /// How many pods it has.
    public var pods: Int
    /// What all of them ask for together, by resource name.
    public var requests: StringMap<Quantity>
  }

  /// One entry for each clique, in order of PodCliqueSet and template.
  public var roles: [Role] = []
  /// All pods.
  public var pods = 0
  /// What all pods ask for together, by resource name.
  public var requests = StringMap<Quantity>()

  /// The totals of the pods among some objects.
  ///
  /// A pod counts for the clique whose PodClique it is labelled with, found through that PodClique's role: the
  /// template is the one of the PodCliqueSet among the objects.
  ///
  /// - Complexity: O(objects).
  public init(_ resources: [Resource]) {
    var positions: [ObjectName: [String: Int]] = [:]
    var cliqueOfPodClique: [ObjectName: String] = [:]
    for case .podCliqueSet(let set) in resources {
      let name = ObjectName(set.metadata)
      for clique in set.spec.template.cliques {
        positions[name, default: [:]][clique.name] = roles.count
        roles.append(Role(podCliqueSet: name, clique: clique.name, pods: 0, requests: [:]))
      }
    }
    for case .podClique(let podClique) in resources {
      cliqueOfPodClique[ObjectName(podClique.metadata)] = podClique.templateName
    }
    // Pods of one PodClique are alike: count them first, then ask once what each needs.
    var counts: [ObjectName: Int] = [:]
    var specimens: [(name: ObjectName, set: ObjectName, pod: Pod)] = []
    for case .pod(let pod) in resources {
      let labels = pod.metadata.labels
      guard let podClique = labels[LabelKey.podClique], let set = labels[LabelKey.partOf] else { continue }
      let name = ObjectName(namespace: pod.metadata.namespace, name: podClique)
      if counts[name] == nil {
        specimens.append((name, ObjectName(namespace: pod.metadata.namespace, name: set), pod))
      }
      counts[name, default: 0] += 1
    }
    for (name, set, pod) in specimens {
      let count = counts[name] ?? 0
      let each = pod.spec.effectiveRequests.mapValues { $0 * Int64(count) }
      pods += count
      requests.add(each)
      guard let clique = cliqueOfPodClique[name], let position = positions[set]?[clique] else { continue }
      roles[position].pods += count
      roles[position].requests.add(each)
    }
  }
}

extension PodClique {
  /// The name its clique has in the template: the full name without the exact prefix of its owner; nil when
  /// labels and name do not agree.
  public var templateName: String? {
    let labels = metadata.labels
    let prefix: String
    if let group = labels[LabelKey.scalingGroup], let index = labels[LabelKey.scalingGroupReplicaIndex] {
      prefix = "\(group)-\(index)-"
    } else if let set = labels[LabelKey.partOf], let index = labels[LabelKey.podCliqueSetReplicaIndex] {
      prefix = "\(set)-\(index)-"
    } else {
      return nil
    }
    return metadata.name.hasPrefix(prefix) ? String(metadata.name.dropFirst(prefix.count)) : nil
  }
}
