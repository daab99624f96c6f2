internal import GroveModel
internal import KubernetesModel

/// The rules of topology, MNNVL and scheduler backends (A-160… …A-430).
extension RuleCatalog {
  static let topology: [Rule] = [
    Rule(
      "A-160", "topology constraints need topology-aware scheduling",
      "Enable topologyAwareScheduling in the operator's configuration, or leave the constraints out.",
      text: "topology constraints are not allowed when Topology Aware Scheduling is disabled"),
    Rule(
      "A-163", "a constraint has a topologyName or inherits one",
      "Groups inherit from the set; cliques from their group, else from the set.",
      text: "topologyName is required when topologyConstraint is set and cannot be inherited"),
    Rule(
      "A-164", "a constraint names the topology that it would inherit", "One set uses one topology.",
      text: "all topologyConstraint.topologyName values within a PodCliqueSet must match in the current "
        + "implementation"),
    Rule(
      "A-165", "all constraints of a set name one topology", "One set uses one topology.",
      text: "all topologyConstraint.topologyName values within a PodCliqueSet must match in the current "
        + "implementation"),
    Rule(
      "A-166", "the ClusterTopologyBinding exists", "Its levels say what a domain is.",
      text: "ClusterTopologyBinding \"<name>\" not found"),
    Rule(
      "A-168", "domains are levels of the topology", "The message lists the levels, broadest first.",
      text: "topology domain '<domain>' does not exist in cluster topology [<levels>]"),
    Rule(
      "A-169", "what contains others is not packed more tightly than they are",
      "Set, group and clique must come in levels that do not get broader; required and preferred count apart.",
      text:
        "<parent> topology constraint domain '<domain>' is narrower than <child> topology constraint domain "
        + "'<domain>'"),
    Rule(
      "A-190", "a preferred domain broader than the required one says nothing",
      "Whatever meets the requirement meets the preference.",
      text: "<constraint>.pack.preferred is coarser than <constraint>.pack.required and is redundant",
      severity: .warning),
    Rule(
      "A-191", "packDomain is deprecated", "Move its value to pack.required; that change is allowed.",
      text: "<constraint>.packDomain is deprecated; use <constraint>.pack.required instead",
      severity: .warning),
  ]

  static let mnnvl: [Rule] = [
    Rule(
      "A-200", "the MNNVL group is not empty", "Give a name, or `none` to opt out.",
      text: "mnnvl-group value must not be empty"),
    Rule(
      "A-201", "the MNNVL group is a DNS label", "It becomes part of the names of ComputeDomains.",
      text: "mnnvl-group value \"<value>\" is not a valid DNS-1123 label: <reasons>"),
    Rule(
      "A-202", "MNNVL groups need automatic MNNVL",
      "Enable network.autoMNNVLEnabled in the operator's configuration, or leave the annotation out.",
      text: "MNNVL is not enabled in the operator configuration. Either enable MNNVL globally or remove the "
        + "grove.io/mnnvl-group annotation"),
    Rule(
      "A-203", "the MNNVL group does not change", "Running pods hold claims of the old group.",
      text: "annotation grove.io/mnnvl-group is immutable and cannot be changed from \"<old>\" to \"<new>\""),
  ]

  static let backends: [Rule] = [
    Rule(
      "A-330", "the scheduler is enabled", "Enable it in scheduler.profiles of the operator's configuration.",
      text: "schedulerName \"<name>\" is not enabled in OperatorConfiguration"),
    Rule(
      "A-332", "LPX: no topology constraints", "LPX has a contract of its own for placement.",
      text: "lpx-scheduler does not support Grove topology constraints; placement topology must be expressed "
        + "through the LPX workload contract"),
    Rule(
      "A-340", "KAI: a clique's queue is that of the set",
      "The label kai.scheduler/queue counts, else the annotation of that name.",
      text: "KAI queue on PodCliqueSet <set> is \"<queue>\" but PodClique template \"<clique>\" resolves to "
        + "\"<queue>\""),
    Rule(
      "A-341", "KAI: there is a queue", "Set the label kai.scheduler/queue on the PodCliqueSet.",
      text: "no KAI queue is configured on PodCliqueSet <set> or its PodClique templates"),
    Rule(
      "A-342", "KAI: cliques agree on the queue", "All pods of a set are scheduled from one queue.",
      text: "conflicting KAI queues on PodCliqueSet <set> PodClique templates: [<queues>]"),
    Rule(
      "A-350", "Volcano: no topology constraints", "The backend cannot express them.",
      text: "volcano scheduler backend does not support topologyConstraint on <object>"),
    Rule(
      "A-351", "Volcano: the set's queue is a DNS subdomain",
      "The annotation scheduling.grove.io/volcano-queue names it."),
    Rule(
      "A-352", "Volcano: a clique's queue is a DNS subdomain",
      "The annotation scheduling.grove.io/volcano-queue names it."),
    Rule(
      "A-353", "Volcano: a clique's queue is that of the set", "Give it in one place.",
      text: "conflicting volcano queue annotations: PodCliqueSet has \"<queue>\", PodClique has \"<queue>\""),
    Rule(
      "A-354", "Volcano: cliques agree on the queue", "A clique without a queue is in `default`.",
      text: "all PodCliques in a PodCliqueSet using volcano scheduler must resolve to the same queue"),
    Rule(
      "A-355", "Volcano: the queue exists and is open", "Checked when the cluster's queues are known.",
      text: "volcano queue \"<queue>\" does not exist"),
  ]

  static let clusterTopology: [Rule] = [
    Rule("A-420", "domains and keys of levels are unique", "A domain means one node label."),
    Rule("A-421", "a scheduler has one topology reference", "Otherwise the reference would be ambiguous."),
    Rule(
      "A-422", "a topology reference names an enabled scheduler",
      "Enable it in scheduler.profiles of the operator's configuration.",
      text: "scheduler backend is not enabled in Grove"),
    Rule(
      "A-423", "a topology reference names a scheduler with topologies of its own", "Only KAI has.",
      text: "scheduler backend does not implement topology-aware scheduling"),
  ]

  static let scaling: [Rule] = [
    Rule(
      "A-430", "a scale is not negative", "The API server's own check of the scale subresource.",
      text: "must be greater than or equal to 0")
  ]
}
