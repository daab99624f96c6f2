internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// The pods over time, one PodClique after the other, each below how many were ready of those that were needed.
struct RolloutSection {
  private let report: RunReport
  private let story: RunStory
  private let axis: TimeAxis

  // Lengths in units of the drawings, which are as wide as the page.
  private static let width = 1_000.0
  private static let left = 190.0
  private static let right = 992.0
  /// What is still there at the end goes on for a bit.
  private static let tail = 22.0
  private static let laneHeight = 16.0
  private static let stripHeight = 38.0
  /// With more pods than this, the lanes of a PodClique are folded.
  private static let foldAbove = 32

  init(_ report: RunReport, _ story: RunStory) {
    self.report = report
    self.story = story
    var times = story.times
    if times.isEmpty { times = [report.start, report.end] }
    axis = TimeAxis(times, left: Self.left, width: Self.right - Self.left - Self.tail)
  }

  func write(to page: inout HTMLText) {
    page.line("<section aria-labelledby=\"rollout\">")
    page.line("<h2 id=\"rollout\">Rollout</h2>")
    writeLegend(to: &page)
    guard !story.cliques.isEmpty else {
      page.line("<p>There were no pods.</p></section>")
      return
    }
    page.line("<div class=\"scroll\"><div class=\"chart\">")
    writeAxis(to: &page)
    let names = story.cliques.keys.sorted(by: Self.precedes)
    var sets: [ObjectName] = []
    for name in names {
      guard let clique = story.cliques[name] else { continue }
      let set = ObjectName(namespace: name.namespace, name: clique.podCliqueSet)
      if !sets.contains(set) { sets.append(set) }
    }
    for set in sets.sorted(by: Self.precedes) {
      page.line("<h3>PodCliqueSet \(HTMLText.escaped(set.name))</h3>")
      write(set, names.filter { $0.namespace == set.namespace }, to: &page)
    }
    page.line("</div></div></section>")
  }

  private static func precedes(_ a: ObjectName, _ b: ObjectName) -> Bool {
    a.namespace == b.namespace ? NaturalOrder.precedes(a.name, b.name) : a.namespace < b.namespace
  }

  private func write(_ set: ObjectName, _ names: [ObjectName], to page: inout HTMLText) {
    var written: Set<ObjectName> = []
    for name in names {
      guard let clique = story.cliques[name], clique.podCliqueSet == set.name else { continue }
      if let group = clique.scalingGroup {
        let groupName = ObjectName(namespace: name.namespace, name: group)
        if written.insert(groupName).inserted, let group = story.groups[groupName] {
          write(group, to: &page)
        }
      }
      write(clique, to: &page)
    }
  }

  // MARK: Legend and axis

  private func writeLegend(to page: inout HTMLText) {
    page.markup("<ul class=\"legend\">")
    for state in RunStory.PodState.allCases {
      let height = Self.height(of: state)
      page.markup(
        "<li><svg viewBox=\"0 0 24 14\" width=\"24\" height=\"14\" aria-hidden=\"true\">"
          + "<rect class=\"\(state.rawValue)\" x=\"0\" y=\"\(HTMLText.length(7 - height / 2))\" width=\"24\" "
          + "height=\"\(HTMLText.length(height))\" rx=\"2\"/></svg> \(state.title)</li>")
    }
    page.markup(
      "<li><svg viewBox=\"0 0 24 14\" width=\"24\" height=\"14\" aria-hidden=\"true\">"
        + "<line class=\"minimum\" x1=\"0\" x2=\"24\" y1=\"7\" y2=\"7\"/></svg> needed (minAvailable)</li>")
    page.markup(
      "<li><svg viewBox=\"0 0 24 14\" width=\"24\" height=\"14\" aria-hidden=\"true\">"
        + "<rect class=\"short\" x=\"0\" y=\"1\" width=\"24\" height=\"12\"/></svg> short of that</li>")
    page.line("</ul>")
  }

  private func writeAxis(to page: inout HTMLText) {
    let hasCuts = axis.spans.contains { $0.isCut }
    page.markup(
      "<svg class=\"axis\" viewBox=\"0 0 1000 \(hasCuts ? 54 : 44)\" role=\"img\" aria-label=\"Time axis from 0s to "
        + "\(report.text(report.end))\">")
    for tick in axis.ticks {
      page.markup(
        "<text class=\"tick\" x=\"\(HTMLText.length(tick.position))\" y=\"36\">\(tick.text)</text>")
    }
    for marker in markers() {
      let number = marker.first == marker.last ? "\(marker.first)" : "\(marker.first)–\(marker.last)"
      let half = marker.first == marker.last ? 9.0 : 7.0 + 3.3 * Double(number.count)
      page.markup(
        "<g><title>\(HTMLText.escaped(marker.title))</title>"
          + "<rect class=\"step\" x=\"\(HTMLText.length(marker.position - half))\" y=\"2\" width=\""
          + "\(HTMLText.length(2 * half))\" height=\"18\" rx=\"9\"/><text class=\"step-number\" x=\""
          + "\(HTMLText.length(marker.position))\" y=\"15\">\(number)</text></g>")
    }
    for span in axis.spans where span.isCut {
      let x = HTMLText.length((span.left + span.right) / 2)
      page.markup(
        "<text class=\"cut-text\" x=\"\(x)\" y=\"49\">+\((span.to - span.from).ageText)</text>")
    }
    page.line("</svg>")
  }

  /// The steps on the axis; those that would stand on each other share a mark.
  private func markers() -> [(first: Int, last: Int, position: Double, title: String)] {
    var markers: [(first: Int, last: Int, position: Double, title: String)] = []
    for (index, step) in report.steps.enumerated() {
      let position = axis.position(step.time)
      let title = "\(report.text(step.time)): \(step.text)"
      if let last = markers.last, position - last.position < 24 {
        markers[markers.count - 1].last = index + 1
        markers[markers.count - 1].title += "\n" + title
      } else {
        markers.append((index + 1, index + 1, position, title))
      }
    }
    return markers
  }

  /// The lines behind everything: ticks, cuts, and steps.
  private func writeGrid(height: Double, to page: inout HTMLText) {
    let bottom = HTMLText.length(height)
    for span in axis.spans where span.isCut {
      page.markup(
        "<rect class=\"cut\" x=\"\(HTMLText.length(span.left))\" y=\"0\" width=\""
          + "\(HTMLText.length(span.right - span.left))\" height=\"\(bottom)\"/>")
    }
    for tick in axis.ticks {
      let x = HTMLText.length(tick.position)
      page.markup("<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(bottom)\"/>")
    }
    for step in report.steps {
      let x = HTMLText.length(axis.position(step.time))
      page.markup("<line class=\"step-line\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(bottom)\"/>")
    }
  }

  // MARK: Strips

  private func write(_ group: RunStory.Group, to page: inout HTMLText) {
    page.line("<figure class=\"group\">")
    page.markup("<figcaption>PodCliqueScalingGroup <b>\(HTMLText.escaped(group.name.name))</b></figcaption>")
    writeStrip(group.course, noun: "replicas available", to: &page)
    page.line("</figure>")
  }

  private func write(_ clique: RunStory.Clique, to page: inout HTMLText) {
    page.line("<figure\(clique.scalingGroup == nil ? "" : " class=\"member\"")>")
    page.markup("<figcaption>PodClique <b>\(HTMLText.escaped(clique.name.name))</b></figcaption>")
    writeStrip(clique.course, noun: "pods ready", to: &page)
    let lanes = clique.lanes.map { story.lanes[$0] }.sorted { a, b in
      let (i, j) = (Self.index(of: a.pod), Self.index(of: b.pod))
      if i != j { return i < j }
      return a.segments.first?.from ?? .min < b.segments.first?.from ?? .min
    }
    if lanes.count > Self.foldAbove {
      page.line("<details><summary>\(lanes.count) pods</summary>")
      writeLanes(lanes, of: clique, to: &page)
      page.line("</details>")
    } else if !lanes.isEmpty {
      writeLanes(lanes, of: clique, to: &page)
    }
    page.line("</figure>")
  }

  private static func index(of pod: Pod) -> Int { Int(pod.metadata.labels[LabelKey.podIndex] ?? "") ?? 0 }

  private func writeStrip(_ course: RunStory.Course, noun: String, to page: inout HTMLText) {
    let pieces = pieces(of: course)
    let most = pieces.map { max($0.level.available, $0.level.wanted, $0.level.minimum) }.max() ?? 0
    let unit = most > 0 ? (Self.stripHeight - 6) / Double(most) : 0
    let base = Self.stripHeight - 2
    let last = course.points.last?.level ?? nil
    let summary =
      last.map { "\($0.available) of \($0.wanted) \(noun), \($0.minimum) needed" } ?? "deleted"
    page.markup(
      "<svg viewBox=\"0 0 1000 \(HTMLText.length(Self.stripHeight))\" role=\"img\" aria-label=\""
        + "\(HTMLText.escaped(summary + " at the end. " + described(pieces, noun)))\">")
    writeGrid(height: Self.stripHeight, to: &page)
    page.markup(
      "<text class=\"count\" x=\"0\" y=\"16\">\(last.map { "\($0.available)/\($0.wanted)" } ?? "gone")</text>"
    )
    page.markup(
      "<text class=\"note\" x=\"0\" y=\"31\">\(noun)\(last.map { ", min \($0.minimum)" } ?? "")</text>")
    for (index, piece) in pieces.enumerated() {
      let goesOn = last != nil && index == pieces.count - 1
      let (x, width) = extent(piece.from, piece.to, goesOn: goesOn)
      let level = piece.level
      let title =
        "\(report.text(piece.from)) to \(report.text(piece.to)): \(level.available) of \(level.wanted) \(noun), "
        + "\(level.minimum) needed"
      page.markup("<g><title>\(HTMLText.escaped(title))</title>")
      let available = Double(level.available) * unit
      let minimum = Double(level.minimum) * unit
      page.markup(
        rectangle("wanted", x, base - Double(level.wanted) * unit, width, Double(level.wanted) * unit))
      if level.available < level.minimum {
        page.markup(rectangle("short", x, base - minimum, width, minimum - available))
      }
      page.markup(
        rectangle(level.available < level.minimum ? "few" : "enough", x, base - available, width, available))
      page.markup(
        "<line class=\"minimum\" x1=\"\(HTMLText.length(x))\" x2=\"\(HTMLText.length(x + width))\" y1=\""
          + "\(HTMLText.length(base - minimum))\" y2=\"\(HTMLText.length(base - minimum))\"/></g>")
    }
    page.line("</svg>")
  }

  private func pieces(of course: RunStory.Course) -> [(from: Timestamp, to: Timestamp, level: RunStory.Level)]
  {
    var pieces: [(from: Timestamp, to: Timestamp, level: RunStory.Level)] = []
    for (index, point) in course.points.enumerated() {
      let to = index + 1 < course.points.count ? course.points[index + 1].time : max(report.end, point.time)
      if let level = point.level, to > point.time || index + 1 == course.points.count {
        pieces.append((point.time, to, level))
      }
    }
    return pieces
  }

  /// When the count was too small, in words.
  private func described(
    _ pieces: [(from: Timestamp, to: Timestamp, level: RunStory.Level)], _ noun: String
  ) -> String {
    let short = pieces.filter { $0.level.available < $0.level.minimum }
      .map { "from \(report.text($0.from)) to \(report.text($0.to)) \($0.level.available)" }
    return short.isEmpty
      ? "Never fewer \(noun) than needed." : "Fewer \(noun) than needed: \(short.joined(separator: ", "))."
  }

  // MARK: Lanes

  private func writeLanes(_ lanes: [RunStory.Lane], of clique: RunStory.Clique, to page: inout HTMLText) {
    let height = Double(lanes.count) * Self.laneHeight + 4
    page.markup(
      "<svg viewBox=\"0 0 1000 \(HTMLText.length(height))\" role=\"img\" aria-label=\"\(lanes.count) pods of "
        + "\(HTMLText.escaped(clique.name.name)) over time\">")
    writeGrid(height: height, to: &page)
    for (row, lane) in lanes.enumerated() {
      let middle = Double(row) * Self.laneHeight + Self.laneHeight / 2 + 2
      let name = lane.pod.metadata.name
      let node = lane.pod.spec.nodeName
      let label =
        name.hasPrefix(clique.name.name + "-")
        ? String(name.dropFirst(clique.name.name.utf8.count + 1)) : name
      page.markup(
        "<g><title>\(HTMLText.escaped(described(lane)))</title>"
          + "<text class=\"pod\" x=\"0\" y=\"\(HTMLText.length(middle + 3.5))\">\(Self.index(of: lane.pod)) "
          + "<tspan class=\"suffix\">\(HTMLText.escaped(label))</tspan></text>"
          + "<text class=\"node\" x=\"182\" y=\"\(HTMLText.length(middle + 3.5))\">\(HTMLText.escaped(node))</text>"
      )
      for (index, segment) in lane.segments.enumerated() {
        let goesOn = !lane.isOver && index == lane.segments.count - 1
        let (x, width) = extent(segment.from, segment.to, goesOn: goesOn)
        let thickness = Self.height(of: segment.state)
        page.markup(rectangle(segment.state.rawValue, x, middle - thickness / 2, width, thickness, radius: 2))
      }
      page.markup("</g>")
    }
    page.line("</svg>")
  }

  private func described(_ lane: RunStory.Lane) -> String {
    var text = lane.pod.metadata.name
    if !lane.pod.spec.nodeName.isEmpty { text += " on \(lane.pod.spec.nodeName)" }
    for segment in lane.segments {
      text += "\n\(report.text(segment.from))  \(segment.state.title)"
    }
    if lane.isOver, let last = lane.segments.last { text += "\n\(report.text(last.to))  gone" }
    return text
  }

  /// The further a pod has come, the taller: the states can be told apart without colour.
  private static func height(of state: RunStory.PodState) -> Double {
    switch state {
    case .gated: 2
    case .pending: 4
    case .starting: 7
    case .running: 9
    case .ready, .failed: 12
    case .terminating: 6
    }
  }

  /// Where a stretch of time stands; never too narrow to be seen.
  ///
  /// - Parameter goesOn: whether it is still so at the end of the run.
  private func extent(
    _ from: Timestamp, _ to: Timestamp, goesOn: Bool
  ) -> (x: Double, width: Double) {
    let x = axis.position(from)
    return (x, max((goesOn ? Self.right : axis.position(to)) - x, 1.2))
  }

  private func rectangle(
    _ style: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double = 0
  ) -> String {
    let rounding = radius > 0 ? " rx=\"\(HTMLText.length(min(radius, width / 2)))\"" : ""
    return "<rect class=\"\(style)\" x=\"\(HTMLText.length(x))\" y=\"\(HTMLText.length(y))\" width=\""
      + "\(HTMLText.length(width))\" height=\"\(HTMLText.length(height))\"\(rounding)/>"
  }
}
