public import KubernetesModel

/// A change of a PodCliqueSet that changes a hash (P-9), and what follows from it.
public struct HashChange: Sendable, Equatable {
  /// What the change leads to (P-10).
  public enum Effect: String, Sendable, Equatable {
    /// The pod template hash of a clique, or of all of them: their pods are replaced, in a scaling group with those of
    /// the other cliques of their replica.
    case podTemplateHash
    /// The generation hash only: an update is walked through, and no pod is replaced.
    case generationHashOnly
  }

  /// What a reader should not be misled by (P-11).
  public enum Mark: String, Sendable, Equatable {
    /// The same elements in another order.
    case orderOnly
    /// The hash is another one, the pod is not.
    case noEffectiveChange
  }

  /// Where, from the root of the PodCliqueSet. Positions are those of the new set, for what is gone those of the old.
  public var path: ChangePath
  /// What was there; nil when nothing was.
  public var old: Value?
  /// What is there; nil when nothing is.
  public var new: Value?
  /// The clique; nil for what all of them have.
  public var clique: String?
  /// What the change leads to.
  public var effect: Effect
  /// What a reader should not be misled by.
  public var mark: Mark?

  /// A change.
  public init(
    path: ChangePath, old: Value?, new: Value?, clique: String?, effect: Effect, mark: Mark? = nil
  ) {
    self.path = path
    self.old = old
    self.new = new
    self.clique = clique
    self.effect = effect
    self.mark = mark
  }
}

/// The fewest leaf paths whose change changes a hash (P-9): undoing all of them gives the old hashes, and undoing all
/// but one of them does not.
///
/// ```swift
/// for change in hashChanges(from: stored, to: wanted) { print(change.path, change.effect) }
/// ```
///
/// - Parameters:
///   - old: the set as it is stored.
///   - new: the set as it would be stored: both after admission, since hashes are taken of that.
/// - Returns: the changes in the order of the new set; none when all hashes are the same.
/// - Complexity: O(bytes of the templates that differ); about three times the hashes that are compared.
public func hashChanges(from old: PodCliqueSet, to new: PodCliqueSet) -> [HashChange] {
  HashComparison(from: old, to: new).changes
}
