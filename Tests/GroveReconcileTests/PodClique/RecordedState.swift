import Foundation
import GroveManifest
import GroveModel
import KubernetesModel

@testable import GroveReconcile

/// The recordings of the real operator, as states to make passes over.
///
/// Masked times become one moment, masked uids become kind and name, so that owner references lead somewhere.
enum RecordedState {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/golden").standardizedFileURL
  static let isThere = FileManager.default.fileExists(atPath: root.path)
  static let now = Timestamp(secondsSince1970: 1_767_225_600)

  struct Stage: Sendable {
    var testCase: String
    var name: String
    var state: ObservedState
    var configuration: OperatorConfiguration
    var label: String { "\(testCase)/\(name)" }
  }

  /// The names of all cases.
  static func cases() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).sorted().filter {
      FileManager.default.fileExists(atPath: root.appending(path: "\($0)/case.yaml").path)
    }
  }

  /// All stages of all cases, read once: reading them takes longer than all tests about them.
  private static let all = Result { try cases().flatMap { try read($0) } }

  /// The stages of a case, or of all cases, in order.
  static func stages(of testCase: String? = nil) throws -> [Stage] {
    try all.get().filter { testCase == nil || $0.testCase == testCase }
  }

  private static func read(_ testCase: String) throws -> [Stage] {
    let folder = root.appending(path: testCase)
    let configuration = try configuration(of: testCase)
    // Stages do not show what users made besides the PodCliqueSet.
    let templates = try values(in: folder.appending(path: "input.yaml")).compactMap { resource($0) }
      .filter { $0.kind == .resourceClaimTemplate }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasPrefix("stage-") }
      .map { file in
        let objects = try values(in: folder.appending(path: file)).compactMap { resource($0) }
        return Stage(
          testCase: testCase, name: String(file.dropFirst(6).dropLast(5)),
          state: ObservedState(objects + templates + [elsewhere]),
          configuration: configuration)
      }
  }

  /// The one object that cases use outside their namespace, which stages do not show.
  private static var elsewhere: Resource {
    let device = DeviceRequest(
      exactly: ExactDeviceRequest(deviceClassName: "ext-ns-class"), name: "ext-ns-dev")
    return .resourceClaimTemplate(
      ResourceClaimTemplate(
        metadata: ObjectMeta(name: "ext-ns-tpl", namespace: "rs-shared"),
        spec: ResourceClaimTemplateSpec(
          spec: ResourceClaimSpec(devices: DeviceClaim(requests: [device])))))
  }

  /// A stage of a case.
  static func stage(_ name: String, of testCase: String) throws -> Stage? {
    try stages(of: testCase).first { $0.name == name }
  }

  /// The objects of a kind as the operator submitted them for creation.
  static func created(_ kind: String, in testCase: String) throws -> [Value] {
    try values(in: root.appending(path: "\(testCase)/requests.yaml"))
      .filter { $0["verb"]?.stringValue == "create" && $0["kind"]?.stringValue == kind }
      .compactMap { $0["object"] }
  }

  static func configuration(of testCase: String) throws -> OperatorConfiguration {
    var configuration = OperatorConfiguration()
    switch try values(in: root.appending(path: "\(testCase)/case.yaml"))[0]["operatorMode"]?.stringValue {
    case "kai":
      configuration.schedulerProfiles = [.defaultScheduler, .kai]
      configuration.defaultScheduler = .kai
      configuration.topologyAwareSchedulingEnabled = true
    case "mnnvl": configuration.autoMNNVLEnabled = true
    default: break
    }
    return configuration
  }

  static func values(in file: URL) throws -> [Value] {
    var text = try String(contentsOf: file, encoding: .utf8)
    text = text.replacing("<time>", with: "\"\(now.text)\"").replacing(
      "generation: <gen>", with: "generation: 1")
    let tape = try YAMLReader.read(Array(text.utf8))
    return tape.roots.map { Value(tape: tape, index: $0) }
  }

  static func resource(_ value: Value) -> Resource? {
    guard let apiVersion = value["apiVersion"]?.stringValue, let kind = value["kind"]?.stringValue,
      let kind = ResourceKind(apiVersion: apiVersion, kind: kind)
    else { return nil }
    var decoder = TapeDecoder(value.tape)
    var resource = Resource(kind, from: value.index, in: &decoder)
    if resource.metadata.namespace.isEmpty, !kind.isClusterScoped { resource.metadata.namespace = "default" }
    resource.metadata.uid = "\(kind.kind)/\(resource.metadata.name)"
    for index in resource.metadata.ownerReferences.indices {
      let owner = resource.metadata.ownerReferences[index]
      resource.metadata.ownerReferences[index].uid = "\(owner.kind)/\(owner.name)"
    }
    return resource
  }
}
