internal import GroveModel
internal import GroveReconcile
internal import GroveReport
internal import GroveScenario
internal import GroveSimulate
internal import KubernetesModel

/// What came of scenarios, as text and as data.
struct ScenarioListing {
  /// The results, with the files they are from.
  var results: [(path: String, result: ScenarioResult)] = []

  /// How many scenarios failed.
  var failureCount: Int { results.count { !$0.result.passed } }

  /// A scenario: one line, and a line for each step when it failed or steps are wanted.
  static func text(
    _ path: String, _ result: ScenarioResult, showsSteps: Bool, _ console: Console
  ) -> String {
    let verdict =
      result.passed ? console.dataPaint("passed", .green) : console.dataPaint("FAILED", .red)
    var text = "\(verdict)  \(result.scenario.name)  "
    text +=
      "(\(counted(result.steps.count, "step")), \(counted(result.checks, "check")), \(result.duration.text))\n"
    guard showsSteps || !result.passed else { return text }
    for step in result.steps {
      let word =
        switch step.outcome {
        case .passed: "ok     "
        case .failed: console.dataPaint("failed ", .red)
        case .skipped: console.dataPaint("skipped", .faint)
        }
      let time = step.time.text
      text += "  \(word)  \(time)\(String(repeating: " ", count: max(1, 8 - time.count)))\(step.title)\n"
      for failure in step.failures {
        let place = failure.location.map { "\($0.file):\($0.line):\($0.column): " } ?? "\(path): "
        text += "    \(place)\(failure)\n"
      }
    }
    return text
  }

  /// The last line: how many there were.
  var summary: String {
    let checks = results.reduce(0) { $0 + $1.result.checks }
    let passed = results.count - failureCount
    return "\(Self.counted(results.count, "scenario")), \(Self.counted(checks, "check")): \(passed) passed, "
      + "\(failureCount) failed"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// All results as data.
  var value: Value {
    .object([
      ("compatibleWith", .string(GroveVersion.target)), ("format", .string("grove-demo/scenarios/v1")),
      (
        "scenarios",
        .array(
          results.map { path, result in
            .object([
              ("checks", .integer(Int64(result.checks))), ("duration", .string(result.duration.text)),
              ("file", .string(path)), ("id", .string(result.scenario.id)),
              ("passed", .boolean(result.passed)), ("steps", .array(result.steps.map(Self.value))),
              ("title", .string(result.scenario.title)),
            ])
          })
      ),
    ])
  }

  private static func value(_ step: ScenarioStepResult) -> Value {
    var members: [(String, Value)] = [
      ("outcome", .string(step.outcome.rawValue)), ("time", .string(step.time.text)),
      ("title", .string(step.title)),
    ]
    if let location = step.location { members.append(("line", .integer(Int64(location.line)))) }
    if !step.failures.isEmpty {
      members.append(("failures", .array(step.failures.map { .string($0.description) })))
    }
    return .object(members)
  }
}

extension RunReport {
  /// The report of a scenario.
  init(_ path: String, _ result: ScenarioResult) {
    let start = APIServer.defaultStart
    var steps: [Step] = []
    for step in result.steps {
      let time = start + step.time
      let count = result.history.count { $0.time <= time }
      let writes = result.world.writes.count { $0.time <= time }
      // What one step sets off counts until the next one: the history does not tell them apart.
      if let last = steps.indices.last {
        steps[last].historyCount = count
        steps[last].writeCount = writes
      }
      steps.append(Step(text: step.title, time: time, historyCount: count, writeCount: writes))
    }
    if let last = steps.indices.last {
      steps[last].historyCount = result.history.count
      steps[last].writeCount = result.world.writes.count
    }
    self.init(
      title: result.scenario.name, steps: steps, history: result.history, writes: result.world.writes,
      end: start + result.duration,
      facts: [("file", path), ("result", result.passed ? "passed" : "failed")])
  }
}
