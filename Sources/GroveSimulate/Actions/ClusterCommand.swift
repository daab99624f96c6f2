public import GroveModel
public import KubernetesModel

/// A line that a user would type at a cluster, with kubectl's grammar: `scale pcsg serve-0-prefill --replicas=3`.
///
/// What it does is known once the cluster is: names are looked up and values filled in by ``actions(in:)``.
public struct ClusterCommand: Sendable, Equatable {
  /// What is done.
  public enum Verb: Sendable, Equatable {
    /// `apply -f FILE…`: the caller reads the files.
    case apply(files: [String])
    /// `delete -f FILE…`: the caller reads the files.
    case deleteFiles([String], ClusterAction.Propagation)
    /// `delete KIND NAME…`, by name or by labels.
    case delete([Target], ClusterAction.Propagation, gracePeriodSeconds: Int64?)
    /// `scale KIND NAME --replicas=N`.
    case scale([Target], replicas: Int32)
    /// `autoscale NAME --replicas=N`: the autoscaler's turn, when it wants so many.
    case autoscale([Target], desired: Int32)
    /// `cordon NODE…` and `uncordon NODE…`.
    case cordon([Target], Bool)
    /// `drain NODE…`: cordons it and deletes the pods on it.
    case drain([Target])
    /// `fail-node NODE…`: its kubelet dies; `recover-node NODE…`: it comes back.
    case nodeFailure([Target], Bool)
    /// `kill-pod POD…`.
    case killPod([Target])
    /// `crash POD [CONTAINER] [--exit-code=N]`.
    case crash(Target, container: String?, exitCode: Int32)
    /// `set-ready POD true|false`.
    case setReady(Target, Bool)
    /// `set image pcs/NAME CLIQUE[/CONTAINER]=IMAGE…`.
    case setImages(Target, [TemplateChange])
    /// `set env pcs/NAME [-c CLIQUE[/CONTAINER]] NAME=VALUE… NAME-…`.
    case setEnvironment(Target, [TemplateChange])
    /// `patch KIND NAME -p JSON`, and `label` and `annotate`, which are patches of metadata.
    case patch([Target], Value)
    /// `wait DURATION`.
    case wait(Duration)
  }

  /// Which objects are meant.
  public struct Target: Sendable, Equatable {
    /// The kind.
    public var kind: ResourceKind
    /// The namespace; empty for kinds that have none.
    public var namespace: String
    /// The name, when one is given. A pod can be named by its host name, which does not end at random.
    public var name: String?
    /// The labels to look for, when no name is given.
    public var selector: LabelSelector?
  }

  /// A change of the containers in the template of a PodCliqueSet.
  public struct TemplateChange: Sendable, Equatable {
    /// The clique; nil for all.
    public var clique: String?
    /// The container; nil for all.
    public var container: String?
    /// The variable to set; nil to set the image.
    public var variable: String?
    /// The image, or the value; nil takes the variable away.
    public var value: String?
  }

  /// The line as it was given, without blanks around it.
  public var text: String
  /// What is done.
  public var verb: Verb
}

/// A line that is no command, or that does not fit the cluster. The user has to change it.
public struct ClusterCommandError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public var message: String

  init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
