public import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// Everything that Grove makes of PodCliqueSets in a cluster with no scheduler and no kubelet.
public struct Expansion: Sendable {
  /// A given object that the cluster did not accept.
  public struct Rejection: Sendable, Equatable {
    /// The object as given.
    public var object: Resource
    /// Why.
    public var error: APIError
  }

  /// All objects, in an order in which they can be applied: kinds that others refer to first, then by namespace and
  /// name, with numbers in their order. Given objects are among them, as the cluster has them at the end.
  public var objects: [Resource]
  /// The keys of the given objects.
  public var given: Set<ObjectKey>
  /// The given objects that were rejected, in the order given; nothing was made of them.
  public var rejections: [Rejection]
  /// What the API server refused of what Grove wanted to make, in order of the objects concerned.
  public var refusals: [APIError]
  /// What Grove cannot do, refusals included. Not empty when something is missing that was asked for.
  public var problems: [OperatorProblem]
  /// The events, in the order in which each was first reported.
  public var events: [EventRecord]
  /// What Grove wrote, in order, with the reasons.
  public var writes: [AppliedWrite]
  /// Whether the cluster came to rest. False only when the limit of passes was reached, which no known input does.
  public var isAtRest: Bool

  /// The objects that Grove made, in the same order.
  public var made: [Resource] { objects.filter { !given.contains($0.key) } }
}

/// Expands PodCliqueSets: creates them in an empty cluster and lets the operator work until nothing changes.
///
/// ```swift
/// let expansion = expand([set], configuration: OperatorConfiguration())
/// expansion.objects.count { $0.kind == .pod }  // 11
/// ```
///
/// - Parameters:
///   - podCliqueSets: the sets. What only a cluster fills in (uid, status, …) is ignored.
///   - others: objects that are there before them, such as ClusterTopologyBindings and ResourceClaimTemplates.
///   - configuration: what the operator is configured to do.
///   - seed: what the random ends of pod names, and uids, come from. The same inputs and seed give the same bytes.
/// - Complexity: O(n log n) in the number of objects.
public func expand(
  _ podCliqueSets: [PodCliqueSet], with others: [Resource] = [], configuration: OperatorConfiguration,
  seed: UInt64 = 0
) -> Expansion {
  var world = World(configuration: configuration, seed: seed)
  var given: Set<ObjectKey> = []
  var rejections: [Expansion.Rejection] = []
  for object in others + podCliqueSets.map({ Resource.podCliqueSet($0) }) {
    do throws(APIError) {
      given.insert(try world.write { server throws(APIError) in try server.create(object.asNew()) }.key)
    } catch {
      rejections.append(Expansion.Rejection(object: object, error: error))
    }
  }
  // A set of n pods takes some passes for each of its PodCliques and PodGangs; nothing real comes near this.
  let outcome = world.runToRest(limit: 10_000_000)
  return Expansion(
    objects: ApplyOrder.objects(of: world.server.objects), given: given, rejections: rejections,
    refusals: world.refusals.sorted { $0.key < $1.key }.flatMap(\.value), problems: world.problems,
    events: world.server.events.records, writes: world.writes, isAtRest: outcome == .atRest)
}

extension Resource {
  /// The object without what a cluster it may have come from filled in.
  fileprivate func asNew() -> Resource {
    withMetadata {
      $0.uid = ""
      $0.resourceVersion = ""
      $0.ownerReferences = []
      $0.managedFields = []
    }
  }
}
