internal import GroveModel
internal import KubernetesModel

/// Why a PodGang cannot be handed to KAI (R-526).
struct KAIMappingError: Error, Sendable, Equatable, CustomStringConvertible {
  var description: String
}

/// Which KAI queue a PodCliqueSet goes to (R-523, A-340…A-342).
enum KAIQueue {
  /// The queue: the PodCliqueSet's if it names one, which no clique may contradict; else the one that the cliques
  /// agree on. A label counts before an annotation.
  static func resolve(_ set: PodCliqueSet) throws(KAIMappingError) -> String {
    let name = ObjectName(set.metadata)
    let own = queue(set.metadata.labels, set.metadata.annotations)
    let ofCliques = set.spec.template.cliques.map { ($0.name, queue($0.labels, $0.annotations)) }
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

  private static func queue(_ labels: StringMap<String>, _ annotations: StringMap<String>) -> String? {
    let values = [labels[LabelKey.kaiQueue], annotations[AnnotationKey.kaiQueue]]
    return values.compactMap { $0 }.first { !$0.isEmpty }
  }
}
