public import KubernetesModel

/// The kinds that Swift Grove knows by type.
public enum ResourceKind: String, Sendable, Hashable, CaseIterable, Comparable {
  /// `grove.io/v1alpha1`.
  case podCliqueSet = "PodCliqueSet"
  /// `grove.io/v1alpha1`.
  case podClique = "PodClique"
  /// `grove.io/v1alpha1`.
  case podCliqueScalingGroup = "PodCliqueScalingGroup"
  /// `grove.io/v1alpha1`, cluster-scoped.
  case clusterTopologyBinding = "ClusterTopologyBinding"
  /// `scheduler.grove.io/v1alpha1`.
  case podGang = "PodGang"
  /// `v1`.
  case pod = "Pod"
  /// `v1`.
  case service = "Service"
  /// `v1`.
  case serviceAccount = "ServiceAccount"
  /// `v1`.
  case secret = "Secret"
  /// `v1`, cluster-scoped.
  case node = "Node"
  /// `rbac.authorization.k8s.io/v1`.
  case role = "Role"
  /// `rbac.authorization.k8s.io/v1`.
  case roleBinding = "RoleBinding"
  /// `autoscaling/v2`.
  case horizontalPodAutoscaler = "HorizontalPodAutoscaler"
  /// `resource.k8s.io/v1`.
  case resourceClaim = "ResourceClaim"
  /// `resource.k8s.io/v1`.
  case resourceClaimTemplate = "ResourceClaimTemplate"
  /// `scheduling.k8s.io/v1`, cluster-scoped.
  case priorityClass = "PriorityClass"
  /// `resource.nvidia.com/v1beta1`.
  case computeDomain = "ComputeDomain"
  /// `scheduling.run.ai/v2alpha2`. The raw value is ours: two APIs call their kind PodGroup.
  case kaiPodGroup = "KAIPodGroup"
  /// `kai.scheduler/v1alpha1`, cluster-scoped.
  case kaiTopology = "KAITopology"
  /// `scheduling.volcano.sh/v1beta1`.
  case volcanoPodGroup = "VolcanoPodGroup"

  /// The type of the kind's objects.
  public var type: any KubernetesObject.Type {
    switch self {
    case .podCliqueSet: PodCliqueSet.self
    case .podClique: PodClique.self
    case .podCliqueScalingGroup: PodCliqueScalingGroup.self
    case .clusterTopologyBinding: ClusterTopologyBinding.self
    case .podGang: PodGang.self
    case .pod: Pod.self
    case .service: Service.self
    case .serviceAccount: ServiceAccount.self
    case .secret: Secret.self
    case .node: Node.self
    case .role: Role.self
    case .roleBinding: RoleBinding.self
    case .horizontalPodAutoscaler: HorizontalPodAutoscaler.self
    case .resourceClaim: ResourceClaim.self
    case .resourceClaimTemplate: ResourceClaimTemplate.self
    case .priorityClass: PriorityClass.self
    case .computeDomain: ComputeDomain.self
    case .kaiPodGroup: KAIPodGroup.self
    case .kaiTopology: KAITopology.self
    case .volcanoPodGroup: VolcanoPodGroup.self
    }
  }

  /// The kind as manifests write it.
  public var kind: String { type.kind }
  /// Group and version as manifests write them.
  public var apiVersion: String { type.apiVersion }
  /// Whether objects of the kind have no namespace.
  public var isClusterScoped: Bool {
    switch self {
    case .clusterTopologyBinding, .node, .priorityClass, .kaiTopology: true
    default: false
    }
  }

  /// The kind with the given `apiVersion` and `kind`, or nil.
  public init?(apiVersion: String, kind: String) {
    for candidate in ResourceKind.allCases
    where candidate.kind == kind && candidate.apiVersion == apiVersion {
      self = candidate
      return
    }
    return nil
  }

  /// By name.
  public static func < (lhs: ResourceKind, rhs: ResourceKind) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Kind, namespace and name of an object: what a pass is about.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The kind.
  public var kind: ResourceKind
  /// The namespace; empty for cluster-scoped kinds.
  public var namespace: String
  /// The name.
  public var name: String

  /// The key of an object.
  public init(_ kind: ResourceKind, namespace: String, name: String) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  /// Namespace and name.
  public var objectName: ObjectName { ObjectName(namespace: namespace, name: name) }

  /// By kind, then namespace, then name.
  public static func < (lhs: ObjectKey, rhs: ObjectKey) -> Bool {
    lhs.kind == rhs.kind ? lhs.objectName < rhs.objectName : lhs.kind < rhs.kind
  }

  /// `Kind namespace/name`.
  public var description: String { "\(kind.rawValue) \(objectName)" }
}

/// An object of any kind that Swift Grove knows by type.
///
/// Copying one copies a pointer.
public indirect enum Resource: Sendable, Equatable {
  /// A PodCliqueSet.
  case podCliqueSet(PodCliqueSet)
  /// A PodClique.
  case podClique(PodClique)
  /// A PodCliqueScalingGroup.
  case podCliqueScalingGroup(PodCliqueScalingGroup)
  /// A ClusterTopologyBinding.
  case clusterTopologyBinding(ClusterTopologyBinding)
  /// A PodGang.
  case podGang(PodGang)
  /// A Pod.
  case pod(Pod)
  /// A Service.
  case service(Service)
  /// A ServiceAccount.
  case serviceAccount(ServiceAccount)
  /// A Secret.
  case secret(Secret)
  /// A Node.
  case node(Node)
  /// A Role.
  case role(Role)
  /// A RoleBinding.
  case roleBinding(RoleBinding)
  /// A HorizontalPodAutoscaler.
  case horizontalPodAutoscaler(HorizontalPodAutoscaler)
  /// A ResourceClaim.
  case resourceClaim(ResourceClaim)
  /// A ResourceClaimTemplate.
  case resourceClaimTemplate(ResourceClaimTemplate)
  /// A PriorityClass.
  case priorityClass(PriorityClass)
  /// A ComputeDomain.
  case computeDomain(ComputeDomain)
  /// A PodGroup of KAI Scheduler.
  case kaiPodGroup(KAIPodGroup)
  /// A Topology of KAI Scheduler.
  case kaiTopology(KAITopology)
  /// A PodGroup of Volcano.
  case volcanoPodGroup(VolcanoPodGroup)

  /// The kind.
  public var kind: ResourceKind {
    switch self {
    case .podCliqueSet: .podCliqueSet
    case .podClique: .podClique
    case .podCliqueScalingGroup: .podCliqueScalingGroup
    case .clusterTopologyBinding: .clusterTopologyBinding
    case .podGang: .podGang
    case .pod: .pod
    case .service: .service
    case .serviceAccount: .serviceAccount
    case .secret: .secret
    case .node: .node
    case .role: .role
    case .roleBinding: .roleBinding
    case .horizontalPodAutoscaler: .horizontalPodAutoscaler
    case .resourceClaim: .resourceClaim
    case .resourceClaimTemplate: .resourceClaimTemplate
    case .priorityClass: .priorityClass
    case .computeDomain: .computeDomain
    case .kaiPodGroup: .kaiPodGroup
    case .kaiTopology: .kaiTopology
    case .volcanoPodGroup: .volcanoPodGroup
    }
  }

  /// The object, for code that treats all kinds alike.
  public var object: any KubernetesObject {
    switch self {
    case .podCliqueSet(let object): object
    case .podClique(let object): object
    case .podCliqueScalingGroup(let object): object
    case .clusterTopologyBinding(let object): object
    case .podGang(let object): object
    case .pod(let object): object
    case .service(let object): object
    case .serviceAccount(let object): object
    case .secret(let object): object
    case .node(let object): object
    case .role(let object): object
    case .roleBinding(let object): object
    case .horizontalPodAutoscaler(let object): object
    case .resourceClaim(let object): object
    case .resourceClaimTemplate(let object): object
    case .priorityClass(let object): object
    case .computeDomain(let object): object
    case .kaiPodGroup(let object): object
    case .kaiTopology(let object): object
    case .volcanoPodGroup(let object): object
    }
  }

  /// The object's metadata.
  public var metadata: ObjectMeta {
    get {
      switch self {
      case .podCliqueSet(let object): object.metadata
      case .podClique(let object): object.metadata
      case .podCliqueScalingGroup(let object): object.metadata
      case .clusterTopologyBinding(let object): object.metadata
      case .podGang(let object): object.metadata
      case .pod(let object): object.metadata
      case .service(let object): object.metadata
      case .serviceAccount(let object): object.metadata
      case .secret(let object): object.metadata
      case .node(let object): object.metadata
      case .role(let object): object.metadata
      case .roleBinding(let object): object.metadata
      case .horizontalPodAutoscaler(let object): object.metadata
      case .resourceClaim(let object): object.metadata
      case .resourceClaimTemplate(let object): object.metadata
      case .priorityClass(let object): object.metadata
      case .computeDomain(let object): object.metadata
      case .kaiPodGroup(let object): object.metadata
      case .kaiTopology(let object): object.metadata
      case .volcanoPodGroup(let object): object.metadata
      }
    }
    set {
      var object = object
      object.metadata = newValue
      if let changed = Resource(object) { self = changed }
    }
  }

  /// Kind, namespace and name.
  public var key: ObjectKey {
    let metadata = metadata
    return ObjectKey(kind, namespace: metadata.namespace, name: metadata.name)
  }

  /// Wraps an object; nil when its type is not one of the known kinds.
  public init?(_ object: some KubernetesObject) {
    switch object {
    case let object as PodCliqueSet: self = .podCliqueSet(object)
    case let object as PodClique: self = .podClique(object)
    case let object as PodCliqueScalingGroup: self = .podCliqueScalingGroup(object)
    case let object as ClusterTopologyBinding: self = .clusterTopologyBinding(object)
    case let object as PodGang: self = .podGang(object)
    case let object as Pod: self = .pod(object)
    case let object as Service: self = .service(object)
    case let object as ServiceAccount: self = .serviceAccount(object)
    case let object as Secret: self = .secret(object)
    case let object as Node: self = .node(object)
    case let object as Role: self = .role(object)
    case let object as RoleBinding: self = .roleBinding(object)
    case let object as HorizontalPodAutoscaler: self = .horizontalPodAutoscaler(object)
    case let object as ResourceClaim: self = .resourceClaim(object)
    case let object as ResourceClaimTemplate: self = .resourceClaimTemplate(object)
    case let object as PriorityClass: self = .priorityClass(object)
    case let object as ComputeDomain: self = .computeDomain(object)
    case let object as KAIPodGroup: self = .kaiPodGroup(object)
    case let object as KAITopology: self = .kaiTopology(object)
    case let object as VolcanoPodGroup: self = .volcanoPodGroup(object)
    default: return nil
    }
  }

  /// Decodes an object of a kind.
  public init(_ kind: ResourceKind, from node: Int, in decoder: inout TapeDecoder) {
    switch kind {
    case .podCliqueSet: self = .podCliqueSet(decoder.decode(at: node))
    case .podClique: self = .podClique(decoder.decode(at: node))
    case .podCliqueScalingGroup: self = .podCliqueScalingGroup(decoder.decode(at: node))
    case .clusterTopologyBinding: self = .clusterTopologyBinding(decoder.decode(at: node))
    case .podGang: self = .podGang(decoder.decode(at: node))
    case .pod: self = .pod(decoder.decode(at: node))
    case .service: self = .service(decoder.decode(at: node))
    case .serviceAccount: self = .serviceAccount(decoder.decode(at: node))
    case .secret: self = .secret(decoder.decode(at: node))
    case .node: self = .node(decoder.decode(at: node))
    case .role: self = .role(decoder.decode(at: node))
    case .roleBinding: self = .roleBinding(decoder.decode(at: node))
    case .horizontalPodAutoscaler: self = .horizontalPodAutoscaler(decoder.decode(at: node))
    case .resourceClaim: self = .resourceClaim(decoder.decode(at: node))
    case .resourceClaimTemplate: self = .resourceClaimTemplate(decoder.decode(at: node))
    case .priorityClass: self = .priorityClass(decoder.decode(at: node))
    case .computeDomain: self = .computeDomain(decoder.decode(at: node))
    case .kaiPodGroup: self = .kaiPodGroup(decoder.decode(at: node))
    case .kaiTopology: self = .kaiTopology(decoder.decode(at: node))
    case .volcanoPodGroup: self = .volcanoPodGroup(decoder.decode(at: node))
    }
  }

  /// Writes the object.
  public func encode(to encoder: inout TapeEncoder) { object.encode(to: &encoder) }

  /// The object as an untyped value.
  public var value: Value {
    var encoder = TapeEncoder(nodeCapacity: 256, byteCapacity: 4096)
    encode(to: &encoder)
    return Value(tape: encoder.finish(), index: 0)
  }
}

extension ResourceKind {
  /// The kind of a type, or nil when it is not one of the known kinds.
  public static func of<Object: KubernetesObject>(_ type: Object.Type) -> ResourceKind? {
    allCases.first { $0.type == type }
  }
}
