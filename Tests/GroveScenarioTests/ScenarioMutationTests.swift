import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// The scenario files of the project would notice: with an expectation turned around, each of them fails.
struct ScenarioMutationTests {
  /// A scenario with one expectation turned around.
  struct Mutant: Sendable, CustomTestStringConvertible {
    var path: String
    /// Which of the places where it could be turned around.
    var place: Int
    var testDescription: String { "\(path) #\(place)" }
  }

  /// One of each scenario's expectations, a different one in each file, and every invariant and order of them all.
  static let mutants: [Mutant] = {
    var mutants: [Mutant] = []
    for (number, path) in ScenarioFolder.scenarios.enumerated() where ScenarioFolder.isSmall(path) {
      guard let scenario = try? ScenarioFolder.scenario(path).scenario else { continue }
      let places = ScenarioMutation.places(of: scenario)
      guard !places.isEmpty else { continue }
      let chosen = number % places.count
      for (place, isStrict) in places.enumerated() where place == chosen || isStrict {
        mutants.append(Mutant(path: path, place: place))
      }
    }
    return mutants
  }()

  @Test(arguments: mutants)
  func fails(_ mutant: Mutant) throws {
    let scenario = try #require(try ScenarioFolder.scenario(mutant.path).scenario)
    let result = ScenarioRunner().run(ScenarioMutation.turned(scenario, at: mutant.place))
    let passed = result.passed
    #expect(!passed)
  }

  @Test func thereAreMutantsOfEveryScenario() {
    let paths = Set(Self.mutants.map(\.path))
    #expect(paths.count == ScenarioFolder.scenarios.count { ScenarioFolder.isSmall($0) })
    #expect(paths.count >= 46)
  }
}

/// Turns expectations around.
enum ScenarioMutation {
  /// Every place where a scenario can be mutated, and whether it is one that must be tried in every scenario.
  static func places(of scenario: Scenario) -> [Bool] {
    var places: [Bool] = []
    _ = mutate(scenario, note: { places.append($0) }, at: nil)
    return places
  }

  /// The scenario with the expectation at a place turned around.
  static func turned(_ scenario: Scenario, at place: Int) -> Scenario {
    mutate(scenario, note: { _ in }, at: place)
  }

  private static func mutate(_ scenario: Scenario, note: (Bool) -> Void, at place: Int?) -> Scenario {
    var counter = 0
    /// Counts a place; whether it is the one.
    func isIt(_ isStrict: Bool) -> Bool {
      note(isStrict)
      counter += 1
      return counter - 1 == place
    }
    var mutant = scenario
    for index in mutant.steps.indices {
      switch mutant.steps[index].verb {
      case .expect(var assertions, let patience):
        for position in assertions.indices { turn(&assertions[position], isIt) }
        mutant.steps[index].verb = .expect(assertions, patience)
      case .watch(var invariants):
        for position in invariants.indices where !invariants[position].isForbidden {
          turn(&invariants[position].assertion, isIt)
        }
        mutant.steps[index].verb = .watch(invariants)
      default: break
      }
      if mutant.steps[index].rejection != nil, isIt(false) {
        mutant.steps[index].rejection = ["no such words"]
      }
    }
    return mutant
  }

  private static func turn(_ assertion: inout Assertion, _ isIt: (Bool) -> Bool) {
    switch assertion.claim {
    case .pods(let pods, var checks):
      for position in checks.indices { turn(&checks[position], isIt) }
      assertion.claim = .pods(pods, checks)
    case .objects(let objects, var checks):
      for position in checks.indices { turn(&checks[position], isIt) }
      assertion.claim = .objects(objects, checks)
    case .object(let key, var checks):
      for position in checks.indices { turn(&checks[position], isIt) }
      assertion.claim = .object(key, checks)
    case .order(var order):
      if isIt(true) {
        (order.first, order.then) = (order.then, order.first)
        order.count = nil
        assertion.claim = .order(order)
      }
    case .replacing(var check):
      if isIt(true) {
        check.count = CountCheck(0)
        assertion.claim = .replacing(check)
      }
    case .podGroup(let gang, var check):
      if isIt(false) {
        check.required = "no-such-level"
        assertion.claim = .podGroup(gang, check)
      }
    case .writes(var check):
      if isIt(false) {
        check.count = CountCheck(least: 1_000_000, most: nil)
        assertion.claim = .writes(check)
      }
    case .events(let events, _):
      if isIt(false) { assertion.claim = .events(events, [.count(CountCheck(least: 1_000_000, most: nil))]) }
    case .elapsed(let since, _):
      if isIt(false) { assertion.claim = .elapsed(since: since, atMost: Duration(nanoseconds: -1)) }
    }
  }

  private static func turn(_ check: inout Check, _ isIt: (Bool) -> Bool) {
    let impossible = CountCheck(least: 1_000_000, most: nil)
    switch check {
    case .count(let count): if isIt(false) { check = .count(beyond(count)) }
    case .state(let state, let count): if isIt(false) { check = .state(state, beyond(count)) }
    case .survivors(let name, _): if isIt(false) { check = .survivors(name, impossible) }
    case .newcomers(let name, _): if isIt(false) { check = .newcomers(name, impossible) }
    case .field(let path, .equal(let value)): if isIt(false) { check = .field(path, .notEqual(value)) }
    case .field(let path, .exists(let wanted)): if isIt(false) { check = .field(path, .exists(!wanted)) }
    case .field(let path, .set): if isIt(false) { check = .field(path, .set([.string("no such element")])) }
    case .condition(var condition):
      if isIt(false) {
        condition.status = "No such status"
        check = .condition(condition)
      }
    case .names: if isIt(false) { check = .names(["no-such-name"]) }
    case .owners: if isIt(false) { check = .owners([]) }
    case .exists(let wanted): if isIt(false) { check = .exists(!wanted) }
    case .onNodes, .notOnNodes, .distinctNodes, .sameNode, .sameDomain, .field: break
    }
  }

  /// What a count that holds cannot be: one more for an exact one, a bound that is not reached for others.
  private static func beyond(_ count: CountCheck) -> CountCheck {
    guard let least = count.least, least == count.most else { return CountCheck(least: 1_000_000, most: nil) }
    return CountCheck(least + 1)
  }
}
