internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What is there, without what two runs to the same end may differ in: uids, versions, times, the random part of pod
/// names, where pods are and what happened to them, the history of updates, and which of several indices pods have.
struct CanonicalState: Sendable, Equatable {
  /// The objects as texts, by key; pods by PodClique and rank.
  private(set) var objects: [(key: String, text: String)] = []

  static func == (lhs: CanonicalState, rhs: CanonicalState) -> Bool {
    lhs.objects.elementsEqual(rhs.objects, by: ==)
  }

  /// The state of a cluster.
  init(_ state: ObservedState) {
    for kind in ResourceKind.allCases.sorted() {
      switch kind {
      case .node, .priorityClass, .resourceClaimTemplate, .clusterTopologyBinding, .resourceClaim: continue
      case .pod: addPods(state)
      default:
        for resource in state.resources(of: kind) {
          objects.append((resource.key.description, Self.text(of: resource)))
        }
      }
    }
  }

  private mutating func addPods(_ state: ObservedState) {
    var ranks: [String: Int] = [:]
    let pods = state.resources(of: .pod).compactMap { if case .pod(let pod) = $0 { pod } else { nil } }
    for pod in pods.sorted(by: { ($0.podClique, $0.index) < ($1.podClique, $1.index) }) {
      let rank = ranks[pod.podClique, default: 0]
      ranks[pod.podClique] = rank + 1
      var pod = pod
      pod.metadata.name = ""
      pod.spec.hostname = ""
      pod.metadata.labels[LabelKey.podIndex] = nil
      pod.status = PodStatus()
      objects.append(("Pod \(pod.podClique) #\(rank)", Self.text(of: .pod(pod))))
    }
  }

  /// The first difference in words; nil when there is none.
  func difference(from reference: CanonicalState) -> String? {
    var (mine, theirs) = (objects[...], reference.objects[...])
    while let a = mine.first, let b = theirs.first {
      if a.key < b.key { return "\(a.key) is there, without what happened it is not" }
      if a.key > b.key { return "\(b.key) is not there, without what happened it is" }
      if a.text != b.text { return "\(a.key) differs: " + Self.firstDifference(a.text, b.text) }
      mine.removeFirst()
      theirs.removeFirst()
    }
    if let a = mine.first { return "\(a.key) is there, without what happened it is not" }
    if let b = theirs.first { return "\(b.key) is not there, without what happened it is" }
    return nil
  }

  private static func firstDifference(_ a: String, _ b: String) -> String {
    let (lines, others) = (a.split(separator: "\n"), b.split(separator: "\n"))
    for (line, other) in zip(lines, others) where line != other { return "\(line) instead of \(other)" }
    return "\(lines.count) fields instead of \(others.count)"
  }

  // MARK: Texts

  /// Members that say when, who, where, or what was before.
  private static let ignored: Set<String> = [
    "uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "observedGeneration",
    "lastTransitionTime", "observedAt", "updateProgress", "nodeName", "resourceClaims", "claims",
    "generateName",
    "kubernetes.io/service-account.uid", "data", Edit.foreignKey,
  ]

  /// One line for each scalar: its path and its value.
  private static func text(of resource: Resource) -> String {
    var resource = resource
    switch resource {
    case .podGang(var gang):
      for index in gang.spec.podgroups.indices {
        for pod in gang.spec.podgroups[index].podReferences.indices {
          gang.spec.podgroups[index].podReferences[pod].name = ""
        }
      }
      resource = .podGang(gang)
    case .horizontalPodAutoscaler(var autoscaler):
      autoscaler.status = HorizontalPodAutoscalerStatus()
      resource = .horizontalPodAutoscaler(autoscaler)
    default: break
    }
    var text = ""
    append(resource.value, path: "", to: &text)
    return text
  }

  private static func append(_ value: Value, path: String, to text: inout String) {
    switch value.kind {
    case .object:
      for member in value.members.sorted(by: { $0.name < $1.name }) where !ignored.contains(member.name) {
        append(member.value, path: path.isEmpty ? member.name : "\(path).\(member.name)", to: &text)
      }
    case .array:
      // Conditions stand in the order in which they were first set.
      let elements = value.elements
      let isTyped = !elements.isEmpty && elements.allSatisfy { $0["type"] != nil && $0["status"] != nil }
      let ordered =
        isTyped
        ? elements.sorted { ($0["type"]?.stringValue ?? "") < ($1["type"]?.stringValue ?? "") } : elements
      for (index, element) in ordered.enumerated() { append(element, path: "\(path)[\(index)]", to: &text) }
    default: text += "\(path)=\(value.scalarText ?? "null")\n"
    }
  }
}

extension Pod {
  fileprivate var podClique: String { metadata.controller?.name ?? "" }
  fileprivate var index: Int { metadata.labels[LabelKey.podIndex].flatMap { Int($0) } ?? -1 }
}
