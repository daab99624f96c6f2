internal import GroveModel
internal import KubernetesModel

/// Why a backend cannot take a pod.
struct PodPreparationError: Error, Sendable, Equatable, CustomStringConvertible {
  var description: String
}

extension OperatorConfiguration {
  /// The backend of a scheduler name; pods that name none go to the default one.
  func backend(ofScheduler name: String) -> SchedulerBackend? {
    name.isEmpty ? defaultScheduler : backend(named: name)
  }

  /// Lets the backend that the pod names, or the default one, add what it wants to find on pods (R-325,
  /// R-505…R-507).
  ///
  /// - Throws: when the scheduler is not enabled, or the pod lacks a label that the backend needs.
  func preparePod(_ pod: inout Pod) throws(PodPreparationError) {
    guard let backend = backend(ofScheduler: pod.spec.schedulerName) else {
      throw PodPreparationError(
        description: "schedulerName \"\(pod.spec.schedulerName)\" is not enabled in OperatorConfiguration")
    }
    switch backend {
    case .defaultScheduler, .lpx: break
    case .kai:
      let podGang = try pod.label(LabelKey.podGang, for: "KAI")
      let podClique = try pod.label(LabelKey.podClique, for: "KAI")
      pod.metadata.annotations[AnnotationKey.kaiSkipPodGrouper] = "true"
      pod.metadata.annotations[AnnotationKey.kaiPodGroup] = podGang
      pod.metadata.labels[LabelKey.kaiSubgroup] = podClique
    case .volcano:
      let podGang = try pod.label(LabelKey.podGang, for: "volcano")
      pod.metadata.annotations[AnnotationKey.volcanoGroup] = podGang
      pod.metadata.annotations[AnnotationKey.kubernetesGroup] = podGang
    }
    pod.spec.schedulerName = backend.rawValue
  }
}

extension Pod {
  fileprivate func label(_ key: String, for backend: String) throws(PodPreparationError) -> String {
    guard let value = metadata.labels[key], !value.isEmpty else {
      throw PodPreparationError(description: "\(backend) scheduler requires pod label \"\(key)\"")
    }
    return value
  }
}
