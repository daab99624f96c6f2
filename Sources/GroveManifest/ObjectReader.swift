internal import GroveAdmission
public import GroveModel
public import KubernetesModel
internal import KubernetesSchema

/// Reads objects of a cluster, as `kubectl get … -o yaml|json` prints them, without judging them (S-006).
///
/// Fields that no type has are kept, so objects of newer clusters can be read. What has the wrong type is an error
/// that names the object and its place.
///
/// ```swift
/// let found = ObjectReader.read([("nodes.json", bytes)])
/// found.objects.count { $0.object.kind == .node }
/// ```
public enum ObjectReader {
  /// An object and where it was found.
  public struct Entry: Sendable {
    /// The object.
    public var object: Resource
    /// Where it begins; nil when the text does not say.
    public var location: SourceLocation?
  }

  /// An object of a kind without a type here.
  public struct UntypedEntry: Sendable {
    /// Its kind.
    public var kind: String
    /// The object.
    public var value: Value
    /// Where it begins; nil when the text does not say.
    public var location: SourceLocation?
  }

  /// What was found.
  public struct Result: Sendable {
    /// The objects of kinds that Swift Grove knows, in order.
    public var objects: [Entry] = []
    /// The objects of kinds without a type that were asked for, in order.
    public var untyped: [UntypedEntry] = []
    /// The kinds of the others, each with how many there were, in order of first occurrence.
    public var skippedKinds: [(kind: String, count: Int)] = []
    /// What is wrong with the texts, in order.
    public var diagnostics: [Diagnostic] = []
  }

  /// Reads files: YAML or JSON, several documents, Kubernetes Lists.
  ///
  /// - Parameters:
  ///   - files: names and contents.
  ///   - kinds: the kinds that are wanted; others are passed over. All that are known by default.
  ///   - untypedKinds: kinds without a type that are wanted as they are, whatever their API group.
  ///   - defaultNamespace: the namespace of objects that name none and have one.
  ///   - toleratesMasks: whether times that are blotted out, as in shared dumps, are read as absent.
  /// - Complexity: O(bytes).
  public static func read(
    _ files: [(name: String, bytes: [UInt8])], kinds: Set<ResourceKind> = Set(ResourceKind.allCases),
    untypedKinds: Set<String> = [], defaultNamespace: String = "default", toleratesMasks: Bool = false
  ) -> Result {
    var result = Result()
    for file in files {
      let manifest = ManifestReader.read(file.bytes, source: file.name)
      result.diagnostics += manifest.diagnostics
      for document in manifest.documents {
        guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind),
          kinds.contains(kind)
        else {
          if untypedKinds.contains(document.kind) {
            result.untyped.append(
              UntypedEntry(kind: document.kind, value: document.root, location: document.location))
            continue
          }
          result.skip(document.kind)
          continue
        }
        result.add(document, kind, defaultNamespace, toleratesMasks)
      }
    }
    return result
  }
}

extension ObjectReader.Result {
  fileprivate mutating func add(
    _ document: ManifestDocument, _ kind: ResourceKind, _ defaultNamespace: String, _ toleratesMasks: Bool
  ) {
    // As the API server reads them: `key:` without a value is nothing.
    let root = StructuralSchema.grove(kind)?.withoutNulls(document.root) ?? document.root
    var document = document
    document.root = root
    var decoder = TapeDecoder(root.tape, reportsUnknownFields: false)
    var object = Resource(kind, from: root.index, in: &decoder)
    if toleratesMasks, !decoder.issues.isEmpty {
      let plain = root.withoutMasks
      var other = TapeDecoder(plain.tape, reportsUnknownFields: false)
      let unmasked = Resource(kind, from: plain.index, in: &other)
      if other.issues.isEmpty { (object, decoder) = (unmasked, other) }
    }
    let subject = "\(document.kind) \(document.name ?? "without a name")"
    if !decoder.issues.isEmpty {
      diagnostics += document.diagnostics(for: decoder.issues).map { diagnostic in
        var named = diagnostic
        named.detail = "\(subject): \(diagnostic.message)"
        named.path = ""
        return named
      }
      return
    }
    if !kind.isClusterScoped, object.metadata.namespace.isEmpty {
      object.metadata.namespace = defaultNamespace
    }
    if object.metadata.name.isEmpty {
      diagnostics.append(
        Diagnostic(
          rule: ManifestRule.value.id, detail: "\(subject): metadata.name is missing",
          location: document.location))
      return
    }
    objects.append(ObjectReader.Entry(object: object, location: document.location))
  }

  fileprivate mutating func skip(_ kind: String) {
    if let position = skippedKinds.firstIndex(where: { $0.kind == kind }) {
      skippedKinds[position].count += 1
    } else {
      skippedKinds.append((kind, 1))
    }
  }
}

extension Value {
  /// The value without what was blotted out: times that are none, and `<…>` in the place of anything.
  fileprivate var withoutMasks: Value {
    switch kind {
    case .object:
      .object(
        members.compactMap { name, member in
          let isTime = ["Time", "Timestamp", "At", "timeAdded"].contains { name.hasSuffix($0) }
          if let text = member.stringValue {
            if isTime, Timestamp(text) == nil { return nil }
            if text.hasPrefix("<"), text.hasSuffix(">") { return nil }
          }
          return (name, member.withoutMasks)
        })
    case .array: .array(elements.map(\.withoutMasks))
    default: self
    }
  }
}
