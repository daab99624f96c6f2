internal import GroveModel
internal import KubernetesModel
internal import KubernetesValidation

/// The rules of the API server itself, on pods and on other objects that the operator makes.
extension RuleCatalog {
  static let kubernetes: [Rule] =
    PodRule.allCases.map { Rule($0.id, $0.summary, $0.explanation) } + [
      Rule(
        ServiceValidation.rule, "ports, addresses and policies of Services are valid",
        "A Service without a cluster address is headless: it needs no ports.",
        text: "<path>: <kind>: <value>: <detail>"),
      Rule(
        AutoscalerValidation.rule, "autoscalers have a target, a range and metrics",
        "maxReplicas is at least 1 and at least minReplicas; a metric has one source, that of its type.",
        text: "must be greater than or equal to `minReplicas`"),
      Rule(
        "K-rolebinding", "the role of a RoleBinding is fixed", "Delete the binding and make it anew.",
        text: "cannot change roleRef"),
      Rule(
        "K-resourceclaim", "the spec of a ResourceClaim is fixed", "Delete the claim and make it anew.",
        text: "field is immutable"),
    ]
}
