internal import GroveModel
internal import GroveReconcile
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// Prints a heading before each step, and the table of pods after it.
final class TablePrinter: SimulationObserver {
  private let selector: LabelSelector?
  private let showsHeadings: Bool
  private let showsTables: Bool
  private let console: Console
  private var isFirst = true
  private var start: Timestamp?

  /// - Parameters:
  ///   - showsHeadings: whether each step has a heading.
  ///   - showsTables: whether a table follows each step; when not, one follows the whole run.
  init(selector: LabelSelector?, showsHeadings: Bool, showsTables: Bool, _ console: Console) {
    self.selector = selector
    self.showsHeadings = showsHeadings
    self.showsTables = showsTables
    self.console = console
  }

  func begins(_ step: SimulationStep, at time: Timestamp) throws {
    let start = start ?? time
    self.start = start
    guard showsHeadings else { return }
    let heading = "==> \((time - start).text): \(step.text)"
    try console.write((isFirst ? "" : "\n") + console.dataPaint(heading, .bold) + "\n")
    isFirst = false
  }

  func ends(_ step: SimulationStep, _ world: World) throws {
    if showsTables { try print(world) }
  }

  /// Prints the table of all pods.
  func print(_ world: World) throws {
    let listing = ObjectListing([.pod], selector: selector, in: world.server.objects)
    let text = listing.text(.wide, now: world.now)
    if text.isEmpty {
      console.message("No resources found")
    } else {
      try console.write(text)
    }
  }
}

/// Prints a line for each change that shows in a table.
final class ChangePrinter: SimulationObserver {
  private let selector: LabelSelector?
  private let console: Console
  private var start: Timestamp?

  init(selector: LabelSelector?, _ console: Console) {
    self.selector = selector
    self.console = console
  }

  func begins(_ step: SimulationStep, at time: Timestamp) throws { start = start ?? time }

  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {
    var text = ""
    for happening in happenings {
      guard case .change(let change) = happening.what,
        selector?.matches((change.new ?? change.old)?.metadata.labels ?? [:]) ?? true,
        let line = StateChange(change)
      else { continue }
      let time = (happening.time - (start ?? happening.time)).text
      text += Self.padded(time, 8) + Self.padded(line.object, 56) + line.text + "\n"
    }
    if !text.isEmpty { try console.write(text) }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(2, width - text.count))
  }
}

/// Prints the watch events of all objects, one JSON object a line.
final class WatchPrinter: SimulationObserver {
  private let selector: LabelSelector?
  private let console: Console

  init(selector: LabelSelector?, _ console: Console) {
    self.selector = selector
    self.console = console
  }

  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {
    var text: [UInt8] = []
    for happening in happenings {
      guard case .change(let change) = happening.what,
        selector?.matches((change.new ?? change.old)?.metadata.labels ?? [:]) ?? true
      else { continue }
      JSONWriter.write(change.watchEvent, to: &text)
      text.append(0x0A)
      if text.count > 1 << 16 {
        try console.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    if !text.isEmpty { try console.write(text) }
  }
}
