import GroveModel
import KubernetesModel
import Testing

@testable import GroveSimulate

/// What the API server refuses of objects made from accepted sets, in the words that were recorded.
struct ServerValidationTests {
  private func refusal(_ resource: Resource, _ options: APIServer.Options = APIServer.Options()) -> String? {
    var server = APIServer(options: options)
    do throws(APIError) {
      try server.create(resource)
      return nil
    } catch {
      return error.description
    }
  }

  private func pod(_ change: (inout Pod) -> Void) -> Resource {
    var pod = Pod()
    pod.metadata.name = "p"
    pod.metadata.namespace = "ns"
    pod.spec.containers = [Container(name: "main", image: "nginx:1.25")]
    change(&pod)
    return .pod(pod)
  }

  @Test func aPlainPodIsAccepted() { #expect(refusal(pod { _ in }) == nil) }

  @Test func containerNames() {
    #expect(
      refusal(pod { $0.spec.containers[0].name = "Bad_Name" })
        == #"Pod "p" is invalid: spec.containers[0].name: Invalid value: "Bad_Name": a lowercase RFC 1123 label "#
        + "must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    )
  }

  @Test func dotsInNames() {
    let message = refusal(
      pod {
        $0.spec.containers[0].name = "a.b"
        $0.spec.hostname = "brd-0-a.b-0"
      })
    #expect(
      message
        == #"Pod "p" is invalid: [spec.containers[0].name: Invalid value: "a.b": must not contain dots, "#
        + #"spec.hostname: Invalid value: "brd-0-a.b-0": must not contain dots]"#)
  }

  @Test func missingParts() {
    #expect(
      refusal(pod { $0.spec.containers = [] }) == #"Pod "p" is invalid: spec.containers: Required value"#)
    #expect(
      refusal(pod { $0.spec.containers[0].volumeMounts = [VolumeMount(name: "nope", mountPath: "/x")] })
        == #"Pod "p" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "nope""#)
    #expect(
      refusal(pod { $0.spec.containers[0].image = "" })
        == #"Pod "p" is invalid: spec.containers[0].image: Required value"#)
    #expect(
      refusal(pod { $0.spec.containers[0].resources.claims = [ContainerResourceClaim(name: "c")] })
        == #"Pod "p" is invalid: spec.containers[0].resources.claims[0]: Not found: "c": must be one of "#
        + "the names in pod.spec.resourceClaims which is empty")
  }

  @Test func requestsWithinLimits() {
    #expect(
      refusal(
        pod {
          $0.spec.containers[0].resources.requests = ["cpu": Quantity(2)]
          $0.spec.containers[0].resources.limits = ["cpu": Quantity(1)]
        })
        == #"Pod "p" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or "#
        + "equal to cpu limit of 1")
  }

  @Test func extendedResourcesNeedALimit() {
    #expect(
      refusal(pod { $0.spec.containers[0].resources.requests = ["nvidia.com/gpu": Quantity(1)] })
        == #"Pod "p" is invalid: spec.containers[0].resources.limits: Required value: Limit must be set for non "#
        + "overcommitable resources")
  }

  @Test func podsLikeTheLastGoodOneAreStillLookedAt() throws {
    var server = APIServer()
    try server.create(pod { $0.spec.hostname = "a-0" })
    let second = pod {
      $0.metadata.name = "q"
      $0.spec.hostname = "a.1"
    }
    #expect(throws: APIError.self) { try server.create(second) }
    let third = pod {
      $0.metadata.name = "r"
      $0.metadata.labels["a/b/c"] = "x"
      $0.spec.hostname = "a-2"
    }
    #expect(throws: APIError.self) { try server.create(third) }
    try server.create(
      pod {
        $0.metadata.name = "s"
        $0.spec.hostname = "a-3"
      })
  }

  @Test func duplicates() {
    let message = refusal(
      pod {
        $0.spec.initContainers = [Container(name: "main", image: "x")]
        $0.spec.volumes = [Volume(name: "v", emptyDir: EmptyDirVolumeSource())]
        $0.spec.volumes.append($0.spec.volumes[0])
      })
    #expect(
      message
        == #"Pod "p" is invalid: [spec.volumes[1].name: Duplicate value: "v", "#
        + #"spec.initContainers[0].name: Duplicate value: "main"]"#)
  }

  @Test func priorityClassesAreCheckedOnRequest() throws {
    let object = pod { $0.spec.priorityClassName = "does-not-exist" }
    #expect(refusal(object) == nil)
    var options = APIServer.Options()
    options.acceptsUnknownPriorityClasses = false
    #expect(
      refusal(object, options)
        == #"pods "p" is forbidden: no PriorityClass with name does-not-exist was found"#)
    #expect(refusal(pod { $0.spec.priorityClassName = "system-node-critical" }, options) == nil)
    #expect(refusal(pod { $0.spec.priorityClassName = "system-other" }, options) != nil)
    var server = APIServer(options: options)
    var known = PriorityClass()
    known.metadata.name = "does-not-exist"
    try server.create(.priorityClass(known))
    try server.create(object)
  }

  @Test func gatesMayOnlyGo() throws {
    var server = APIServer()
    guard case .pod(var stored) = try server.create(pod { _ in }) else { return }
    stored.spec.schedulingGates = [PodSchedulingGate(name: "a")]
    #expect(throws: APIError.self) { try server.update(.pod(stored)) }
  }

  @Test func autoscalers() {
    func autoscaler(_ change: (inout HorizontalPodAutoscaler) -> Void) -> Resource {
      var object = HorizontalPodAutoscaler()
      object.metadata.name = "h"
      object.metadata.namespace = "ns"
      object.spec.maxReplicas = 3
      object.spec.scaleTargetRef = CrossVersionObjectReference(kind: "PodClique", name: "x")
      change(&object)
      return .horizontalPodAutoscaler(object)
    }
    #expect(refusal(autoscaler { _ in }) == nil)
    let range = refusal(
      autoscaler {
        $0.spec.minReplicas = 3
        $0.spec.maxReplicas = 1
      })
    #expect(
      range
        == #"HorizontalPodAutoscaler.autoscaling "h" is invalid: spec.maxReplicas: Invalid value: 1: must be "#
        + "greater than or equal to `minReplicas`")
    #expect(
      refusal(autoscaler { $0.spec.metrics = [MetricSpec()] })
        == #"HorizontalPodAutoscaler.autoscaling "h" is invalid: [spec.metrics[0].type: Required value: must "#
        + #"specify a metric source type, spec.metrics[0].type: Unsupported value: "": supported values: "#
        + #""ContainerResource", "External", "Object", "Pods", "Resource"]"#)
  }

  @Test func namesAndLabels() {
    var service = Service()
    service.metadata.name = "1a"
    service.metadata.namespace = "ns"
    #expect(refusal(.service(service))?.contains("a DNS-1035 label must consist of") == true)
    var role = Role()
    role.metadata.name = "grove.io:pcs:x"
    #expect(refusal(.role(role)) == nil)
    #expect(
      refusal(pod { $0.metadata.labels["app.kubernetes.io/name"] = String(repeating: "x", count: 64) })
        == #"Pod "p" is invalid: metadata.labels: Invalid value: ""# + String(repeating: "x", count: 64)
        + #"": must be no more than 63 bytes"#)
    #expect(refusal(pod { $0.metadata.labels["a/b/c"] = "x" }) != nil)
    #expect(refusal(pod { $0.metadata.labels["grove.io/a/b"] = "x" }) != nil)
    #expect(refusal(pod { $0.metadata.labels["a"] = "x/y" }) != nil)
  }
}
