internal import GroveModel
public import KubernetesModel

/// All rules of admission and of the operator's configuration.
public enum RuleCatalog {
  /// One rule that a diagnostic can cite.
  public struct Rule: Sendable, Equatable {
    /// The id.
    public var id: RuleID
    /// What breaking the rule does.
    public var severity: Diagnostic.Severity
    /// The rule in one line.
    public var summary: String
    /// Why it exists and what to do, in a sentence or two.
    public var explanation: String
    /// The text that the operator's webhook or the API server uses, with names in angle brackets for what varies;
    /// nil for rules of our own and for those whose text is only values.
    public var serverText: String?

    init(
      _ id: RuleID, _ summary: String, _ explanation: String, text: String? = nil,
      severity: Diagnostic.Severity = .error
    ) {
      self.id = id
      self.severity = severity
      self.summary = summary
      self.explanation = explanation
      self.serverText = text
    }
  }

  /// All rules, by id: those of the operator first, then those of the API server (`K-…`), then our own (`W-…`).
  public static let all: [Rule] =
    (schema + metadata + resourceSharing + cliques + podSpecs + scalingGroups + topology + mnnvl + backends
    + updates
    + topologyUpdates + clusterTopology + scaling + configuration)
    .sorted { utf8Precedes($0.id.rawValue, $1.id.rawValue) }
    + kubernetes.sorted { utf8Precedes($0.id.rawValue, $1.id.rawValue) }
    + own.sorted { utf8Precedes($0.id.rawValue, $1.id.rawValue) }

  /// The rule with an id.
  ///
  /// - Complexity: O(rules), a hundred or so.
  public static func rule(_ id: RuleID) -> Rule? { all.first { $0.id == id } }
}
