public import KubernetesModel

/// The checks of the API server on HorizontalPodAutoscalers.
public enum AutoscalerValidation {
  /// The rule that findings cite.
  public static let rule: RuleID = "K-autoscaler"

  private static let metricTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"]

  /// What is wrong with an autoscaler, in the API server's order and words.
  public static func problems(_ autoscaler: HorizontalPodAutoscaler) -> [Diagnostic] {
    let spec = autoscaler.spec
    var found: [Diagnostic] = []
    if let least = spec.minReplicas, least < 1 {
      found.append(
        .invalid(rule, "spec.minReplicas", .integer(least), "must be greater than or equal to 1"))
    }
    if spec.maxReplicas < 1 {
      found.append(.invalid(rule, "spec.maxReplicas", .integer(spec.maxReplicas), "must be greater than 0"))
    }
    if let least = spec.minReplicas, spec.maxReplicas < least {
      found.append(
        .invalid(
          rule, "spec.maxReplicas", .integer(spec.maxReplicas),
          "must be greater than or equal to `minReplicas`"))
    }
    if spec.scaleTargetRef.kind.isEmpty { found.append(.required(rule, "spec.scaleTargetRef.kind")) }
    if spec.scaleTargetRef.name.isEmpty { found.append(.required(rule, "spec.scaleTargetRef.name")) }
    for (index, metric) in spec.metrics.enumerated() {
      found += problems(metric, FieldPath("spec.metrics")[index])
    }
    return found
  }

  private static func problems(_ metric: MetricSpec, _ path: FieldPath) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if metric.type.isEmpty {
      found.append(.required(rule, path.child("type"), "must specify a metric source type"))
    }
    guard metricTypes.contains(metric.type) else {
      found.append(.notSupported(rule, path.child("type"), .string(metric.type), supported: metricTypes))
      return found
    }
    let sources: [(field: String, type: String, isPresent: Bool)] = [
      ("containerResource", "ContainerResource", metric.containerResource != nil),
      ("external", "External", metric.external != nil),
      ("object", "Object", metric.object != nil),
      ("pods", "Pods", metric.pods != nil),
      ("resource", "Resource", metric.resource != nil),
    ]
    for source in sources where source.type == metric.type && !source.isPresent {
      found.append(
        .required(rule, path.child(source.field), "must populate information for the given metric source"))
    }
    for source in sources where source.type != metric.type && source.isPresent {
      found.append(
        .forbidden(
          rule, path.child(source.field), "must populate the given metric source only"))
    }
    return found
  }
}
