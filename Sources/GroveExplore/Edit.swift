public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// Something that users, others, or misfortune do to the cluster in an explored run.
///
/// Pods are known by host name: it says which pod is meant in every run, whatever its name.
public enum Edit: Sendable, Hashable {
  /// A PodCliqueSet, scaling group or PodClique is scaled.
  case scale(ObjectKey, replicas: Int32)
  /// The image of the first container of a clique, by position in the template, becomes that of a version.
  case image(ObjectName, clique: Int, version: Int)
  /// A variable of the first container of a clique gets a value.
  case variable(ObjectName, clique: Int, version: Int)
  /// The update strategy becomes OnDelete, or RollingRecreate.
  case strategy(ObjectName, onDelete: Bool)
  /// A label of a PodCliqueSet gets a value.
  case label(ObjectName, version: Int)
  /// An annotation of a PodCliqueSet gets a value.
  case annotation(ObjectName, version: Int)
  /// An object is deleted.
  case delete(ObjectKey)
  /// A PodCliqueSet that was deleted is created again as it was first.
  case recreate(ObjectName)
  /// A pod is deleted by somebody.
  case deletePod(hostname: String)
  /// A pod fails.
  case kill(hostname: String)
  /// A container of a pod ends with an error.
  case crash(hostname: String)
  /// The readiness probe of a pod fails.
  case unready(hostname: String)
  /// The readiness probe of a pod passes again.
  case ready(hostname: String)
  /// A node fails.
  case failNode(String)
  /// A node is back.
  case recoverNode(String)
  /// A node takes no more pods.
  case cordon(String)
  /// A node takes pods again.
  case uncordon(String)
  /// Whoever else has a scheduling gate on a pod lets it go.
  case liftGate(hostname: String)
  /// Somebody else labels a pod.
  case labelPod(hostname: String)
  /// Somebody else puts a finalizer on an object.
  case addFinalizer(ObjectKey)
  /// Somebody else takes its finalizers away.
  case removeFinalizers

  /// Which kind of fault it is.
  var kind: FaultKind {
    switch self {
    case .scale: .scaling
    case .image, .variable: .templates
    case .strategy: .strategy
    case .label, .annotation: .metadata
    case .delete(let key): key.kind == .podCliqueSet ? .recreation : .deletions
    case .recreate: .recreation
    case .deletePod, .kill: .pods
    case .crash: .containers
    case .unready, .ready: .readiness
    case .failNode, .recoverNode, .cordon, .uncordon: .nodes
    case .liftGate, .labelPod, .addFinalizer, .removeFinalizers: .foreign
    }
  }

  /// The label and finalizer of the others.
  static let foreignKey = "example.com/explored"
}

extension Edit: CustomStringConvertible {
  /// What happens, in words.
  public var description: String {
    switch self {
    case .scale(let key, let replicas): "a user scales \(key.kind.kind) \(key.name) to \(replicas)"
    case .image(let set, let clique, let version):
      "a user changes the image of clique \(clique) of \(set.name) to version \(version)"
    case .variable(let set, let clique, let version):
      "a user changes a variable of clique \(clique) of \(set.name) to \(version)"
    case .strategy(let set, let onDelete):
      "a user switches the update strategy of \(set.name) to \(onDelete ? "OnDelete" : "RollingRecreate")"
    case .label(let set, let version): "a user sets a label of \(set.name) to \(version)"
    case .annotation(let set, let version): "a user sets an annotation of \(set.name) to \(version)"
    case .delete(let key): "somebody deletes \(key.kind.kind) \(key.name)"
    case .recreate(let set): "a user creates PodCliqueSet \(set.name) again"
    case .deletePod(let hostname): "somebody deletes pod \(hostname)"
    case .kill(let hostname): "pod \(hostname) fails"
    case .crash(let hostname): "a container of pod \(hostname) ends with exit code 1"
    case .unready(let hostname): "the readiness probe of pod \(hostname) fails"
    case .ready(let hostname): "the readiness probe of pod \(hostname) passes again"
    case .failNode(let node): "node \(node) fails"
    case .recoverNode(let node): "node \(node) is back"
    case .cordon(let node): "node \(node) is cordoned"
    case .uncordon(let node): "node \(node) is uncordoned"
    case .liftGate(let hostname): "somebody else lifts its scheduling gate from pod \(hostname)"
    case .labelPod(let hostname): "somebody else labels pod \(hostname)"
    case .addFinalizer(let key): "somebody else puts a finalizer on \(key.kind.kind) \(key.name)"
    case .removeFinalizers: "somebody else removes its finalizers"
    }
  }
}
