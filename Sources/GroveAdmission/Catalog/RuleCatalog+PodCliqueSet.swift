internal import GroveModel
internal import KubernetesModel

/// The rules of a new PodCliqueSet (A-050…A-138).
extension RuleCatalog {
  static let metadata: [Rule] = [
    Rule(
      "A-050", "the set has a name that is a DNS subdomain",
      "The name becomes part of the names of everything made from the set; keep it short, lower case, without dots.",
      text: "name or generateName is required"),
    Rule(
      "A-051", "the namespace is a DNS label", "An empty namespace becomes `default` before this is checked."),
    Rule(
      "A-052", "labels, annotations, owner references, finalizers and managed fields have Kubernetes' syntax",
      "The same checks that the API server makes on every object."),
    Rule(
      "A-053", "spec.replicas is not negative", "Zero is allowed: nothing is made then.",
      text: "must be greater than or equal to 0"),
    Rule(
      "A-054", "cliqueStartupType is one of the three known types",
      "CliqueStartupTypeAnyOrder, CliqueStartupTypeInOrder or CliqueStartupTypeExplicit.",
      text: "can only be one of map[CliqueStartupTypeAnyOrder:{} CliqueStartupTypeExplicit:{} "
        + "CliqueStartupTypeInOrder:{}]"),
    Rule(
      "A-055", "terminationDelay is longer than nothing",
      "It says how long a gang may stay below its minimum; 4h unless given.",
      text: "terminationDelay must be greater than 0"),
  ]

  static let resourceSharing: [Rule] = [
    Rule(
      "A-060", "a claim template has a name", "resourceSharing refers to templates by name.",
      text: "template name is required"),
    Rule(
      "A-061", "a claim template asks for at least one device", "A claim for nothing cannot be allocated.",
      text: "at least one device request is required"),
    Rule("A-062", "names of claim templates are unique", "References would be ambiguous."),
    Rule(
      "A-063", "each sharing entry names a template, and none twice",
      "Two entries with one name in the same list would make the same claims.",
      text: "reference name is required"),
    Rule(
      "A-064", "an entry that means a template of the set gives no namespace",
      "A namespace makes the name refer to a ResourceClaimTemplate object instead.",
      text: "namespace must be empty when name matches an internal resourceClaimTemplate"),
    Rule(
      "A-065", "scope is AllReplicas or PerReplica",
      "It says whether the owner's replicas share one claim or have one each."),
    Rule(
      "A-066", "a filter of the set's sharing is not empty", "Leave the filter out to mean all children.",
      text: "filter must specify at least one childCliqueNames or childScalingGroupNames entry"),
    Rule(
      "A-067", "a filter of the set's sharing names existing cliques and scaling groups",
      "A name that matches nothing would silently share with nobody."),
    Rule(
      "A-068", "a filter of a scaling group's sharing is not empty",
      "Leave the filter out to mean all members.",
      text: "filter must specify at least one childCliqueNames entry"),
    Rule(
      "A-069", "a filter of a scaling group's sharing names members of the group",
      "Cliques outside the group cannot use its claims."),
  ]

  static let cliques: [Rule] = [
    Rule(
      "A-080", "there is at least one clique", "A set without cliques makes no pods.",
      text: "at least one PodClique must be defined"),
    Rule(
      "A-081", "a clique's name is a DNS subdomain", "The name becomes part of the names of its pods.",
      text: "invalid PodCliqueTemplateSpec name, must be a valid DNS subdomain"),
    Rule(
      "A-082", "the names of set and clique have at most 45 characters together",
      "The rest of the 63 characters of a pod name goes to indices, dashes and the random suffix.",
      text: "combined resource name length <n> exceeds 45-character limit required for pod naming. Consider "
        + "shortening: PodCliqueSet '<set>' or PodClique '<clique>'"),
    Rule(
      "A-083", "labels and annotations of a clique have Kubernetes' syntax", "They are copied to its pods."),
    Rule(
      "A-085", "names and role names of cliques are unique",
      "Also across scaling groups: use prefixes such as `pworker` and `dworker`."),
    Rule("A-086", "a clique has at least one replica", "0 becomes 1.", text: "must be greater than 0"),
    Rule(
      "A-087", "minAvailable is between 1 and the replicas of the clique",
      "It is how many pods the gang needs; the replicas unless given.",
      text: "minAvailable must not be greater than replicas"),
    Rule(
      "A-088", "startsAfter has no empty, repeated or self-referring entries",
      "Checked with CliqueStartupTypeExplicit only.", text: "clique dependency cannot refer to itself"),
    Rule(
      "A-089", "startsAfter names existing cliques", "Checked with CliqueStartupTypeExplicit only.",
      text: "unknown clique names found, all clique dependencies must be defined as cliques"),
    Rule(
      "A-090", "cliques do not wait for each other in a circle",
      "None of them would ever start. Checked with CliqueStartupTypeExplicit only.",
      text: "clique must not have circular dependencies"),
    Rule(
      "A-091", "autoScalingConfig.minReplicas is at least minAvailable",
      "Otherwise the autoscaler could bring the gang below its minimum.",
      text: "must be greater than or equal to podCliqueSpec.minAvailable"),
    Rule(
      "A-092", "autoScalingConfig.maxReplicas is at least minReplicas and replicas",
      "The API server refuses such an autoscaler.", text: "must be greater than or equal to replicas"),
    Rule(
      "A-093", "all cliques use one scheduler, and it is enabled",
      "A gang is scheduled by one scheduler. An empty schedulerName means the operator's default.",
      text: "the schedulerName for all pods have to be the same"),
  ]

  static let podSpecs: [Rule] = [
    Rule(
      "A-120", "a restart policy other than Always is worth a warning",
      "The operator says it will be ignored; in fact it is kept and used.",
      text: "restartPolicy will be ignored, it will be set to Always", severity: .warning),
    Rule(
      "A-121", "a new clique has no topologySpreadConstraints",
      "Placement is the scheduler's, by way of topologyConstraint.", text: "must not be set"),
    Rule("A-122", "a new clique has no nodeName", "It would bypass the scheduler.", text: "must not be set"),
    Rule(
      "A-123", "environment variables have valid names", "Letters, digits, `_`, `-`, `.`; no digit first."),
    Rule(
      "A-124", "environment variables of a container are unique",
      "Grove's own variables come first and are replaced by yours of the same name."),
  ]

  static let scalingGroups: [Rule] = [
    Rule(
      "A-130", "a scaling group's name is a DNS subdomain",
      "The name becomes part of the names of its members' pods.",
      text: "invalid PodCliqueScalingGroupConfig name, must be a valid DNS subdomain"),
    Rule(
      "A-131", "cliqueNames are names of cliques", "The group scales cliques of the same set.",
      text: "unidentified PodClique names found"),
    Rule(
      "A-132", "the names of set, group and member have at most 45 characters together",
      "The rest of the 63 characters of a pod name goes to indices, dashes and the random suffix.",
      text: "combined resource name length <n> exceeds 45-character limit required for pod naming. Consider "
        + "shortening: PodCliqueSet '<set>', PodCliqueScalingGroup '<group>', or PodClique '<clique>'"),
    Rule(
      "A-133", "replicas and minAvailable of a group are at least 1", "Both are 1 unless given.",
      text: "must be greater than 0"),
    Rule(
      "A-134", "minAvailable of a group is at most its replicas",
      "minAvailable replicas start as one gang with the rest of the set.",
      text: "minAvailable must not be greater than replicas"),
    Rule(
      "A-135", "scaleConfig.minReplicas is at least minAvailable",
      "Otherwise the autoscaler could bring the gang below its minimum.",
      text: "scaleConfig.minReplicas must be greater than or equal to minAvailable"),
    Rule("A-136", "names of scaling groups are unique", "Their PodCliqueScalingGroups would collide."),
    Rule("A-137", "a clique is a member of one group, once", "It cannot scale with two."),
    Rule(
      "A-138", "a member of a scaling group has no autoScalingConfig", "The group is what scales.",
      text: "AutoScalingConfig is not allowed to be defined for PodClique that is part of scaling group"),
  ]
}
