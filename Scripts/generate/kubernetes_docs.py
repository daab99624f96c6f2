"""What the fields of Kubernetes that people write most mean, in this project's own words.

From here they come into the doc comments, the schema table, the CustomResourceDefinitions and what
`grove-demo explain` says. Fields without an entry are documented by their type.
"""

FIELDS = {}


def define(type_name, **fields):
    for name, text in fields.items():
        FIELDS[(type_name, name)] = text


define(
    "ObjectMeta",
    name="The name, unique among objects of its kind in the namespace; it cannot change.",
    generateName="A prefix from which the API server makes a name when none is given.",
    namespace="The namespace that holds the object; empty for objects of the whole cluster.",
    labels="Short keys and values that selectors match.",
    annotations="Keys and values that selectors never match: settings and notes for tools.",
    uid="The identity of this very object; another object of the same name has another one.",
    resourceVersion="Opaque mark of this state of the object; a write that names an older one is refused.",
    generation="Counts the changes of the spec; the API server sets it.",
    creationTimestamp="When the object was created; the API server sets it.",
    deletionTimestamp="When somebody asked to delete the object; it stays until its finalizers are gone.",
    deletionGracePeriodSeconds="How long the object may take to end once its deletion was asked for.",
    ownerReferences="Objects this one belongs to; it is collected as garbage when all of them are gone.",
    finalizers="Names of duties to be done before the object may go away.",
    managedFields="Who wrote which field last; the API server keeps the books.",
)
define(
    "OwnerReference",
    apiVersion="Group and version of the owner.",
    kind="Kind of the owner.",
    name="Name of the owner.",
    uid="Identity of the owner.",
    controller="Whether the owner is the one that manages the object; at most one owner is.",
    blockOwnerDeletion="Whether the owner stays, when deleted in the foreground, until this object is gone.",
)
define(
    "PodSpec",
    volumes="Volumes that containers can mount.",
    initContainers="Containers that run to their end, one after the other, before the others start.",
    containers="The containers; at least one.",
    ephemeralContainers="Containers added to a running pod for debugging.",
    restartPolicy="Whether containers that end are started again: `Always`, `OnFailure` or `Never`.",
    terminationGracePeriodSeconds="Seconds between the request to stop and the kill.",
    activeDeadlineSeconds="Seconds after which the pod is failed, however far it is.",
    dnsPolicy="How names are resolved: `ClusterFirst`, `ClusterFirstWithHostNet`, `Default` or `None`.",
    dnsConfig="Servers, search paths and options added to what `dnsPolicy` yields.",
    nodeSelector="Labels that the node must have.",
    serviceAccountName="The ServiceAccount whose identity the pod has.",
    automountServiceAccountToken="Whether the ServiceAccount's token is mounted.",
    nodeName="The node; set by whoever schedules the pod.",
    hostNetwork="Whether the pod shares the node's network.",
    hostPID="Whether the pod sees the processes of the node.",
    hostIPC="Whether the pod shares the node's IPC namespace.",
    shareProcessNamespace="Whether the containers see each other's processes.",
    securityContext="User, group and other security settings of the pod as a whole.",
    imagePullSecrets="Secrets with credentials for pulling images.",
    hostname="The pod's hostname; its own name unless given.",
    subdomain="The pod's DNS domain inside the namespace: the name of a headless Service.",
    affinity="What the pod wants to be near to, or far from.",
    schedulerName="The scheduler that places the pod.",
    tolerations="Taints of nodes that the pod puts up with.",
    hostAliases="Lines added to the pod's hosts file.",
    priorityClassName="PriorityClass that decides who gives way when room is short.",
    priority="The priority as a number; filled in from the PriorityClass.",
    preemptionPolicy="Whether the pod may push out others of lower priority.",
    readinessGates="Conditions that must be true, besides the containers', for the pod to be ready.",
    runtimeClassName="RuntimeClass that runs the containers.",
    enableServiceLinks="Whether environment variables tell of the Services of the namespace.",
    overhead="Resources that the runtime class costs on top; filled in at admission.",
    topologySpreadConstraints="How evenly pods are spread over zones, nodes and the like; not allowed in a PodCliqueSet.",
    setHostnameAsFQDN="Whether the hostname is the full domain name.",
    os="The operating system the pod is made for.",
    hostUsers="Whether the pod uses the node's user namespace.",
    schedulingGates="Reasons not to schedule the pod yet; it is placed when none is left.",
    resourceClaims="Claims of devices that containers can refer to.",
    resources="Resources of the pod as a whole.",
    hostnameOverride="A hostname that takes the place of all others.",
    workloadRef="The Workload the pod belongs to, for gang scheduling by the default scheduler.",
)
define(
    "Container",
    name="The name, unique in the pod.",
    image="The image to run.",
    command="The program to run in place of the image's entry point.",
    args="Arguments, in place of the image's.",
    workingDir="The directory the program starts in.",
    ports="Ports that the container listens on; information, not a firewall.",
    envFrom="Sources whose keys all become environment variables.",
    env="Environment variables.",
    resources="Resources the container asks for and may use at most.",
    resizePolicy="Whether a change of a resource restarts the container.",
    restartPolicy="`Always` in an init container makes it a sidecar.",
    restartPolicyRules="Restart rules by exit code.",
    volumeMounts="Where the pod's volumes appear in the container.",
    volumeDevices="Raw block devices given to the container.",
    livenessProbe="How to tell that the container must be restarted.",
    readinessProbe="How to tell that the container can serve.",
    startupProbe="How to tell that the container has started; until then the other probes wait.",
    lifecycle="What to run after the start and before the stop.",
    terminationMessagePath="The file whose text becomes the termination message.",
    terminationMessagePolicy="Where the termination message comes from.",
    imagePullPolicy="When the image is pulled: `Always`, `IfNotPresent` or `Never`.",
    securityContext="Security settings of the container; they win over the pod's.",
    stdin="Whether the container has an input.",
    stdinOnce="Whether the input closes after the first session.",
    tty="Whether the container has a terminal.",
)
define(
    "ContainerPort",
    name="A name that Services and probes can use.",
    containerPort="The port number.",
    hostPort="A port of the node that leads here.",
    hostIP="The address of the node to bind `hostPort` to.",
    protocol="`TCP`, `UDP` or `SCTP`.",
)
define(
    "EnvVar",
    name="The name of the variable.",
    value="The value; `$(NAME)` stands for variables defined before.",
    valueFrom="Where the value comes from.",
)
define(
    "EnvVarSource",
    fieldRef="A field of the pod itself.",
    resourceFieldRef="A request or limit of a container.",
    configMapKeyRef="A key of a ConfigMap.",
    secretKeyRef="A key of a Secret.",
    fileKeyRef="A key of a file in a volume.",
)
define(
    "ResourceRequirements",
    limits="The most that may be used, by resource.",
    requests="What is set aside on the node, by resource.",
    claims="Names of the pod's resource claims that are used here.",
)
define("ContainerResourceClaim", name="The claim, one of the pod's `resourceClaims`.", request="One request of the claim; all when absent.")
define(
    "PodResourceClaim",
    name="The name containers refer to.",
    resourceClaimName="A ResourceClaim in the same namespace.",
    resourceClaimTemplateName="A ResourceClaimTemplate from which the pod gets a claim of its own.",
)
define(
    "Volume",
    name="The name mounts refer to.",
    emptyDir="A directory that begins empty and ends with the pod.",
    configMap="The keys of a ConfigMap as files.",
    secret="The keys of a Secret as files.",
    projected="Several sources in one directory.",
    downwardAPI="Fields of the pod as files.",
    persistentVolumeClaim="A PersistentVolumeClaim of the namespace.",
    hostPath="A file or directory of the node.",
    ephemeral="A volume made for the pod from a claim template.",
    csi="A volume of a storage driver, made for the pod.",
    nfs="A directory of an NFS server.",
    image="The files of an image.",
)
define(
    "VolumeMount",
    name="The volume.",
    mountPath="Where it appears in the container.",
    subPath="A path inside the volume to mount instead of its root.",
    readOnly="Whether the container may only read.",
)
define("EmptyDirVolumeSource", medium="`Memory` for a file system in memory; the node's disk otherwise.", sizeLimit="The most it may hold.")
define(
    "Probe",
    exec="A command that must end with 0.",
    httpGet="An HTTP request that must be answered with 200 to 399.",
    tcpSocket="A port that must take connections.",
    grpc="A gRPC health check.",
    initialDelaySeconds="Seconds to wait after the start.",
    periodSeconds="Seconds from one check to the next.",
    timeoutSeconds="Seconds after which a check has failed.",
    successThreshold="Successes in a row that count as one.",
    failureThreshold="Failures in a row that count as one.",
)
define(
    "Toleration",
    key="The key of the taint; empty for all.",
    operator="`Equal` compares the value, `Exists` does not.",
    value="The value of the taint.",
    effect="The effect of the taint; empty for all.",
    tolerationSeconds="How long a `NoExecute` taint is put up with; for ever when absent.",
)
define(
    "Affinity",
    nodeAffinity="Which nodes are wanted, by their labels.",
    podAffinity="Which pods are wanted in the same place.",
    podAntiAffinity="Which pods are not wanted in the same place.",
)
define(
    "SecurityContext",
    runAsUser="The user id.",
    runAsGroup="The group id.",
    runAsNonRoot="Whether running as root is refused.",
    privileged="Whether the container has the powers of root on the node.",
    readOnlyRootFilesystem="Whether the container's root file system is read-only.",
    allowPrivilegeEscalation="Whether a process may get more powers than its parent.",
    capabilities="Powers to add and to drop.",
)
define("PodSchedulingGate", name="The name of the gate.")
define("LabelSelector", matchLabels="Labels with the values they must have.", matchExpressions="Conditions on labels, all of which must hold.")
define(
    "ServiceSpec",
    selector="Labels of the pods behind the Service.",
    ports="The ports of the Service.",
    clusterIP="The address; `None` makes the Service headless.",
    type="How the Service is reached: `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.",
    publishNotReadyAddresses="Whether DNS names lead to pods that are not ready.",
)
define("ServicePort", name="The name, unique in the Service.", port="The port of the Service.", targetPort="The port of the pods, by number or name.", protocol="`TCP`, `UDP` or `SCTP`.")
define(
    "HorizontalPodAutoscalerSpec",
    scaleTargetRef="What is scaled.",
    minReplicas="Lower bound.",
    maxReplicas="Upper bound.",
    metrics="What to scale on; the largest wish wins.",
    behavior="How fast to scale up and down.",
)
define(
    "MetricSpec",
    type="Which of the fields is used: `Resource`, `ContainerResource`, `Pods`, `Object` or `External`.",
    resource="A resource of the pods, such as cpu.",
    containerResource="A resource of one container of the pods.",
    pods="A metric of each pod, averaged.",
    object="A metric of another object.",
    external="A metric from outside of the cluster.",
)
define(
    "MetricTarget",
    type="Which of the fields is used: `Utilization`, `Value` or `AverageValue`.",
    averageUtilization="Percentage of the requested amount, averaged over the pods.",
    averageValue="The amount, averaged over the pods.",
    value="The amount.",
)
define("ResourceMetricSource", name="The resource.", target="The wanted amount.")
define(
    "Condition",
    type="What the condition is about.",
    status="`True`, `False` or `Unknown`.",
    reason="Why, in one CamelCase word.",
    message="Why, for people.",
    lastTransitionTime="When the status changed last.",
    observedGeneration="The generation of the object that the condition was formed from.",
)
define("DeviceClaim", requests="The devices that are asked for.", constraints="What the devices must have in common.", config="Settings for the drivers.")
define("DeviceRequest", name="The name of the request.", exactly="The devices.", firstAvailable="Alternatives, the first that can be had is taken.")
define(
    "ExactDeviceRequest",
    deviceClassName="The DeviceClass to take devices from.",
    count="How many devices; 1 unless given.",
    allocationMode="`ExactCount` or `All`.",
    selectors="Conditions on the devices, in CEL.",
)
