internal import KubernetesModel

/// Counts for PodDisruptionBudgets how many of their pods may be evicted.
extension KubernetesServer {
  mutating func reconcileBudget(_ name: ObjectName) {
    guard let budgets = frontend.budgets, let pods = frontend.pods, let budget = object(name, in: budgets)
    else {
      return
    }
    let document = budget.value
    let selector = LabelSelector(document: document[path: "spec", "selector"])
    let members = objects(in: pods).filter {
      $0.metadata.namespace == name.namespace && selector?.matches($0.metadata.labels) == true
    }
    let expected = members.count
    let healthy = members.filter { Self.isHealthy($0.value) && $0.metadata.deletionTimestamp == nil }.count
    let desired: Int
    if let least = document[path: "spec", "minAvailable"] {
      desired = Self.scaled(least, of: expected, roundsUp: true)
    } else if let most = document[path: "spec", "maxUnavailable"] {
      desired = max(expected - Self.scaled(most, of: expected, roundsUp: true), 0)
    } else {
      desired = max(expected - 1, 0)
    }
    let allowed = expected > 0 ? max(healthy - desired, 0) : 0
    let condition = Value.object([
      "type": .string("DisruptionAllowed"), "status": .string(allowed > 0 ? "True" : "False"),
      "observedGeneration": .integer(budget.metadata.generation),
      "lastTransitionTime": .string(now.roundedDownToSecond.text),
      "reason": .string(allowed > 0 ? "SufficientPods" : "InsufficientPods"), "message": .string(""),
    ])
    let status = Value.object([
      "observedGeneration": .integer(budget.metadata.generation),
      "disruptionsAllowed": .integer(Int64(allowed)),
      "currentHealthy": .integer(Int64(healthy)), "desiredHealthy": .integer(Int64(desired)),
      "expectedPods": .integer(Int64(expected)),
      "conditions": Self.keepingTime(of: document[path: "status", "conditions"], in: condition),
    ])
    if document["status"] == status { return }
    var context = WriteContext(controller: .controller("disruption-controller"))
    _ = try? update(
      Object(document.setting("status", to: status), of: catalog[budgets]), in: budgets, part: .status,
      context: &context)
  }

  /// The condition in a list, with the time of its last transition when it has not changed.
  private static func keepingTime(of old: Value?, in condition: Value) -> Value {
    let before = old?.elements.first { $0.text("type") == condition.text("type") }
    guard let before, before.text("status") == condition.text("status"),
      let time = before["lastTransitionTime"]
    else {
      return .array([condition])
    }
    return .array([condition.setting("lastTransitionTime", to: time)])
  }

  static func isHealthy(_ pod: Value) -> Bool {
    (pod[path: "status", "conditions"]?.elements ?? []).contains {
      $0.text("type") == "Ready" && $0.text("status") == "True"
    }
  }

  /// A number, or a share of a total such as `50%`.
  static func scaled(_ value: Value, of total: Int, roundsUp: Bool) -> Int {
    if let number = value.integerValue { return Int(number) }
    guard let text = value.stringValue, text.hasSuffix("%"), let percent = Int(text.dropLast()) else {
      return 0
    }
    return roundsUp ? (percent * total + 99) / 100 : percent * total / 100
  }
}
