internal import GroveModel
internal import KubernetesModel

/// How the operator was configured while a case was recorded.
enum OperatorMode: String {
  case kube
  case kai
  case mnnvl

  /// The configuration of a mode, as the README of the recordings describes it.
  var configuration: OperatorConfiguration {
    var configuration = OperatorConfiguration()
    configuration.initContainerImage = "grove-initc"
    configuration.operatorVersion = "v0.1.0-dev"
    switch self {
    case .kube: break
    case .kai:
      configuration.schedulerProfiles = [.defaultScheduler, .kai]
      configuration.defaultScheduler = .kai
      configuration.topologyAwareSchedulingEnabled = true
    case .mnnvl: configuration.autoMNNVLEnabled = true
    }
    return configuration
  }
}

/// One recorded case: a folder with an input and what the real operator made of it, stage by stage.
struct Recording {
  /// The name of the folder with the ClusterTopologyBindings that cases of mode `kai` find in their cluster.
  static let topologyFolder = "_cluster-topology-kai"

  let name: String
  let path: String
  let mode: OperatorMode
  /// The names of the recorded stages, in order.
  let stages: [String]

  /// The case in a folder; nil when it is none.
  init?(path: String) throws(UnusableRecording) {
    guard let names = Files.names(in: path), names.contains("input.yaml") else { return nil }
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
    stages = names.filter { $0.hasPrefix("stage-") && $0.hasSuffix(".yaml") }
      .map { String($0.dropFirst("stage-".count).dropLast(".yaml".count)) }
    let description = try Files.recorded("\(path)/case.yaml")?.first
    // The case of the bindings themselves describes no mode: they belong to the scheduler that uses them.
    let modeName =
      description?["operatorMode"]?.stringValue ?? (name == Self.topologyFolder ? "kai" : "kube")
    guard let mode = OperatorMode(rawValue: modeName) else {
      throw UnusableRecording(description: "\(path)/case.yaml: unknown operatorMode \(modeName)")
    }
    self.mode = mode
  }

  /// The text that was sent to the cluster.
  var input: [UInt8] { Files.bytes(of: "\(path)/input.yaml") ?? [] }

  /// The text with the ClusterTopologyBindings that were in the cluster before; nil when there were none.
  var clusterInput: [UInt8]? {
    guard mode == .kai, name != Self.topologyFolder else { return nil }
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    let siblings = parent.isEmpty ? (path.hasPrefix("/") ? "/" : "..") : parent
    return Files.bytes(of: "\(siblings)/\(Self.topologyFolder)/input.yaml")
      ?? Files.bytes(of: "\(path)/../\(Self.topologyFolder)/input.yaml")
  }

  /// The PodCliqueSet as the cluster returned it on creation; nil when it was not recorded.
  func defaulted() throws(UnusableRecording) -> Value? { try Files.recorded("\(path)/defaulted.yaml")?.first }

  /// The objects at a stage.
  func objects(at stage: String) throws(UnusableRecording) -> [RecordedObject] {
    try (Files.recorded("\(path)/stage-\(stage).yaml") ?? []).map { RecordedObject($0) }
  }

  /// How long each stage took from the one before.
  func stageDurations() throws(UnusableRecording) -> [String: Duration] {
    guard let bytes = Files.bytes(of: "\(path)/trace.jsonl") else { return [:] }
    let entries: [Value]
    do throws(ReadError) {
      let tape = try bytes.withUnsafeBufferPointer { (text) throws(ReadError) in try JSONReader.read(text) }
      entries = tape.roots.map { Value(tape: tape, index: $0) }
    } catch {
      throw UnusableRecording(description: "\(path)/trace.jsonl: \(error)")
    }
    var durations: [String: Duration] = [:]
    var (time, start) = (0.0, 0.0)
    for entry in entries {
      time = max(time, entry["t"]?.doubleValue ?? time)
      guard let mark = entry["mark"]?.stringValue, stages.contains(mark) else { continue }
      durations[mark] = .milliseconds(Int64((time - start) * 1_000))
      start = time
    }
    return durations
  }

  /// What the operator submitted, by object.
  func submissions() throws(UnusableRecording) -> Submissions {
    Submissions(try Files.recorded("\(path)/requests.yaml") ?? [])
  }
}

/// An object as it was recorded.
struct RecordedObject {
  /// What identifies an object in a recording. Kinds that two API groups share are told apart by their version.
  struct Identity: Hashable, CustomStringConvertible {
    var apiVersion: String
    var kind: String
    var namespace: String
    var name: String

    var description: String { "\(kind) \(name)" }
  }

  var identity: Identity
  var value: Value

  init(_ value: Value) {
    self.value = value
    let metadata = value["metadata"]
    identity = Identity(
      apiVersion: value["apiVersion"]?.stringValue ?? "", kind: value["kind"]?.stringValue ?? "",
      namespace: metadata?["namespace"]?.stringValue ?? "", name: metadata?["name"]?.stringValue ?? "")
  }
}

/// The objects that the operator submitted for creation and that were accepted.
struct Submissions {
  private var objects: [String: [Value]] = [:]

  init(_ requests: [Value]) {
    for request in requests where request["verb"]?.stringValue == "create" {
      guard let object = request["object"], let kind = request["kind"]?.stringValue,
        let name = request["name"]?.stringValue, (request["code"]?.integerValue ?? 0) < 300
      else { continue }
      objects["\(kind)/\(Self.podName(object) ?? name)", default: []].append(object)
    }
  }

  /// What a pod is called in recordings: it is submitted without a name.
  private static func podName(_ object: Value) -> String? {
    let labels = object["metadata"]?["labels"]
    guard let clique = labels?[LabelKey.podClique]?.stringValue,
      let index = labels?[LabelKey.podIndex]?.stringValue
    else { return nil }
    return "\(clique)-\(index)"
  }

  /// What was submitted for an object: the submission with the same pod template if it has one, else the first.
  func submission(for object: RecordedObject) -> Value? {
    var name = object.identity.name
    if let range = name.firstRange(of: "-dup") { name.removeSubrange(range.lowerBound...) }
    guard let candidates = objects["\(object.identity.kind)/\(name)"] else { return nil }
    func hash(_ value: Value) -> String? {
      value["metadata"]?["labels"]?[LabelKey.podTemplateHash]?.stringValue
    }
    return candidates.first { hash($0) == hash(object.value) } ?? candidates.first
  }
}
