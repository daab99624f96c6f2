public import GroveAdmission
public import GroveModel
public import KubernetesModel
internal import KubernetesSchema

/// Checks the documents of manifests as a cluster would, and gives back what it would store.
///
/// ```swift
/// var checker = ManifestChecker(admission: Admission(configuration: OperatorConfiguration()))
/// let checked = checker.check([("pipeline.yaml", bytes)])
/// checked.documents[0].verdict  // .valid
/// ```
public struct ManifestChecker: Sendable {
  /// The webhooks, with what they are configured to know.
  public var admission: Admission
  /// The namespace of objects that name none.
  public var defaultNamespace: String
  /// Whether the pods that would be made of PodCliqueSets are checked, too. The API server does not do so before it
  /// stores a set; who runs one wants to see what comes of it.
  public var checksPods: Bool
  /// Rules whose findings are left out.
  public var skippedRules: Set<RuleID> = []

  /// A checker.
  public init(admission: Admission, defaultNamespace: String = "default", checksPods: Bool = false) {
    self.admission = admission
    self.checksPods = checksPods
    self.defaultNamespace = defaultNamespace
  }

  /// What came of checking manifests.
  public struct Result: Sendable {
    /// Every document, in order, with its findings. A file that cannot be read at all counts as one.
    public var documents: [CheckedDocument] = []
    /// The accepted objects of kinds that Swift Grove knows, in order, as they would be stored.
    public var objects: [Resource] = []
    /// The kinds of documents that nothing here knows, each with how many there were, in order of first occurrence.
    public var skippedKinds: [(kind: String, count: Int)] = []
    /// The kinds of documents that could be read and whose rules nothing here knows, each with how many there were, in
    /// order of first occurrence.
    public var uncheckedKinds: [(kind: String, count: Int)] = []
    /// The documents of Grove's kinds, by position in ``documents``, that are not among the stored objects they were
    /// compared with, and were therefore checked as new ones.
    public var newDocuments: [Int] = []
    /// Where each document begins, for those that were read.
    fileprivate var places: [Int: ManifestDocument] = [:]
  }

  /// Checks manifests as new objects, or as updates of stored ones.
  ///
  /// ClusterTopologyBindings among the documents are known to the checks of all of them.
  ///
  /// - Parameters:
  ///   - files: names and contents.
  ///   - stored: objects that exist; a document of the same kind, namespace and name is checked as an update.
  /// - Complexity: O(bytes).
  public func check(_ files: [(name: String, bytes: [UInt8])], stored: [Resource] = []) -> Result {
    var result = Result()
    var documents: [(document: ManifestDocument, kind: ResourceKind?)] = []
    var findings: [[Diagnostic]] = []
    for file in files {
      let manifest = ManifestReader.read(file.bytes, source: file.name)
      let fatal = manifest.diagnostics.errors
      if !fatal.isEmpty { result.documents.append(Self.unreadable(file.name, fatal)) }
      for document in manifest.documents {
        documents.append((document, ResourceKind(apiVersion: document.apiVersion, kind: document.kind)))
        findings.append(
          manifest.diagnostics.warnings.filter { Self.belongs($0, to: document, of: manifest.documents) })
      }
    }
    var admission = admission
    admission.topologies = known(admission.topologies, in: documents)
    for (position, (document, kind)) in documents.enumerated() {
      guard let kind else {
        if let slip = NearMissKind.diagnostic(for: document), !skippedRules.contains(slip.rule) {
          result.documents.append(document.checked(.invalid, findings[position] + [slip]))
        } else {
          result.skip(document, findings[position])
        }
        continue
      }
      let old = stored.first { $0.kind == kind && matches($0.metadata, document) }
      let review = admission.review(document.root, as: kind, old: old, defaultNamespace: defaultNamespace)
      var told = findings[position] + Self.findings(of: review, document, kind) + notes(on: document, kind)
      if checksPods { told += podFindings(of: review, document, admission) }
      let diagnostics = told.filter { !skippedRules.contains($0.rule) }
      let isChecked = Admission.checks(kind)
      if !isChecked { CheckedDocument.count(document.kind, in: &result.uncheckedKinds) }
      if StructuralSchema.grove(kind) != nil, !stored.isEmpty, old == nil {
        result.newDocuments.append(result.documents.count)
      }
      result.places[result.documents.count] = document
      result.documents.append(
        document.checked(!diagnostics.errors.isEmpty ? .invalid : isChecked ? .valid : .skipped, diagnostics))
      if let object = review.object { result.objects.append(object) }
    }
    noteCollisions(&result)
    return result
  }

  /// What is worth a word that only the text shows: fields that are left out.
  private func notes(on document: ManifestDocument, _ kind: ResourceKind) -> [Diagnostic] {
    guard kind == .podCliqueSet, let spec = document.root["spec"], spec.kind == .object,
      spec["replicas"]?.isNull ?? true
    else { return [] }
    var finding = admission.replicasLeftOut
    finding.location = document.location(ofPath: "spec")
    return [finding]
  }

  private func matches(_ metadata: ObjectMeta, _ document: ManifestDocument) -> Bool {
    metadata.name == document.name
      && (metadata.namespace.isEmpty || metadata.namespace == document.namespace ?? defaultNamespace)
  }

  /// The bindings of the cluster and those among the documents; nil stays nil when there are neither.
  private func known(
    _ bindings: [ClusterTopologyBinding]?, in documents: [(document: ManifestDocument, kind: ResourceKind?)]
  ) -> [ClusterTopologyBinding]? {
    var all = bindings ?? []
    for (document, kind) in documents where kind == .clusterTopologyBinding {
      var decoder = TapeDecoder(document.root.tape, reportsUnknownFields: false)
      let binding: ClusterTopologyBinding = decoder.decode(at: document.root.index)
      all.removeAll { $0.metadata.name == binding.metadata.name }
      all.append(binding)
    }
    return bindings == nil && all.isEmpty ? nil : all
  }

  /// Findings with their places in the source.
  private static func findings(
    of review: Review, _ document: ManifestDocument, _ kind: ResourceKind
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let schema = StructuralSchema.grove(kind) {
      found += schema.diagnostics(for: review.unknownFields, file: document.source, in: document.root)
    }
    found += document.diagnostics(for: review.issues) { key in
      SchemaTable.grove.fieldNames(
        inPlaceOfKey: key, in: document.root.tape, root: document.root.index, type: kind.rawValue)
    }
    found += review.diagnostics.map { diagnostic in
      var located = diagnostic
      if located.location == nil {
        located.location = document.location(ofPath: diagnostic.place ?? diagnostic.path)
      }
      return located
    }
    return found
  }

  /// What is wrong with the pods that would be made of an accepted object.
  private func podFindings(
    of review: Review, _ document: ManifestDocument, _ admission: Admission
  ) -> [Diagnostic] {
    let found: [Diagnostic] =
      switch review.object {
      case .podCliqueSet(let set): admission.validatePods(of: set)
      case .podClique(let clique): admission.validatePods(of: clique)
      default: []
      }
    return found.map { diagnostic in
      var located = diagnostic
      located.location = document.location(ofPath: diagnostic.path)
      return located
    }
  }

  /// B-R38: objects of different sets that would have the same name.
  private func noteCollisions(_ result: inout Result) {
    // A set that is given twice is applied twice; the second time it replaces the first.
    var sets: [PodCliqueSet] = []
    var positions: [ObjectName: Int] = [:]
    for case .podCliqueSet(let set) in result.objects {
      if let position = positions[ObjectName(set.metadata)] {
        sets[position] = set
      } else {
        positions[ObjectName(set.metadata)] = sets.count
        sets.append(set)
      }
    }
    guard sets.count > 1 else { return }
    for (index, diagnostic) in Admission.collisions(among: sets) where !skippedRules.contains(diagnostic.rule)
    {
      // It is told with the later set, the one that would lose.
      let name = ObjectName(sets[index].metadata)
      let last = result.documents.lastIndex {
        $0.kind == PodCliqueSet.kind && $0.verdict == .valid && $0.name == name.name
          && ($0.namespace.isEmpty ? defaultNamespace : $0.namespace) == name.namespace
      }
      guard let last else { continue }
      var located = diagnostic
      located.location = result.places[last]?.location(ofPath: diagnostic.path)
      result.documents[last].diagnostics.append(located)
    }
  }

  private static func unreadable(_ source: String, _ diagnostics: [Diagnostic]) -> CheckedDocument {
    CheckedDocument(
      source: source, line: diagnostics.first?.location?.line ?? 1, apiVersion: "", kind: "", namespace: "",
      name: "", verdict: .invalid, diagnostics: diagnostics)
  }

  /// Whether a warning of the reader is about a document: it is the last one that begins before the warning's line.
  private static func belongs(
    _ diagnostic: Diagnostic, to document: ManifestDocument, of documents: [ManifestDocument]
  ) -> Bool {
    let line = diagnostic.location?.line ?? 0
    let owner = documents.last { ($0.location?.line ?? 1) <= line } ?? documents.first
    return owner?.index == document.index
  }
}

extension ManifestChecker.Result {
  fileprivate mutating func skip(_ document: ManifestDocument, _ diagnostics: [Diagnostic]) {
    documents.append(document.checked(.skipped, diagnostics))
    CheckedDocument.count(document.kind.isEmpty ? "(no kind)" : document.kind, in: &skippedKinds)
  }
}

extension CheckedDocument {
  fileprivate static func count(_ kind: String, in kinds: inout [(kind: String, count: Int)]) {
    if let position = kinds.firstIndex(where: { $0.kind == kind }) {
      kinds[position].count += 1
    } else {
      kinds.append((kind, 1))
    }
  }
}

extension ManifestDocument {
  fileprivate func checked(
    _ verdict: CheckedDocument.Verdict, _ diagnostics: [Diagnostic]
  ) -> CheckedDocument {
    CheckedDocument(
      source: source, line: location?.line ?? 1, apiVersion: apiVersion, kind: kind,
      namespace: namespace ?? "", name: name ?? "", verdict: verdict, diagnostics: diagnostics)
  }
}
