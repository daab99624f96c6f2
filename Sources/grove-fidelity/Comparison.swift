internal import GroveModel
internal import KubernetesModel

/// A place where our object is not the recorded one.
struct Difference {
  /// The object, by its name in the recording.
  var object: RecordedObject.Identity
  /// The field, such as `metadata.labels[app]`; empty for the whole object.
  var path: String
  /// The recorded value; nil when there is none.
  var recorded: Value?
  /// Our value; nil when there is none.
  var ours: Value?

  /// The difference in one line.
  var text: String {
    guard !path.isEmpty else {
      return ours == nil ? "\(object): missing" : "\(object): not recorded"
    }
    return "\(object) \(path): recorded \(Self.short(recorded)), ours \(Self.short(ours))"
  }

  private static func short(_ value: Value?) -> String {
    guard let value else { return "nothing" }
    let text = JSONWriter.string(value)
    return text.count > 160 ? text.prefix(157) + "…" : text
  }
}

/// Compares objects as the README of the recordings says.
struct Comparison {
  /// Kinds of which everything counts: Grove's own and those of schedulers and drivers.
  private static let wholeKinds: Set<String> = [
    "PodCliqueSet", "PodClique", "PodCliqueScalingGroup", "ClusterTopologyBinding", "PodGang", "PodGroup",
    "Topology", "ComputeDomain",
  ]
  /// Metadata that only a cluster fills in.
  private static let ignoredMetadata: Set<String> = ["uid", "resourceVersion", "managedFields", "selfLink"]
  /// Metadata of core kinds that counts.
  private static let comparedMetadata = [
    "name", "namespace", "generateName", "labels", "annotations", "ownerReferences", "finalizers",
  ]

  private let object: RecordedObject.Identity
  private(set) var differences: [Difference] = []

  /// The differences between a recorded object and ours.
  ///
  /// - Parameters:
  ///   - recorded: the recorded object.
  ///   - ours: our object, with pods renamed as in the recording.
  ///   - submission: what the operator submitted for it. Of core kinds, only what was submitted counts.
  static func differences(_ recorded: RecordedObject, _ ours: Value, submission: Value?) -> [Difference] {
    var comparison = Comparison(object: recorded.identity)
    let names = Set(recorded.value.members.map(\.name) + ours.members.map(\.name)).sorted()
    let isWhole = wholeKinds.contains(recorded.identity.kind)
    for name in names {
      let (recorded, ours) = (recorded.value[name], ours[name])
      if name == "metadata" {
        comparison.compareMetadata(recorded, ours, isWhole: isWhole)
      } else if isWhole {
        comparison.compare(recorded, ours, name)
      } else if name != "status" {
        comparison.compareSubmitted(recorded, ours, submission?[name], name, in: .null)
      }
    }
    return comparison.differences
  }

  private init(object: RecordedObject.Identity) { self.object = object }

  private mutating func differ(_ path: String, _ recorded: Value?, _ ours: Value?) {
    differences.append(Difference(object: object, path: path, recorded: recorded, ours: ours))
  }

  private mutating func compareMetadata(_ recorded: Value?, _ ours: Value?, isWhole: Bool) {
    let names =
      isWhole
      ? Set((recorded?.members ?? []).map(\.name) + (ours?.members ?? []).map(\.name))
        .subtracting(Self.ignoredMetadata).sorted()
      : Self.comparedMetadata
    for name in names {
      let (recorded, ours) = (recorded?[name], ours?[name])
      if name == "labels" || name == "annotations" {
        // An absent map is an empty one, so that each key is a difference of its own.
        compareMaps(recorded, ours, "metadata.\(name)")
      } else {
        compare(recorded, ours, "metadata.\(name)")
      }
    }
  }

  private mutating func compareMaps(_ recorded: Value?, _ ours: Value?, _ path: String) {
    let names = Set((recorded?.members ?? []).map(\.name) + (ours?.members ?? []).map(\.name)).sorted()
    for name in names { compare(recorded?[name], ours?[name], "\(path)[\(name)]") }
  }

  /// Compares values of which everything counts.
  private mutating func compare(_ recorded: Value?, _ ours: Value?, _ path: String) {
    // What failed, and when, depends on timing.
    if path == "status.lastErrors" { return }
    guard let recorded, let ours else {
      if recorded != nil || ours != nil { differ(path, recorded, ours) }
      return
    }
    if Mask.covers(recorded, ours) { return }
    if path.contains("readyPodsSelectedToUpdate"), Mask.areTwins(recorded, ours) { return }
    guard recorded.kind == ours.kind else { return differ(path, recorded, ours) }
    switch recorded.kind {
    case .object:
      let names = Set((recorded.members + ours.members).map(\.name)).sorted()
      for name in names { compare(recorded[name], ours[name], Self.child(path, name)) }
    case .array:
      let (left, right) = (Self.ordered(recorded, path), Self.ordered(ours, path))
      guard left.count == right.count else { return differ(path, recorded, ours) }
      for index in left.indices { compare(left[index], right[index], "\(path)[\(index)]") }
    default:
      if recorded != ours { differ(path, recorded, ours) }
    }
  }

  /// Compares values of which only what the operator submitted counts, and what we have.
  private mutating func compareSubmitted(
    _ recorded: Value?, _ ours: Value?, _ submitted: Value?, _ path: String, in owner: Value
  ) {
    guard ours != nil || submitted != nil else { return }
    guard let ours else {
      // Submitted and removed again since, or never accepted.
      if let recorded, !ServerDefaults.explain(path, recorded, in: owner) { differ(path, recorded, nil) }
      return
    }
    guard let recorded else {
      // The server drops what is empty.
      if ours.count > 0 || ours.kind != .object && ours.kind != .array { differ(path, nil, ours) }
      return
    }
    if Mask.covers(recorded, ours) || path == "spec.nodeName" { return }
    guard recorded.kind == ours.kind else { return differ(path, recorded, ours) }
    switch recorded.kind {
    case .object:
      let names = Set((ours.members + (submitted?.members ?? [])).map(\.name)).sorted()
      for name in names {
        compareSubmitted(recorded[name], ours[name], submitted?[name], Self.child(path, name), in: ours)
      }
    case .array:
      var left = recorded.elements
      let right = ours.elements
      let wanted = submitted?.elements ?? []
      // The server appends: token volumes and their mounts, default tolerations.
      if submitted != nil, left.count > wanted.count { left.removeSubrange(wanted.count...) }
      guard left.count == right.count else { return differ(path, recorded, ours) }
      for index in left.indices {
        compareSubmitted(
          left[index], right[index], index < wanted.count ? wanted[index] : nil, "\(path)[\(index)]",
          in: owner)
      }
    default:
      if recorded != ours { differ(path, recorded, ours) }
    }
  }

  /// Lists whose order depends on the random ends of pod names are compared in the order of the new names.
  private static func ordered(_ list: Value, _ path: String) -> [Value] {
    guard path.hasSuffix("podReferences") else { return list.elements }
    return list.elements.sorted {
      ($0["name"]?.stringValue ?? "").utf8.lexicographicallyPrecedes(($1["name"]?.stringValue ?? "").utf8)
    }
  }

  private static func child(_ path: String, _ name: String) -> String {
    name.contains { $0 == "." || $0 == "/" } ? "\(path)[\(name)]" : "\(path).\(name)"
  }
}

/// The places that a recorder has blotted out, because they differ from run to run.
enum Mask {
  /// Whether the recorded value is a mask, and ours is of the kind that it covers.
  static func covers(_ recorded: Value, _ ours: Value) -> Bool {
    guard let mask = recorded.stringValue else { return false }
    switch mask {
    case "<time>": return ours.stringValue.map { Timestamp($0) != nil } ?? false
    case "<uid>", "<ip>", "<redacted>": return ours.stringValue?.isEmpty == false
    case "<gen>": return ours.integerValue != nil
    default: return false
    }
  }

  /// Whether both are names of pods that are gone, which differ in their random ends only: gone pods are not renamed.
  static func areTwins(_ recorded: Value, _ ours: Value) -> Bool {
    guard let a = recorded.stringValue, let b = ours.stringValue, a.count == b.count, a.count > 5 else {
      return false
    }
    return a.dropLast(5) == b.dropLast(5)
  }

  /// The recorded value with ours in the places that are blotted out.
  static func lifted(_ recorded: Value, _ ours: Value?) -> Value {
    guard let ours else { return recorded }
    switch recorded.kind {
    case .object: return .object(recorded.members.map { ($0.name, lifted($0.value, ours[$0.name])) })
    case .array:
      return .array(recorded.elements.enumerated().map { lifted($0.element, ours[$0.offset]) })
    default: return covers(recorded, ours) ? ours : recorded
    }
  }
}
