internal import GroveModel
internal import KubernetesModel

/// How a plan is printed as text.
public struct PlanTextOptions: Sendable, Equatable {
  /// Whether unchanged objects are listed, too.
  public var isWide = false
  /// Whether the steps are shown.
  public var showsSteps = true
  /// Whether values that look like secrets are shown (P-23).
  public var showsValues = false

  /// What is printed unless told otherwise.
  public init() {}
}

extension Plan {
  /// The plan as text. The first line alone is a complete answer (P-19).
  public func text(_ options: PlanTextOptions = PlanTextOptions()) -> String {
    let words = PlanWords(plan: self, redaction: Redaction(showsValues: options.showsValues))
    var lines = [words.headline]
    let shown = sets.filter {
      options.isWide || $0.verdict != .unchanged || !$0.causes.isEmpty || !$0.changesNothing
    }
    for set in shown {
      if shown.count > 1 { lines += ["", PlanWords.headline(of: set)] }
      append(set, words, options, to: &lines)
    }
    let others = objects.filter { options.isWide || $0.verdict != .unchanged }
    if !others.isEmpty {
      lines += ["", "OTHER OBJECTS"]
      for object in others { lines.append("  \(object.verdict.padded) \(object.key.shown)") }
    }
    if !operatorChanges.isEmpty {
      lines += ["", "THE OPERATOR ALONE"]
      for change in operatorChanges {
        lines.append("  \(change.set.map { "\($0): " } ?? "")\(change.text)")
        let keys = options.isWide ? change.objects[...] : change.objects.prefix(5)
        for key in keys { lines.append("      \(key.shown)") }
        if keys.count < change.objects.count {
          lines.append("      and \(change.objects.count - keys.count) more: -o wide")
        }
      }
    }
    if !rejections.isEmpty {
      lines += ["", "REJECTED"]
      for rejection in rejections {
        let place = rejection.location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
        lines.append("  \(place)\(rejection.object): \(rejection.message)")
        if let hint = rejection.hint { lines.append("    hint: \(hint)") }
      }
    }
    if !notes.isEmpty { lines.append("") }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func append(
    _ set: SetPlan, _ words: PlanWords, _ options: PlanTextOptions, to lines: inout [String]
  ) {
    if !set.causes.isEmpty {
      lines += ["", "CAUSES"]
      for cause in set.causes {
        let place = cause.location.map { "\($0.file):\($0.line)  " } ?? ""
        let change = cause.change
        lines.append(
          "  \(place)\(words.line(change.path, change.old, change.new))   \(PlanWords.effect(change))")
      }
      appendHashes(set, to: &lines)
    }
    appendNoEffects(set, words, to: &lines)
    appendObjects(set, options, to: &lines)
    if options.showsSteps, !set.steps.isEmpty { lines += [""] + StepTable(set).lines }
    if let worst = set.worst, !worst.below.isEmpty {
      lines += [
        "",
        "WORST step \(worst.step): " + worst.below.map { "\($0.name) \($0.text)" }.joined(separator: ", "),
      ]
      if let rule = worst.rule { lines.append("  \(rule)") }
    }
    for termination in set.terminations {
      lines.append(
        "GANG TERMINATION at \(termination.at.text): replica \(termination.replica), \(PlanWords.count(termination.pods, "pod"))"
      )
    }
    guard case .never(let reason) = set.ends else { return }
    lines += ["", "ENDS never: \(reason.text)"]
    if !reason.takenBy.isEmpty {
      lines.append("  the place was taken by \(reason.takenBy.joined(separator: ", "))")
    }
    for (index, remedy) in reason.remedies.enumerated() {
      lines.append("  \(index == 0 ? "would help" : "or"): \(remedy)")
    }
  }

  private func appendHashes(_ set: SetPlan, to lines: inout [String]) {
    let order =
      set.cliques.filter { $0.old != $0.new } + set.cliques.filter { $0.old == $0.new && $0.restarts }
      + set.cliques.filter { $0.old == $0.new && !$0.restarts }
    var rows = order.map { clique -> (name: String, text: String) in
      let (old, new) = (clique.old ?? "–", clique.new ?? "–")
      return ("clique \(clique.clique)", old == new ? "\(old)  \(clique.text)" : "\(old) → \(new)")
    }
    if let old = set.generation.old, let new = set.generation.new {
      rows.append(("generation", old == new ? "\(old)  same" : "\(old) → \(new)"))
    }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      lines.append("      \(row.name)\(String(repeating: " ", count: width - row.name.count))  \(row.text)")
    }
  }

  private func appendNoEffects(_ set: SetPlan, _ words: PlanWords, to lines: inout [String]) {
    guard !set.noEffects.isEmpty else { return }
    lines += ["", "NO EFFECT ON RUNNING PODS"]
    for effect in set.noEffects {
      let place = effect.location.map { "\($0.file):\($0.line)  " } ?? ""
      lines.append("  \(place)\(words.line(effect.path, effect.old, effect.new))   \(effect.text)")
    }
    if case .waits(let pods) = set.ends {
      let shown =
        pods.prefix(10).joined(separator: ", ") + (pods.count > 10 ? ", and \(pods.count - 10) more" : "")
      lines.append("  outdated: \(shown)")
    }
  }

  private func appendObjects(_ set: SetPlan, _ options: PlanTextOptions, to lines: inout [String]) {
    let pods = Dictionary(grouping: set.pods, by: \.clique).mapValues { $0.count { $0.verdict == .stays } }
    var rows: [(verdict: PlanVerdict, name: String, detail: String)] = []
    var hidden = 0
    var index = 0
    while index < set.objects.count {
      let first = set.objects[index]
      // Objects of one kind and fate are told together.
      let rest = set.objects[index...].prefix { $0.key.kind == first.key.kind }
      var verdicts: [PlanVerdict] = []
      for object in rest where !verdicts.contains(object.verdict) { verdicts.append(object.verdict) }
      for verdict in verdicts {
        let same = rest.filter { $0.verdict == verdict }
        let isGrove = [.podCliqueSet, .podCliqueScalingGroup, .podClique].contains(first.key.kind)
        if verdict == .unchanged, !options.isWide, !isGrove {
          hidden += same.count
          continue
        }
        for (name, members) in PlanWords.folded(same.filter { $0.scaled == nil })
          + same.filter({ $0.scaled != nil }).map({ ($0.key.name, [$0]) })
        {
          rows.append((verdict, "\(first.key.kind.kind.lowercased())/\(name)", Self.detail(members, pods)))
        }
      }
      index += rest.count
    }
    guard !rows.isEmpty else { return }
    if hidden > 0 {
      rows[rows.count - 1].detail +=
        (rows[rows.count - 1].detail.isEmpty ? "" : "; ") + "other objects: -o wide"
    }
    lines += ["", "OBJECTS"]
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      let padding = String(repeating: " ", count: width - row.name.count)
      lines.append(
        "  \(row.verdict.padded) \(row.name)\(row.detail.isEmpty ? "" : "\(padding)    \(row.detail)")")
    }
  }

  private static func detail(_ objects: [ObjectPlan], _ staying: [String: Int]) -> String {
    if objects.count == 1, let object = objects.first {
      var parts = object.detail.isEmpty ? [] : [object.detail]
      if object.verdict == .unchanged, object.key.kind == .podClique, let pods = staying[object.key.name],
        pods > 0
      {
        parts.append(PlanWords.count(pods, "pod"))
      }
      if object.isAssumed { parts.append("assumed") }
      return parts.joined(separator: ", ")
    }
    var parts = ["\(objects.count) objects"]
    let details = Set(objects.map(\.detail))
    let pods = objects.reduce(0) { sum, object in
      sum + (object.detail.split(separator: " ").first.flatMap { Int($0) } ?? 0)
    }
    let arePods = objects.allSatisfy {
      $0.detail.isEmpty || $0.detail.hasSuffix("pod") || $0.detail.hasSuffix("pods")
    }
    if arePods, pods > 0 {
      parts.append(PlanWords.count(pods, "pod"))
    } else if details.count == 1, let detail = details.first, !detail.isEmpty {
      parts.append(detail)
    }
    let stay = objects.reduce(0) { $0 + ($1.verdict == .unchanged ? staying[$1.key.name] ?? 0 : 0) }
    if stay > 0 { parts.append(PlanWords.count(stay, "pod")) }
    return parts.joined(separator: ", ")
  }

  /// The objects that change, one to a line, as `kubectl -o name` has them.
  public var names: String {
    var lines: [String] = []
    for set in sets {
      for object in set.objects where object.verdict != .unchanged {
        lines.append("\(object.verdict.rawValue) \(object.key.shown)")
      }
      for pod in set.pods where pod.verdict != .stays {
        lines.append("\(pod.verdict.rawValue) pod/\(pod.name)")
      }
    }
    for object in objects where object.verdict != .unchanged {
      lines.append("\(object.verdict.rawValue) \(object.key.shown)")
    }
    for rejection in rejections { lines.append("rejected \(rejection.object.shown)") }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension PlanVerdict {
  fileprivate var padded: String { rawValue + String(repeating: " ", count: 11 - rawValue.count) }
}

extension ObjectKey {
  /// `podclique/web-0-front`.
  var shown: String { "\(kind.kind.lowercased())/\(name)" }
}
