internal import GroveModel
public import KubernetesModel

/// What the scheduler decided: which pod goes where, who has to leave for that, and what could not be placed (S-060).
///
/// Bindings are valid in their order, once the evictions are done. A gang is in it whole or not at all.
public struct Decision: Sendable, Hashable {
  /// Pods and their nodes, in the order they were placed.
  public var bindings: [Binding]
  /// Pods that have to leave, in the order they were chosen.
  public var evictions: [Eviction]
  /// Every gang, and every pod without one, that wants or needs something, in the order they were served.
  public var outcomes: [Outcome]
  /// What the decision cost.
  public var counters: Counters

  /// A decision.
  public init(
    bindings: [Binding] = [], evictions: [Eviction] = [], outcomes: [Outcome] = [],
    counters: Counters = Counters()
  ) {
    self.bindings = bindings
    self.evictions = evictions
    self.outcomes = outcomes
    self.counters = counters
  }

  /// Whether everything that was to be placed has met its minimum.
  public var fits: Bool { outcomes.allSatisfy { $0.verdict == .fits } }

  /// Whether that is certain: nothing that was not looked at may speak against it.
  public var isDecided: Bool { outcomes.allSatisfy { $0.doubts.isEmpty || $0.verdict != .fits } }

  /// The outcome of a gang, or of a pod without one, or nil.
  ///
  /// - Complexity: O(outcomes).
  public func outcome(of name: ObjectName) -> Outcome? { outcomes.first { $0.name == name } }

  /// The bindings of a gang, or of a pod without one.
  ///
  /// - Complexity: O(bindings).
  public func bindings(of name: ObjectName) -> [Binding] {
    bindings.filter { ($0.gang ?? $0.pod) == name }
  }

  /// Sixteen hexadecimal digits that are the same for the same plan, on every platform and for every order of the
  /// input.
  ///
  /// - Complexity: O(bytes of names).
  public var digest: String {
    var digest = PlanDigest()
    for binding in bindings {
      digest.add("bind", binding.pod.namespace, binding.pod.name, binding.node)
    }
    for eviction in evictions {
      digest.add("evict", eviction.pod.namespace, eviction.pod.name, eviction.node)
    }
    return digest.text
  }
}

/// A pod and the node it goes to.
public struct Binding: Sendable, Hashable {
  /// The pod.
  public var pod: ObjectName
  /// The node.
  public var node: String
  /// The pod's gang, or nil when it is in none.
  public var gang: ObjectName?

  /// A binding.
  public init(pod: ObjectName, node: String, gang: ObjectName? = nil) {
    self.pod = pod
    self.node = node
    self.gang = gang
  }
}

/// A pod that has to leave its node.
public struct Eviction: Sendable, Hashable {
  /// The pod.
  public var pod: ObjectName
  /// The node it leaves.
  public var node: String
  /// The pod's gang, or nil when it is in none.
  public var gang: ObjectName?
  /// Its priority.
  public var priority: Int32
  /// The gang, or the pod without one, that it makes room for.
  public var beneficiary: ObjectName

  /// An eviction.
  public init(pod: ObjectName, node: String, gang: ObjectName?, priority: Int32, beneficiary: ObjectName) {
    self.pod = pod
    self.node = node
    self.gang = gang
    self.priority = priority
    self.beneficiary = beneficiary
  }
}

/// FNV-1a over parts that are kept apart by zeros.
private struct PlanDigest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ parts: String...) {
    for part in parts {
      for byte in part.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      state = state &* 0x0000_0100_0000_01b3
    }
  }

  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
