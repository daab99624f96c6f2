public import KubernetesModel

/// One document of a manifest and what was found out about it.
public struct CheckedDocument: Sendable, Equatable {
  /// What became of the document.
  public enum Verdict: String, Sendable, Equatable {
    /// The API server would accept it.
    case valid
    /// The API server would refuse it.
    case invalid
    /// It is of a kind that nothing here checks.
    case skipped
  }

  /// What the file is called.
  public var source: String
  /// The line it begins at, from 1.
  public var line: Int
  /// Group and version; empty when the document does not say.
  public var apiVersion: String
  /// The kind; empty when the document does not say.
  public var kind: String
  /// The namespace; empty when the document does not say.
  public var namespace: String
  /// The name; empty when the document does not say.
  public var name: String
  /// What became of it.
  public var verdict: Verdict
  /// Everything worth telling about it.
  public var diagnostics: [Diagnostic]

  /// A checked document.
  public init(
    source: String, line: Int, apiVersion: String, kind: String, namespace: String, name: String,
    verdict: Verdict, diagnostics: [Diagnostic]
  ) {
    self.source = source
    self.line = line
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.verdict = verdict
    self.diagnostics = diagnostics
  }

  /// What messages call the document: kind and name, as far as they are known.
  public var title: String {
    let kind = kind.isEmpty ? "document" : kind
    return name.isEmpty ? kind : "\(kind) \(name)"
  }
}

/// How many documents and findings there are.
public struct CheckSummary: Sendable, Equatable {
  /// Documents that would be accepted.
  public var valid = 0
  /// Documents that would be refused.
  public var invalid = 0
  /// Documents of kinds that nothing here checks.
  public var skipped = 0
  /// Errors in all documents.
  public var errors = 0
  /// Warnings in all documents.
  public var warnings = 0

  /// The summary of some documents.
  public init(_ documents: [CheckedDocument]) {
    for document in documents {
      switch document.verdict {
      case .valid: valid += 1
      case .invalid: invalid += 1
      case .skipped: skipped += 1
      }
      errors += document.diagnostics.errors.count
      warnings += document.diagnostics.warnings.count
    }
  }
}
