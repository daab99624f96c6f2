internal import GroveModel
internal import KubernetesModel

/// The rules of the CustomResourceDefinitions' schemas (A-430…A-452).
extension RuleCatalog {
  static let schema: [Rule] = [
    Rule(
      "A-431", "the replicas of a PodClique are numbers that the scale subresource can show",
      "Neither spec.replicas nor status.replicas may be negative."),
    Rule(
      "A-432", "the replicas of a PodCliqueScalingGroup are numbers that the scale subresource can show",
      "Neither spec.replicas nor status.replicas may be negative."),
    Rule(
      "A-440", "the spec of a PodCliqueSet has a template and a known update strategy",
      "Known strategies are RollingRecreate and OnDelete.",
      text: "Unsupported value: <value>: supported values: \"RollingRecreate\", \"OnDelete\""),
    Rule(
      "A-441", "the template of a PodCliqueSet has cliques and a known startup type",
      "Known startup types are CliqueStartupTypeAnyOrder, CliqueStartupTypeInOrder and CliqueStartupTypeExplicit."
    ),
    Rule(
      "A-442", "cliques have a name and a spec, and no field that their type does not have",
      "Two cliques of one name are refused, because the list is a map by name.",
      text: "unknown field \"<path>\""),
    Rule(
      "A-443", "scaling groups have a name and clique names, and no field that their type does not have",
      "replicas and minAvailable are 1 unless given."),
    Rule(
      "A-444", "shared claims have a name and a known scope", "Known scopes are AllReplicas and PerReplica.",
      text: "Unsupported value: <value>: supported values: \"AllReplicas\", \"PerReplica\""),
    Rule(
      "A-445", "pod specs are well formed",
      "Containers are a list with unique names, ports and mounts are unique, quantities are quantities.",
      text: "Duplicate value: {\"name\":\"<name>\"}"),
    Rule(
      "A-446", "a topology constraint says what to pack into, once",
      "Give pack.required, pack.preferred or both; domains are lower-case names of at most 63 characters.",
      text: "topologyConstraint must specify pack or deprecated packDomain"),
    Rule(
      "A-447", "a new PodCliqueSet does not use packDomain", "Use pack.required, which means the same.",
      text: "packDomain is deprecated and cannot be used on new workloads; use pack.required"),
    Rule("A-448", "the status of a PodCliqueSet is well formed", "Only the operator writes it."),
    Rule("A-449", "a PodClique is well formed", "Only the operator writes them."),
    Rule("A-450", "a PodCliqueScalingGroup is well formed", "Only the operator writes them."),
    Rule(
      "A-451", "a ClusterTopologyBinding has at least one level, each with a domain and a node label key",
      "Domains are lower-case names, keys are label keys; both have at most 63 characters.",
      text: "spec.levels in body should have at least 1 items"),
    Rule("A-452", "a PodGang is well formed", "Only the operator writes them."),
  ]
}
