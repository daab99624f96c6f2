public import GroveModel
public import KubernetesModel

/// What users and node operators do to a cluster, and what misfortune does.
public enum ClusterAction: Sendable, Equatable {
  /// How dependents are treated when their owner is deleted.
  public enum Propagation: String, Sendable, Equatable, CaseIterable {
    /// The owner goes at once, its dependents after it.
    case background = "Background"
    /// The owner stays, terminating, until its dependents are gone.
    case foreground = "Foreground"
    /// The dependents stay and lose their owner.
    case orphan = "Orphan"
  }

  /// `kubectl apply`: creates the object, or merges it with what is there and what was applied last.
  case apply(Resource)
  /// A JSON merge patch (RFC 7386), as `kubectl patch --type merge` sends it.
  case patch(ObjectKey, Value)
  /// Sets the replicas of a PodCliqueSet, PodCliqueScalingGroup or PodClique, as `kubectl scale` does.
  case scale(ObjectKey, replicas: Int32)
  /// A turn of the HorizontalPodAutoscaler of that name which wants so many replicas; its bounds hold.
  case autoscale(ObjectName, desired: Int32)
  /// `kubectl delete`.
  case delete(ObjectKey, propagation: Propagation = .background, gracePeriodSeconds: Int64? = nil)
  /// `kubectl cordon`.
  case cordon(String)
  /// `kubectl uncordon`.
  case uncordon(String)
  /// The kubelet of a node dies.
  case failNode(String)
  /// The kubelet of a node comes back.
  case recoverNode(String)
  /// All containers of a pod are killed for good, as in an eviction by the kubelet: the pod is Failed.
  case killPod(ObjectName)
  /// A container ends with an exit code; without a name, the first.
  case crashContainer(pod: ObjectName, container: String?, exitCode: Int32)
  /// The readiness probes of a pod fail, or pass again.
  case setReady(pod: ObjectName, Bool)
}
