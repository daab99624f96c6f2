import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// Every scenario file of the project, run.
struct ScenarioFileTests {
  @Test(arguments: ScenarioFolder.runnable)
  func holds(_ path: String) throws {
    let (scenario, diagnostics) = try ScenarioFolder.scenario(path)
    #expect(diagnostics.map(\.line) == [])
    guard let scenario else { return }
    let result = ScenarioRunner().run(scenario)
    for step in result.steps where step.outcome == .failed {
      for failure in step.failures {
        Issue.record("\(path):\(step.location?.line ?? 0): at \(failure.time): \(step.title): \(failure)")
      }
    }
    let passed = result.passed
    #expect(passed)
    let checks = result.checks
    #expect(checks > 0)
  }

  /// The big ones, too, are read without complaint, and do what those in small do.
  @Test func bigOnesAreReadable() throws {
    let big = ScenarioFolder.scenarios.filter { !ScenarioFolder.isSmall($0) }
    #expect(big.count == 6)
    for path in big {
      let (scenario, diagnostics) = try ScenarioFolder.scenario(path)
      #expect(diagnostics.map(\.line) == [], "\(path)")
      #expect(scenario?.steps.isEmpty == false, "\(path)")
    }
  }
}
