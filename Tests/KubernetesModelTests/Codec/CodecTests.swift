import KubernetesModel
import Testing

@Suite("Typed decoding and encoding")
struct CodecTests {
  private func decode<T: TapeCodable>(_ type: T.Type, _ json: String) throws -> (T, [DecodingIssue], Tape) {
    let tape = try JSONReader.read(json)
    var decoder = TapeDecoder(tape)
    let value = decoder.decode(type, at: 0)
    return (value, decoder.issues, tape)
  }

  @Test func readsATypedObject() throws {
    let (pod, issues, _) = try decode(
      Pod.self,
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"y"}},
       "spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],
         "resources":{"requests":{"cpu":"10m","memory":1}},"securityContext":{"privileged":true}}],
         "tolerations":[{"key":"k","operator":"Exists"}]}}
      """#)
    #expect(issues.isEmpty)
    #expect(pod.metadata.name == "a")
    #expect(pod.metadata.labels["x"] == "y")
    #expect(pod.spec.containers[0].resources.requests["memory"] == Quantity(1))
    #expect(pod.spec.containers[0].securityContext?.privileged == true)
    #expect(pod.spec.tolerations[0].operator == "Exists")
  }

  @Test func reportsAllProblemsAndNotOnlyTheFirst() throws {
    let (_, issues, tape) = try decode(
      Container.self, #"{"name":1,"bogus":true,"stdin":[],"ports":{},"resources":{"limits":{"cpu":"x"}}}"#)
    #expect(
      issues.map(\.kind).prefix(4) == [
        .mismatch(.string), .unknownField, .mismatch(.boolean), .mismatch(.array),
      ])
    #expect(issues.count == 5)
    #expect(tape.string(at: issues[1].node) == "bogus")
  }

  @Test func checksTheRangeOfIntegers() throws {
    let (_, issues, _) = try decode(ContainerPort.self, #"{"containerPort":3000000000}"#)
    #expect(issues.map(\.kind) == [.mismatch(.integer(bits: 32))])
    let (spec, fine, _) = try decode(PodSpec.self, #"{"terminationGracePeriodSeconds":3000000000}"#)
    #expect(fine.isEmpty && spec.terminationGracePeriodSeconds == 3_000_000_000)
  }

  @Test func nullIsAbsent() throws {
    let (pod, issues, _) = try decode(
      Pod.self, #"{"metadata":null,"spec":{"containers":null,"hostname":null}}"#)
    #expect(issues.isEmpty)
    #expect(pod == Pod())
  }

  @Test func keepsUnknownFieldsAndExplicitEmpties() throws {
    let json = #"{"args":[],"future":{"a":[2],"b":1},"name":"c","resources":{}}"#
    let (container, _, _) = try decode(Container.self, json)
    #expect(JSONWriter.string(Value(encoding: container)) == json)
    #expect(container != Container(name: "c"))
    let (plain, _, _) = try decode(Container.self, #"{"args":[],"name":"c"}"#)
    #expect(plain == Container(name: "c"))
  }

  @Test func writesMembersInByteOrder() {
    let container = Container(
      name: "c", image: "i", env: [EnvVar(name: "A", value: "1")],
      livenessProbe: Probe(httpGet: HTTPGetAction(path: "/", port: 80)))
    #expect(
      JSONWriter.string(Value(encoding: container))
        == #"{"env":[{"name":"A","value":"1"}],"image":"i","livenessProbe":{"httpGet":{"path":"/","port":80}},"name":"c"}"#
    )
  }

  @Test func boxedFieldsHaveValueSemantics() {
    var first = Container(name: "c", securityContext: SecurityContext(privileged: true))
    let second = first
    first.securityContext?.privileged = false
    #expect(second.securityContext?.privileged == true)
    #expect(first.securityContext?.privileged == false)
    first.securityContext = nil
    #expect(first.securityContext == nil)
  }

  @Test func bridgesToCodable() throws {
    let pod = Pod(metadata: ObjectMeta(name: "a"), spec: PodSpec(containers: [Container(name: "c")]))
    let encoded = try RecordingEncoder.encode(CodableBridge(pod))
    #expect(encoded == Value(encoding: pod))
  }
}
