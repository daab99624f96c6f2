internal import ArgumentParser
internal import GroveModel
internal import GroveReconcile

/// The value of `--field-selector` for events.
struct EventFields: ExpressibleByArgument {
  private var wanted: [(field: String, value: String)] = []

  private static let known = [
    "involvedObject.kind", "involvedObject.name", "involvedObject.namespace", "type", "reason",
  ]

  init?(argument: String) {
    for part in argument.split(separator: ",") {
      let sides = part.split(separator: "=", omittingEmptySubsequences: true)
      guard sides.count == 2, Self.known.contains(String(sides[0])) else { return nil }
      wanted.append((String(sides[0]), String(sides[1])))
    }
  }

  /// Whether an event has all the wanted values.
  func matches(_ event: ObjectEvent) -> Bool {
    wanted.allSatisfy { field, value in
      switch field {
      case "involvedObject.kind": event.subject.kind.kind == value
      case "involvedObject.name": event.subject.name == value
      case "involvedObject.namespace": event.subject.namespace == value
      case "type": event.severity.rawValue == value
      default: event.reason == value
      }
    }
  }
}
