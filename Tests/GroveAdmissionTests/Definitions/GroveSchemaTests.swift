import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import GroveAdmission

/// Findings about Grove's kinds cite the rules of the specification.
@Suite struct GroveSchemaTests {
  private func findings(_ kind: ResourceKind, _ json: String) throws -> [Diagnostic] {
    let tape = try JSONReader.read(json)
    let schema = try #require(StructuralSchema.grove(kind))
    let value = Value(tape: tape, index: tape.roots[0])
    return schema.validate(value)
  }

  private func set(_ template: String) throws -> [Diagnostic] {
    try findings(.podCliqueSet, #"{"metadata":{"name":"a"},"spec":{"template":{\#(template)}}}"#)
  }

  @Test(arguments: [
    (#""cliques":1"#, "A-441"), (#""cliques":[],"cliqueStartupType":"X""#, "A-441"),
    (#""cliques":[{"spec":{}}]"#, "A-442"),
    (#""cliques":[],"podCliqueScalingGroups":[{"name":"x"}]"#, "A-443"),
    (#""cliques":[],"resourceSharing":[{"name":"x"}]"#, "A-444"),
    (#""cliques":[{"name":"a","spec":{"roleName":"r","replicas":1,"podSpec":{}}}]"#, "A-445"),
    (#""cliques":[],"topologyConstraint":{"packDomain":"UPPER"}"#, "A-446"),
    (#""cliques":[],"topologyConstraint":{}"#, "A-446"),
    (#""cliques":[],"topologyConstraint":{"packDomain":"rack"}"#, "A-447"),
  ])
  func partsOfASet(_ template: String, _ rule: String) throws {
    #expect(try set(template).first?.rule == RuleID(rule))
  }

  @Test func otherKinds() throws {
    #expect(try findings(.podCliqueSet, #"{"metadata":{"name":"a"}}"#).first?.rule == "A-440")
    #expect(
      try findings(.podCliqueSet, #"{"metadata":{"name":"A"},"spec":{"template":{"cliques":[]}}}"#).first?
        .rule == "A-050")
    #expect(
      try findings(
        .podCliqueSet, #"{"metadata":{"name":"a"},"spec":{"replicas":-1,"template":{"cliques":[]}}}"#
      ).first?.rule
        == "A-430")
    #expect(try findings(.podClique, #"{"metadata":{"name":"a"},"spec":{}}"#).first?.rule == "A-449")
    #expect(
      try findings(.podCliqueScalingGroup, #"{"metadata":{"name":"a"},"spec":{}}"#).first?.rule == "A-450")
    #expect(
      try findings(.clusterTopologyBinding, #"{"metadata":{"name":"a"},"spec":{}}"#).first?.rule == "A-451")
    #expect(try findings(.podGang, #"{"metadata":{"name":"a"},"spec":{}}"#).first?.rule == "A-452")
    #expect(StructuralSchema.grove(.pod) == nil)
  }

  /// A-446, A-447: texts and field paths.
  @Test func topologyRules() throws {
    #expect(
      try set(#""cliques":[],"topologyConstraint":{}"#).map(\.message) == [
        "spec.template.topologyConstraint.pack: Required value: topologyConstraint must specify pack or deprecated "
          + "packDomain"
      ])
    #expect(
      try set(
        #""cliques":[{"name":"c","topologyConstraint":{"pack":{}},"spec":{"roleName":"r","replicas":1,"#
          + #""podSpec":{"containers":[]}}}]"#
      ).map(\.message) == [
        "spec.template.cliques[0].topologyConstraint.pack: Required value: pack must specify at least one of required "
          + "or preferred"
      ])
    #expect(
      try set(
        #""cliques":[],"podCliqueScalingGroups":[{"name":"g","cliqueNames":[],"#
          + #""topologyConstraint":{"packDomain":"rack"}}]"#
      ).map(\.message) == [
        "spec.template.podCliqueScalingGroups: Forbidden: packDomain is deprecated and cannot be used on new workloads; "
          + "use pack.required"
      ])
  }

  /// Every pattern and rule of the table is one we can check.
  @Test func patternsAndRulesAreSupported() throws {
    var (patterns, rules) = (0, 0)
    for type in SchemaTable.grove.types {
      for field in type.fields {
        guard let source = field.pattern else { continue }
        #expect(throws: Never.self) { try Pattern(source) }
        patterns += 1
      }
      for validation in type.validations {
        #expect(throws: Never.self) { try RuleExpression(validation.rule) }
        rules += 1
      }
    }
    #expect(patterns >= 7)
    #expect(rules == 6)
  }
}
