internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Runs one recorded case and compares it stage by stage.
struct CaseCheck {
  private let recording: Recording
  private var world: World
  private var sets: [PodCliqueSet] = []

  /// Whether a part of a case is to be compared.
  typealias Selection = (_ part: String) -> Bool

  /// The stage of creation.
  private static let created = "01-created"

  static func run(_ recording: Recording, selects: Selection, report: inout Report) throws(UnusableRecording)
  {
    var check = CaseCheck(recording)
    try check.run(selects, &report)
  }

  private init(_ recording: Recording) {
    self.recording = recording
    world = World(configuration: recording.mode.configuration)
  }

  private mutating func run(_ selects: Selection, _ report: inout Report) throws(UnusableRecording) {
    let parts = ["defaulted"] + recording.stages + ["events"]
    guard parts.contains(where: selects) else { return }
    if let input = recording.clusterInput {
      for resource in try resources(in: input, "cluster input") {
        do throws(APIError) {
          try world.write { server throws(APIError) in try server.create(resource) }
        } catch {
          throw UnusableRecording(description: "\(recording.name): cluster input: \(error)")
        }
      }
      settle()
    }
    var given = try resources(in: recording.input, "input")
    sets = given.compactMap { if case .podCliqueSet(let set) = $0 { set } else { nil } }
    given = try ExternalTemplates.missing(from: given, for: sets, recording: recording) + given
    var stored: Value?
    for resource in given {
      do throws(APIError) {
        let created = try world.write { server throws(APIError) in try server.create(resource) }
        if created.kind == .podCliqueSet { stored = created.value }
      } catch {
        // The original accepted it, or there would be no case.
        for part in parts where selects(part) {
          if let ids = Deviation.refusals(error.diagnostics) {
            report.pass(recording.name, part, deviations: ids)
          } else {
            report.fail(recording.name, part, ["refused: \(error)"])
          }
        }
        return
      }
    }
    if selects("defaulted"), let defaulted = try recording.defaulted() {
      let recorded = RecordedObject(defaulted)
      let differences = stored.map { Comparison.differences(recorded, $0, submission: nil) } ?? []
      conclude("defaulted", explain("defaulted", differences, [recorded], [:]), &report)
    }
    // Where the operator waits on its own (R-155: for the token), a recorder may take the pause for the end.
    _ = world.run(for: .zero, limit: 1_000_000)
    let paused = world
    settle()
    if selects(Self.created), recording.stages.contains(Self.created) {
      let (last, early) = (try differences(Self.created, world), try differences(Self.created, paused))
      conclude(Self.created, early.rest.isEmpty && !last.rest.isEmpty ? early : last, &report)
    }
    try replayLaterStages(selects, &report)
  }

  /// Goes through the stages after creation, as far as they can be replayed.
  private mutating func replayLaterStages(
    _ selects: Selection, _ report: inout Report
  ) throws(UnusableRecording) {
    let scripts = try StageScript.read(recording)
    let durations = try recording.stageDurations()
    let later = scripts.filter { $0.stage != Self.created && recording.stages.contains($0.stage) }
    let last = selects("events") ? later.indices.last : later.lastIndex { selects($0.stage) }
    guard let last else { return }
    for (position, script) in later[...last].enumerated() {
      let recorded = try recording.objects(at: script.stage)
      do throws(APIError) {
        guard
          let next = try Replay.advance(
            world, script, to: recorded, waited: durations[script.stage] ?? .seconds(10))
        else {
          for script in later[position...] where selects(script.stage) {
            report.skip(recording.name, script.stage)
          }
          return
        }
        world = next
      } catch {
        report.fail(recording.name, script.stage, ["replay: \(error)"])
        return
      }
      if selects(script.stage), script.isMoment {
        report.skip(recording.name, script.stage)
      } else if selects(script.stage) {
        conclude(script.stage, try differences(script.stage, world), &report)
      }
    }
    if selects("events"), let recorded = try Files.recorded("\(recording.path)/events.yaml")?.first {
      let (lines, ids) = EventComparison.differences(
        recorded.elements, world.server.events.records,
        isTopologyCase: recording.name == Recording.topologyFolder)
      if lines.isEmpty {
        report.pass(recording.name, "events", deviations: ids)
      } else {
        report.fail(recording.name, "events", lines, deviations: ids)
      }
    }
  }

  private mutating func settle() { _ = world.runToRest(limit: 1_000_000) }

  private func resources(in text: [UInt8], _ what: String) throws(UnusableRecording) -> [Resource] {
    var options = ManifestReader.Options()
    options.dialect = .singleLettersAreText
    let manifest = ManifestReader.read(text, source: "\(recording.name)/input.yaml", options: options)
    if let error = manifest.diagnostics.errors.first {
      throw UnusableRecording(description: "\(recording.name): \(what): \(error.message)")
    }
    var resources: [Resource] = []
    for document in manifest.documents {
      // What Grove does not know by type it does not look at either.
      guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind) else { continue }
      var decoder = TapeDecoder(document.root.tape)
      let resource = Resource(kind, from: document.root.index, in: &decoder)
      if let problem = document.diagnostics(for: decoder.issues).errors.first {
        throw UnusableRecording(description: "\(recording.name): \(what): \(problem.message)")
      }
      resources.append(resource)
    }
    return resources
  }

  // MARK: Comparing

  /// What is left of a comparison, and the deviations that made the rest.
  private struct Outcome {
    var rest: [Difference]
    var deviations: Set<String>
  }

  private func differences(_ stage: String, _ world: World) throws(UnusableRecording) -> Outcome {
    let recorded = try recording.objects(at: stage)
    let submissions = try recording.submissions()
    let rendering = Rendering(world.server.objects.resources)
    var differences: [Difference] = []
    for object in recorded {
      if let ours = rendering.objects[object.identity] {
        differences += Comparison.differences(object, ours, submission: submissions.submission(for: object))
      } else {
        differences.append(Difference(object: object.identity, path: "", recorded: object.value))
      }
    }
    let known = Set(recorded.map(\.identity))
    let extra = rendering.objects.keys.filter { !known.contains($0) && isCompared($0) }
    for identity in extra.sorted(by: { "\($0)" < "\($1)" }) {
      differences.append(Difference(object: identity, path: "", ours: rendering.objects[identity]))
    }
    return explain(stage, differences, recorded, rendering.objects)
  }

  /// Whether an object that was not recorded would have been: what belongs to the cluster rather than to the case
  /// was not.
  private func isCompared(_ identity: RecordedObject.Identity) -> Bool {
    switch identity.kind {
    case "ClusterTopologyBinding", "Topology": recording.name == Recording.topologyFolder
    case "Node", "PriorityClass", "ResourceClaimTemplate": false
    default: true
    }
  }

  private func explain(
    _ part: String, _ differences: [Difference], _ recorded: [RecordedObject],
    _ ours: [RecordedObject.Identity: Value]
  ) -> Outcome {
    let context = Deviation.Context(
      stage: part, sets: Self.sets(in: recorded) ?? sets, ours: ours,
      recorded: Dictionary(recorded.map { ($0.identity, $0.value) }, uniquingKeysWith: { first, _ in first }))
    let (ids, rest) = Deviation.explain(differences, context)
    return Outcome(rest: rest, deviations: ids)
  }

  /// The PodCliqueSets at a stage; nil when there are none.
  private static func sets(in recorded: [RecordedObject]) -> [PodCliqueSet]? {
    let sets = recorded.filter { $0.identity.kind == "PodCliqueSet" }.map { object -> PodCliqueSet in
      var decoder = TapeDecoder(object.value.tape)
      return decoder.decode(at: object.value.index)
    }
    return sets.isEmpty ? nil : sets
  }

  private func conclude(_ part: String, _ outcome: Outcome, _ report: inout Report) {
    if outcome.rest.isEmpty {
      report.pass(recording.name, part, deviations: outcome.deviations)
    } else {
      report.fail(recording.name, part, outcome.rest.map(\.text), deviations: outcome.deviations)
    }
  }
}
