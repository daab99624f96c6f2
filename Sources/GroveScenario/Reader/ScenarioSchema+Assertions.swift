internal import GroveSimulate

extension ScenarioSchema {
  static let selection = [
    ScenarioField("in", "name of a saved set", "Those in the set, by uid."),
    ScenarioField("notIn", "name of a saved set", "Those not in it."),
    ScenarioField("first", "integer", "At most so many, the first by name."),
  ]

  static let podSelector = ScenarioFieldTable(
    "Pods",
    [
      ScenarioField("name", "pattern or list of patterns", "Their names."),
      ScenarioField("namespace", "text", "Their namespace; the scenario's unless given."),
      ScenarioField("of", "pattern", "The PodCliqueSet they are part of."),
      ScenarioField("replica", "integer", "The index of their PodCliqueSet replica."),
      ScenarioField("clique", "pattern", "The full name of their PodClique: `simple1-0-pca`."),
      ScenarioField("group", "pattern", "The full name of their PodCliqueScalingGroup."),
      ScenarioField("groupReplica", "integer", "The index of their scaling group replica."),
      ScenarioField("grouped", "boolean", "Whether they belong to a scaling group."),
      ScenarioField("index", "integer", "Their index in the PodClique."),
      ScenarioField("gang", "pattern", "Their PodGang."),
      ScenarioField(
        "scaled", "boolean", "Whether their gang is a scaled one, beyond minAvailable of the group."),
      ScenarioField("labels", "selector text or mapping", "Their labels, as for `kubectl -l`."),
      ScenarioField("phase", "text", "Their phase."),
      ScenarioField("ready", "boolean", "Whether they are Ready."),
      ScenarioField("gated", "boolean", "Whether they have scheduling gates."),
      ScenarioField("bound", "boolean", "Whether they are bound to a node."),
      ScenarioField("terminating", "boolean", "Whether they are being deleted."),
      ScenarioField("nodes", "Nodes", "The nodes they are on."),
    ] + selection)

  static let nodeSelector = ScenarioFieldTable(
    "Nodes",
    [
      ScenarioField("name", "pattern or list of patterns", "Nodes by name. Also written without a mapping."),
      ScenarioField(
        "range", "text `0..2`",
        "Places in the list of schedulable nodes by name: from, and up to but not including."),
      ScenarioField("all", "`true`", "All nodes."),
      ScenarioField("labels", "selector text or mapping", "Nodes by label."),
      ScenarioField("of", "Pods", "The nodes that pods are on."),
      ScenarioField("saved", "name of a saved set", "Saved nodes, or those that saved pods were on."),
    ])

  static let objectSelector = ScenarioFieldTable(
    "Objects",
    [
      ScenarioField("kind", "text", "Their kind, by its name, plural or short name.", isRequired: true),
      ScenarioField("name", "pattern or list of patterns", "Their names."),
      ScenarioField("namespace", "text", "Their namespace; the scenario's unless given, `*` for any."),
      ScenarioField("of", "pattern", "The PodCliqueSet they are part of, by label."),
      ScenarioField("replica", "integer", "The index of their PodCliqueSet replica, by label."),
      ScenarioField("labels", "selector text or mapping", "Their labels."),
      ScenarioField("terminating", "boolean", "Whether they are being deleted."),
    ] + selection)

  static let reference = ScenarioFieldTable(
    "Reference",
    [
      ScenarioField("kind", "text", "The kind, by its name, plural or short name.", isRequired: true),
      ScenarioField("name", "text", "The name.", isRequired: true),
      ScenarioField("namespace", "text", "The namespace; the scenario's unless given."),
    ])

  static let eventSelector = ScenarioFieldTable(
    "Events",
    [
      ScenarioField("about", "text `kind/pattern`", "The objects they are about."),
      ScenarioField("reason", "text", "The reason."),
      ScenarioField("type", "`Normal` or `Warning`", "The type."),
      ScenarioField("message", "text", "What the message contains."),
      ScenarioField("component", "text", "The component that reported them."),
    ])

  static let subjects = [
    ScenarioField("name", "text", "What reports, and `unwatch`, call the assertion."),
    ScenarioField("pods", "Pods", "About pods; with checks."),
    ScenarioField("objects", "kind, or Objects", "About objects of a kind; with checks."),
    ScenarioField("object", "Reference", "About one object, which must exist; with checks."),
    ScenarioField("events", "Events", "About events; with checks."),
    ScenarioField("podGroup", "PodGroup", "What KAI is told about a gang."),
    ScenarioField("replacing", "Replacing", "How much is being replaced at once."),
    ScenarioField("order", "Order", "Which pods become Ready before which."),
    ScenarioField("writes", "Writes", "What the operator wrote."),
    ScenarioField("elapsed", "Elapsed", "How much virtual time has passed."),
  ]
  static let assertion = ScenarioFieldTable("Assertion", subjects)

  static let objectChecks = ScenarioFieldTable(
    "Checks of objects",
    [
      ScenarioField("count", "count", "How many there are."),
      ScenarioField("exists", "boolean", "With `object`: whether it is there."),
      ScenarioField("names", "list of names", "They are exactly these."),
      ScenarioField(
        "survivors", "mapping from saved set to count or `all`",
        "How many of a saved set are still there, by uid."),
      ScenarioField(
        "newcomers", "mapping from saved set to count", "How many were not there when a set was saved."),
      ScenarioField(
        "fields", "mapping from path to value or ValueCheck", "What fields of each one are to be."),
      ScenarioField("condition", "Condition, or a list of them", "Conditions that each one has."),
      ScenarioField(
        "owners", "list of Reference",
        "Each one's owners: exactly these, existing, with the uids it refers to."),
    ])

  static let podChecks = ScenarioFieldTable(
    "Checks of pods",
    [
      ScenarioField("pending", "count", "How many are in phase Pending."),
      ScenarioField("running", "count", "How many are in phase Running."),
      ScenarioField("succeeded", "count", "How many are in phase Succeeded."),
      ScenarioField("failed", "count", "How many are in phase Failed."),
      ScenarioField("ready", "count", "How many are Ready."),
      ScenarioField("notReady", "count", "How many are not Ready."),
      ScenarioField("gated", "count", "How many have scheduling gates."),
      ScenarioField("bound", "count", "How many are bound to a node."),
      ScenarioField(
        "unschedulable", "count",
        "How many are Pending because the scheduler said so, by condition and last event."),
      ScenarioField("terminating", "count", "How many are being deleted."),
      ScenarioField("distinctNodes", "`true`", "All are bound, each to a node of its own."),
      ScenarioField("sameNode", "`true`", "All are bound to one node."),
      ScenarioField("sameDomain", "label key", "All are bound to nodes with one value of the label."),
      ScenarioField("onNodes", "Nodes", "All are bound to these nodes."),
      ScenarioField("notOnNodes", "Nodes", "None is bound to these nodes."),
    ])

  static let condition = ScenarioFieldTable(
    "Condition",
    [
      ScenarioField("type", "text", "The type.", isRequired: true),
      ScenarioField("status", "`True`, `False` or `Unknown`", "The status."),
      ScenarioField("reason", "text", "The reason."),
      ScenarioField("message", "text", "What the message contains."),
    ])

  static let valueCheck = ScenarioFieldTable(
    "ValueCheck",
    [
      ScenarioField("is", "value", "It is this; for values that are mappings."),
      ScenarioField("not", "value", "It is something else, or absent."),
      ScenarioField("exists", "boolean", "Whether it is there; an empty list counts as absent."),
      ScenarioField("atLeast", "number", "It, a number or a text that is one, is not below this."),
      ScenarioField("atMost", "number", "It, a number or a text that is one, is not above this."),
      ScenarioField("contains", "value", "It is a text with this part, or a list with this element."),
      ScenarioField("oneOf", "list", "It is one of these."),
      ScenarioField("set", "list", "It is a list of these, in any order."),
      ScenarioField("count", "count", "It has so many elements, members or characters."),
      ScenarioField("sameAs", "path", "It equals another field of the object."),
      ScenarioField(
        "notAbove", "path", "It is not above another field of the object; absent fields count as 0."),
    ])

  static let eventChecks = ScenarioFieldTable(
    "Checks of events",
    [
      ScenarioField("count", "count", "How many different events there are."),
      ScenarioField(
        "reasons", "list", "Their reasons, in the order of the first report of each, are exactly these."),
      ScenarioField(
        "inOrder", "list", "These reasons were reported in this order, perhaps with others between."),
    ])

  static let podGroup = ScenarioFieldTable(
    "PodGroup",
    [
      ScenarioField("gang", "text", "The PodGang.", isRequired: true),
      ScenarioField("namespace", "text", "Its namespace; the scenario's unless given."),
      ScenarioField("prefix", "text", "What is left out in the names of subgroups."),
      ScenarioField("top", "Levels", "The constraint of the whole gang: none unless given."),
      ScenarioField("subGroups", "list of SubGroup", "All its subgroups, in any order."),
    ])
  static let topologyLevel = ScenarioFieldTable(
    "Levels",
    [
      ScenarioField("required", "label key", "The level that is required: none unless given."),
      ScenarioField("preferred", "label key", "The level that is preferred: none unless given."),
    ])
  static let subGroup = ScenarioFieldTable(
    "SubGroup",
    [
      ScenarioField("name", "text", "The name.", isRequired: true),
      ScenarioField("min", "integer", "The fewest members.", isRequired: true),
      ScenarioField("parent", "text", "The parent: none unless given."),
      ScenarioField("required", "label key", "The level that is required: none unless given."),
      ScenarioField("preferred", "label key", "The level that is preferred: none unless given."),
    ])

  static let replacing = ScenarioFieldTable(
    "Replacing",
    [
      ScenarioField("of", "pattern", "The PodCliqueSet.", isRequired: true),
      ScenarioField(
        "unit", "`pod`, `clique`, `groupReplica` or `replica`", "What is counted.", isRequired: true),
      ScenarioField(
        "each", "`clique`, `groupReplica` or `replica`", "Within each of what: the workload unless given."),
      ScenarioField("grouped", "boolean", "Only pods in scaling groups, or only others: both unless given."),
      ScenarioField("count", "count", "How many may be replaced at once.", isRequired: true),
    ])
  static let order = ScenarioFieldTable(
    "Order",
    [
      ScenarioField("ready", "Pods", "Those that become Ready first.", isRequired: true),
      ScenarioField("count", "integer", "How many of them: all unless given."),
      ScenarioField("before", "Pods", "Those of which none is Ready until then.", isRequired: true),
    ])
  static let writes = ScenarioFieldTable(
    "Writes",
    [
      ScenarioField("since", "name of a saved set", "Since when: the beginning unless given."),
      ScenarioField("kinds", "list of kinds", "The kinds that count: all unless given."),
      ScenarioField(
        "verbs", "list", "What counts: `create`, `update`, `updateStatus`, `delete`; all unless given."),
      ScenarioField("count", "count", "How many writes there were.", isRequired: true),
    ])
  static let elapsed = ScenarioFieldTable(
    "Elapsed",
    [
      ScenarioField("since", "name of a saved set", "Since when: the beginning unless given."),
      ScenarioField("atMost", "duration", "How long at most.", isRequired: true),
    ])
}
