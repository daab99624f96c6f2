internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension World {
  /// Applies an object in one of three ways (P-4).
  mutating func apply(_ object: Resource, _ mode: PlanRequest.ApplyMode) throws(APIError) {
    switch mode {
    case .client: try perform(.apply(object))
    case .server:
      guard let live = server[object.key] else { return try perform(.apply(object)) }
      let merged = KeyedMerge.merge(object.value, into: live.value)
      var decoder = TapeDecoder(merged.tape, reportsUnknownFields: false)
      try update(Resource(object.kind, from: merged.index, in: &decoder))
    case .replace:
      guard server[object.key] != nil else { return try perform(.apply(object)) }
      try update(object)
    }
  }

  private mutating func update(_ object: Resource) throws(APIError) {
    var object = object
    var metadata = object.metadata
    (metadata.uid, metadata.resourceVersion) = ("", "")
    object.metadata = metadata
    let wanted = object
    try write { server throws(APIError) in try server.update(wanted) }
  }
}

/// What a server-side apply makes of an object, as far as one manifest tells: members and elements that the manifest
/// has take its values, all others stay. Elements of lists with keys stand in the manifest's order, those that it does
/// not have before the next one that both have.
enum KeyedMerge {
  static func merge(_ manifest: Value, into live: Value, name: String = "") -> Value {
    if manifest.kind == .object, live.kind == .object {
      var members: [(String, Value)] = []
      for (name, value) in live.members {
        members.append((name, manifest[name].map { merge($0, into: value, name: name) } ?? value))
      }
      for (name, value) in manifest.members where live[name] == nil { members.append((name, value)) }
      return .object(members.filter { !$0.1.isNull })
    }
    guard manifest.kind == .array, live.kind == .array, let key = key(name, manifest, live) else {
      return manifest
    }
    let wanted = manifest.elements
    var rest = live.elements
    var elements: [Value] = []
    for element in wanted {
      guard let place = rest.firstIndex(where: { $0[key]?.scalarText == element[key]?.scalarText }) else {
        elements.append(element)
        continue
      }
      // Those of others that stood before it.
      for other in rest[..<place]
      where !wanted.contains(where: { $0[key]?.scalarText == other[key]?.scalarText }) {
        elements.append(other)
      }
      let before = rest[..<place].filter { other in
        wanted.contains { $0[key]?.scalarText == other[key]?.scalarText }
      }
      elements.append(merge(element, into: rest[place]))
      rest = Array(before) + rest[(place + 1)...]
    }
    elements += rest.filter { other in
      !wanted.contains { $0[key]?.scalarText == other[key]?.scalarText }
    }
    return .array(elements)
  }

  /// The members by which the lists of pods and of PodCliqueSets tell their elements apart.
  private static let keys = [
    "cliques": "name", "podCliqueScalingGroups": "name", "containers": "name", "initContainers": "name",
    "env": "name",
    "volumes": "name", "ports": "containerPort", "volumeMounts": "mountPath", "volumeDevices": "devicePath",
    "imagePullSecrets": "name", "hostAliases": "ip", "resourceClaims": "name", "schedulingGates": "name",
    "ephemeralContainers": "name", "levels": "domain",
  ]

  private static func key(_ name: String, _ manifest: Value, _ live: Value) -> String? {
    guard let key = keys[name] else { return nil }
    let all = manifest.elements + live.elements
    return all.allSatisfy { $0[key]?.scalarText != nil } ? key : nil
  }
}
