import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Pods that cannot exist")
struct ImpossiblePodTests {
  private func told(
    _ admission: Admission = Admission(), _ change: (inout PodCliqueSet) -> Void
  ) -> [Diagnostic] {
    admission.validatePods(of: Sample.set(change))
  }

  private let first = "spec.template.cliques[0].spec.podSpec"

  @Test("Paths lead into the set, and the server's text to the pod")
  func paths() {
    let found = told { $0.spec.template.cliques[0].spec.podSpec.containers[0].name = "My_C" }
    #expect(found.map(\.path) == ["\(first).containers[0].name"])
    #expect(found.rules == ["K-pod-container"])
    #expect(found.first?.hint == "for example my-c")
    #expect(
      found.first?.serverMessage
        == "spec.containers[0].name: Invalid value: \"My_C\": a lowercase RFC 1123 label must consist of lower case "
        + "alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  "
        + "or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")
  }

  @Test("An ordinary set has nothing to tell, whatever the operator will overwrite")
  func nothing() {
    #expect(told { _ in }.isEmpty)
    #expect(
      told {
        $0.spec.template.cliques[0].spec.podSpec.hostname = "Not_Ok"
        $0.spec.template.cliques[0].spec.podSpec.subdomain = "a.b"
        $0.spec.template.cliques[0].spec.podSpec.schedulingGates = [
          PodSchedulingGate(name: "x"), PodSchedulingGate(name: "x"),
        ]
      }.isEmpty)
  }

  @Test("The webhooks do not tell")
  func webhooks() {
    let set = Sample.set { $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "" }
    #expect(Admission().validate(create: set).errors.isEmpty)
    #expect(
      Admission().validatePods(of: set).texts == ["\(first).containers[0].image: Required value"])
  }

  @Test("A priority class of the set is told of once, where it stands")
  func priorityClass() {
    let found = told { $0.spec.template.priorityClassName = "Not_Ok" }
    #expect(found.map(\.path) == ["spec.template.priorityClassName"])
  }

  @Test("Annotations of a clique are those of its pods")
  func annotations() {
    let found = told {
      $0.spec.template.cliques[1].annotations["seccomp.security.alpha.kubernetes.io/pod"] = "odd"
    }
    #expect(
      found.texts == [
        "spec.template.cliques[1].annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: \"odd\": must "
          + "be a valid seccomp profile"
      ])
  }

  @Test("Privileged containers are a warning, and an error when asked for")
  func privileged() {
    let change: (inout PodCliqueSet) -> Void = {
      $0.spec.template.cliques[0].spec.podSpec.containers[0].securityContext = SecurityContext(
        privileged: true)
    }
    let found = told(Admission(), change)
    #expect(found.map(\.severity) == [.warning] && found.rules == ["K-pod-privileged"])
    #expect(told(Admission(isStrict: true), change).map(\.severity) == [.error])
  }

  @Test("Pods, Services and autoscalers by themselves")
  func others() throws {
    func review(_ json: String, _ kind: ResourceKind) throws -> Review {
      Admission().review(Value(tape: try JSONReader.read(json), index: 0), as: kind)
    }
    let pod = try review(
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"Bad_Name"},"spec":{"containers":[{"name":"c","image":"x","livenessProbe":{"periodSeconds":1}}]}}"#,
      .pod)
    #expect(pod.refusedBy == .validation && pod.object == nil)
    #expect(pod.diagnostics.map(\.path) == ["metadata.name", "spec.containers[0].livenessProbe"])
    let service = try review(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":0}]}}"#, .service
    )
    #expect(service.diagnostics.rules == ["K-service"])
    let fine = try review(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":1}]}}"#, .service
    )
    #expect(fine.isAccepted && fine.object != nil)
  }
}
