internal import ArgumentParser
internal import GroveModel
internal import GroveReconcile
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// The lines of a record: what a run was given, what was done, and what came of it with a digest for each change.
///
/// A record holds everything that the run depends on, the objects of its files included.
struct RunRecord {
  static let format = "grove-demo/record/v1"

  private var journal = RunJournal(start: APIServer.defaultStart)

  /// The first line: what the run is given.
  static func header(_ inputs: SimulationInputs) -> String {
    let configuration = inputs.configuration
    let timing = TimingOption.places.map { ($0.name, Value.string(inputs.timing[keyPath: $0.place].text)) }
    return JSONWriter.string(
      .object([
        ("anyPriorityClass", .boolean(inputs.acceptsUnknownPriorityClasses)),
        ("cluster", .array(inputs.cluster.map(\.value))),
        ("compatibleWith", .string(GroveVersion.target)),
        (
          "configuration",
          .object([
            ("autoMNNVLEnabled", .boolean(configuration.autoMNNVLEnabled)),
            ("defaultScheduler", .string(configuration.defaultScheduler.rawValue)),
            ("initContainerImage", configuration.initContainerImage.map { .string($0) } ?? .null),
            ("operatorVersion", .string(configuration.operatorVersion)),
            ("schedulerProfiles", .array(configuration.schedulerProfiles.map { .string($0.rawValue) })),
            ("topologyAwareSchedulingEnabled", .boolean(configuration.topologyAwareSchedulingEnabled)),
          ])
        ),
        ("format", .string(format)), ("seed", .string(String(inputs.seed))), ("timing", .object(timing)),
        ("until", .string(inputs.until.text)), ("version", .string(GroveVersion.current)),
      ]))
  }

  /// The line that says what is done next.
  func step(_ step: SimulationStep) -> String {
    JSONWriter.string(
      .object([
        ("do", .string(step.text)), ("isManifest", .boolean(step.command == nil)),
        ("namespace", .string(step.namespace)), ("objects", .array(step.objects.map(\.value))),
      ]))
  }

  /// The line about something that happened, if there is one.
  mutating func line(_ happening: Happening) -> String? { journal.line(happening) }

  /// The line after a step.
  func end(at time: Timestamp) -> String {
    JSONWriter.string(
      .object([
        ("digest", .string(journal.digestText)), ("lines", .integer(Int64(journal.lines))),
        ("over", .string((time - APIServer.defaultStart).text)),
      ]))
  }

  // MARK: Reading

  /// The inputs that a record begins with.
  static func inputs(_ header: Value) -> SimulationInputs? {
    guard header["format"]?.stringValue == format, let configuration = header["configuration"],
      let seed = header["seed"]?.stringValue.flatMap({ UInt64($0) }),
      let until = header["until"]?.stringValue.flatMap({ RunLength(argument: $0) })
    else { return nil }
    var operatorConfiguration = OperatorConfiguration()
    operatorConfiguration.autoMNNVLEnabled = configuration["autoMNNVLEnabled"]?.booleanValue ?? false
    operatorConfiguration.initContainerImage = configuration["initContainerImage"]?.stringValue
    operatorConfiguration.operatorVersion = configuration["operatorVersion"]?.stringValue ?? ""
    operatorConfiguration.schedulerProfiles =
      configuration["schedulerProfiles"]?.elements.compactMap {
        SchedulerBackend(rawValue: $0.stringValue ?? "")
      } ?? []
    operatorConfiguration.topologyAwareSchedulingEnabled =
      configuration["topologyAwareSchedulingEnabled"]?.booleanValue ?? false
    if let name = configuration["defaultScheduler"]?.stringValue,
      let backend = SchedulerBackend(rawValue: name)
    {
      operatorConfiguration.defaultScheduler = backend
    }
    var timing = ClusterTiming()
    for (name, place) in TimingOption.places {
      if let text = header["timing"]?[name]?.stringValue, let duration = Duration(text) {
        timing[keyPath: place] = duration
      }
    }
    return SimulationInputs(
      configuration: operatorConfiguration, timing: timing, seed: seed,
      acceptsUnknownPriorityClasses: header["anyPriorityClass"]?.booleanValue ?? false, until: until,
      cluster: objects(header["cluster"]), steps: [])
  }

  /// The step that a line tells to take; nil for other lines.
  static func step(_ line: Value) throws(ClusterCommandError) -> SimulationStep? {
    guard let text = line["do"]?.stringValue else { return nil }
    let namespace = line["namespace"]?.stringValue ?? "default"
    var step = SimulationStep(text: text, namespace: namespace, objects: objects(line["objects"]))
    if line["isManifest"]?.booleanValue != true {
      step.command = try ClusterCommand(parsing: text, namespace: namespace)
    }
    return step
  }

  private static func objects(_ list: Value?) -> [Resource] {
    (list?.elements ?? []).compactMap { value in
      guard let apiVersion = value["apiVersion"]?.stringValue, let kind = value["kind"]?.stringValue,
        let known = ResourceKind(apiVersion: apiVersion, kind: kind)
      else { return nil }
      var decoder = TapeDecoder(value.tape, reportsUnknownFields: false)
      return Resource(known, from: value.index, in: &decoder)
    }
  }
}

/// Writes the record of a run.
final class RunRecorder: SimulationObserver {
  private var record = RunRecord()
  private let file: OutputFile
  private let console: Console

  init(_ path: String, _ inputs: SimulationInputs, _ console: Console) throws {
    self.console = console
    do throws(FileError) {
      file = try OutputFile(path)
      try file.add(line: RunRecord.header(inputs))
    } catch {
      throw console.fail("\(error)")
    }
  }

  func begins(_ step: SimulationStep, at time: Timestamp) throws { try add(record.step(step)) }

  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {
    for happening in happenings {
      if let line = record.line(happening) { try add(line) }
    }
  }

  func ends(_ step: SimulationStep, _ world: World) throws { try add(record.end(at: world.now)) }

  /// Ends the file. A run that fails leaves none.
  func finish() throws {
    do throws(FileError) {
      try file.finish()
    } catch {
      throw console.fail("\(error)")
    }
  }

  private func add(_ line: String) throws {
    do throws(FileError) {
      try file.add(line: line)
    } catch {
      throw console.fail("\(error)")
    }
  }
}

/// Runs a record again and compares line by line.
final class Replay: SimulationObserver {
  private var record = RunRecord()
  private let path: String
  private let lines: [Substring]
  private var position = 1
  private let console: Console

  /// Runs a record: exit code 1 at the first line that is another one now.
  static func run(_ path: String, _ console: Console) throws {
    let text = String(decoding: try InputOptions.bytes(path, console), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let first = lines.first.flatMap({ value($0) }), var inputs = RunRecord.inputs(first) else {
      throw console.fail("\(path):1: not a record of the form \(RunRecord.format)")
    }
    for (index, line) in lines.enumerated() where line.hasPrefix("{\"do\":") {
      guard let value = value(line) else { continue }
      do throws(ClusterCommandError) {
        if let step = try RunRecord.step(value) { inputs.steps.append(step) }
      } catch {
        throw console.fail("\(path):\(index + 1): \(error)")
      }
    }
    let replay = Replay(path, lines, console)
    var simulation = try Simulation(inputs, observers: [replay], console)
    try simulation.run()
    if replay.position < lines.count {
      throw replay.parted("the run is over", recorded: lines[replay.position])
    }
    console.message("\(path): the same again, \(lines.count) lines")
  }

  private static func value(_ line: Substring) -> Value? {
    guard let tape = try? JSONReader.read(String(line)), let root = tape.roots.first else { return nil }
    return Value(tape: tape, index: root)
  }

  private init(_ path: String, _ lines: [Substring], _ console: Console) {
    self.path = path
    self.lines = lines
    self.console = console
  }

  func begins(_ step: SimulationStep, at time: Timestamp) throws { try compare(record.step(step)) }

  func follows(_ happenings: [Happening], _ writes: [AppliedWrite]) throws {
    for happening in happenings {
      if let line = record.line(happening) { try compare(line) }
    }
  }

  func ends(_ step: SimulationStep, _ world: World) throws { try compare(record.end(at: world.now)) }

  private func compare(_ line: String) throws {
    guard position < lines.count else { throw parted(line, recorded: "the record is over") }
    if lines[position] != line { throw parted(line, recorded: lines[position]) }
    position += 1
  }

  private func parted(_ line: String, recorded: Substring) -> ExitCode {
    _ = console.fail("\(path):\(position + 1): the run parts from the record here")
    console.message("  recorded: \(recorded.prefix(400))")
    console.message("  now:      \(line.prefix(400))")
    return ExitCode(1)
  }
}
