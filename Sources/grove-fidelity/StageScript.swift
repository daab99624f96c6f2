internal import KubernetesModel

/// What was done before a stage, as `actions.yaml` tells it.
struct StageScript {
  /// One thing that was done.
  enum Step: Equatable {
    /// The case was set up.
    case create
    /// The PodCliqueSet was deleted.
    case delete
    /// A pod, by its name in the recording, or a PodClique was deleted by hand.
    case deleteObject(kind: String, name: String)
    /// Pods with an outdated template were deleted by hand.
    case deleteOutdatedPods
    /// Something that shows in what users, schedulers and kubelets own at the stage: it is read off there.
    case recordedState
    /// Pods were deleted by hand, in words: those that are free at the stage and bound in our cluster.
    case deleteReplacedPods
    /// Something that is not known: the stage cannot be replayed.
    case unknown(String)
  }

  /// The stage.
  var stage: String
  /// What was done.
  var steps: [Step]
  /// Whether the stage shows a moment that nobody can reproduce, in the middle of something.
  var isMoment: Bool
  /// Whether nothing was done but wait.
  var isWait: Bool { steps.isEmpty }

  /// The scripts of a case, in order.
  static func read(_ recording: Recording) throws(UnusableRecording) -> [StageScript] {
    let descriptions = try Files.recorded("\(recording.path)/case.yaml")?.first?["stages"]?.elements ?? []
    let file = try Files.recorded("\(recording.path)/actions.yaml")?.first
    return (file?["stages"]?.elements ?? []).compactMap { stage in
      guard let name = stage["stage"]?.stringValue else { return nil }
      let what = descriptions.first { $0["stage"]?.stringValue == name }?["what"]?.stringValue ?? ""
      return StageScript(
        stage: name, steps: (stage["actions"]?.elements ?? []).map(step),
        isMoment: what.contains("timing dependent") || what.contains("switched off after"))
    }
  }

  private static func step(_ action: Value) -> Step {
    switch action["do"]?.stringValue {
    case "create": return .create
    case "delete": return .delete
    case "turn", "scale", "set-image-tag": return .recordedState
    case let other?: return .unknown(other)
    case nil: break
    }
    let text = action["text"]?.stringValue ?? ""
    if text == "delete all remaining old pods" { return .deleteOutdatedPods }
    let words = text.split(separator: " ").map(String.init)
    if words.count == 3, words[0] == "delete", words[1] == "pod" || words[1] == "PodClique" {
      return .deleteObject(kind: words[1] == "pod" ? "Pod" : "PodClique", name: words[2])
    }
    if words.count == 6, words.starts(with: ["delete", "pod", "index"]), words[4] == "of" {
      return .deleteObject(kind: "Pod", name: "\(words[5])-\(words[3])")
    }
    return text.contains("delete") ? .deleteReplacedPods : .recordedState
  }
}
