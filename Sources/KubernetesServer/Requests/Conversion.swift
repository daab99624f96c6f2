internal import KubernetesModel

/// Documents of one resource in the versions in which it is served: those that mean the same under other names.
enum Conversion {
  /// A stored document in the version of a resource.
  static func document(_ stored: Value, in resource: APIResource) -> Value {
    let value = stored.setting("apiVersion", to: .string(resource.apiVersion))
    switch (resource.group, resource.version, resource.plural) {
    case ("events.k8s.io", _, "events"):
      let event = renamed(value.filling(coreEventMembers), eventNames)
      return .object(
        event.members.filter { member in
          !(member.name.hasPrefix("reporting") && member.value == .string(""))
        }.map { ($0.name, $0.value) })
    case ("", _, "events"): return value.filling(coreEventMembers)
    case ("autoscaling", "v1", "horizontalpodautoscalers"): return autoscalerV1(value)
    default: return value
    }
  }

  /// A document that came in the version of a resource, as it is stored.
  static func stored(_ document: Value, from resource: APIResource) -> Value {
    switch (resource.group, resource.version, resource.plural) {
    case ("events.k8s.io", _, "events"):
      return renamed(document.setting("apiVersion", to: .string("v1")), eventNames.map { ($0.1, $0.0) })
    case ("autoscaling", "v1", "horizontalpodautoscalers"): return autoscalerV2(document)
    default: return document
    }
  }

  /// The names of an event's fields: of the core group, and of events.k8s.io.
  private static let eventNames = [
    ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
  ]

  /// What Go always writes of an event.
  static let coreEventMembers: KeyValuePairs<String, Value> = [
    "source": .object([]), "firstTimestamp": .null, "lastTimestamp": .null, "eventTime": .null,
    "reportingComponent": .string(""), "reportingInstance": .string(""),
  ]

  private static func renamed(_ value: Value, _ names: [(String, String)]) -> Value {
    .object(
      value.members.map { member in
        (names.first { $0.0 == member.name }?.1 ?? member.name, member.value)
      })
  }

  // MARK: Autoscalers

  /// An autoscaler as `autoscaling/v1` has it: the share of the CPU has a field of its own.
  private static func autoscalerV1(_ value: Value) -> Value {
    var spec = value["spec"] ?? .object([])
    var others: [Value] = []
    for metric in spec["metrics"]?.elements ?? [] {
      if metric.text("type") == "Resource", metric.text("resource", "name") == "cpu",
        let share = metric[path: "resource", "target", "averageUtilization"]
      {
        spec = spec.setting("targetCPUUtilizationPercentage", to: share)
      } else {
        others.append(metric)
      }
    }
    spec = spec.setting("metrics", to: nil)
    var document = value.setting("spec", to: spec)
    if !others.isEmpty {
      document = document.setting(
        ["metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"],
        to: .string(JSONWriter.string(.array(others))))
    }
    return document
  }

  private static func autoscalerV2(_ value: Value) -> Value {
    var spec = value["spec"] ?? .object([])
    if let share = spec["targetCPUUtilizationPercentage"] {
      let metric = Value.object([
        "type": .string("Resource"),
        "resource": .object([
          "name": .string("cpu"),
          "target": .object(["type": .string("Utilization"), "averageUtilization": share]),
        ]),
      ])
      spec = spec.setting("targetCPUUtilizationPercentage", to: nil).setting("metrics", to: .array([metric]))
    }
    return value.setting("apiVersion", to: .string("autoscaling/v2")).setting("spec", to: spec)
  }
}
