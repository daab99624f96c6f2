internal import GroveModel
internal import KubernetesModel

/// The sentences in which a plan is told, in text and in Markdown.
struct PlanWords {
  let plan: Plan
  let redaction: Redaction

  // MARK: First line

  /// The first line: a complete answer (P-19).
  var headline: String {
    let shown = plan.sets.filter { $0.verdict != .unchanged || !$0.causes.isEmpty || !$0.changesNothing }
    if shown.count == 1, plan.rejections.isEmpty { return Self.headline(of: shown[0]) }
    if shown.isEmpty {
      if !plan.rejections.isEmpty { return Self.rejected(plan.rejections) }
      let others = plan.objects.filter { $0.verdict != .unchanged }
      if others.isEmpty { return plan.operatorChanges.isEmpty ? "no changes" : Self.operatorOnly(plan) }
      return "\(Self.count(others.count, "object")) change, no pod restarts"
    }
    var totals = PlanTotals.Counts()
    for set in plan.sets {
      totals.before += set.totals.pods.before
      totals.restart += set.totals.pods.restart
      totals.added += set.totals.pods.added
      totals.removed += set.totals.pods.removed
    }
    var parts = [
      "\(shown.count) of \(Self.count(plan.sets.count, "PodCliqueSet")) change: \(Self.pods(totals, []))"
    ]
    if !plan.rejections.isEmpty { parts.append(Self.rejected(plan.rejections)) }
    let below = shown.filter { $0.worst?.below.isEmpty == false }
    if !below.isEmpty {
      parts.append("a minimum is missed in \(below.map(\.name.description).joined(separator: ", "))")
    }
    let stuck = shown.filter { if case .never = $0.ends { true } else { false } }
    if !stuck.isEmpty {
      parts.append("never finishes: \(stuck.map(\.name.description).joined(separator: ", "))")
    }
    return parts.joined(separator: "; ")
  }

  private static func rejected(_ rejections: [PlanRejection]) -> String {
    rejections.count == 1 ? "\(rejections[0].object) is rejected" : "\(rejections.count) objects are rejected"
  }

  private static func operatorOnly(_ plan: Plan) -> String {
    let restarts = plan.operatorChanges.reduce(0) { $0 + $1.restarts }
    return "no changes of manifests; the operator alone restarts \(count(restarts, "pod"))"
  }

  /// What becomes of a set, in one line.
  static func headline(of set: SetPlan) -> String {
    var parts: [String] = []
    switch set.verdict {
    case .created:
      parts.append("created with \(count(set.totals.pods.added, "pod"))\(resources(set, \.added))")
    case .deleted:
      parts.append("deleted with \(count(set.totals.pods.removed, "pod"))\(resources(set, \.removed))")
    default:
      var text = pods(set.totals.pods, set.totals.resources)
      if set.totals.pods.restart > 0, !set.steps.isEmpty {
        text += ", \(set.totals.pods.atOnce) at a time, in \(count(set.steps.count, "step"))"
      }
      parts.append(text)
      if !set.steps.isEmpty { parts.append(minimum(set)) }
    }
    let ending = ending(set)
    if !ending.isEmpty { parts.append(ending) }
    if let open = set.continuesFrom { parts.append(open) }
    return "\(set.name): \(parts.joined(separator: "; "))"
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func resources(_ set: SetPlan, _ field: KeyPath<PlanTotals.Counts, Int>) -> String {
    let texts = set.totals.resources.compactMap { name, counts in
      counts[keyPath: field] > 0 ? "\(counts[keyPath: field]) \(name)" : nil
    }
    return texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
  }

  private static func pods(
    _ pods: PlanTotals.Counts, _ resources: [(name: String, counts: PlanTotals.Counts)]
  ) -> String {
    var parts: [String] = []
    if pods.restart > 0 {
      let asked = resources.filter { $0.counts.before > 0 }.map {
        "\($0.counts.restart) of \($0.counts.before) \($0.name)"
      }
      parts.append(
        "\(pods.restart) of \(count(pods.before, "pod")) restart"
          + (asked.isEmpty ? "" : " (\(asked.joined(separator: ", ")))"))
    } else {
      parts.append("no pod restarts")
    }
    if pods.added > 0 { parts.append("\(count(pods.added, "pod")) more") }
    if pods.removed > 0 { parts.append("\(count(pods.removed, "pod")) fewer") }
    return parts.joined(separator: ", ")
  }

  private static func minimum(_ set: SetPlan) -> String {
    guard let worst = set.worst, let first = worst.below.first else { return "no minimum is missed" }
    let more = worst.below.count > 1 ? " and \(worst.below.count - 1) more" : ""
    return "\(first.name) falls to \(first.text)\(more)"
  }

  private static func ending(_ set: SetPlan) -> String {
    switch set.ends {
    case .unchanged: return ""
    case .finishes(let after): return "finishes in \(after.text)"
    case .waits(let pods): return "waits for you: \(count(pods.count, "outdated pod")) to delete"
    case .never(let reason):
      let missing = reason.missing.prefix(3).joined(separator: ", ") + (reason.missing.count > 3 ? ", …" : "")
      let what = reason.missing.isEmpty ? "never finishes" : "\(missing) go and never come back"
      var text = "\(what): \(reason.text)"
      if let last = set.steps.last, last.until == nil {
        let short = last.levels.filter { $0.minimum != nil && $0.available < $0.wanted }
        if let level = short.first { text += "; \(level.name) stays at \(level.text)" }
      }
      return text
    }
  }

  // MARK: Parts

  /// A change as one line.
  func line(_ path: ChangePath, _ old: Value?, _ new: Value?) -> String {
    let (old, new) = redaction.values(path, old, new)
    switch (old, new) {
    case (nil, let new?): return "+ \(path)   \(Self.text(new))"
    case (let old?, nil): return "- \(path)   \(Self.text(old))"
    case (let old?, let new?): return "~ \(path)   \(Self.text(old)) → \(Self.text(new))"
    case (nil, nil): return "~ \(path)"
    }
  }

  private static func text(_ value: Value) -> String {
    // A variable is told by its value: its name stands in the path.
    let shown = value.count == 2 && value["name"] != nil ? value["value"] ?? value : value
    let text = JSONWriter.string(shown)
    return text.utf8.count <= 120 ? text : String(text.prefix(117)) + "…"
  }

  /// What a change leads to.
  static func effect(_ change: HashChange) -> String {
    let effect =
      switch change.effect {
      case .podTemplateHash: "pod template hash"
      case .generationHashOnly: "generation hash only: an update is walked through, nothing restarts"
      }
    switch change.mark {
    case .orderOnly?: return "\(effect); only the order changed"
    case .noEffectiveChange?: return "\(effect); the pod is the same"
    case nil: return effect
    }
  }

  /// Objects of one kind and verdict, folded where their names allow it: `web-{0,1}-{front,back}`.
  static func folded(_ objects: [ObjectPlan]) -> [(name: String, objects: [ObjectPlan])] {
    var entries = objects.map { object in
      (
        places: object.key.name.split(separator: "-", omittingEmptySubsequences: false).map { [$0] },
        objects: [object]
      )
    }
    // From the end of names on: those that differ in one place only are one.
    var place = 0
    let longest = entries.map(\.places.count).max() ?? 0
    while place < longest {
      var merged: [(places: [[Substring]], objects: [ObjectPlan])] = []
      var known: [String: Int] = [:]
      for entry in entries {
        let index = entry.places.count - 1 - place
        guard index >= 0 else {
          merged.append(entry)
          continue
        }
        var key = "\(entry.places.count)"
        for (number, values) in entry.places.enumerated() where number != index {
          key += "|" + values.joined(separator: ",")
        }
        if let position = known[key] {
          merged[position].places[index] += entry.places[index]
          merged[position].objects += entry.objects
        } else {
          known[key] = merged.count
          merged.append(entry)
        }
      }
      entries = merged
      place += 1
    }
    return entries.map { entry in
      let name = entry.places.map { $0.count == 1 ? String($0[0]) : "{\(range($0))}" }.joined(separator: "-")
      return (name, entry.objects)
    }
  }

  /// `0,1,2` or, where they are many numbers in a row, `0…41`.
  private static func range(_ values: [Substring]) -> String {
    let numbers = values.compactMap { Int($0) }
    if values.count > 3, numbers.count == values.count,
      zip(numbers, numbers.dropFirst()).allSatisfy({ $1 == $0 + 1 })
    {
      return "\(numbers[0])…\(numbers[numbers.count - 1])"
    }
    return values.joined(separator: ",")
  }
}

extension RolloutStep.Level {
  /// `1/2 (min 1)`.
  var text: String { "\(available)/\(wanted)" + (minimum.map { " (min \($0))" } ?? "") }
}
