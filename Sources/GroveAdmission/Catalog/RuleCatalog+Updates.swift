internal import GroveModel
internal import KubernetesModel

/// The rules of a changed PodCliqueSet (A-380…A-405) and of the operator's configuration (C-005…C-069).
extension RuleCatalog {
  static let updates: [Rule] = [
    Rule(
      "A-380", "cliques are not added or removed", "Make a new set instead.",
      text: "not allowed to change clique composition"),
    Rule(
      "A-381", "cliques are not renamed", "Make a new set instead.",
      text: "not allowed to change clique composition, new clique name '<name>' is not allowed"),
    Rule(
      "A-382", "the order of cliques stays when it matters", "With any order they may change places.",
      text: "clique order cannot be changed when StartupType is InOrder or Explicit. Expected '<name>' at "
        + "position <index>, got '<name>'"),
    Rule(
      "A-383", "roleName, minAvailable, startsAfter and schedulerName of a clique stay",
      "Gangs are made from them.", text: "field is immutable"),
    Rule("A-384", "resourceSharing of a clique stays", "Pods hold the claims.", text: "field is immutable"),
    Rule("A-385", "cliqueStartupType stays", "Pods are built for it.", text: "field is immutable"),
    Rule(
      "A-386", "scaling groups are not added or removed", "Make a new set instead.",
      text: "not allowed to add or remove PodCliqueScalingGroupConfigs"),
    Rule(
      "A-387", "scaling groups are not renamed", "Make a new set instead.",
      text: "not allowed to change scaling group composition, new scaling group name '<name>' is not allowed"),
    Rule(
      "A-388", "cliqueNames, minAvailable and resourceSharing of a group stay",
      "The order of cliqueNames counts.", text: "field is immutable"),
    Rule(
      "A-390", "resourceClaimTemplates and resourceSharing of the set stay", "Pods hold the claims.",
      text: "field is immutable"),
  ]

  static let topologyUpdates: [Rule] = [
    Rule(
      "A-400", "the set's topology constraint stays",
      "Moving packDomain to pack.required is allowed, and giving a name to a constraint from before names.",
      text: "topologyName cannot be changed from \"<old>\" to \"<new>\""),
    Rule(
      "A-401", "topology constraints of cliques and groups stay",
      "Moving packDomain to pack.required is allowed, and giving a name to a constraint from before names.",
      text: "<object> topology constraint cannot be changed from required=\"<old>\" preferred=\"<old>\" to "
        + "required=\"<new>\" preferred=\"<new>\""),
    Rule(
      "A-405", "the stored set has one topology", "Otherwise a constraint without a name cannot be repaired.",
      text: "multiple topology names within a single PodCliqueSet are not supported"),
  ]

  static let configuration: [Rule] = [
    Rule("C-005", "the configuration can be read", "Values have the types that the fields need."),
    Rule("C-060", "logLevel and logFormat are known", "debug, info, error; json, text."),
    Rule(
      "C-061", "there is a scheduler profile", "Filled in when left out.",
      text: "at least one scheduler profile is required"),
    Rule(
      "C-062", "scheduler profiles have known names, each once",
      "kai-scheduler, default-scheduler, volcano, lpx-scheduler.", text: "scheduler profile name is required"),
    Rule(
      "C-063", "default-scheduler is among the profiles", "Filled in when left out.",
      text: "the \"default-scheduler\" scheduler profile is required"),
    Rule(
      "C-064", "the default profile is one of the profiles", "It schedules pods that name no scheduler.",
      text: "default profile must be one of the configured profiles"),
    Rule(
      "C-065", "durations of leader election are longer than nothing", "Checked when election is enabled.",
      text: "must be greater than 0"),
    Rule(
      "C-066", "leaseDuration is longer than renewDeadline", "A leader must notice that it lost in time.",
      text: "LeaseDuration must be greater than RenewDeadline"),
    Rule(
      "C-067", "leader election has a lock", "Kind and name of the object.", text: "resourceLock is required"),
    Rule("C-068", "burst is not negative", "0 means the default.", text: "must be non-negative"),
    Rule(
      "C-069", "concurrentSyncs are at least 1", "Fewer would mean that nothing is worked on.",
      text: "must be greater than 0"),
  ]
}
