public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// A name with `*` for any run of characters: `workload1-0-sg-x-*-pc-c`.
public struct NamePattern: Sendable, Hashable, CustomStringConvertible {
  /// The pattern as it is written.
  public let description: String
  private let pieces: [[UInt8]]

  /// A pattern.
  public init(_ text: String) {
    description = text
    pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
  }

  /// Whether the pattern stands for one name only.
  public var isLiteral: Bool { pieces.count <= 1 }

  /// Whether a name is as the pattern says.
  ///
  /// - Complexity: O(characters of both).
  public func matches(_ name: String) -> Bool {
    if isLiteral { return name == description }
    let bytes = Array(name.utf8)
    let (first, last) = (pieces[0], pieces[pieces.count - 1])
    guard bytes.count >= first.count + last.count, bytes.starts(with: first),
      bytes[(bytes.count - last.count)...].elementsEqual(last)
    else { return false }
    let end = bytes.count - last.count
    var position = first.count
    for piece in pieces[1..<(pieces.count - 1)] {
      var start = position
      while start + piece.count <= end, !bytes[start..<(start + piece.count)].elementsEqual(piece) {
        start += 1
      }
      guard start + piece.count <= end else { return false }
      position = start + piece.count
    }
    return true
  }
}

/// Which pods are meant. Every part that is given must fit.
public struct PodSelector: Sendable, Equatable {
  /// Their names.
  public var names: [NamePattern] = []
  /// Their namespace; the scenario's unless given.
  public var namespace: String?
  /// The PodCliqueSet they belong to.
  public var podCliqueSet: NamePattern?
  /// The index of their PodCliqueSet replica.
  public var replica: Int?
  /// Their PodClique, by its full name.
  public var podClique: NamePattern?
  /// Their PodCliqueScalingGroup, by its full name.
  public var scalingGroup: NamePattern?
  /// The index of their scaling group replica.
  public var groupReplica: Int?
  /// Whether they belong to a scaling group at all.
  public var isGrouped: Bool?
  /// Their index in the PodClique.
  public var index: Int?
  /// Their PodGang.
  public var podGang: NamePattern?
  /// Whether they belong to a scaled gang, one beyond the scaling group's minAvailable.
  public var isScaled: Bool?
  /// Their labels.
  public var labels: LabelSelector?
  /// Their phase.
  public var phase: String?
  /// Whether they are Ready.
  public var isReady: Bool?
  /// Whether they have scheduling gates.
  public var isGated: Bool?
  /// Whether they are bound to a node.
  public var isBound: Bool?
  /// Whether they are being deleted.
  public var isTerminating: Bool?
  /// The nodes they are on.
  public var nodes: NodeSelector?
  /// The name of a saved set they are in.
  public var saved: String?
  /// The name of a saved set they are not in.
  public var notSaved: String?
  /// How many of those that fit, the first by name; all unless given.
  public var first: Int?

  /// All pods.
  public init() {}
}

/// Which nodes are meant.
public indirect enum NodeSelector: Sendable, Equatable {
  /// Those with these names.
  case names([NamePattern])
  /// Those at places from…(up to, without) in the list of all schedulable-by-design nodes, by name.
  case range(from: Int, to: Int)
  /// All.
  case all
  /// Those with these labels.
  case labels(LabelSelector)
  /// Those that these pods are on.
  case of(PodSelector)
  /// Those that were saved under a name, or that saved pods were on.
  case saved(String)
}

/// Which objects are meant. Every part that is given must fit.
public struct ObjectSelector: Sendable, Equatable {
  /// Their kind.
  public var kind: ResourceKind
  /// Their names.
  public var names: [NamePattern] = []
  /// Their namespace; the scenario's unless given.
  public var namespace: String?
  /// The PodCliqueSet they are part of.
  public var podCliqueSet: NamePattern?
  /// The index of their PodCliqueSet replica.
  public var replica: Int?
  /// Their labels.
  public var labels: LabelSelector?
  /// Whether they are being deleted.
  public var isTerminating: Bool?
  /// The name of a saved set they are in.
  public var saved: String?
  /// The name of a saved set they are not in.
  public var notSaved: String?
  /// How many of those that fit, the first by name; all unless given.
  public var first: Int?

  /// All objects of a kind.
  public init(kind: ResourceKind) { self.kind = kind }
}

/// Which events are meant. Every part that is given must fit.
public struct EventSelector: Sendable, Equatable {
  /// The kind of the object they are about.
  public var kind: ResourceKind?
  /// The name of the object they are about.
  public var name: NamePattern?
  /// The reason.
  public var reason: String?
  /// `Normal` or `Warning`.
  public var severity: String?
  /// What the message contains.
  public var message: String?
  /// The component that reported them.
  public var component: String?

  /// All events.
  public init() {}
}
