public import KubernetesModel

/// One object of a manifest, before it is decoded.
public struct ManifestDocument: Sendable {
  /// What the text it came from is called: a file path, or `<stdin>`.
  public var source: String
  /// Which object of the source it is, from 0; items of lists count one by one.
  public var index: Int
  /// The object.
  public var root: Value
  /// The API version: `grove.io/v1alpha1`. Never empty.
  public var apiVersion: String
  /// The kind: `PodCliqueSet`. Never empty.
  public var kind: String
  /// `metadata.name`, when there is one.
  public var name: String?
  /// `metadata.namespace`, when there is one.
  public var namespace: String?

  /// How numbers of the text are spelled whose values say it otherwise.
  var spellings = NumberSpellings()

  /// An object of a text.
  public init(
    source: String, index: Int, root: Value, apiVersion: String, kind: String, name: String? = nil,
    namespace: String? = nil
  ) {
    self.source = source
    self.index = index
    self.root = root
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }

  /// Where the object begins.
  public var location: SourceLocation? { root.tape.location(of: root.index, file: source) }

  /// Where a field is, or the deepest part of its path that exists.
  ///
  /// - Parameter path: a field path as Kubernetes writes it, relative to the object.
  public func location(ofPath path: String) -> SourceLocation? {
    root.tape.location(of: root.tape.locate(path, in: root.index), file: source)
  }

  /// Where a node of the object's tape is.
  public func location(of node: Int) -> SourceLocation? {
    root.tape.location(of: node, file: source)
  }
}

/// What a text turned out to hold.
public struct Manifest: Sendable {
  /// The objects, lists unrolled, in the order of the text.
  public var documents: [ManifestDocument] = []
  /// What is wrong with the text, in the order of the text; the objects that could be read are there all the same.
  public var diagnostics: [Diagnostic] = []

  /// An empty manifest.
  public init() {}
}
