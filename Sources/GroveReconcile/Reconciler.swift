public import GroveModel

/// Decides what to do about one object, given what is observed: the operator without its I/O.
///
/// A pass is a pure function. It reads the object, its children and relatives, the clock it is handed and the
/// configuration, and nothing else; it has no memory. A pass over a converged state yields no steps.
public struct Reconciler: Sendable {
  /// What the operator is configured to do.
  public let configuration: OperatorConfiguration
  /// Defects it is given back; none but in tests of those who check it.
  package var defects: Defects = []

  /// A reconciler.
  public init(configuration: OperatorConfiguration) {
    self.configuration = configuration
  }
}
