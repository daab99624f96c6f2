import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission
@testable import KubernetesSchema

/// What Go's JSON decoder says where ours found values of the wrong type (A-001).
@Suite struct GoDecodingTests {
  private func message(_ json: String) throws -> String? {
    let tape = try JSONReader.read(json)
    var decoder = TapeDecoder(tape)
    _ = decoder.decode(PodCliqueSet.self, at: tape.roots[0])
    return SchemaTable.grove.goDecodingMessage(
      forFirstOf: decoder.issues, in: tape, root: tape.roots[0], type: "PodCliqueSet")
  }

  private func template(_ members: String) throws -> String? {
    try message(#"{"spec":{"template":{\#(members)}}}"#)
  }

  private func container(_ members: String) throws -> String? {
    try template(#""cliques":[{"spec":{"podSpec":{"containers":[{\#(members)}]}}}]"#)
  }

  private let containers = "spec.template.cliques.spec.podSpec.containers"

  @Test func nothingWrong() throws {
    #expect(try message(#"{"spec":{"replicas":1,"bogus":{}}}"#) == nil)
  }

  @Test func numbers() throws {
    let field =
      "json: cannot unmarshal number 3000000000 into Go struct field PodCliqueSetSpec.spec.replicas of type int32"
    #expect(try message(#"{"spec":{"replicas":3000000000}}"#) == field)
    #expect(
      try message(#"{"spec":{"replicas":1.5}}"#)
        == "json: cannot unmarshal number 1.5 into Go struct field PodCliqueSetSpec.spec.replicas of type int32"
    )
    #expect(
      try container(#""ports":[{"containerPort":"80"}]"#)
        == "json: cannot unmarshal string into Go struct field ContainerPort.\(containers).ports.containerPort of type int32"
    )
  }

  @Test func texts() throws {
    #expect(
      try message(#"{"metadata":{"labels":{"a":1}}}"#)
        == "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")
    #expect(
      try container(#""args":["a",true]"#)
        == "json: cannot unmarshal bool into Go struct field Container.\(containers).args of type string")
    #expect(
      try container(#""imagePullPolicy":[]"#)
        == "json: cannot unmarshal array into Go struct field Container.\(containers).imagePullPolicy of type v1.PullPolicy"
    )
  }

  @Test func structsAndLists() throws {
    #expect(
      try template(#""cliques":{"a":1}"#)
        == "json: cannot unmarshal object into Go struct field PodCliqueSetTemplateSpec.spec.template.cliques of type "
        + "[]v1alpha1.PodCliqueTemplateSpec")
    #expect(
      try template(#""cliques":["a"]"#)
        == "json: cannot unmarshal string into Go struct field PodCliqueSetTemplateSpec.spec.template.cliques of type "
        + "v1alpha1.PodCliqueTemplateSpec")
    #expect(
      try container(#""livenessProbe":"x""#)
        == "json: cannot unmarshal string into Go struct field Container.\(containers).livenessProbe of type v1.Probe"
    )
  }

  /// Types that read themselves have their own words.
  @Test func typesWithParsers() throws {
    #expect(
      try template(#""terminationDelay":30"#)
        == "json: cannot unmarshal number into Go struct field PodCliqueSetTemplateSpec.spec.template.terminationDelay "
        + "of type string")
    #expect(try template(#""terminationDelay":"5x""#) == "time: unknown unit \"x\" in duration \"5x\"")
    let quantity =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    #expect(try container(#""resources":{"requests":{"cpu":true}}"#) == quantity)
    #expect(
      try container(#""livenessProbe":{"httpGet":{"port":true}}"#)
        == "json: cannot unmarshal bool into Go struct field HTTPGetAction.\(containers).livenessProbe.httpGet.port "
        + "of type int32")
    #expect(
      try message(#"{"metadata":{"creationTimestamp":"today"}}"#)
        == #"parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006""#)
    #expect(
      try message(#"{"metadata":{"creationTimestamp":"2026-13-01T00:00:00Z"}}"#)
        == #"parsing time "2026-13-01T00:00:00Z": month out of range"#)
    #expect(
      try message(#"{"metadata":{"creationTimestamp":"2026-01-01"}}"#)
        == #"parsing time "2026-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T""#)
  }

  /// The server sends objects sorted, so the order of the manifest does not count.
  @Test func theFirstInByteOrderIsNamed() throws {
    #expect(try message(#"{"spec":{"template":1,"replicas":"x"}}"#)?.contains("spec.replicas") == true)
    #expect(
      try message(#"{"spec":{"replicas":"x"},"metadata":{"name":1}}"#)?.contains("metadata.name") == true)
  }

  /// Go goes on after a wrong type, and stops where a parser refuses a text.
  @Test func refusedTextsComeFirst() throws {
    #expect(
      try message(#"{"spec":{"replicas":"x","template":{"terminationDelay":"5x"}}}"#)
        == "time: unknown unit \"x\" in duration \"5x\"")
  }
}
