internal import GroveModel
internal import GroveReconcile
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// A scenario while it runs.
struct ScenarioRun {
  let scenario: Scenario
  let passLimit: Int
  var world: World
  var facts: ScenarioFacts
  var history: [Happening] = []
  var invariants: [Invariant]
  var failures: [ScenarioFailure] = []
  var checks = 0
  /// What the running step wants checked after every change, beside the invariants.
  var throughout: [Assertion] = []

  init(_ scenario: Scenario, passLimit: Int) {
    self.scenario = scenario
    self.passLimit = passLimit
    var setup = ClusterSetup()
    if scenario.hasKubelets { setup.kubelets = scenario.kubeletTiming }
    if scenario.hasScheduler { setup.scheduler = Scheduler(policy: scenario.policy) }
    setup.keepsHistory = true
    world = World(configuration: scenario.configuration, setup: setup, seed: scenario.seed)
    facts = ScenarioFacts(scenario, start: world.now)
    invariants = scenario.invariants
  }

  /// Virtual time since the beginning.
  var elapsed: Duration { world.now - facts.start }

  // MARK: Steps

  mutating func result() -> ScenarioResult {
    var steps: [ScenarioStepResult] = []
    prepare()
    if !failures.isEmpty {
      steps.append(
        ScenarioStepResult(
          index: -1, title: "set up the cluster", location: nil, outcome: .failed, failures: failures,
          time: elapsed))
    }
    for (index, step) in scenario.steps.enumerated() {
      let isSkipped = !failures.isEmpty
      let before = failures.count
      if !isSkipped { take(step) }
      for place in failures.indices[before...] where failures[place].location == nil {
        failures[place].location = step.location
      }
      let new = Array(failures[before...])
      steps.append(
        ScenarioStepResult(
          index: index, title: step.name ?? step.verb.words, location: step.location,
          outcome: isSkipped ? .skipped : new.isEmpty ? .passed : .failed, failures: new, time: elapsed))
    }
    return ScenarioResult(
      scenario: scenario, steps: steps, world: world, history: history, duration: elapsed, checks: checks)
  }

  /// Makes the nodes and applies what is there from the beginning.
  private mutating func prepare() {
    for node in scenario.cluster.initialNodes { join(node) }
    if let topology = scenario.cluster.topology { perform(.apply(.clusterTopologyBinding(topology)), nil) }
    for resource in scenario.setup { apply(resource, nil) }
    catchUp()
  }

  private mutating func take(_ step: ScenarioStep) {
    switch step.moment {
    case .next: break
    case .after(let length): run(for: length)
    case .at(let time): if time > elapsed { run(for: time - elapsed) }
    }
    if failures.isEmpty { carryOut(step) }
  }

  // MARK: Time

  /// Lets time pass.
  mutating func run(for length: Duration) {
    if throughout.isEmpty, invariants.isEmpty {
      let outcome = world.run(for: length, limit: passLimit)
      catchUp()
      reportUnrest(outcome)
      return
    }
    // Step by step, so that what is checked after every change is checked in time.
    let end = world.now + length
    var left = passLimit
    while failures.isEmpty, let step = world.takeNextStep(until: end) {
      catchUp()
      guard case .pass = step else { continue }
      left -= 1
      if left == 0 { return reportUnrest() }
    }
    if failures.isEmpty { _ = world.run(for: end - world.now) }
    catchUp()
  }

  /// Lets everything happen that needs no delay to end.
  mutating func settle() {
    let outcome = world.runToRest(limit: passLimit)
    catchUp()
    reportUnrest(outcome)
  }

  private mutating func reportUnrest(_ outcome: World.RunOutcome) {
    switch outcome {
    case .atRest: break
    case .exhausted: reportUnrest()
    case .recycling(let recycling):
      fail(([recycling.description] + (recycling.hint.map { [$0] } ?? [])).joined(separator: "; "), nil, nil)
    }
  }

  private mutating func reportUnrest() {
    fail("the cluster does not come to rest: \(passLimit) passes of the operator were not enough", nil, nil)
  }

  /// Takes note of everything that happened since the last time, and checks what must hold after every change.
  mutating func catchUp() {
    let news = world.takeHistory()
    facts.writes += world.takeWrites()
    facts.events = world.server.events
    let isWatching = !invariants.isEmpty || !throughout.isEmpty
    for happening in news {
      facts.tracker.observe(happening)
      guard isWatching else { continue }
      if case .change(let change) = happening.what {
        if let new = change.new {
          facts.objects.insert(new)
        } else if let old = change.old {
          facts.objects.remove(old.key)
        }
        facts.now = happening.time
        checkInvariants()
      }
    }
    history += news
    facts.objects = world.server.objects
    facts.now = world.now
  }

  private mutating func checkInvariants() {
    guard failures.isEmpty else { return }
    checks += invariants.count + throughout.count
    for invariant in invariants {
      let objections = facts.objections(to: invariant.assertion)
      let assertion = invariant.assertion
      if invariant.isForbidden {
        if objections.isEmpty {
          fail(
            "never \(assertion.words)", Objection(expected: "this never to be so", observed: "it is"),
            assertion)
        }
      } else {
        for objection in objections { fail("always \(assertion.words)", objection, assertion) }
      }
    }
    for assertion in throughout {
      for objection in facts.objections(to: assertion) { fail(assertion.words, objection, assertion) }
    }
  }

  // MARK: Assertions

  /// Checks assertions once.
  mutating func check(_ assertions: [Assertion]) {
    for assertion in assertions {
      checks += 1
      for objection in facts.objections(to: assertion) { fail(assertion.words, objection, assertion) }
    }
  }

  /// Runs the world until assertions hold at the same time.
  mutating func wait(for assertions: [Assertion], atMost limit: Duration) {
    let end = world.now + limit
    var version: UInt64?
    var left = passLimit
    while true {
      if version != world.server.version {
        catchUp()
        version = world.server.version
        checks += assertions.count
        guard failures.isEmpty else { return }
        if assertions.allSatisfy({ facts.objections(to: $0).isEmpty }) { return }
      }
      guard let step = world.takeNextStep(until: end) else { break }
      guard case .pass = step else { continue }
      left -= 1
      if left == 0 { return reportUnrest() }
    }
    _ = world.run(for: end - world.now)
    catchUp()
    if failures.isEmpty { check(assertions) }
  }

  mutating func fail(_ subject: String, _ objection: Objection?, _ assertion: Assertion?) {
    failures.append(
      ScenarioFailure(
        subject: subject, objection: objection, time: facts.now - facts.start, location: assertion?.location))
  }
}

extension Scenario {
  /// How long things take on nodes.
  var kubeletTiming: ClusterTiming {
    var timing = isInstant ? ClusterTiming.instant : ClusterTiming()
    for name in ScenarioTiming.allCases {
      guard let length = self.timing[name] else { continue }
      switch name {
      case .imagePull: timing.imagePull = length
      case .initContainer: timing.initContainer = length
      case .containerStart: timing.containerStart = length
      case .readiness: timing.readiness = length
      case .termination: timing.termination = length
      case .crashBackoff: timing.crashBackoff = length
      case .crashBackoffLimit: timing.crashBackoffLimit = length
      case .nodeMonitorGracePeriod: timing.nodeMonitorGracePeriod = length
      case .eviction: timing.eviction = length
      }
    }
    return timing
  }
}
