internal import GroveModel
internal import KubernetesModel

/// Why a PodGang cannot be handed to KAI (R-526).
struct KAIMappingError: Error, Sendable, Equatable, CustomStringConvertible {
  var description: String
}

extension PodCliqueSet {
  /// The KAI queue of the set: its own if it names one, which no clique may contradict; else the one that the
  /// cliques agree on (R-523). A label counts before an annotation.
  ///
  /// - Throws: when there is none, or more than one (A-340…A-342).
  func kaiQueue() throws(KAIMappingError) -> String {
    let name = ObjectName(metadata)
    let own = Self.kaiQueue(metadata.labels, metadata.annotations)
    let ofCliques = spec.template.cliques.map { ($0.name, Self.kaiQueue($0.labels, $0.annotations)) }
    if let own {
      for case (let clique, let other?) in ofCliques where other != own {
        throw KAIMappingError(
          description: """
            KAI queue on PodCliqueSet \(name) is "\(own)" but PodClique template "\(clique)" resolves to \
            "\(other)"
            """)
      }
      return own
    }
    let queues = Set(ofCliques.compactMap(\.1)).sorted()
    guard let only = queues.first else {
      throw KAIMappingError(
        description: "no KAI queue is configured on PodCliqueSet \(name) or its PodClique templates")
    }
    guard queues.count == 1 else {
      throw KAIMappingError(
        description: """
          conflicting KAI queues on PodCliqueSet \(name) PodClique templates: \
          [\(queues.joined(separator: " "))]
          """)
    }
    return only
  }

  private static func kaiQueue(_ labels: StringMap<String>, _ annotations: StringMap<String>) -> String? {
    let values = [labels[LabelKey.kaiQueue], annotations[AnnotationKey.kaiQueue]]
    return values.compactMap { $0 }.first { !$0.isEmpty }
  }
}
