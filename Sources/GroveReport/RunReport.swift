internal import GroveModel
internal import GroveReconcile
public import GroveSimulate
public import KubernetesModel

/// A run of a simulated cluster as one self-contained web page: what became of every pod over time, how many were
/// ready of those that were needed, where they ended up, what was reported, and why the operator wrote what it wrote.
///
/// The page needs no script and nothing from elsewhere. It follows the reader's preference for light or dark.
public struct RunReport: Sendable {
  /// Something that was done to the cluster, and what came of it.
  public struct Step: Sendable {
    /// What was done, in words.
    public var text: String
    /// When it was done.
    public var time: Timestamp
    /// How many entries of the history there were when the cluster had settled.
    public var historyCount: Int
    /// How many writes of the operator there were by then.
    public var writeCount: Int

    /// A step.
    public init(text: String, time: Timestamp, historyCount: Int = 0, writeCount: Int = 0) {
      self.text = text
      self.time = time
      self.historyCount = historyCount
      self.writeCount = writeCount
    }
  }

  /// What the page is about.
  public var title: String
  /// What was done, in order.
  public var steps: [Step]
  /// What happened, in order.
  public var history: [Happening]
  /// What the operator wrote, in order; empty when that was not kept, which leaves its section out.
  public var writes: [AppliedWrite]
  /// When the run was over.
  public var end: Timestamp
  /// Facts about the run, such as its seed, with their names.
  public var facts: [(name: String, value: String)]
  /// What stands on top, before what happened: headings with lines of text.
  public var preface: [(heading: String, lines: [String])] = []

  /// A report.
  public init(
    title: String, steps: [Step], history: [Happening], writes: [AppliedWrite], end: Timestamp,
    facts: [(name: String, value: String)] = []
  ) {
    self.title = title
    self.steps = steps
    self.history = history
    self.writes = writes
    self.end = end
    self.facts = facts
  }

  /// The page.
  ///
  /// - Complexity: O(history · log history).
  public var html: String {
    let story = RunStory(history, end: end)
    var page = HTMLText()
    page.line("<!DOCTYPE html>")
    page.line("<html lang=\"en\">")
    page.line("<head>")
    page.line("<meta charset=\"utf-8\">")
    page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    page.line("<meta name=\"color-scheme\" content=\"light dark\">")
    page.line("<meta name=\"generator\" content=\"Swift Grove \(GroveVersion.current)\">")
    page.line("<title>\(HTMLText.escaped(title))</title>")
    page.line("<style>\n\(ReportStyle.css)</style>")
    page.line("</head>")
    page.line("<body>")
    page.line(ReportStyle.patterns)
    writeHeader(story, to: &page)
    page.line("<main>")
    for part in preface {
      page.line("<section>")
      page.element("h2", part.heading)
      page.line("")
      page.line("<pre>\(HTMLText.escaped(part.lines.joined(separator: "\n")))</pre></section>")
    }
    RolloutSection(self, story).write(to: &page)
    PlacementSection(self, story).write(to: &page)
    writeEvents(story, to: &page)
    WritesSection(self, start: start).write(to: &page)
    page.line("</main>")
    page.line(
      "<footer>Simulated by Swift Grove \(GroveVersion.current), compatible with \(GroveVersion.target). Times are "
        + "virtual.</footer>")
    page.line("</body>")
    page.line("</html>")
    return page.html
  }

  /// When the run began.
  var start: Timestamp { steps.first?.time ?? history.first?.time ?? end }

  /// A time of the run, counted from its beginning.
  func text(_ time: Timestamp) -> String { (time - start).text }

  private func writeHeader(_ story: RunStory, to page: inout HTMLText) {
    page.line("<header>")
    page.element("h1", title)
    page.line("")
    page.line("<dl class=\"cards\">")
    for (name, value, note) in cards(story) {
      page.markup("<div><dt>\(HTMLText.escaped(name))</dt><dd>\(HTMLText.escaped(value))")
      if !note.isEmpty { page.markup(" <small>\(HTMLText.escaped(note))</small>") }
      page.line("</dd></div>")
    }
    page.line("</dl>")
    page.line("<ol class=\"steps\">")
    for step in steps {
      page.line(
        "<li><time>\(text(step.time))</time> <code>\(HTMLText.escaped(step.text))</code></li>")
    }
    page.line("</ol>")
    if !facts.isEmpty {
      let text = facts.map { "\(HTMLText.escaped($0.name)) <b>\(HTMLText.escaped($0.value))</b>" }
      page.line("<p class=\"facts\">\(text.joined(separator: " · "))</p>")
    }
    page.line("</header>")
  }

  private func cards(_ story: RunStory) -> [(name: String, value: String, note: String)] {
    let pods = story.lanes.filter { !$0.isOver }
    let ready = pods.count { $0.segments.last?.state == .ready }
    let nodes = Set(pods.map { $0.pod.spec.nodeName }.filter { !$0.isEmpty }).count
    let warnings = story.events.count { $0.event.severity == .warning }
    var cards = [
      ("Pods at the end", String(pods.count), "\(ready) ready"),
      ("Pods in all", String(story.lanes.count), ""),
      ("Nodes in use", String(nodes), ""),
      ("Duration", text(end), ""),
      (
        "Events", String(story.events.count),
        warnings == 0 ? "no warnings" : "\(warnings) warning\(warnings == 1 ? "" : "s")"
      ),
    ]
    if !writes.isEmpty { cards.append(("Writes of the operator", String(writes.count), "")) }
    return cards
  }

  // MARK: Events

  private func writeEvents(_ story: RunStory, to page: inout HTMLText) {
    page.line("<section aria-labelledby=\"events\">")
    page.line("<h2 id=\"events\">Events</h2>")
    let rows = grouped(story.events)
    guard !rows.isEmpty else {
      page.line("<p>None.</p></section>")
      return
    }
    let isLong = rows.count > 40
    if isLong { page.line("<details><summary>\(rows.count) kinds of events</summary>") }
    page.line("<div class=\"scroll\"><table>")
    page.line(
      "<thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Type</th><th scope=\"col\">Reason</th>"
        + "<th scope=\"col\">Object</th><th scope=\"col\">Message</th></tr></thead><tbody>")
    for (time, event, others) in rows {
      let isWarning = event.severity == .warning
      page.markup("<tr\(isWarning ? " class=\"warning\"" : "")><td><time>\(text(time))</time></td>")
      page.element("td", event.severity.rawValue)
      page.element("td", event.reason)
      page.element("td", "\(event.subject.kind.kind.lowercased())/\(event.subject.name)")
      page.markup("<td>\(HTMLText.escaped(event.message))")
      if !others.isEmpty {
        page.markup("<details><summary>and \(others.count) like it</summary><ul>")
        for message in others { page.element("li", message) }
        page.markup("</ul></details>")
      }
      page.line("</td></tr>")
    }
    page.line("</tbody></table></div>")
    if isLong { page.line("</details>") }
    page.line("</section>")
  }

  /// Events in a row that tell the same about the same kind of object at the same time, as one.
  private func grouped(
    _ events: [(time: Timestamp, event: ObjectEvent)]
  ) -> [(time: Timestamp, event: ObjectEvent, others: [String])] {
    var rows: [(time: Timestamp, event: ObjectEvent, others: [String])] = []
    for (time, event) in events {
      if let last = rows.last, last.time == time, last.event.reason == event.reason,
        last.event.severity == event.severity, last.event.subject.kind == event.subject.kind
      {
        rows[rows.count - 1].others.append(event.message)
      } else {
        rows.append((time, event, []))
      }
    }
    return rows
  }
}
