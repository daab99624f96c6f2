internal import GroveModel
internal import KubernetesModel

/// Our objects as a recorder would have written them: pods are called after their PodClique and index, everywhere.
struct Rendering {
  /// The objects, by what identifies them in a recording.
  let objects: [RecordedObject.Identity: Value]

  private let names: [String: String]

  /// Renders the objects of a cluster.
  init(_ resources: [Resource]) {
    let names = Self.podNames(resources)
    self.names = names
    var objects: [RecordedObject.Identity: Value] = [:]
    for resource in resources {
      let object = RecordedObject(Self.renamed(resource.value, names))
      objects[object.identity] = object.value
    }
    self.objects = objects
  }

  /// A text with the pods in it renamed.
  func renamed(_ text: String) -> String {
    if let name = names[text] { return name }
    // Pod names in running text end with five letters; looking for all names would be slow.
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for index in words.indices {
      for separator in ["", "\"", "/"] {
        let parts = words[index].components(separatedBy: separator)
        words[index] = parts.map { names[$0] ?? $0 }.joined(separator: separator)
      }
    }
    return words.joined(separator: " ")
  }

  /// The new names of pods by their real ones. A second live pod with the same index gets `-dup1`.
  static func podNames(_ resources: [Resource]) -> [String: String] {
    var names: [String: String] = [:]
    var counts: [String: Int] = [:]
    let pods = resources.compactMap { resource -> ObjectMeta? in
      guard case .pod(let pod) = resource else { return nil }
      return pod.metadata
    }
    // Older pods first; among equally old ones, the one that is going first.
    let ordered = pods.sorted {
      let (a, b) = ($0.creationTimestamp ?? Timestamp(), $1.creationTimestamp ?? Timestamp())
      if a != b { return a < b }
      if ($0.deletionTimestamp == nil) != ($1.deletionTimestamp == nil) { return $0.deletionTimestamp != nil }
      return $0.name < $1.name
    }
    for metadata in ordered {
      guard let clique = metadata.labels[LabelKey.podClique], let index = metadata.labels[LabelKey.podIndex]
      else {
        continue
      }
      let name = "\(clique)-\(index)"
      let count = counts[name, default: 0]
      counts[name] = count + 1
      names[metadata.name] = count == 0 ? name : "\(name)-dup\(count)"
    }
    return names
  }

  private static func renamed(_ value: Value, _ names: [String: String]) -> Value {
    switch value.kind {
    case .object: .object(value.members.map { ($0.name, renamed($0.value, names)) })
    case .array: .array(value.elements.map { renamed($0, names) })
    case .string: value.stringValue.flatMap { names[$0] }.map { .string($0) } ?? value
    default: value
    }
  }
}

extension String {
  /// The parts between the occurrences of a separator; the text itself for an empty one.
  fileprivate func components(separatedBy separator: String) -> [String] {
    guard let first = separator.first else { return [self] }
    return split(separator: first, omittingEmptySubsequences: false).map(String.init)
  }
}
