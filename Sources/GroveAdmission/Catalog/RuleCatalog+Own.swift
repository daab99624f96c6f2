internal import GroveModel
internal import KubernetesModel

/// What this library says beyond the operator. `--strict` makes the warnings errors.
extension RuleCatalog {
  static let own: [Rule] = [
    Rule(
      "W-A-424", "a level of a topology that is removed may still be in use",
      "PodCliqueSets that ask for it lose the constraint and report TopologyLevelsUnavailable.",
      severity: .warning),
    Rule(
      "W-A-430", "spec.replicas of a PodCliqueSet is given",
      "Left out it is 0: the set is accepted, and nothing is made of it.", severity: .warning),
    Rule(
      "W-A-391", "changed replicas of a template reach no object that exists",
      "Replicas of a clique or of a scaling group in the template count when the object is made; after that it is "
        + "scaled by itself, or by its autoscaler.",
      severity: .warning),
    Rule(
      "W-B-A06", "an MNNVL group on a clique without GPUs has no effect",
      "Only containers that ask for nvidia.com/gpu are given a claim.", severity: .warning),
    Rule(
      "W-B-A09", "names that cannot become host names or Services",
      "Names with dots are refused: no pod or Service can have them. A set's name that begins with a digit needs "
        + "an API server with relaxed Service names, and is warned about."),
    Rule(
      "W-B-A10", "names that are too long once indices have more digits",
      "The 45 characters of A-082 and A-132 are counted with single digits.", severity: .warning),
    Rule(
      "W-B-A11", "scaleConfig.maxReplicas is at least minReplicas and replicas",
      "As for cliques (A-092): the API server refuses such an autoscaler, and nothing is made after it."),
    Rule(
      "W-B-A12", "a clique and a scaling group have the same name",
      "Autoscalers and claims made for them would share a name.", severity: .warning),
    Rule(
      "W-B-A13", "settings without effect",
      "startsAfter without CliqueStartupTypeExplicit; labels and annotations that the operator owns.",
      severity: .warning),
    Rule(
      "W-B-A14", "a clique without a role name", "A second one would be refused as a duplicate.",
      severity: .warning),
    Rule(
      "W-B-A17", "a changed KAI queue does not reach existing PodGroups",
      "It holds for gangs made from then on.", severity: .warning),
    Rule(
      "W-B-C04", "the configuration has no unknown fields",
      "The operator ignores them; a misspelled setting should not be silent."),
    Rule(
      "W-B-C05", "certificate mode, ports and profile settings are valid",
      "The operator finds out when it starts to listen, or never."),
    Rule(
      "W-B-C09", "topology-aware scheduling needs a scheduler that can do it",
      "Enable kai-scheduler, or turn topologyAwareScheduling off."),
    Rule(
      "W-B-R05", "another order of cliques starts an update",
      "The generation hash depends on the order, so every replica is updated although no pod changes.",
      severity: .warning),
    Rule(
      "W-B-R12", "scaling below minAvailable",
      "The base PodGang keeps asking for minAvailable; after the termination delay the gang is terminated.",
      severity: .warning),
    Rule(
      "W-B-R35", "names of claims that do not fit into pods",
      "Inside a pod a claim's name is a DNS label of at most 63 characters. Refused when no claim fits, warned "
        + "about when claims with more digits do not."),
    Rule(
      "W-B-R36", "names that the operator uses inside pods",
      "grove-initc, sa-token-secret-vol, pod-info-vol, mnnvl-claim. Refused when the operator adds one of the "
        + "same name to the pods of the clique."),
    Rule(
      "W-B-R38", "two objects would have the same name",
      "Within a set it is refused when its template makes both; between sets it is warned about."),
    Rule(
      "W-B-R45", "an update takes an autoscaled clique back to the replicas of its template",
      "PodCliques are recreated from the template, whatever the autoscaler made of them.", severity: .warning),
  ]
}
