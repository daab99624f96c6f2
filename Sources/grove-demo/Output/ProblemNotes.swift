internal import ArgumentParser
internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// Says on standard error what the operator could not do, and whether a run has an end at all.
enum ProblemNotes {
  /// How many problems are told; more would hide what they are about.
  private static let limit = 10

  /// Tells problems of the operator, each once.
  static func tell(_ problems: [OperatorProblem], _ console: Console) {
    for problem in problems.prefix(limit) { console.problem("\(problem)") }
    if problems.count > limit { console.problem("\(problems.count - limit) more of the kind") }
  }

  /// Tells what a run in a simulated cluster came to.
  ///
  /// - Throws: exit code 1 when something that was asked for is missing, or the run had no end.
  static func tell(_ simulation: Simulation, _ console: Console) throws {
    let world = simulation.world
    for key in world.breachesInGrace {
      console.message(
        "note: \(key) lost what it had within 5 s of its creation; Grove takes it for one that never had it, and does "
          + "not terminate its gang for it (R-591). Let the cluster run first: --do \"wait 10s\"")
    }
    for (key, finalizers) in world.heldDeletions {
      console.message(
        "note: \(key) is being deleted, and stays as long as it has the finalizer "
          + finalizers.joined(separator: ", ") + "; nothing takes its place before")
    }
    let problems = world.problems
    tell(problems, console)
    if let recycling = simulation.recycling {
      console.problem("\(recycling)")
      if let hint = recycling.hint { console.message("  hint: \(hint)") }
    }
    if !problems.isEmpty || simulation.recycling != nil { throw ExitCode(1) }
  }
}
