internal import GroveModel
internal import KubernetesModel

/// What the scheduler backend of a set objects to (A-330…A-355). Every objection is about `spec` as a whole
/// (A-043).
extension PodCliqueSetCheck {
  mutating func checkSchedulerBackend() {
    guard let (rule, message) = backendObjection() else { return }
    report(
      Diagnostic.invalid(rule, "spec", .json(GoOrderedJSON.goJSON(of: podCliqueSet.spec)), message)
        .hinting(hint(for: rule)))
  }

  private func hint(for rule: RuleID) -> String? {
    rule == "A-341"
      ? "set the label \(LabelKey.kaiQueue) on the PodCliqueSet to a queue that exists in the cluster" : nil
  }

  /// The backend that all cliques resolve to; the first when they disagree, which A-093 refuses (B-A08).
  private func backendObjection() -> (RuleID, String)? {
    let scheduler = schedulerNames.first ?? admission.configuration.defaultScheduler.rawValue
    guard let backend = admission.configuration.backend(named: scheduler) else {
      return ("A-330", "schedulerName \(goQuoted(scheduler)) is not enabled in OperatorConfiguration")
    }
    switch backend {
    case .defaultScheduler: return nil  // A-331
    case .lpx:
      guard !template.topologyConstraints.isEmpty else { return nil }
      return (
        "A-332",
        "lpx-scheduler does not support Grove topology constraints; placement topology must be expressed through "
          + "the LPX workload contract"
      )
    case .kai: return kaiObjection()
    case .volcano: return volcanoObjection()
    }
  }

  // MARK: KAI

  private func kaiObjection() -> (RuleID, String)? {
    let set = "PodCliqueSet \(podCliqueSet.metadata.namespace)/\(name)"
    let own = KAIQueue.of(podCliqueSet.metadata.labels, podCliqueSet.metadata.annotations)
    let queues = template.cliques.map { ($0.name, KAIQueue.of($0.labels, $0.annotations)) }
    if let own {
      for (clique, queue) in queues {
        guard let queue, queue != own else { continue }
        return (
          "A-340",
          "KAI queue on \(set) is \(goQuoted(own)) but PodClique template \(goQuoted(clique)) resolves to "
            + "\(goQuoted(queue))"
        )
      }
      return nil
    }
    let distinct = Set(queues.compactMap(\.1)).sorted(by: utf8Precedes)
    if distinct.isEmpty {
      return ("A-341", "no KAI queue is configured on \(set) or its PodClique templates")
    }
    guard distinct.count > 1 else { return nil }
    return (
      "A-342",
      "conflicting KAI queues on \(set) PodClique templates: [\(distinct.joined(separator: " "))]"
    )
  }

  // MARK: Volcano

  private func volcanoObjection() -> (RuleID, String)? {
    if let objection = volcanoTopologyObjection() { return ("A-350", objection) }
    let key = AnnotationKey.volcanoQueue
    let own = VolcanoQueue.name(in: podCliqueSet.metadata.annotations)
    if !own.isEmpty {
      let objections = NameSyntax.dnsSubdomainObjections(own)
      if !objections.isEmpty {
        return ("A-351", "metadata.annotations[\(key)]: \(objections.joined(separator: "; "))")
      }
    }
    var messages: [(RuleID, String)] = []
    var resolved: [String] = []
    for (index, clique) in template.cliques.enumerated() {
      let path = cliquesPath[index].child("annotations")[key]
      let queue = VolcanoQueue.name(in: clique.annotations)
      let objections = queue.isEmpty ? [] : NameSyntax.dnsSubdomainObjections(queue)
      if !objections.isEmpty {
        messages.append(("A-352", "\(path): \(objections.joined(separator: "; "))"))
        continue
      }
      if !own.isEmpty, !queue.isEmpty, own != queue {
        messages.append(
          (
            "A-353",
            "\(path): conflicting volcano queue annotations: PodCliqueSet has \(goQuoted(own)), PodClique has "
              + goQuoted(queue)
          ))
        continue
      }
      let name = !queue.isEmpty ? queue : own.isEmpty ? VolcanoQueue.defaultName : own
      if let first = resolved.first, first != name {
        messages.append(
          (
            "A-354",
            "\(path): all PodCliques in a PodCliqueSet using volcano scheduler must resolve to the same queue"
          ))
      }
      resolved.append(name)
    }
    if let first = messages.first {
      let texts = messages.map(\.1)
      return (first.0, texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")
    }
    let queue = resolved.first ?? (own.isEmpty ? VolcanoQueue.defaultName : own)
    return volcanoQueueObjection(queue).map { ("A-355", $0) }
  }

  private func volcanoTopologyObjection() -> String? {
    let text = "volcano scheduler backend does not support topologyConstraint on "
    if template.topologyConstraint != nil { return text + "PodCliqueSet" }
    if let clique = template.cliques.first(where: { $0.topologyConstraint != nil }) {
      return text + "PodClique \(goQuoted(clique.name))"
    }
    if let group = template.podCliqueScalingGroups.first(where: { $0.topologyConstraint != nil }) {
      return text + "PodCliqueScalingGroup \(goQuoted(group.name))"
    }
    return nil
  }

  private func volcanoQueueObjection(_ name: String) -> String? {
    guard let queues = admission.volcanoQueues else { return nil }
    guard let queue = queues.first(where: { $0.name == name }) else {
      return "volcano queue \(goQuoted(name)) does not exist"
    }
    return queue.state == "Open" ? nil : "volcano queue \(goQuoted(name)) is not Open"
  }
}

/// The KAI queue that labels and annotations name (A-340).
enum KAIQueue {
  /// The label if it is not empty, else the annotation of the same key if that is not.
  static func of(_ labels: StringMap<String>, _ annotations: StringMap<String>) -> String? {
    if let label = labels[LabelKey.kaiQueue], !label.isEmpty { return label }
    guard let annotation = annotations[AnnotationKey.kaiQueue], !annotation.isEmpty else { return nil }
    return annotation
  }
}

extension VolcanoQueue {
  /// The queue of work that names none (A-353).
  static let defaultName = "default"

  /// The queue that annotations name, without surrounding white space; empty when they name none (A-351).
  static func name(in annotations: StringMap<String>) -> String {
    let text = annotations[AnnotationKey.volcanoQueue] ?? ""
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }
}
