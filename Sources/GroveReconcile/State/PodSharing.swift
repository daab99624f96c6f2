internal import GroveModel
internal import KubernetesModel

extension Pod {
  /// The same pod, with the parts that another one writes in the same way taken from there.
  ///
  /// Pods of one PodClique differ in names, labels and status. As they come from an API server each has a copy of its
  /// own of everything else, which is most of it.
  ///
  /// - Complexity: O(1) for pods that share already, as copies of one template do; else O(bytes of the template).
  func sharing(with other: Pod) -> Pod {
    let isShared = $spec.wrappedValue.containers.hasSameStorage(as: other.$spec.wrappedValue.containers)
    guard !isShared else { return self }
    var pod = self
    pod.metadata.labels = metadata.labels.sharing(with: other.metadata.labels)
    share(&pod.metadata.annotations, with: other.metadata.annotations)
    share(&pod.metadata.ownerReferences, with: other.metadata.ownerReferences)
    var spec = pod.spec
    let template = other.spec
    spec.containers.share(with: template.containers)
    spec.initContainers.share(with: template.initContainers)
    share(&spec.volumes, with: template.volumes)
    share(&spec.tolerations, with: template.tolerations)
    share(&spec.nodeSelector, with: template.nodeSelector)
    share(&spec.affinity, with: template.affinity)
    share(&spec.securityContext, with: template.securityContext)
    pod.spec = spec
    return pod
  }
}

/// Takes a value from elsewhere if it is written in the same way. Equality is not enough: `1` and `1000m` are equal.
private func share<Part: TapeCodable>(_ part: inout Part, with other: Part) {
  if !part.isZero, part == other, Value(encoding: part) == Value(encoding: other) { part = other }
}

private func share<Part: TapeCodable>(_ part: inout Part?, with other: Part?) {
  guard let other, let own = part, own == other, Value(encoding: own) == Value(encoding: other) else {
    return
  }
  part = other
}

extension [Container] {
  /// Takes the containers, or at least what they have besides mounts, which Kubernetes adds to under random names.
  fileprivate mutating func share(with others: [Container]) {
    guard !isEmpty, count == others.count else { return }
    if self == others, Value(encoding: self) == Value(encoding: others) {
      self = others
      return
    }
    for position in indices {
      var (own, other) = (self[position], others[position])
      let mounts = own.volumeMounts
      own.volumeMounts = []
      other.volumeMounts = []
      guard own == other, Value(encoding: own) == Value(encoding: other) else { continue }
      self[position] = other
      self[position].volumeMounts = mounts
    }
  }

  /// Whether both are copies of one list of which neither has changed.
  fileprivate func hasSameStorage(as other: [Container]) -> Bool {
    withUnsafeBufferPointer { own in
      other.withUnsafeBufferPointer { own.count == $0.count && own.baseAddress == $0.baseAddress }
    }
  }
}

extension StringMap<String> {
  /// The same map with the texts of another where they are the same.
  fileprivate func sharing(with other: StringMap<String>) -> StringMap<String> {
    guard count == other.count else { return self }
    return StringMap(
      uniqueSorted: zip(self, other).map { own, other in
        (
          key: own.key.utf8.elementsEqual(other.key.utf8) ? other.key : own.key,
          value: own.value.utf8.elementsEqual(other.value.utf8) ? other.value : own.value
        )
      })
  }
}
