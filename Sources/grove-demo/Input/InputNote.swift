internal import KubernetesModel

/// Something about the input that users should know: told on standard error and as `notes` in machine output.
struct InputNote: Equatable {
  enum Severity: String {
    case note
    case warning
  }

  var severity: Severity
  var message: String

  init(_ severity: Severity, _ message: String) {
    self.severity = severity
    self.message = message
  }

  /// The note for machines.
  var value: Value {
    .object([("severity", .string(severity.rawValue)), ("message", .string(message))])
  }

  func tell(_ console: Console) { console.message("\(severity.rawValue): \(message)") }
}
