public import GroveModel
public import GroveSimulate
public import KubernetesModel

/// What a plan is asked for: a cluster before, and what is applied to it (P-1).
public struct PlanRequest: Sendable {
  /// The cluster before.
  public enum Before: Sendable {
    /// Manifests, admitted in a cluster without others, which then runs to rest.
    case manifests([Manifest])
    /// What a live cluster printed, complete or in part (P-2).
    case dump([Resource])
  }

  /// An object that is applied, and the text it came from.
  public struct Manifest: Sendable {
    /// The object.
    public var object: Resource
    /// The document as it was read, for places and for what it says literally; nil for objects made in code.
    public var document: Value?
    /// What the text is called.
    public var source: String

    /// A manifest.
    public init(_ object: Resource, document: Value? = nil, source: String = "") {
      self.object = object
      self.document = document
      self.source = source
    }
  }

  /// How manifests are applied (P-4).
  public enum ApplyMode: String, Sendable, Equatable, CaseIterable {
    /// `kubectl apply`: a three-way merge with what was applied last; lists of custom resources are replaced whole.
    case client
    /// `kubectl apply --server-side`: lists with keys are merged element by element.
    case server
    /// `kubectl replace`: the manifest is the object.
    case replace
  }

  /// The cluster before.
  public var before: Before
  /// What is applied, in order; nothing to ask only what the operator would do on its own (P-14).
  public var manifests: [Manifest]
  /// How it is applied.
  public var apply = ApplyMode.client
  /// Whether PodCliqueSets that no manifest names are deleted (P-5).
  public var prunes = false
  /// What the operator is configured to do, before and after.
  public var configurations: (before: OperatorConfiguration, after: OperatorConfiguration)
  /// What runs beside API server and operator.
  public var setup: ClusterSetup
  /// Nodes and other objects that are there before anything; those of a dump come first.
  public var cluster: [Resource] = []
  /// How long a stuck update is watched; nil for the termination delay and an hour more (P-17).
  public var horizon: Duration?
  /// What generated names and uids come from.
  public var seed: UInt64 = 0
  /// Manifests that were refused before they came here, with the server's words (P-13).
  public var refused: [PlanRejection] = []

  /// A request with the same configuration before and after.
  public init(
    before: Before, manifests: [Manifest], configuration: OperatorConfiguration, setup: ClusterSetup
  ) {
    self.before = before
    self.manifests = manifests
    self.configurations = (configuration, configuration)
    self.setup = setup
  }
}
