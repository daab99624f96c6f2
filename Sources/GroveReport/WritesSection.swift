internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// What the operator wrote and why, in order; writes of one kind for one reason are one row.
struct WritesSection {
  private let report: RunReport
  private let start: Timestamp

  init(_ report: RunReport, start: Timestamp) {
    self.report = report
    self.start = start
  }

  private struct Row {
    var write: AppliedWrite
    var others: [AppliedWrite] = []
  }

  func write(to page: inout HTMLText) {
    if report.writes.isEmpty { return }
    page.line("<section aria-labelledby=\"writes\">")
    page.line("<h2 id=\"writes\">Why the operator wrote what it wrote</h2>")
    page.line(
      "<p class=\"note\">Each row names the rule that asked for the write. What was written to many objects in one moment is one row.</p>"
    )
    var first = 0
    for step in report.steps {
      let writes = report.writes[min(first, report.writes.count)..<min(step.writeCount, report.writes.count)]
      first = step.writeCount
      if writes.isEmpty { continue }
      let rows = rows(writes)
      page.line(
        "<details\(report.steps.count == 1 ? " open" : "")><summary><span>after <code>"
          + "\(HTMLText.escaped(step.text))</code></span> <small>\(writes.count) writes</small></summary>")
      write(rows, to: &page)
      page.line("</details>")
    }
    page.line("</section>")
  }

  private func rows(_ writes: ArraySlice<AppliedWrite>) -> [Row] {
    var rows: [Row] = []
    for write in writes {
      // The same for many objects in one moment, not only in a row: cliques take turns.
      let known = rows.lastIndex {
        $0.write.time == write.time && $0.write.verb == write.verb && $0.write.rule == write.rule
          && $0.write.object.kind == write.object.kind
          && (write.verb == .updateStatus || $0.write.reason == write.reason)
      }
      if let known { rows[known].others.append(write) } else { rows.append(Row(write: write)) }
    }
    return rows
  }

  private func write(_ rows: [Row], to page: inout HTMLText) {
    page.line("<div class=\"scroll\"><table><thead><tr>")
    for heading in ["Time", "Write", "Object", "Reason", "Rule"] {
      page.element("th", heading, "scope=\"col\"")
    }
    page.line("</tr></thead><tbody>")
    for row in rows {
      let write = row.write
      page.markup("<tr><td><time>\((write.time - start).text)</time></td>")
      page.element("td", Self.verb(write.verb))
      page.markup("<td>\(HTMLText.escaped(Self.name(write.object)))")
      if !row.others.isEmpty {
        page.markup("<details><summary>and \(row.others.count) more</summary><ul>")
        for other in row.others { page.element("li", Self.name(other.object)) }
        page.markup("</ul></details>")
      }
      page.markup("</td>")
      page.element("td", write.reason)
      page.line("<td><code>\(HTMLText.escaped(write.rule.rawValue))</code></td></tr>")
    }
    page.line("</tbody></table></div>")
  }

  private static func name(_ key: ObjectKey) -> String { "\(key.kind.kind) \(key.name)" }

  private static func verb(_ verb: AppliedWrite.Verb) -> String {
    switch verb {
    case .create: "create"
    case .update: "update"
    case .updateStatus: "status"
    case .delete: "delete"
    }
  }
}
