public import KubernetesModel

/// The rules that reading a manifest and decoding its objects can break.
public enum ManifestRule: String, CaseIterable, Sendable {
  /// The text is YAML or JSON, in UTF-8 and within the limits.
  case syntax = "M-syntax"
  /// A mapping has each key once.
  case duplicateKey = "M-duplicate-key"
  /// A plain `y` or `n` is quoted, since kubectl reads it as a boolean.
  case singleLetter = "M-single-letter"
  /// A merge key stands before the keys that are to win over what it brings in.
  case mergeOrder = "M-merge-order"
  /// Between two `---` there is one document.
  case ignoredRest = "M-ignored-rest"
  /// Scalars and containers have no tags that kubectl takes no notice of.
  case tag = "M-tag"
  /// Each document is a mapping.
  case document = "M-document"
  /// Each object says its `apiVersion` and `kind`.
  case typeMeta = "M-type-meta"
  /// An object that is meant to be one of Grove's has the kind, the group and the version of one.
  case kind = "M-kind"
  /// Each field is one that the type has.
  case unknownField = "M-unknown-field"
  /// Each value is of the kind that its field takes.
  case type = "M-type"
  /// Each quantity, time and duration is well formed.
  case value = "M-value"

  /// The id under which diagnostics name the rule.
  public var id: RuleID { RuleID(rawValue) }

  /// What the rule asks for, in one sentence.
  public var summary: String {
    switch self {
    case .syntax: "The text is YAML or JSON, in UTF-8 and within the reader's limits."
    case .duplicateKey: "A mapping has each key once; kubectl takes the last one without a word."
    case .singleLetter: "A plain y or n is quoted; kubectl reads it as true or false."
    case .mergeOrder:
      "A merge key stands before the keys that are to win: kubectl applies it where it stands."
    case .ignoredRest: "Between two '---' there is one document; kubectl passes over what follows it."
    case .tag: "There are no tags but those of the core schema; kubectl takes no notice of others."
    case .document: "Each document is a mapping."
    case .typeMeta: "Each object says its apiVersion and kind."
    case .kind: "What is meant to be one of Grove's objects has the kind, the group and the version of one."
    case .unknownField: "Each field is one that the object's type has."
    case .type: "Each value is of the kind that its field takes."
    case .value: "Each quantity, time and duration is well formed."
    }
  }
}
