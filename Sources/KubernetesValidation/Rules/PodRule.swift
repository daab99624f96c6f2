public import KubernetesModel

/// The rules of the API server on pods, one for each part of a pod that it looks at.
///
/// Findings cite them by their ids; the texts are the API server's own.
public enum PodRule: String, Sendable, CaseIterable {
  /// Name, labels, annotations and what else is in the metadata.
  case metadata = "K-metadata"
  /// Annotations that say something to Kubernetes itself.
  case annotation = "K-pod-annotation"
  /// Names of containers, and that there are any.
  case container = "K-pod-container"
  /// What init containers and ephemeral containers may not have.
  case containerKind = "K-pod-container-kind"
  /// Images and when they are pulled.
  case image = "K-pod-image"
  /// Ports of containers and nodes.
  case port = "K-pod-port"
  /// Environment variables and where they come from.
  case environment = "K-pod-env"
  /// Probes, lifecycle hooks and their handlers.
  case handler = "K-pod-handler"
  /// Requests and limits.
  case resources = "K-pod-resources"
  /// Claims of devices.
  case claim = "K-pod-claim"
  /// Whether a resize restarts a container.
  case resizePolicy = "K-pod-resize-policy"
  /// Restart policies of pods and containers.
  case restart = "K-pod-restart"
  /// Volumes and their sources.
  case volume = "K-pod-volume"
  /// Where volumes appear in containers.
  case mount = "K-pod-mount"
  /// Users, groups, privileges, profiles.
  case security = "K-pod-security"
  /// Privileges that a cluster can rule out as a whole.
  case privileged = "K-pod-privileged"
  /// Operating systems and what they can do.
  case system = "K-pod-os"
  /// Namespaces shared with the node.
  case host = "K-pod-host"
  /// Node selectors, affinity and anti-affinity.
  case affinity = "K-pod-affinity"
  /// Tolerations of taints.
  case toleration = "K-pod-toleration"
  /// Topology spread constraints.
  case spread = "K-pod-spread"
  /// Scheduling gates and readiness gates.
  case gate = "K-pod-gate"
  /// Priority class and preemption policy.
  case priority = "K-pod-priority"
  /// Host names, aliases and how names are resolved.
  case name = "K-pod-dns"
  /// Deadlines, accounts, nodes and runtime classes.
  case other = "K-pod-spec"
  /// What may change on an existing pod.
  case update = "K-pod-update"
  /// What may change in a pod's status.
  case status = "K-pod-status"

  /// The id that diagnostics cite.
  public var id: RuleID { RuleID(rawValue) }

  /// The rule in one line.
  public var summary: String {
    switch self {
    case .metadata: "names, labels, annotations and owners are well formed"
    case .annotation: "annotations that Kubernetes reads are well formed and do not contradict fields"
    case .container: "a pod has containers, and their names are DNS labels, each once in the pod"
    case .containerKind: "init containers and ephemeral containers have only what their kind can have"
    case .image: "a container has an image and a known pull policy"
    case .port:
      "ports are numbers from 1 to 65535 with short names and a known protocol, each once on the node"
    case .environment: "an environment variable has a name and at most one source that exists"
    case .handler: "a probe or lifecycle hook has exactly one handler, and its numbers are in range"
    case .resources: "requests and limits name known resources, and a request does not exceed its limit"
    case .claim: "claims have a name and one source, and containers refer to claims of the pod"
    case .resizePolicy: "a resize policy is for cpu or memory, once for each"
    case .restart: "restart policies and restart rules are known ones"
    case .volume: "a volume has a name of its own and exactly one source with all it needs"
    case .mount: "a mount or device names a volume of the pod and has a place of its own"
    case .security: "users, groups, profiles and policies of security contexts are valid"
    case .privileged: "privileged containers need an API server that allows them"
    case .system: "a pod for Linux or Windows has only fields of that system"
    case .host: "what is shared with the node fits together"
    case .affinity: "node selectors and affinity terms have valid keys, operators, values and weights"
    case .toleration: "tolerations have a valid key, operator, value and effect"
    case .spread: "topology spread constraints are complete and not repeated"
    case .gate: "gates have qualified names, each once"
    case .priority: "priority class and preemption policy are known"
    case .name: "host names are DNS names, and name resolution has what it needs"
    case .other: "deadline, account, node, runtime class and overhead are valid"
    case .update: "an existing pod changes in few places only"
    case .status: "a pod's status changes only as pods do"
    }
  }

  /// Why the rule exists and what to do, in a sentence or two.
  public var explanation: String {
    switch self {
    case .metadata: "Labels become part of queries and names part of addresses, so their letters are few."
    case .annotation: "Seccomp and AppArmor annotations of old must say what the fields say."
    case .container: "Use lower-case letters, digits and dashes; at most 63."
    case .containerKind: "Probes and hooks need a container that keeps running: give it restartPolicy Always."
    case .image:
      "An image without a tag or digest is pulled always; policies are Always, IfNotPresent and Never."
    case .port:
      "With hostNetwork, hostPort equals containerPort; names have at most 15 letters, digits and dashes."
    case .environment: "value and valueFrom exclude each other; fileKeyRef needs an emptyDir volume."
    case .handler: "Handlers are exec, httpGet, tcpSocket and grpc (probes) or sleep (hooks)."
    case .resources:
      "Extended resources such as nvidia.com/gpu are whole numbers and cannot be overcommitted: give the limit, and "
        + "the request follows."
    case .claim: "Name the claim in spec.resourceClaims and refer to it by that name."
    case .resizePolicy: "With restartPolicy Never nothing can restart, so only NotRequired is possible."
    case .restart: "Pods of a PodClique are always restarted; a container's own policy goes first."
    case .volume: "A broken volume cannot be mounted either, so mounts of it are not found."
    case .mount: "Check the name of the volume; mount paths are unique in a container."
    case .security: "Ids are from 0 to 2147483647; a profile of type Localhost needs the name of a profile."
    case .privileged:
      "Most clusters start their API server with --allow-privileged; one without it refuses such pods."
    case .system: "Leave spec.os out to be free of the check."
    case .host: "A pod with its own user namespace (hostUsers: false) cannot share others with the node."
    case .affinity: "In and NotIn need values, Exists and DoesNotExist have none; weights are from 1 to 100."
    case .toleration: "Exists has no value; tolerationSeconds is for NoExecute only."
    case .spread: "Grove does not take them in PodCliqueSets: use topologyConstraint."
    case .gate: "The name of a gate looks like a label key: example.com/name."
    case .priority: "A pod may only name a PriorityClass that is there; the system- classes always are."
    case .name: "dnsPolicy None needs dnsConfig.nameservers."
    case .other: "Names are DNS subdomains; activeDeadlineSeconds is at least 1."
    case .update:
      "Images, deadline, more tolerations, fewer scheduling gates; everything else means a new pod."
    case .status: "A container that ended stays ended unless its pod restarts it."
    }
  }
}
