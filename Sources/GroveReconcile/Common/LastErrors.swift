internal import GroveModel
internal import KubernetesModel

extension [LastError] {
  /// The errors of a pass as status tells them.
  ///
  /// An error that status tells already keeps the time at which it was first seen, so that a pass that fails again
  /// in the same way writes nothing.
  init(_ errors: [ReconcileError], previous: [LastError], now: Timestamp) {
    self = errors.map { error in
      let description = error.description
      let known = previous.first { $0.code == error.code && $0.description == description }
      return known ?? LastError(code: error.code, description: description, observedAt: now)
    }
  }
}
