import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission
@testable import GroveModel

/// Quoted specs are what Go's `json.Marshal` prints (A-043).
@Suite("JSON in Go's order")
struct GoOrderedJSONTests {
  @Test("Declaration order, structs that cannot be left out, escaped HTML")
  func spec() throws {
    let stored = Admission().default(
      try object(
        PodCliqueSet.self,
        """
        apiVersion: grove.io/v1alpha1
        kind: PodCliqueSet
        metadata: {name: set}
        spec:
          replicas: 0
          template:
            terminationDelay: 1h
            cliques:
            - annotations: {b: "<&>", a: "1"}
              name: a
              spec:
                podSpec:
                  containers:
                  - name: main
                    env:
                    - {name: E, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                    livenessProbe: {httpGet: {path: /}}
                    image: nginx
                roleName: r
                autoScalingConfig:
                  maxReplicas: 3
                  metrics:
                  - {resource: {target: {type: Utilization, averageUtilization: 80}, name: cpu}, type: Resource}
            resourceClaimTemplates:
            - name: t
              templateSpec: {spec: {}}
        """))
    #expect(
      GoOrderedJSON.goJSON(of: stored.spec)
        == #"{"template":{"cliques":[{"name":"a","annotations":{"a":"1","b":"\u003c\u0026\u003e"},"spec":{"roleName":"r","#
        + #""podSpec":{"containers":[{"name":"main","image":"nginx","env":[{"name":"E","valueFrom":{"resourceFieldRef":"#
        + #"{"resource":"limits.cpu","divisor":"0"}}}],"resources":{},"livenessProbe":{"httpGet":{"path":"/","port":0}}}],"#
        + #""restartPolicy":"Always","terminationGracePeriodSeconds":30},"replicas":1,"minAvailable":1,"#
        + #""autoScalingConfig":{"minReplicas":1,"maxReplicas":3,"metrics":[{"type":"Resource","resource":{"name":"cpu","#
        + #""target":{"type":"Utilization","averageUtilization":80}}}]}}}],"#
        + #""cliqueStartupType":"CliqueStartupTypeAnyOrder","headlessServiceConfig":{"publishNotReadyAddresses":true},"#
        + #""terminationDelay":"1h0m0s","resourceClaimTemplates":[{"name":"t","templateSpec":{"metadata":{},"#
        + #""spec":{"devices":{"requests":null}}}}]}}"#)
  }
}
