"""Grove's API types, and those of the backends it writes to, as one table.

From it come the Swift types, their codecs, the schema table, the CustomResourceDefinitions and what
`grove-demo explain` says. A field is (json name, type, flags, doc[, constraints]):

type:   string int32 int64 bool double quantity time duration value, a type's name, [T] for a list, {T} for a map
flags:  R  listed as required in the CRD schema
        A  always written, even when zero (no omitempty in Go)
        P  a pointer in Go: absent and zero differ
        D  plain in Go, but absent means the default of the schema, which is not zero
constraints: schema facts (default, enum, pattern, minLength, maxLength, minItems, minimum, listType, listMapKeys)
"""

DOMAIN = {"minLength": 1, "maxLength": 63, "pattern": "^[a-z][a-z0-9-]*$"}
KEY_PATTERN = r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$"

STRING_ENUMS = {
    "CliqueStartupType": (
        "In which order the cliques of one PodCliqueSet replica start.",
        [("anyOrder", "CliqueStartupTypeAnyOrder", "All cliques start at once."),
         ("inOrder", "CliqueStartupTypeInOrder", "Each clique waits for the one before it in the list."),
         ("explicit", "CliqueStartupTypeExplicit", "Each clique waits for the ones named in its `startsAfter`.")]),
    "UpdateStrategyType": (
        "How a change of the template reaches running pods.",
        [("rollingRecreate", "RollingRecreate", "The operator deletes and recreates, one PodCliqueSet replica after the other."),
         ("onDelete", "OnDelete", "The operator never deletes for an update; what the user deletes comes back new.")]),
    "ResourceSharingScope": (
        "How many ResourceClaims one sharing entry makes.",
        [("allReplicas", "AllReplicas", "One claim for the owner, shared by all its replicas."),
         ("perReplica", "PerReplica", "One claim for each replica of the owner.")]),
}

OBJECT = [
    ("apiVersion", "string", "", "The API group and version."),
    ("kind", "string", "", "The kind."),
    ("metadata", "ObjectMeta", "", "Name, namespace, labels, annotations, owner references and finalizers."),
]

HASHES = ("Digest of the pod templates of all cliques (R-102).", "Digest of the pod template of one clique (R-101).")

TYPES = {}


def define(name, doc, fields, gvk=None, validations=(), go=None):
    TYPES[name] = {"doc": doc, "fields": fields, "gvk": gvk, "validations": list(validations), "go": go or name}


GROVE = ("grove.io", "v1alpha1")

define("PodCliqueSet", "A whole inference system: roles, how they scale together, in what order they start.", OBJECT + [
    ("spec", "PodCliqueSetSpec", "R", "What is wanted."),
    ("status", "PodCliqueSetStatus", "", "What the operator observed."),
], gvk=GROVE + ("PodCliqueSet",), validations=[
    ("!oldSelf.hasValue() ? (!has(self.spec.template.topologyConstraint) || !has(self.spec.template.topologyConstraint.packDomain)) : true",
     "packDomain is deprecated and cannot be used on new workloads; use pack.required",
     "FieldValueForbidden", ".spec.template.topologyConstraint.packDomain", True),
    ("!oldSelf.hasValue() ? self.spec.template.cliques.all(c, !has(c.topologyConstraint) || !has(c.topologyConstraint.packDomain)) : true",
     "packDomain is deprecated and cannot be used on new workloads; use pack.required",
     "FieldValueForbidden", ".spec.template.cliques", True),
    ("!oldSelf.hasValue() ? (!has(self.spec.template.podCliqueScalingGroups) || self.spec.template.podCliqueScalingGroups.all(g, !has(g.topologyConstraint) || !has(g.topologyConstraint.packDomain))) : true",
     "packDomain is deprecated and cannot be used on new workloads; use pack.required",
     "FieldValueForbidden", ".spec.template.podCliqueScalingGroups", True),
])
define("PodCliqueSetSpec", "What is wanted of a PodCliqueSet.", [
    ("replicas", "int32", "", "How many copies of the whole template to run; each copy has a base gang of its own.", {"default": 0}),
    ("updateStrategy", "PodCliqueSetUpdateStrategy", "P", "How a change of the template is rolled out."),
    ("template", "PodCliqueSetTemplateSpec", "R", "Everything inside one replica."),
])
define("PodCliqueSetUpdateStrategy", "How a change of the template is rolled out.", [
    ("type", "UpdateStrategyType", "", "The strategy.", {"default": "RollingRecreate", "enum": ["RollingRecreate", "OnDelete"]}),
])
define("PodCliqueSetTemplateSpec", "Everything inside one replica of a PodCliqueSet.", [
    ("cliques", "[PodCliqueTemplateSpec]", "RA", "The roles; at least one.", {"listType": "map", "listMapKeys": ["name"]}),
    ("cliqueStartupType", "CliqueStartupType", "P", "In which order cliques start.",
     {"default": "CliqueStartupTypeAnyOrder",
      "enum": ["CliqueStartupTypeAnyOrder", "CliqueStartupTypeInOrder", "CliqueStartupTypeExplicit"]}),
    ("priorityClassName", "string", "", "PriorityClass of the gangs, and of pods whose clique names none."),
    ("headlessServiceConfig", "HeadlessServiceConfig", "P", "Settings of the headless Service of each replica; absent means publishing not-ready addresses."),
    ("topologyConstraint", "TopologyConstraint", "P", "Where each whole replica must or should be packed."),
    ("terminationDelay", "duration", "P", "How long a gang may stay below its minimum before it is terminated; 4h unless given."),
    ("resourceClaimTemplates", "[ResourceClaimTemplateConfig]", "", "Named templates of ResourceClaims that any `resourceSharing` can refer to."),
    ("resourceSharing", "[PCSResourceSharingSpec]", "", "ResourceClaims owned by the PodCliqueSet and shared by its pods."),
    ("podCliqueScalingGroups", "[PodCliqueScalingGroupConfig]", "", "Cliques that scale together."),
])
define("HeadlessServiceConfig", "Settings of the headless Service of each PodCliqueSet replica.", [
    ("publishNotReadyAddresses", "bool", "RAD", "Whether DNS names of pods that are not ready are published.", {"default": True}),
])
define("PodCliqueTemplateSpec", "One role: its name, its pods, how many of them.", [
    ("name", "string", "RA", "The clique's name, unique in the PodCliqueSet; it cannot change."),
    ("labels", "{string}", "", "Labels for the PodClique and its pods."),
    ("annotations", "{string}", "", "Annotations for the PodClique and its pods."),
    ("topologyConstraint", "TopologyConstraint", "P", "Where the pods of each PodClique must or should be packed."),
    ("resourceSharing", "[ResourceSharingSpec]", "", "ResourceClaims owned by each PodClique and shared by its pods."),
    ("spec", "PodCliqueSpec", "R", "The pods."),
])
define("PodCliqueScalingGroupConfig", "Cliques that scale together, always as a whole.", [
    ("name", "string", "RA", "The group's name, unique in the PodCliqueSet."),
    ("cliqueNames", "[string]", "RA", "The cliques that are members."),
    ("annotations", "{string}", "", "Annotations for the PodCliqueScalingGroup."),
    ("replicas", "int32", "P", "How many copies of the group there are at first.", {"default": 1}),
    ("minAvailable", "int32", "P", "How many copies are scheduled with the base gang, and kept or else terminated.", {"default": 1}),
    ("scaleConfig", "AutoScalingConfig", "P", "Autoscaling of the group."),
    ("resourceSharing", "[PCSGResourceSharingSpec]", "", "ResourceClaims owned by the group and shared by its pods."),
    ("topologyConstraint", "TopologyConstraint", "P", "Where each copy of the group must or should be packed."),
])
define("TopologyConstraint", "Where something must or should be packed together.", [
    ("topologyName", "string", "", "The ClusterTopologyBinding that defines the domains; inherited when absent."),
    ("pack", "TopologyPackConstraint", "P", "The domains to pack into."),
    ("packDomain", "string", "", "The old name of `pack.required`; refused on new objects.", DOMAIN),
], validations=[
    ("has(self.pack) || has(self.packDomain)", "topologyConstraint must specify pack or deprecated packDomain",
     "FieldValueRequired", ".pack", False),
    ("!(has(self.packDomain) && has(self.pack) && has(self.pack.required))",
     "must not set both pack.required and deprecated packDomain", None, ".pack.required", False),
])
define("TopologyPackConstraint", "Topology domains to pack into.", [
    ("required", "string", "", "The domain that everything must share.", DOMAIN),
    ("preferred", "string", "", "The domain that everything should share if it can.", DOMAIN),
], validations=[
    ("has(self.required) || has(self.preferred)", "pack must specify at least one of required or preferred",
     "FieldValueRequired", None, False),
])
define("ResourceClaimTemplateConfig", "A named template of ResourceClaims.", [
    ("name", "string", "RA", "The name, unique in the PodCliqueSet."),
    ("templateSpec", "ResourceClaimTemplateSpec", "R", "What each claim asks for."),
])
SHARING = [
    ("name", "string", "RA", "The template: one of `resourceClaimTemplates`, else a ResourceClaimTemplate object."),
    ("namespace", "string", "", "Namespace of a ResourceClaimTemplate object; that of the PodCliqueSet when absent."),
    ("scope", "ResourceSharingScope", "RA", "How many claims are made.", {"enum": ["AllReplicas", "PerReplica"]}),
]
define("ResourceSharingSpec", "ResourceClaims shared by the pods of a PodClique.", SHARING)
define("PCSResourceSharingSpec", "ResourceClaims shared by the pods of a PodCliqueSet.", SHARING + [
    ("filter", "PCSResourceSharingFilter", "P", "Which children get the claims; all when absent."),
])
define("PCSResourceSharingFilter", "Which children of a PodCliqueSet get a shared claim.", [
    ("childCliqueNames", "[string]", "", "Cliques that get it."),
    ("childScalingGroupNames", "[string]", "", "Scaling groups whose cliques get it."),
])
define("PCSGResourceSharingSpec", "ResourceClaims shared by the pods of a PodCliqueScalingGroup.", SHARING + [
    ("filter", "PCSGResourceSharingFilter", "P", "Which member cliques get the claims; all when absent."),
])
define("PCSGResourceSharingFilter", "Which members of a PodCliqueScalingGroup get a shared claim.", [
    ("childCliqueNames", "[string]", "", "Cliques that get it."),
])
COUNT = {"default": 0}
define("PodCliqueSetStatus", "What the operator observed of a PodCliqueSet.", [
    ("observedGeneration", "int64", "P", "The generation that was fully processed last."),
    ("conditions", "[Condition]", "", "`TopologyLevelsUnavailable`."),
    ("lastErrors", "[LastError]", "", "What went wrong in the last pass."),
    ("replicas", "int32", "", "Replicas that exist."),
    ("updatedReplicas", "int32", "RA", "Replicas that run the current templates.", COUNT),
    ("availableReplicas", "int32", "RA", "Replicas in which every clique and every group meets its minimum.", COUNT),
    ("hpaPodSelector", "string", "P", "Label selector of all pods, for the scale subresource."),
    ("podGangStatuses", "[PodGangStatusSummary]", "", "Never written by the operator."),
    ("currentGenerationHash", "string", "P", HASHES[0]),
    ("updateProgress", "PodCliqueSetUpdateProgress", "P", "How far an update has come."),
])
define("PodGangStatusSummary", "The state of one PodGang, as a PodCliqueSet's status would tell it.", [
    ("name", "string", "RA", "The PodGang."),
    ("phase", "string", "RA", "Its phase.", {"enum": ["Pending", "Starting", "Running", "Failed", "Succeeded"]}),
    ("conditions", "[Condition]", "", "Its conditions."),
], go="PodGangStatus")
define("PodCliqueSetUpdateProgress", "How far an update of a PodCliqueSet has come.", [
    ("updateStartedAt", "time", "P", "When it began."),
    ("updateEndedAt", "time", "P", "When the operator had nothing left to do."),
    ("updatedPodCliquesCount", "int32", "", "Standalone PodCliques that run the new template.", COUNT),
    ("totalPodCliquesCount", "int32", "", "Standalone PodCliques in all.", COUNT),
    ("updatedPodCliqueScalingGroupsCount", "int32", "", "Scaling groups that run the new templates.", COUNT),
    ("totalPodCliqueScalingGroupsCount", "int32", "", "Scaling groups in all.", COUNT),
    ("currentlyUpdating", "[PodCliqueSetReplicaUpdateProgress]", "", "The replica being updated."),
])
define("PodCliqueSetReplicaUpdateProgress", "The update of one PodCliqueSet replica.", [
    ("replicaIndex", "int32", "RA", "The replica, from 0."),
    ("updateStartedAt", "time", "P", "When it began."),
    ("updateEndedAt", "time", "P", "When it was done."),
])
define("LastError", "One error of the last pass.", [
    ("code", "string", "RA", "The error code (R-890)."),
    ("description", "string", "RA", "The error in full."),
    ("observedAt", "time", "RA", "When it happened."),
])

define("PodClique", "The pods of one role in one replica.", OBJECT + [
    ("spec", "PodCliqueSpec", "R", "What is wanted."),
    ("status", "PodCliqueStatus", "", "What the operator observed."),
], gvk=GROVE + ("PodClique",))
define("PodCliqueSpec", "The pods of a role: what they run and how many.", [
    ("roleName", "string", "RA", "The role, unique in the PodCliqueSet."),
    ("podSpec", "PodSpec", "R", "What each pod runs."),
    ("replicas", "int32", "RA", "How many pods; 1 when 0 is given in a PodCliqueSet."),
    ("minAvailable", "int32", "P", "How many pods are scheduled all-or-nothing, and kept or else terminated; `replicas` unless given."),
    ("startsAfter", "[string]", "", "In a PodCliqueSet, cliques to wait for; in a PodClique, full names of PodCliques to wait for."),
    ("autoScalingConfig", "AutoScalingConfig", "P", "Autoscaling; not for members of a scaling group."),
])
define("AutoScalingConfig", "Settings of a HorizontalPodAutoscaler.", [
    ("minReplicas", "int32", "P", "Lower bound; the `replicas` of the target unless given."),
    ("maxReplicas", "int32", "RA", "Upper bound."),
    ("metrics", "[MetricSpec]", "", "What to scale on; 80 % CPU unless given.", {"listType": "atomic"}),
])
define("PodCliqueStatus", "What the operator observed of a PodClique.", [
    ("observedGeneration", "int64", "P", "The generation that was fully processed last."),
    ("lastErrors", "[LastError]", "", "What went wrong in the last pass."),
    ("replicas", "int32", "", "Pods that are not terminating."),
    ("readyReplicas", "int32", "RA", "Pods that are ready.", COUNT),
    ("updatedReplicas", "int32", "RA", "Pods that run the wanted template.", COUNT),
    ("scheduleGatedReplicas", "int32", "RA", "Pods that still have a scheduling gate.", COUNT),
    ("scheduledReplicas", "int32", "RA", "Pods bound to a node.", COUNT),
    ("hpaPodSelector", "string", "P", "Label selector of the pods, for the scale subresource; not for group members."),
    ("conditions", "[Condition]", "", "`MinAvailableBreached` and `PodCliqueScheduled`."),
    ("currentPodCliqueSetGenerationHash", "string", "P", HASHES[0] + " The one fully realised here."),
    ("currentPodTemplateHash", "string", "P", HASHES[1] + " The one fully realised here."),
    ("updateProgress", "PodCliqueUpdateProgress", "P", "How far an update has come."),
])
define("PodCliqueUpdateProgress", "How far an update of a PodClique has come.", [
    ("updateStartedAt", "time", "P", "When it began."),
    ("updateEndedAt", "time", "P", "When the operator had nothing left to do."),
    ("podCliqueSetGenerationHash", "string", "RA", HASHES[0] + " The target."),
    ("podTemplateHash", "string", "RA", HASHES[1] + " The target."),
    ("readyPodsSelectedToUpdate", "PodsSelectedToUpdate", "P", "The ready pod being replaced, and those done."),
])
define("PodsSelectedToUpdate", "Ready pods that an update replaces one by one.", [
    ("current", "string", "RA", "The pod being replaced."),
    ("completed", "[string]", "", "Pods that have been replaced."),
])

define("PodCliqueScalingGroup", "Cliques of one PodCliqueSet replica that scale together.", OBJECT + [
    ("spec", "PodCliqueScalingGroupSpec", "R", "What is wanted."),
    ("status", "PodCliqueScalingGroupStatus", "", "What the operator observed."),
], gvk=GROVE + ("PodCliqueScalingGroup",))
define("PodCliqueScalingGroupSpec", "What is wanted of a PodCliqueScalingGroup.", [
    ("replicas", "int32", "RA", "How many copies of the group.", {"default": 1}),
    ("minAvailable", "int32", "P", "How many copies belong to the base gang, and are kept or else terminated.", {"default": 1}),
    ("cliqueNames", "[string]", "RA", "The cliques that are members."),
])
define("PodCliqueScalingGroupStatus", "What the operator observed of a PodCliqueScalingGroup.", [
    ("replicas", "int32", "", "Copies that exist."),
    ("scheduledReplicas", "int32", "RA", "Copies in which every clique has its minimum of scheduled pods.", COUNT),
    ("availableReplicas", "int32", "RA", "Copies in which every clique has its minimum of ready pods.", COUNT),
    ("updatedReplicas", "int32", "RA", "Copies that run the current templates.", COUNT),
    ("selector", "string", "P", "Label selector of the pods, for the scale subresource."),
    ("observedGeneration", "int64", "P", "The generation that was fully processed last."),
    ("lastErrors", "[LastError]", "", "What went wrong in the last pass."),
    ("conditions", "[Condition]", "", "`MinAvailableBreached` and `GangTerminationInProgress`."),
    ("currentPodCliqueSetGenerationHash", "string", "P", HASHES[0] + " The one fully realised here."),
    ("updateProgress", "PodCliqueScalingGroupUpdateProgress", "P", "How far an update has come."),
])
define("PodCliqueScalingGroupUpdateProgress", "How far an update of a PodCliqueScalingGroup has come.", [
    ("updateStartedAt", "time", "RA", "When it began."),
    ("updateEndedAt", "time", "P", "When the operator had nothing left to do."),
    ("podCliqueSetGenerationHash", "string", "RA", HASHES[0] + " The target."),
    ("updatedPodCliquesCount", "int32", "", "Member PodCliques that run the new template.", COUNT),
    ("totalPodCliquesCount", "int32", "", "Member PodCliques in all.", COUNT),
    ("readyReplicaIndicesSelectedToUpdate", "PodCliqueScalingGroupReplicaUpdateProgress", "P", "The ready copy being replaced, and those done."),
])
define("PodCliqueScalingGroupReplicaUpdateProgress", "Ready copies of a group that an update replaces one by one.", [
    ("current", "int32", "RA", "The copy being replaced, from 0."),
    ("completed", "[int32]", "", "Copies that have been replaced."),
])

define("ClusterTopologyBinding", "The levels of a cluster's topology, and the schedulers that know them.", OBJECT + [
    ("spec", "ClusterTopologyBindingSpec", "R", "What is wanted."),
    ("status", "ClusterTopologyBindingStatus", "", "What the operator observed."),
], gvk=GROVE + ("ClusterTopologyBinding",))
define("ClusterTopologyBindingSpec", "The levels of a cluster's topology.", [
    ("levels", "[TopologyLevel]", "RA", "The levels, broadest first.", {"minItems": 1}),
    ("schedulerTopologyBindings", "[SchedulerTopologyBinding]", "", "Schedulers whose topology object is made by somebody else."),
])
define("TopologyLevel", "One level of a cluster's topology.", [
    ("domain", "string", "RA", "The name that PodCliqueSets use.", DOMAIN),
    ("key", "string", "RA", "The node label that tells nodes of one domain from the others.",
     {"minLength": 1, "maxLength": 63, "pattern": KEY_PATTERN}),
])
define("SchedulerTopologyBinding", "A scheduler's own topology object.", [
    ("schedulerName", "string", "RA", "The scheduler backend."),
    ("topologyReference", "string", "RA", "The name of its topology object."),
])
define("ClusterTopologyBindingStatus", "What the operator observed of a ClusterTopologyBinding.", [
    ("observedGeneration", "int64", "", "The generation that was fully processed last."),
    ("conditions", "[Condition]", "", "`SchedulerTopologyDrift`."),
    ("schedulerTopologyStatuses", "[SchedulerTopologyStatus]", "", "One entry for each scheduler."),
])
define("SchedulerTopologyStatus", "Whether a scheduler's topology object agrees with the binding.", [
    ("schedulerName", "string", "RA", "The scheduler backend."),
    ("topologyReference", "string", "RA", "The name of its topology object."),
    ("inSync", "bool", "RA", "Whether the levels are the same."),
    ("schedulerBackendTopologyObservedGeneration", "int64", "", "Generation of the object that was compared; 0 when there is none."),
    ("message", "string", "", "What differs."),
])

define("PodGang", "What a gang scheduler places all-or-nothing, and near each other.", OBJECT + [
    ("spec", "PodGangSpec", "RA", "What is wanted."),
    ("status", "PodGangStatus", "", "What was observed."),
], gvk=("scheduler.grove.io", "v1alpha1", "PodGang"))
define("PodGangSpec", "The members of a gang and where they belong.", [
    ("podgroups", "[PodGroup]", "RA", "The groups, one for each PodClique."),
    ("topologyConstraint", "SchedulingTopologyConstraint", "P", "Where the whole gang must or should be packed."),
    ("topologyConstraintGroupConfigs", "[TopologyConstraintGroupConfig]", "", "Where some of the groups must or should be packed together."),
    ("priorityClassName", "string", "", "PriorityClass of the gang."),
    ("reuseReservationRef", "NamespacedName", "P", "An earlier gang whose reservation may be used again; never written by the operator."),
])
define("PodGroup", "The pods of one PodClique in a gang.", [
    ("name", "string", "RA", "The PodClique."),
    ("podReferences", "[NamespacedName]", "RA", "The pods."),
    ("minReplicas", "int32", "RA", "How many pods are placed all-or-nothing; the rest is best effort."),
    ("topologyConstraint", "SchedulingTopologyConstraint", "P", "Where the pods must or should be packed."),
])
define("NamespacedName", "The name of an object in a namespace.", [
    ("namespace", "string", "RA", "The namespace."),
    ("name", "string", "RA", "The name."),
])
define("SchedulingTopologyConstraint", "Where something must or should be packed, in node label keys.", [
    ("packConstraint", "SchedulingTopologyPackConstraint", "P", "The levels to pack into."),
], go="TopologyConstraint")
define("SchedulingTopologyPackConstraint", "Node label keys to pack by.", [
    ("required", "string", "P", "The label whose value everything must share."),
    ("preferred", "string", "P", "The label whose value everything should share if it can."),
], go="TopologyPackConstraint")
define("TopologyConstraintGroupConfig", "Groups of a gang that must or should be packed together.", [
    ("name", "string", "RA", "The full name of the scaling group replica."),
    ("podGroupNames", "[string]", "RA", "The groups."),
    ("topologyConstraint", "SchedulingTopologyConstraint", "P", "Where they must or should be packed."),
])
define("PodGangStatus", "What was observed of a PodGang.", [
    ("phase", "string", "RA", "`Pending`, `Starting` or `Running`."),
    ("conditions", "[Condition]", "", "`Initialized` from the operator; the others from the scheduler."),
    ("placementScore", "double", "P", "How near the pods are to each other; 1.0 is best."),
])

# Backends.
define("KAIPodGroup", "A PodGroup of KAI Scheduler (`scheduling.run.ai/v2alpha2`).", OBJECT + [
    ("spec", "KAIPodGroupSpec", "", "What is wanted."),
    ("status", "value", "P", "What KAI observed."),
], gvk=("scheduling.run.ai", "v2alpha2", "PodGroup"), go="PodGroup")
define("KAIPodGroupSpec", "What is wanted of a KAI PodGroup (R-521).", [
    ("minMember", "int32", "P", "How many pods are placed all-or-nothing."),
    ("minSubGroup", "int32", "P", "How many subgroups are placed all-or-nothing."),
    ("queue", "string", "", "The KAI queue."),
    ("priorityClassName", "string", "", "PriorityClass of the group."),
    ("preemptibility", "string", "", "Whether the group may be preempted."),
    ("markUnschedulable", "bool", "P", "Kept as KAI wrote it (R-525)."),
    ("schedulingBackoff", "int32", "P", "Kept as KAI wrote it (R-525)."),
    ("topologyConstraint", "KAITopologyConstraint", "A", "Where the whole group must or should be packed."),
    ("subGroups", "[KAISubGroup]", "", "The parts of the group (R-522)."),
], go="PodGroupSpec")
define("KAISubGroup", "One part of a KAI PodGroup (R-522).", [
    ("name", "string", "A", "The PodClique, or the scaling group replica."),
    ("minMember", "int32", "P", "How many pods of it are placed all-or-nothing."),
    ("minSubGroup", "int32", "P", "How many subgroups of it are placed all-or-nothing."),
    ("parent", "string", "P", "The subgroup this one belongs to."),
    ("topologyConstraint", "KAITopologyConstraint", "P", "Where the subgroup must or should be packed."),
], go="SubGroup")
define("KAITopologyConstraint", "Where KAI must or should pack (R-524).", [
    ("topology", "string", "", "The KAI Topology."),
    ("requiredTopologyLevel", "string", "", "The node label everything must share."),
    ("preferredTopologyLevel", "string", "", "The node label everything should share if it can."),
], go="TopologyConstraint")
define("KAITopology", "A Topology of KAI Scheduler (`kai.scheduler/v1alpha1`).", OBJECT + [
    ("spec", "KAITopologySpec", "", "What is wanted."),
    ("status", "value", "P", "What KAI observed."),
], gvk=("kai.scheduler", "v1alpha1", "Topology"), go="Topology")
define("KAITopologySpec", "The levels of a KAI Topology (R-540).", [
    ("levels", "[KAITopologyLevel]", "A", "The levels, broadest first."),
], go="TopologySpec")
define("KAITopologyLevel", "One level of a KAI Topology.", [
    ("nodeLabel", "string", "A", "The node label."),
], go="TopologyLevel")
define("VolcanoPodGroup", "A PodGroup of Volcano (`scheduling.volcano.sh/v1beta1`).", OBJECT + [
    ("spec", "VolcanoPodGroupSpec", "", "What is wanted."),
    ("status", "value", "P", "What Volcano observed."),
], gvk=("scheduling.volcano.sh", "v1beta1", "PodGroup"), go="PodGroup")
define("VolcanoPodGroupSpec", "What is wanted of a Volcano PodGroup (R-530).", [
    ("minMember", "int32", "", "How many pods are placed all-or-nothing."),
    ("queue", "string", "", "The Volcano queue."),
    ("priorityClassName", "string", "", "PriorityClass of the group."),
    ("subGroupPolicy", "[VolcanoSubGroupPolicy]", "", "The parts of the group."),
], go="PodGroupSpec")
define("VolcanoSubGroupPolicy", "One part of a Volcano PodGroup (R-530).", [
    ("name", "string", "", "The PodClique."),
    ("labelSelector", "LabelSelector", "P", "The pods of the part."),
    ("matchLabelKeys", "[string]", "", "Labels whose values tell subgroups apart."),
    ("subGroupSize", "int32", "P", "How many pods a subgroup has."),
    ("minSubGroups", "int32", "P", "How many subgroups are placed all-or-nothing."),
], go="SubGroupPolicySpec")
define("ComputeDomain", "A multi-node NVLink domain (`resource.nvidia.com/v1beta1`).", OBJECT + [
    ("spec", "ComputeDomainSpec", "", "What is wanted."),
    ("status", "value", "P", "What the driver observed."),
], gvk=("resource.nvidia.com", "v1beta1", "ComputeDomain"))
define("ComputeDomainSpec", "What is wanted of a ComputeDomain (R-473).", [
    ("numNodes", "int32", "A", "How many nodes must join before pods start; 0 lets them join as they come."),
    ("channel", "ComputeDomainChannelSpec", "P", "How pods reach the domain."),
])
define("ComputeDomainChannelSpec", "How pods reach a ComputeDomain.", [
    ("resourceClaimTemplate", "ComputeDomainResourceClaimTemplate", "A", "The ResourceClaimTemplate that the driver makes."),
    ("allocationMode", "string", "", "How many channels a claim gets."),
])
define("ComputeDomainResourceClaimTemplate", "The ResourceClaimTemplate of a ComputeDomain.", [
    ("name", "string", "A", "Its name."),
])
