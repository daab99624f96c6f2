internal import ArgumentParser
internal import GroveModel
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// Collects what a report is made of, and writes it.
final class ReportWriter: SimulationObserver {
  private let path: String
  private let facts: [(name: String, value: String)]
  private let title: String
  private let console: Console
  private var steps: [RunReport.Step] = []
  private var history: [Happening] = []
  private var writes: [AppliedWrite] = []

  init(_ path: String, _ inputs: SimulationInputs, _ console: Console) {
    self.path = path
    self.console = console
    let nodes = inputs.cluster.count { $0.kind == .node }
    facts = [
      ("nodes", String(nodes)), ("seed", String(inputs.seed)), ("each step ran until", inputs.until.text),
    ]
    let sets = inputs.steps.flatMap(\.objects).filter { $0.kind == .podCliqueSet }.map(\.metadata.name)
    var names: [String] = []
    for name in sets where !names.contains(name) { names.append(name) }
    title = names.isEmpty ? "A simulated cluster" : names.joined(separator: ", ")
  }

  func begins(_ step: SimulationStep, at time: Timestamp) throws {
    steps.append(RunReport.Step(text: step.text, time: time))
  }

  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {
    history += happenings
    self.writes += writes
  }

  func ends(_ step: SimulationStep, _ world: World) throws {
    steps[steps.count - 1].historyCount = history.count
    steps[steps.count - 1].writeCount = writes.count
  }

  /// Writes the page.
  func finish(at end: Timestamp) throws {
    let report = RunReport(
      title: title, steps: steps, history: history, writes: writes, end: end, facts: facts)
    do throws(FileError) {
      try FileSystem.write(Array(report.html.utf8), to: path)
    } catch {
      throw console.fail("\(error)")
    }
  }
}
