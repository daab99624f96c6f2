import KubernetesModel
import Testing

@testable import KubernetesValidation

/// What the API server fills in, as recorded (session 103).
struct PodDefaultsTests {
  private func filled(_ json: String) throws -> PodSpec {
    var spec = try PodRuleTests.spec(json)
    PodDefaults.apply(&spec)
    return spec
  }

  @Test func aSmallPod() throws {
    let spec = try filled(#"{"containers": [{"name": "main", "image": "registry.example.com/app:1"}]}"#)
    #expect(spec.restartPolicy == "Always" && spec.dnsPolicy == "ClusterFirst")
    #expect(spec.schedulerName == "default-scheduler" && spec.terminationGracePeriodSeconds == 30)
    #expect(spec.enableServiceLinks == true && spec.securityContext == PodSecurityContext())
    #expect(spec.containers[0].imagePullPolicy == "IfNotPresent")
    #expect(spec.containers[0].terminationMessagePath == "/dev/termination-log")
    #expect(spec.containers[0].terminationMessagePolicy == "File")
  }

  @Test(arguments: [
    ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1", "IfNotPresent"),
    ("localhost:5000/a/b", "Always"), ("localhost:5000/a/b:2", "IfNotPresent"),
    ("a@sha256:0123456789012345678901234567890123456789012345678901234567890123", "IfNotPresent"),
    ("Not/An/Image", "IfNotPresent"), ("", "IfNotPresent"),
  ])
  func pullPolicies(image: String, policy: String) throws {
    let spec = try filled(#"{"containers": [{"name": "c", "image": "\#(image)"}]}"#)
    #expect(spec.containers[0].imagePullPolicy == policy)
  }

  @Test func requestsFollowLimits() throws {
    let spec = try filled(
      #"{"containers": [{"name": "c", "resources": {"limits": {"cpu": 1, "memory": "1Gi", "nvidia.com/gpu": 1}, "requests": {"cpu": "500m"}}}]}"#
    )
    let requests = spec.containers[0].resources.requests
    #expect(requests.map { "\($0.key)=\($0.value.text)" } == ["cpu=500m", "memory=1Gi", "nvidia.com/gpu=1"])
  }

  @Test func nothingIsFinerThanAThousandth() throws {
    let spec = try filled(
      #"{"containers": [{"name": "c", "resources": {"requests": {"cpu": "0.1m", "memory": "1.5Gi", "x.io/y": "100u"}}}], "overhead": {"cpu": "1e-4"}}"#
    )
    let requests = spec.containers[0].resources.requests
    #expect(requests["cpu"]?.canonicalText == "1m" && requests["memory"]?.canonicalText == "1536Mi")
    #expect(requests["x.io/y"]?.canonicalText == "1m" && spec.overhead["cpu"]?.canonicalText == "1e-3")
  }

  @Test func podLevelRequests() throws {
    let spec = try filled(
      #"{"containers": [{"name": "c", "resources": {"requests": {"cpu": "500m"}, "limits": {"hugepages-2Mi": "4Mi"}}}], "resources": {"limits": {"cpu": 2, "memory": "1Gi"}}}"#
    )
    #expect(
      spec.resources?.requests.map { "\($0.key)=\($0.value.text)" } == [
        "cpu=500m", "hugepages-2Mi=4Mi", "memory=1Gi",
      ])
    #expect(spec.resources?.limits["hugepages-2Mi"]?.text == "4Mi")
  }

  @Test func volumesPortsAndProbes() throws {
    let spec = try filled(
      """
      {"hostNetwork": true, "serviceAccount": "old",
       "containers": [{"name": "c", "ports": [{"containerPort": 80}],
         "env": [{"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
         "livenessProbe": {"httpGet": {"port": 1}}, "lifecycle": {"preStop": {"httpGet": {"port": 1}}}}],
       "volumes": [{"name": "e"}, {"name": "s", "secret": {"secretName": "x"}}, {"name": "h", "hostPath": {"path": "/"}},
         {"name": "p", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
         {"name": "a", "azureDisk": {"diskName": "d", "diskURI": "u"}}]}
      """)
    let container = spec.containers[0]
    #expect(container.ports[0].protocol == "TCP" && container.ports[0].hostPort == 80)
    #expect(container.env[0].valueFrom?.fieldRef?.apiVersion == "v1")
    let probe = try #require(container.livenessProbe)
    #expect(
      [probe.timeoutSeconds, probe.periodSeconds, probe.successThreshold, probe.failureThreshold] == [
        1, 10, 1, 3,
      ])
    #expect(probe.httpGet?.path == "/" && probe.httpGet?.scheme == "HTTP")
    #expect(container.lifecycle?.preStop?.httpGet?.scheme == "HTTP")
    #expect(spec.serviceAccountName == "old")
    #expect(spec.volumes[0].emptyDir != nil && spec.volumes[1].secret?.defaultMode == 420)
    #expect(spec.volumes[2].hostPath?.type == "")
    #expect(spec.volumes[3].projected?.sources[0].serviceAccountToken?.expirationSeconds == 3600)
    #expect(
      spec.volumes[4].azureDisk?.kind == "Shared" && spec.volumes[4].azureDisk?.cachingMode == "ReadWrite")
  }
}
