public import GroveModel
public import KubernetesModel

/// The webhook that protects what the operator made from others' hands (A-500…A-508), as a pure function.
///
/// It does not see subresources: who may scale a PodClique by RBAC, may (B-A18).
public struct Authorizer: Sendable, Equatable {
  /// The operator's user name: `system:serviceaccount:<namespace>:<service account>`.
  public var operatorUserName: String
  /// User names that may do what the operator may.
  public var exemptUserNames: [String]

  /// An authorizer.
  ///
  /// - Parameters:
  ///   - operatorNamespace: the operator's namespace; surrounding white space is dropped (B-C07).
  ///   - operatorServiceAccount: the operator's service account.
  ///   - exemptUserNames: `authorizer.exemptServiceAccountUserNames`.
  public init(operatorNamespace: String, operatorServiceAccount: String, exemptUserNames: [String] = []) {
    let namespace = operatorNamespace.filter { !$0.isWhitespace }
    operatorUserName = "system:serviceaccount:\(namespace):\(operatorServiceAccount)"
    self.exemptUserNames = exemptUserNames
  }

  /// The exemptions that the Helm chart gives by default.
  public static let chartExemptions = [
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
    "system:kube-controller-manager",
    "system:serviceaccount:kai-scheduler:pod-grouper",
    "system:serviceaccount:kai-scheduler:binder",
  ]

  /// What is asked of the API server.
  public enum Operation: Sendable, Hashable {
    /// `CREATE`.
    case create
    /// `UPDATE`.
    case update
    /// `DELETE`.
    case delete
    /// `CONNECT`.
    case connect
    /// Anything else, by its name.
    case other(String)
  }

  /// One request about one object.
  public struct Request: Sendable, Equatable {
    /// What is asked.
    public var operation: Operation
    /// Who asks.
    public var userName: String
    /// The kind of the object.
    public var kind: ResourceKind
    /// Namespace and name of the object.
    public var object: ObjectName
    /// The labels of the object in the request; for deletions those of ``oldLabels`` count.
    public var labels: StringMap<String>
    /// The labels of the stored object, for updates and deletions.
    public var oldLabels: StringMap<String>

    /// A request.
    public init(
      _ operation: Operation, by userName: String, kind: ResourceKind, object: ObjectName,
      labels: StringMap<String> = [:], oldLabels: StringMap<String> = [:]
    ) {
      self.operation = operation
      self.userName = userName
      self.kind = kind
      self.object = object
      self.labels = labels
      self.oldLabels = oldLabels
    }
  }

  /// The answer to a request.
  public struct Decision: Sendable, Equatable {
    /// Whether the request may go on.
    public var isAllowed: Bool
    /// The HTTP status: 200 allowed, 403 denied, 500 unsupported.
    public var status: Int
    /// The reason, in the webhook's words.
    public var message: String
    /// Warnings for the user.
    public var warnings: [String]
    /// The rule that decided.
    public var rule: RuleID
  }

  /// Whether the webhook gets to see a request at all: by kind, operation and label.
  public static func intercepts(_ request: Request) -> Bool {
    let isManaged = [request.labels, request.oldLabels].contains {
      $0[LabelKey.managedBy] == GroveName.operatorName
    }
    guard isManaged else { return false }
    switch request.kind {
    case .secret, .serviceAccount, .service, .role, .roleBinding, .horizontalPodAutoscaler:
      return request.operation == .update || request.operation == .delete
    case .pod: return request.operation == .update
    case .podClique, .podCliqueScalingGroup, .podGang:
      return request.operation == .create || request.operation == .update || request.operation == .delete
    default: return false
    }
  }

  /// Whether any operation on objects of a kind is intercepted.
  private static func protects(_ kind: ResourceKind) -> Bool {
    switch kind {
    case .secret, .serviceAccount, .service, .role, .roleBinding, .horizontalPodAutoscaler, .pod, .podClique,
      .podCliqueScalingGroup, .podGang:
      true
    default: false
    }
  }

  /// Answers a request that the webhook intercepts.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - podCliqueSet: finds a PodCliqueSet by namespace and name.
  public func decide(
    _ request: Request, podCliqueSet: (ObjectName) -> PodCliqueSet?
  ) -> Decision {
    let key = "\(request.object.namespace)/\(request.object.name)"
    switch request.operation {
    case .connect: return allow("A-501", "operation CONNECT is allowed")
    case .other(let name):
      return Decision(
        isAllowed: false, status: 500, message: "unsupported operation: operation \(name)", warnings: [],
        rule: "A-507")
    case .create, .update, .delete: break
    }
    guard Authorizer.protects(request.kind) else {
      // Never asked with the webhook's own rules; where it were, the operator's crashes (B-A19).
      return allow("A-500", "admission allowed, \(request.kind.rawValue) is not a protected kind")
    }
    let labels = request.operation == .create ? request.labels : request.oldLabels
    let undetermined = "admission allowed, no PodCliqueSet could be determined for resource: \(key)"
    guard let parentName = labels[LabelKey.partOf] else {
      return allow(
        "A-502", undetermined,
        warning: "missing required label \(LabelKey.partOf) on resource \(key), could not determine parent "
          + "PodCliqueSet")
    }
    let parentKey = ObjectName(namespace: request.object.namespace, name: parentName)
    guard let parent = podCliqueSet(parentKey) else {
      return allow(
        "A-502", undetermined,
        warning: "parent PodCliqueSet \(parentName) not found for resource: \(key)")
    }
    if parent.metadata.annotations[AnnotationKey.disableManagedResourceProtection] == "true" {
      return allow(
        "A-503", "admission allowed, resource protection is disabled for PodCliqueSet: \(parentKey)")
    }
    return request.operation == .delete ? decideDeletion(request, key) : decideWrite(request, key)
  }

  ///
  private func decideWrite(_ request: Request, _ key: String) -> Decision {
    decide("A-504", "creation/updation of resource: \(key)", request.userName)
  }

  ///
  private func decideDeletion(_ request: Request, _ key: String) -> Decision {
    if request.kind == .pod {
      return allow(
        "A-505",
        "admission allowed, deletion of resource: Pod is allowed for all users having sufficient RBAC")
    }
    return decide("A-505", "deletion of resource: \(key)", request.userName)
  }

  private func decide(_ rule: RuleID, _ deed: String, _ userName: String) -> Decision {
    if userName == operatorUserName {
      return allow(
        rule, "admission allowed, \(deed) is initiated by the grove reconciler service account")
    }
    if exemptUserNames.contains(userName) {
      return allow(rule, "admission allowed, \(deed) is initiated by exempt serviceaccount: \(userName)")
    }
    return Decision(
      isAllowed: false, status: 403, message: "admission denied, \(deed) is not allowed", warnings: [],
      rule: rule)
  }

  private func allow(_ rule: RuleID, _ message: String, warning: String? = nil) -> Decision {
    Decision(
      isAllowed: true, status: 200, message: message, warnings: warning.map { [$0] } ?? [], rule: rule)
  }
}

extension OperatorConfigurationFile {
  /// The authorization webhook, when it is enabled (C-042, A-506).
  ///
  /// - Parameters:
  ///   - operatorNamespace: the operator's namespace.
  ///   - operatorServiceAccount: the operator's service account.
  public func authorizer(operatorNamespace: String, operatorServiceAccount: String) -> Authorizer? {
    guard authorizer.enabled else { return nil }
    return Authorizer(
      operatorNamespace: operatorNamespace, operatorServiceAccount: operatorServiceAccount,
      exemptUserNames: authorizer.exemptServiceAccountUserNames)
  }
}
