public import GroveSimulate
public import KubernetesModel

/// Something that was not as a scenario says.
public struct ScenarioFailure: Sendable, Equatable, CustomStringConvertible {
  /// What the failing assertion is about, in words, or what went wrong with a step.
  public var subject: String
  /// What was expected and what was there; nil when a step could not be carried out at all.
  public var objection: Objection?
  /// When it was noticed, since the beginning of the scenario.
  public var time: Duration
  /// Where the assertion or the step is written.
  public var location: SourceLocation?

  /// The failure in one line: `pods of simple1: expected 9 ready; 7 are ready`.
  public var description: String {
    objection.map { "\(subject): \($0)" } ?? subject
  }
}

/// What came of one step.
public struct ScenarioStepResult: Sendable, Equatable {
  /// What became of a step.
  public enum Outcome: String, Sendable {
    /// It did what it says, and what it expects is so.
    case passed
    /// Something was not as it says.
    case failed
    /// A step before it failed.
    case skipped
  }

  /// The step's place in the scenario, from 0.
  public var index: Int
  /// What the step does, in words.
  public var title: String
  /// Where the step is written.
  public var location: SourceLocation?
  /// What became of it.
  public var outcome: Outcome
  /// What was not as it says.
  public var failures: [ScenarioFailure]
  /// When it was done, since the beginning of the scenario.
  public var time: Duration
}

/// What came of running a scenario.
public struct ScenarioResult: Sendable {
  /// The scenario.
  public var scenario: Scenario
  /// What became of each step, in order. A failure before the first step, such as a setup object that is refused,
  /// is told with step −1.
  public var steps: [ScenarioStepResult]
  /// The cluster as the scenario left it.
  public var world: World
  /// What happened, in order.
  public var history: [Happening]
  /// How much virtual time passed.
  public var duration: Duration
  /// How many assertions were looked at, each time counted.
  public var checks: Int

  /// Whether everything was as the scenario says.
  public var passed: Bool { steps.allSatisfy { $0.outcome == .passed } }
  /// Everything that was not as the scenario says.
  public var failures: [ScenarioFailure] { steps.flatMap(\.failures) }
}
