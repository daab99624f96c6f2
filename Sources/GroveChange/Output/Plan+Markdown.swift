internal import GroveModel
internal import KubernetesModel

extension Plan {
  /// What a plan in Markdown begins with, so that a bot finds its comment again (P-21).
  public static let marker = "<!-- grove-demo plan -->"

  /// The plan as Markdown, for a comment on a pull request (P-21).
  ///
  /// - Parameters:
  ///   - maxBytes: the most bytes. Blocks that do not fit are counted instead; none is cut.
  ///   - showsValues: whether values that look like secrets are shown (P-23).
  public func markdown(maxBytes: Int = 60_000, showsValues: Bool = false) -> String {
    let words = PlanWords(plan: self, redaction: Redaction(showsValues: showsValues))
    var page = MarkdownPage(limit: maxBytes)
    page.always("\(Self.marker)\n### \(words.headline.markdown)\n")
    if let warning = verdictWarning { page.always("\n\(warning)\n") }
    if !rejections.isEmpty {
      page.block(
        "\n**Rejected**\n\n"
          + rejections.map {
            "- `\($0.object)`: \($0.message.markdown)\($0.hint.map { " — \($0.markdown)" } ?? "")\n"
          }.joined(),
        counts: "rejections", rejections.count)
    }
    let shown = sets.filter { $0.verdict != .unchanged || !$0.causes.isEmpty || !$0.changesNothing }
    writeTable(shown, to: &page)
    for set in shown { writeDetails(set, words, to: &page) }
    if !operatorChanges.isEmpty {
      page.block(
        "\n**The operator alone**\n\n"
          + operatorChanges.map { "- \($0.set.map { "`\($0)`: " } ?? "")\($0.text.markdown)\n" }.joined(),
        counts: "changes of the operator", operatorChanges.count)
    }
    for note in notes { page.block("\n> \(note.markdown)\n", counts: "notes", 1) }
    return page.text
  }

  private var verdictWarning: String? {
    let stuck = sets.filter { if case .never = $0.ends { true } else { false } }
    let below = sets.filter { $0.worst?.below.isEmpty == false }
    var parts: [String] = []
    if !stuck.isEmpty { parts.append("**never finishes:** \(Self.list(stuck))") }
    if !below.isEmpty { parts.append("**a minimum is missed:** \(Self.list(below))") }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  private static func list(_ sets: [SetPlan]) -> String {
    let names = sets.prefix(10).map { "`\($0.name)`" }.joined(separator: ", ")
    return sets.count > 10 ? "\(names) and \(sets.count - 10) more" : names
  }

  private func writeTable(_ shown: [SetPlan], to page: inout MarkdownPage) {
    guard !shown.isEmpty else { return }
    page.always(
      "\n| PodCliqueSet | verdict | pods restart | added | removed | at once | ends |\n|---|---|--:|--:|--:|--:|---|\n"
    )
    for set in shown {
      let pods = set.totals.pods
      page.block(
        "| `\(set.name)` | \(set.verdict.rawValue) | \(pods.restart) of \(pods.before) | \(pods.added) | \(pods.removed) "
          + "| \(pods.atOnce) | \(Self.ending(set.ends).markdown) |\n", counts: "PodCliqueSets", 1)
    }
    page.endGroup()
    let unchanged = sets.count - shown.count
    if unchanged > 0 { page.always("\n\(PlanWords.count(unchanged, "PodCliqueSet")) unchanged.\n") }
  }

  private static func ending(_ ending: PlanEnding) -> String {
    switch ending {
    case .unchanged: ""
    case .finishes(let after): "finishes in \(after.text)"
    case .waits(let pods): "waits for \(PlanWords.count(pods.count, "pod")) to be deleted"
    case .never: "never"
    }
  }

  private func writeDetails(_ set: SetPlan, _ words: PlanWords, to page: inout MarkdownPage) {
    if !set.causes.isEmpty || !set.noEffects.isEmpty {
      var lines: [String] = []
      for cause in set.causes {
        let place = cause.location.map { "\($0.file):\($0.line)  " } ?? ""
        let change = cause.change
        lines.append(
          "\(place)\(words.line(change.path, change.old, change.new))   \(PlanWords.effect(change))")
      }
      if !set.noEffects.isEmpty {
        lines.append((lines.isEmpty ? "" : "\n") + "no effect on running pods:")
        for effect in set.noEffects {
          lines.append("\(words.line(effect.path, effect.old, effect.new))   \(effect.text)")
        }
      }
      page.block(
        Self.details("Causes in \(set.name) (\(set.causes.count))", lines), counts: "causes",
        set.causes.count + set.noEffects.count)
    }
    if case .never(let reason) = set.ends {
      let remedies = reason.remedies.map { "\nwould help: \($0)" }.joined()
      page.block(
        Self.details("Why \(set.name) never finishes", [reason.text + remedies]), counts: "reasons", 1)
    }
    if !set.steps.isEmpty {
      page.block(
        Self.details("Steps of \(set.name) (\(set.steps.count))", StepTable(set).lines), counts: "steps",
        set.steps.count)
    }
  }

  private static func details(_ title: String, _ lines: [String]) -> String {
    "\n<details><summary>\(title.markdown)</summary>\n\n```text\n"
      + lines.map { $0.replacingFences }.joined(separator: "\n") + "\n```\n\n</details>\n"
  }
}

/// A page that takes blocks as long as they fit, and counts those that do not.
private struct MarkdownPage {
  private let limit: Int
  private var body = ""
  private var omitted: [(what: String, count: Int)] = []
  /// What the line costs that tells what was left out.
  private static let reserve = 400

  init(limit: Int) { self.limit = limit }

  mutating func always(_ text: String) { body += text }

  mutating func block(_ text: String, counts what: String, _ count: Int) {
    if body.utf8.count + text.utf8.count <= limit - Self.reserve { return body += text }
    if let index = omitted.firstIndex(where: { $0.what == what }) {
      omitted[index].count += count
    } else {
      omitted.append((what, count))
    }
  }

  mutating func endGroup() {
    if let index = omitted.firstIndex(where: { $0.what == "PodCliqueSets" }) {
      body += "\n… and \(omitted[index].count) more PodCliqueSets.\n"
      omitted.remove(at: index)
    }
  }

  var text: String {
    guard !omitted.isEmpty else { return body }
    let list = omitted.map { "\($0.count) \($0.what)" }.joined(separator: ", ")
    return body + "\nLeft out for size: \(list). `grove-demo plan -o text` shows them.\n"
  }
}

extension String {
  /// The text without what Markdown or HTML would take for markup.
  fileprivate var markdown: String {
    var text = ""
    for character in self {
      switch character {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "|": text += "\\|"
      case "*", "_", "`": text += "\\\(character)"
      case "\n": text += " "
      default: text.append(character)
      }
    }
    return text
  }

  /// The text without anything that would end a fenced block.
  fileprivate var replacingFences: String {
    split(separator: "```", omittingEmptySubsequences: false).joined(separator: "'''")
  }
}
