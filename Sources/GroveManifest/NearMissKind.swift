internal import GroveModel
internal import KubernetesModel

/// Objects whose kind, group or version is nearly one of Grove's: a slip, and no object of somebody else.
enum NearMissKind {
  /// Kinds of older releases and what they are called now.
  private static let renamed = ["PodGangSet": "PodCliqueSet", "ClusterTopology": "ClusterTopologyBinding"]

  private static let kinds: [ResourceKind] = [
    .podCliqueSet, .podClique, .podCliqueScalingGroup, .clusterTopologyBinding, .podGang,
  ]

  /// What to say about an object of a kind that is not known; nil when it is probably somebody else's.
  static func diagnostic(for document: ManifestDocument) -> Diagnostic? {
    let parts = document.apiVersion.split(separator: "/", omittingEmptySubsequences: false)
    let group = parts.count == 2 ? String(parts[0]) : ""
    let isOfGrove = kinds.contains { $0.group == group }
    // With the right group anything near will do; with another one the name must be Grove's but for letter case.
    let meant = kind(named: document.kind, allowsTypingErrors: isOfGrove)
    guard isOfGrove || (meant != nil && isLikely(group, parts.count)) else { return nil }
    var hint: String?
    if let meant {
      hint = "did you mean apiVersion: \(meant.apiVersion), kind: \(meant.kind)?"
      if let new = renamed[document.kind] { hint = "\(document.kind) is now called \(new): " + (hint ?? "") }
    }
    return Diagnostic(
      rule: ManifestRule.kind.id,
      detail: "no matches for kind \"\(document.kind)\" in version \"\(document.apiVersion)\"", hint: hint,
      location: document.location(ofPath: "apiVersion") ?? document.location)
  }

  private static func kind(named name: String, allowsTypingErrors: Bool) -> ResourceKind? {
    let wanted = renamed[name] ?? name
    if let same = kinds.first(where: { $0.kind.lowercased() == wanted.lowercased() }) { return same }
    // A plural or another slip.
    guard allowsTypingErrors, let nearest = NearestName.of(wanted, among: kinds.map(\.kind)) else {
      return nil
    }
    return kinds.first { $0.kind == nearest }
  }

  /// Whether a group may have been meant to be Grove's: none at all, or one that has its name in it or nearly so.
  private static func isLikely(_ group: String, _ parts: Int) -> Bool {
    if parts == 1 || group.isEmpty { return true }
    if group.lowercased().split(separator: ".").contains("grove") { return true }
    return NearestName.of(group, among: kinds.map(\.group)) != nil
  }
}

extension ResourceKind {
  /// The API group; empty for the core group.
  fileprivate var group: String { apiVersion.split(separator: "/").dropLast().first.map(String.init) ?? "" }
}
