internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// Runs scenarios.
///
/// ```swift
/// let result = ScenarioRunner().run(scenario)
/// result.passed
/// ```
///
/// A run depends on the scenario alone: the same scenario gives the same result, to the last byte.
public struct ScenarioRunner: Sendable {
  /// The most passes of the operator while the cluster comes to rest or time passes, in one step of the scenario.
  /// A cluster that needs more never comes to rest.
  public var passLimit: Int

  /// A runner.
  public init(passLimit: Int = 1_000_000) { self.passLimit = passLimit }

  /// Runs a scenario to its end, or to the first step that fails.
  public func run(_ scenario: Scenario) -> ScenarioResult {
    var run = ScenarioRun(scenario, passLimit: passLimit)
    return run.result()
  }
}
