public import KubernetesModel

/// What the admission plugin Priority does with new pods: from the name of a class to a number.
///
/// ```swift
/// let admission = PriorityAdmission(classes: classes)
/// try admission.admit(&pod.spec)
/// pod.spec.priority  // 1000
/// ```
public struct PriorityAdmission: Sendable {
  /// Why a pod is refused, in the API server's words.
  public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The words.
    public var description: String
  }

  /// A class that every cluster has.
  public struct SystemClass: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its priority.
    public var value: Int32
  }

  /// The classes that are always there.
  public static let systemClasses = [
    SystemClass(name: "system-cluster-critical", value: 2_000_000_000),
    SystemClass(name: "system-node-critical", value: 2_000_001_000),
  ]

  /// Whether a class is always there.
  public static func isSystemClass(_ name: String) -> Bool { systemClasses.contains { $0.name == name } }

  private let classes: [PriorityClass]
  private let acceptsUnknownClasses: Bool

  /// The plugin in a cluster.
  ///
  /// - Parameters:
  ///   - classes: the PriorityClasses of the cluster, in any order.
  ///   - acceptsUnknownClasses: whether pods may name classes that are not among them. A real API server refuses
  ///     such pods; who works with manifests alone may not have the classes at hand.
  public init(classes: [PriorityClass], acceptsUnknownClasses: Bool = false) {
    self.classes = classes
    self.acceptsUnknownClasses = acceptsUnknownClasses
  }

  /// Fills in class, priority and preemption policy of a new pod.
  ///
  /// A class that is unknown and accepted leaves the pod as it is.
  ///
  /// - Throws: when the class is not there, or when the pod says something else than its class.
  public func admit(_ spec: inout PodSpec) throws(Refusal) {
    var (priority, policy) = (Int32(0), "PreemptLowerPriority")
    var name = spec.priorityClassName
    if name.isEmpty {
      if let common = globalDefault {
        name = common.metadata.name
        (priority, policy) = (common.value, common.preemptionPolicy ?? policy)
      }
    } else if let known = classes.first(where: { $0.metadata.name == name }) {
      (priority, policy) = (known.value, known.preemptionPolicy ?? policy)
    } else if let system = Self.systemClasses.first(where: { $0.name == name }) {
      priority = system.value
    } else if acceptsUnknownClasses {
      return
    } else {
      throw Refusal(description: "no PriorityClass with name \(name) was found")
    }
    if let own = spec.priority, own != priority {
      throw Refusal(
        description:
          "the integer value of priority (\(own)) must not be provided in pod spec; priority admission "
          + "controller computed \(priority) from the given PriorityClass name")
    }
    if let own = spec.preemptionPolicy, own != policy {
      throw Refusal(
        description:
          "the string value of PreemptionPolicy (\(own)) must not be provided in pod spec; priority "
          + "admission controller computed \(policy) from the given PriorityClass name")
    }
    spec.priorityClassName = name
    spec.priority = priority
    spec.preemptionPolicy = policy
  }

  /// The class of pods that name none: of several the one with the lowest priority.
  private var globalDefault: PriorityClass? {
    classes.filter { $0.globalDefault }.min {
      $0.value != $1.value ? $0.value < $1.value : utf8Precedes($0.metadata.name, $1.metadata.name)
    }
  }
}
