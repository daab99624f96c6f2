internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// One thing that users do in a run, with the objects of its files.
struct SimulationStep {
  /// As the user would type it.
  var text: String
  /// The command; nil for the manifests of `-f`.
  var command: ClusterCommand?
  /// The namespace of what the command names without one.
  var namespace = "default"
  /// What is applied, or deleted, as the files say it.
  var objects: [Resource] = []
}

/// Whoever follows a run.
protocol SimulationObserver: AnyObject {
  /// A step begins.
  func begins(_ step: SimulationStep, at time: Timestamp) throws
  /// Things happened, in order.
  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws
  /// The step is over, and the cluster has run.
  func ends(_ step: SimulationStep, _ world: World) throws
}

extension SimulationObserver {
  func begins(_ step: SimulationStep, at time: Timestamp) throws {}
  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {}
  func ends(_ step: SimulationStep, _ world: World) throws {}
}

/// Everything a run depends on.
struct SimulationInputs {
  var configuration: OperatorConfiguration
  var timing: ClusterTiming
  var seed: UInt64
  /// Whether pods may name PriorityClasses that are not there.
  var acceptsUnknownPriorityClasses = false
  var until: RunLength
  /// What is there before anything is done.
  var cluster: [Resource]
  var steps: [SimulationStep]
}

/// A simulated cluster, and the steps of a run taken one by one.
struct Simulation {
  private(set) var world: World
  /// Why the cluster did not come to rest after some step; nil when it always did.
  private(set) var recycling: Recycling?
  private let inputs: SimulationInputs
  private let observers: [any SimulationObserver]
  private let console: Console

  /// Passes between two looks at what happened: output streams, and memory holds a part of the run only.
  private static let stride = 256

  init(_ inputs: SimulationInputs, observers: [any SimulationObserver] = [], _ console: Console) throws {
    // The scheduler of Kubernetes prefers free nodes, the others full ones.
    let choice: Policy.NodeChoice =
      inputs.configuration.defaultScheduler == .defaultScheduler ? .spread : .pack
    var setup = ClusterSetup(kubelets: inputs.timing, scheduler: Scheduler(policy: Policy(nodes: choice)))
    setup.keepsHistory = !observers.isEmpty
    var options = APIServer.Options()
    options.acceptsUnknownPriorityClasses = inputs.acceptsUnknownPriorityClasses
    world = World(
      configuration: inputs.configuration, setup: setup, seed: inputs.seed, options: options)
    self.inputs = inputs
    self.observers = observers
    self.console = console
    for object in inputs.cluster {
      do throws(APIError) {
        try world.write { server throws(APIError) in try server.create(object) }
      } catch {
        throw Self.refused("\(object.key): \(error)", console)
      }
    }
  }

  /// Takes all steps.
  mutating func run() throws {
    for step in inputs.steps { try take(step) }
  }

  private mutating func take(_ step: SimulationStep) throws {
    for observer in observers { try observer.begins(step, at: world.now) }
    try perform(step)
    var length = inputs.until
    if case .wait(let duration)? = step.command?.verb { length = .duration(duration) }
    let end: Timestamp? = if case .duration(let duration) = length { world.now + duration } else { nil }
    while true {
      let outcome =
        if let end { world.run(for: end - world.now, limit: Self.stride) } else {
          world.runToRest(limit: Self.stride)
        }
      try tell()
      switch outcome {
      case .exhausted: continue
      case .recycling(let found): recycling = found
      case .atRest: break
      }
      break
    }
    for observer in observers { try observer.ends(step, world) }
  }

  private mutating func tell() throws {
    let (happenings, writes) = (world.takeHistory(), world.takeWrites())
    for observer in observers { try observer.follows(happenings, writes) }
  }

  // MARK: Doing

  private mutating func perform(_ step: SimulationStep) throws {
    switch step.command?.verb {
    case nil, .apply:
      for object in step.objects { try perform(.apply(object), of: step) }
    case .deleteFiles(_, let propagation):
      for object in step.objects {
        try perform(.delete(object.key, propagation: propagation), of: step)
      }
    case .some:
      guard let command = step.command else { return }
      let actions: [ClusterAction]
      do throws(ClusterCommandError) {
        actions = try command.actions(in: world.server.objects)
      } catch {
        throw Self.refused("\(step.text): \(error)", console)
      }
      for action in actions { try perform(action, of: step) }
    }
  }

  /// Warns of a scale that breaks a gang up: the webhooks do not see it (W-B-R12).
  private func warn(of action: ClusterAction) {
    guard case .scale(let key, let replicas) = action else { return }
    let target: ScaleTarget
    switch world.server[key] {
    case .podClique(let podClique)?: target = .podClique(podClique)
    case .podCliqueScalingGroup(let group)?: target = .podCliqueScalingGroup(group)
    default: return
    }
    console.report(
      Admission(configuration: inputs.configuration).validate(scale: replicas, of: target)
        .filter { $0.severity == .warning })
  }

  private mutating func perform(_ action: ClusterAction, of step: SimulationStep) throws {
    warn(of: action)
    do throws(APIError) {
      try world.perform(action)
    } catch {
      throw Self.refused("\(step.text): \(error)", console)
    }
  }

  private static func refused(_ text: String, _ console: Console) -> ExitCode {
    _ = console.fail(text)
    return ExitCode(1)
  }
}
