internal import GroveSimulate

/// A field of a scenario file, as the reader knows it and the documentation tells it.
public struct ScenarioField: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// What it takes, in words.
  public var type: String
  /// What it means.
  public var about: String
  /// Whether it must be given.
  public var isRequired: Bool

  init(_ name: String, _ type: String, _ about: String, isRequired: Bool = false) {
    self.name = name
    self.type = type
    self.about = about
    self.isRequired = isRequired
  }
}

/// The fields that may stand together in one place of a scenario file.
public struct ScenarioFieldTable: Sendable, Hashable {
  /// What the place is called.
  public var name: String
  /// The fields, in the order in which the documentation tells them.
  public var fields: [ScenarioField]

  init(_ name: String, _ fields: [ScenarioField]) {
    self.name = name
    self.fields = fields
  }

  /// The table with more fields.
  func adding(_ more: [ScenarioField]) -> ScenarioFieldTable { ScenarioFieldTable(name, fields + more) }

  /// The table as Markdown.
  public var markdown: String {
    var text = "| Field | Takes | Meaning |\n|---|---|---|\n"
    for field in fields {
      let mark = field.isRequired ? " (required)" : ""
      text += "| `\(field.name)`\(mark) | \(field.type) | \(field.about) |\n"
    }
    return text
  }
}

/// What scenario files may say: one table for each kind of mapping in them.
///
/// The reader refuses what is not in here, and the documentation is tested against it.
public enum ScenarioSchema {
  /// Group and version of scenario and cluster files.
  public static let apiVersion = "simulate.grove.io/v1alpha1"

  /// All tables, in the order in which the documentation tells them.
  public static let tables = [
    scenario, cluster, nodeTemplate, configuration, scheduler, timing, step, applied, patch, scale, autoscale,
    delete,
    deletePod, label, crashContainer, setReady, save, watch, podSelector, nodeSelector, objectSelector,
    reference,
    eventSelector, assertion, objectChecks, podChecks, condition, valueCheck, eventChecks, podGroup, subGroup,
    topologyLevel, replacing, order, writes, elapsed,
  ]

  static let scenario = ScenarioFieldTable(
    "Scenario",
    [
      ScenarioField("apiVersion", "`\(apiVersion)`", "The format.", isRequired: true),
      ScenarioField("kind", "`Scenario`", "The kind of file.", isRequired: true),
      ScenarioField("id", "text", "A short id, such as `GS-2`."),
      ScenarioField("title", "text", "What the scenario is about, in a few words.", isRequired: true),
      ScenarioField("about", "text", "What it is about, in detail."),
      ScenarioField(
        "needs", "`reconcile`, `scheduler` or `kubelet`",
        "What it would need on a real cluster beside the operator. Informative."),
      ScenarioField("namespace", "text", "The namespace of objects that name none: `default` unless given."),
      ScenarioField("seed", "integer", "What generated names and uids come from: 0 unless given."),
      ScenarioField("cluster", "Cluster, or a cluster in one line", "The nodes. None unless given."),
      ScenarioField(
        "operator", "`kai`, `default`, `mnnvl`, or Operator",
        "The operator's configuration: `kai` unless given."),
      ScenarioField(
        "scheduler", "boolean, or Scheduler",
        "Whether there is a scheduler, or how it chooses: yes, as usual, unless given."),
      ScenarioField("kubelets", "boolean", "Whether nodes run pods: yes unless given."),
      ScenarioField("timing", "`instant`, or Timing", "How long things take on nodes."),
      ScenarioField("setup", "list of Manifest", "Objects that are applied before the first step."),
      ScenarioField("always", "list of Assertion", "What must hold after every change of the whole run."),
      ScenarioField("never", "list of Assertion", "What must not hold after any change of the whole run."),
      ScenarioField("steps", "list of Step", "What happens, in order.", isRequired: true),
    ])

  static let cluster = ScenarioFieldTable(
    "Cluster",
    [
      ScenarioField(
        "file", "path", "A file with Nodes, or with a document of kind `Cluster` that has these fields."),
      ScenarioField(
        "description", "text",
        "A cluster in one line, such as `zone=2,rack=4,node=9,gpu=8`; brings its topology."),
      ScenarioField("nodes", "list of NodeTemplate or Node", "Nodes by template, or as objects."),
      ScenarioField(
        "schedulable", "integer", "How many nodes, the first by name, may take pods. All unless given."),
      ScenarioField(
        "cordoned", "integer", "How many of those, the first by name, are cordoned at the beginning."),
    ])

  static let nodeTemplate = ScenarioFieldTable(
    "NodeTemplate",
    [
      ScenarioField("count", "integer", "How many there are.", isRequired: true),
      ScenarioField(
        "name", "text",
        "Their names: `{n}` is the number of a node from 0, `{n/7}` and `{n%7}` what they look like.",
        isRequired: true),
      ScenarioField(
        "labels", "mapping", "Their labels; `{n}` as above, and `{name}`. The host name label is added."),
      ScenarioField("allocatable", "mapping of quantities", "What each offers. `pods` is 110 unless given."),
      ScenarioField("taints", "list of taints", "Their taints, as in a Node."),
    ])

  static let configuration = ScenarioFieldTable(
    "Operator",
    [
      ScenarioField("preset", "`kai`, `default` or `mnnvl`", "Where to begin: `kai` unless given."),
      ScenarioField("file", "path", "A file with an OperatorConfiguration, instead of a preset."),
      ScenarioField("topologyAwareScheduling", "boolean", "Whether topology constraints are honoured."),
      ScenarioField("autoMNNVL", "boolean", "Whether ComputeDomains are made."),
      ScenarioField("schedulers", "list of names", "The enabled scheduler profiles."),
      ScenarioField("defaultScheduler", "name", "The scheduler of pods that name none."),
    ])

  static let timing = ScenarioFieldTable(
    "Timing",
    [
      ScenarioField("imagePull", "duration", "From a pod's bind until its first container can start."),
      ScenarioField("initContainer", "duration", "The run of an init container other than Grove's."),
      ScenarioField("containerStart", "duration", "From containers being created until they run."),
      ScenarioField("readiness", "duration", "From running until Ready."),
      ScenarioField(
        "termination", "duration", "From the signal to end until gone; the grace period at most."),
      ScenarioField("crashBackoff", "duration", "The first wait in CrashLoopBackOff; it doubles."),
      ScenarioField("crashBackoffLimit", "duration", "The longest such wait."),
      ScenarioField("nodeMonitorGracePeriod", "duration", "Until a dead node becomes NotReady."),
      ScenarioField("eviction", "duration", "Until the pods of such a node are deleted."),
    ])

  static let stepCommon = [
    ScenarioField("name", "text", "What reports call the step."),
    ScenarioField(
      "after", "duration", "The step happens so long after the one before it, instead of at once."),
    ScenarioField("at", "duration", "The step happens at this virtual time since the beginning."),
    ScenarioField(
      "rejected", "text or list of texts",
      "The API server must refuse the step, with a message that has these parts."),
  ]

  static let verbs = [
    ScenarioField("apply", "Manifest, or a list of them", "`kubectl apply`."),
    ScenarioField("patch", "Patch", "Changes fields of an object."),
    ScenarioField("scale", "Scale", "Scales objects through their scale subresource."),
    ScenarioField("autoscale", "Autoscale", "A HorizontalPodAutoscaler wants a number of replicas."),
    ScenarioField("delete", "Reference, or Delete", "Deletes objects."),
    ScenarioField("deletePod", "Pods, or DeletePod", "Deletes pods."),
    ScenarioField("cordon", "Nodes", "Nodes take no more pods."),
    ScenarioField("uncordon", "Nodes", "Nodes take pods again."),
    ScenarioField("label", "Label", "Nodes get labels, or lose them."),
    ScenarioField("failNode", "Nodes", "Nodes die, with their kubelets and pods."),
    ScenarioField("recoverNode", "Nodes", "Dead nodes come back."),
    ScenarioField("killPod", "Pods", "Pods fail at once, with all their containers."),
    ScenarioField(
      "crashContainer", "CrashContainer", "A container exits; the kubelet restarts it with growing delays."),
    ScenarioField("setReady", "SetReady", "Readiness probes fail, or pass again."),
    ScenarioField("restartOperator", "`true`", "The operator restarts and looks at everything anew."),
    ScenarioField("resync", "`true`", "The operator looks at every object."),
    ScenarioField("wait", "duration", "Time passes, and everything happens that is due in it."),
    ScenarioField("settle", "`true`", "The cluster comes to rest: only delays and crash loops are left."),
    ScenarioField("save", "Save", "Remembers objects, to compare with later."),
    ScenarioField("expect", "list of Assertion", "Checks assertions when the cluster has come to rest."),
    ScenarioField("within", "duration", "With `expect`: the cluster runs until all hold, at most so long."),
    ScenarioField(
      "for", "duration", "With `expect`: the cluster runs for so long, and all hold all the time."),
    ScenarioField("now", "`true`", "With `expect`: checked at this very moment, without coming to rest."),
    ScenarioField("watch", "Watch", "Checks assertions after every change from now on."),
    ScenarioField("unwatch", "`true`, a name or names", "Ends all watches, or those with these names."),
  ]

  static let step = ScenarioFieldTable("Step", stepCommon + verbs)

  static let applied = ScenarioFieldTable(
    "Manifest",
    [
      ScenarioField("file", "path", "A file with objects, relative to the scenario's."),
      ScenarioField("object", "object", "An object, written here."),
      ScenarioField("name", "text", "Replaces the name of the one object."),
      ScenarioField(
        "set", "mapping from path to value",
        "Changes fields of the one object before it is applied; null removes."),
    ])

  static let patch = ScenarioFieldTable(
    "Patch",
    [
      ScenarioField("object", "Reference", "The object.", isRequired: true),
      ScenarioField(
        "set", "mapping from path to value", "Fields and their new values; null removes a field."),
      ScenarioField("merge", "object", "A JSON merge patch."),
    ])

  static let scale = ScenarioFieldTable(
    "Scale",
    [
      ScenarioField("object", "Reference, or a list of them", "What to scale.", isRequired: true),
      ScenarioField("replicas", "integer", "To how many.", isRequired: true),
    ])

  static let autoscale = ScenarioFieldTable(
    "Autoscale",
    [
      ScenarioField("name", "text", "The HorizontalPodAutoscaler.", isRequired: true),
      ScenarioField(
        "replicas", "integer", "How many it wants; its own bounds limit what it asks for.", isRequired: true),
    ])

  static let deletion = [
    ScenarioField("propagation", "`background`, `foreground` or `orphan`", "What happens to dependents."),
    ScenarioField(
      "gracePeriod", "duration", "How long pods may take to end, instead of their own grace period."),
  ]
  static let delete = ScenarioFieldTable("Delete", objectSelector.fields + deletion)
  static let deletePod = ScenarioFieldTable("DeletePod", podSelector.fields + deletion)
  static let crashContainer = ScenarioFieldTable(
    "CrashContainer",
    [
      ScenarioField("pods", "Pods", "Whose.", isRequired: true),
      ScenarioField("container", "text", "Which container: the first unless given."),
      ScenarioField("exitCode", "integer", "The exit code: 1 unless given."),
    ])
  static let setReady = ScenarioFieldTable(
    "SetReady",
    [
      ScenarioField("pods", "Pods", "Whose probes.", isRequired: true),
      ScenarioField("ready", "boolean", "Whether they pass.", isRequired: true),
    ])
  static let save = ScenarioFieldTable(
    "Save",
    [
      ScenarioField("as", "text", "The name to remember by.", isRequired: true),
      ScenarioField("pods", "Pods", "Remembers pods, and the nodes they are on."),
      ScenarioField("objects", "Objects", "Remembers other objects."),
      ScenarioField("nodes", "Nodes", "Remembers nodes."),
    ])
  static let watch = ScenarioFieldTable(
    "Watch",
    [
      ScenarioField("always", "list of Assertion", "What must hold."),
      ScenarioField("never", "list of Assertion", "What must not hold."),
    ])
}
