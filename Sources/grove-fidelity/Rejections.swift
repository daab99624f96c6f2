internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What `kubectl apply` printed about a manifest, taken apart.
struct Answer: Equatable {
  /// The warnings, in order.
  var warnings: [String]
  /// The words of the API server or its webhooks; nil when the object was accepted, or kubectl refused it itself.
  var refusal: String?
  /// Whether kubectl refused the manifest before sending it, in words of its own.
  var isKubectls: Bool

  /// Takes the text apart.
  init(printed text: String) {
    var rest = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    warnings = rest.prefix { $0.hasPrefix("Warning: ") }.map { String($0.dropFirst("Warning: ".count)) }
    rest.removeFirst(warnings.count)
    var text = rest.joined(separator: "\n")
    while text.hasSuffix("\n") { text.removeLast() }
    isKubectls = text.hasPrefix("error")
    refusal = text.isEmpty || isKubectls ? nil : text
    guard text.hasPrefix("Error from server") else { return }
    for mark in ["error when creating \"input.yaml\": ", "error when patching \"input.yaml\": "] {
      if let range = text.firstRange(of: mark) {
        refusal = String(text[range.upperBound...])
        return
      }
    }
  }
}

/// Checks the manifests that the real webhooks and API server were given one by one.
struct RejectionCheck {
  private let configuration: OperatorConfiguration
  private let topologies: [ClusterTopologyBinding]

  /// Checks all entries of a file.
  static func run(
    _ path: String, topologyInput: [UInt8]?, selects: (_ name: String) -> Bool, report: inout Report
  ) throws(UnusableRecording) {
    guard let entries = try Files.recorded(path)?.first else { return }
    let topologies = bindings(in: topologyInput ?? [])
    for entry in entries.elements {
      guard let name = entry["name"]?.stringValue, selects(name) else { continue }
      guard let mode = entry["operatorMode"]?.stringValue.flatMap(OperatorMode.init),
        let input = entry["input"]?.stringValue, let message = entry["message"]?.stringValue
      else { throw UnusableRecording(description: "\(path): \(name): fields are missing") }
      let check = RejectionCheck(
        configuration: mode.configuration, topologies: mode == .kai ? topologies : [])
      let ours = check.answer(input, old: entry["old"]?.stringValue)
      let recorded = Answer(printed: message)
      let isUnstable = entry["unstable"] != nil
      let isAccepted = entry["accepted"]?.booleanValue == true
      let (problems, ids) = check.compare(recorded, isAccepted: isAccepted, ours, isUnstable: isUnstable)
      if problems.isEmpty {
        report.pass("rejections", name, deviations: ids)
      } else {
        report.fail("rejections", name, problems, deviations: ids)
      }
    }
  }

  private static func bindings(in text: [UInt8]) -> [ClusterTopologyBinding] {
    ManifestReader.read(text, source: "topologies").documents.compactMap { document in
      guard document.kind == "ClusterTopologyBinding" else { return nil }
      var decoder = TapeDecoder(document.root.tape)
      return decoder.decode(at: document.root.index)
    }
  }

  // MARK: Our answer

  /// What we say to a manifest.
  private struct OwnAnswer {
    var isAccepted = false
    var warnings: [String] = []
    var refusal: String?
    var diagnostics: [Diagnostic] = []
  }

  private func answer(_ input: String, old: String?) -> OwnAnswer {
    let manifest = ManifestReader.read(input, source: "input.yaml")
    guard let document = manifest.documents.first,
      let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind)
    else { return OwnAnswer(diagnostics: manifest.diagnostics) }
    var stored: Resource?
    var submitted = document.root
    if let old {
      guard let last = ManifestReader.read(old, source: "old.yaml").documents.first else {
        return OwnAnswer()
      }
      let live = self.stored(last.root, kind)
      stored = live
      submitted = ApplyPatch.merge(document.root, last: last.root, live: live.value)
    }
    let admission = Admission(configuration: configuration, topologies: topologies)
    let review = admission.review(submitted, as: kind, old: stored)
    return OwnAnswer(
      isAccepted: review.isAccepted && manifest.diagnostics.errors.isEmpty,
      // What this library says beyond the webhook, the webhook does not say.
      warnings: review.diagnostics.warnings.filter { !$0.isOwn }.map { $0.serverMessage ?? $0.message },
      refusal: review.serverAnswer, diagnostics: review.diagnostics)
  }

  /// The object of an update before it: created like any other, or put there before today's rules were made.
  private func stored(_ value: Value, _ kind: ResourceKind) -> Resource {
    var server = APIServer(webhooks: configuration)
    var decoder = TapeDecoder(value.tape)
    let resource = Resource(kind, from: value.index, in: &decoder)
    if case .podCliqueSet(let set) = resource {
      server.webhooks = nil
      let defaulted = Admission(configuration: configuration).default(set)
      return (try? server.create(.podCliqueSet(defaulted))) ?? .podCliqueSet(defaulted)
    }
    return (try? server.create(resource)) ?? resource
  }

  // MARK: Comparing

  private func compare(
    _ recorded: Answer, isAccepted: Bool, _ ours: OwnAnswer, isUnstable: Bool
  ) -> (problems: [String], deviations: Set<String>) {
    var problems: [String] = []
    var ids: Set<String> = []
    if ours.isAccepted != isAccepted {
      if let id = RejectionDeviation.verdict(
        recorded, isAccepted: isAccepted, refusal: ours.refusal, ours.diagnostics)
      {
        return ([], [id])
      }
      problems.append(
        "recorded \(isAccepted ? "accepted" : "refused"), ours \(ours.isAccepted ? "accepted" : "refused")")
      if let refusal = recorded.refusal { problems.append("recorded: \(refusal)") }
      if let refusal = ours.refusal ?? ours.diagnostics.errors.first?.message {
        problems.append("ours: \(refusal)")
      }
    } else if let text = recorded.refusal {
      let own = ours.refusal ?? ""
      if text != own, !(isUnstable && Self.words(text) == Self.words(own)) {
        if let id = RejectionDeviation.text(recorded: text, ours: own) {
          ids.insert(id)
        } else {
          problems += ["recorded: \(text)", "ours:     \(own)"]
        }
      } else if text != own {
        ids.insert("B-A16")
      }
    }
    if !recorded.isKubectls, recorded.warnings != ours.warnings {
      if let id = RejectionDeviation.warnings(recorded: recorded.warnings, ours: ours.warnings) {
        ids.insert(id)
      } else {
        problems.append("recorded warnings \(recorded.warnings), ours \(ours.warnings)")
      }
    }
    return (problems, ids)
  }

  /// The words of a text in order of the alphabet: two texts that list the same in different order have the same.
  private static func words(_ text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.map(String.init).sorted()
  }
}

/// The deviations that show in answers to manifests.
enum RejectionDeviation {
  /// What the original always warns about, whatever was given (B-A05).
  private static let restartPolicyWarning = "restartPolicy will be ignored, it will be set to Always"

  /// The deviation by which a manifest is accepted instead of refused, or the reverse.
  static func verdict(
    _ recorded: Answer, isAccepted: Bool, refusal: String?, _ diagnostics: [Diagnostic]
  ) -> String? {
    if isAccepted { return Deviation.refusals(diagnostics)?.sorted().first }
    guard refusal == nil, let text = recorded.refusal else { return nil }
    // The minimum that was defaulted from replicas before they were (B-A01).
    let isDefaultedMinimum = [".spec.minAvailable: Invalid value: 0: ", ".minReplicas: Invalid value: 0: "]
      .contains { text.contains($0) }
    return isDefaultedMinimum && !text.contains("request: [") ? "B-A01" : nil
  }

  /// The deviation that words a refusal differently.
  static func text(recorded: String, ours: String) -> String? {
    // Where the original fails, we answer (B-A03).
    if recorded.contains("panic: runtime error"), ours.contains("denied the request: ") { return "B-A03" }
    // The path of the constraint that names the binding, instead of the set's (B-A20).
    let path = "spec.template.topologyConstraint.topologyName: Invalid value: "
    if let range = recorded.firstRange(of: path) {
      let rest = recorded[range.upperBound...]
      if ours.hasSuffix(".topologyConstraint.topologyName: Invalid value: " + rest) { return "B-A20" }
    }
    return nil
  }

  /// The deviation that leaves a warning out.
  static func warnings(recorded: [String], ours: [String]) -> String? {
    recorded.filter { $0 != restartPolicyWarning } == ours ? "B-A05" : nil
  }
}
