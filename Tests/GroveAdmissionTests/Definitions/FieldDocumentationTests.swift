import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import GroveAdmission

@Suite struct FieldDocumentationTests {
  @Test(arguments: [
    "podcliqueset", "pcs", "PodCliqueSet", "podcliquesets", "pclq", "pcsg", "ct", "pg", "pod", "po", "svc",
    "hpa",
    "resourceclaimtemplate",
  ])
  func kindsAreFoundByAllTheirNames(_ name: String) throws {
    let kind = try FieldDocumentation(of: name)
    #expect(kind.path == "")
    #expect(kind.children.map(\.name).contains("metadata"))
  }

  /// a field of a clique, its type, its default by the webhook, its meaning.
  @Test func aFieldOfAClique() throws {
    let field = try FieldDocumentation(of: "pcs.spec.template.cliques[0].spec.minAvailable")
    #expect(
      field.groupVersionKind == GroupVersionKind(group: "grove.io", version: "v1alpha1", kind: "PodCliqueSet")
    )
    #expect(field.path == "spec.template.cliques.spec.minAvailable")
    #expect(field.type == "integer (int32)")
    #expect(!field.isRequired)
    #expect(field.defaultValue == "the value of replicas")
    #expect(field.meaning.hasPrefix("How many pods are scheduled all-or-nothing"))
    #expect(field.children == [])
  }

  @Test func aListOfObjects() throws {
    let field = try FieldDocumentation(of: "pod.spec.containers")
    #expect(field.type == "list of Container")
    #expect(field.isRequired)
    #expect(field.meaning == "The containers; at least one.")
    #expect(field.demands == ["no two elements with the same name"])
    #expect(field.children.count == 25)
    #expect(field.children[0].name == "name")
    #expect(field.children[0].isRequired)
  }

  ///
  @Test func defaultsValuesAndRules() throws {
    let startup = try FieldDocumentation(of: "pcs.spec.template.cliqueStartupType")
    #expect(startup.defaultValue == "\"CliqueStartupTypeAnyOrder\"")
    #expect(startup.allowedValues.count == 3)
    let pack = try FieldDocumentation(of: "pcs.spec.template.topologyConstraint.pack")
    #expect(pack.rules == ["pack must specify at least one of required or preferred"])
    let domain = try FieldDocumentation(of: "ct.spec.levels.domain")
    #expect(domain.demands == ["1 to 63 characters", "matches ^[a-z][a-z0-9-]*$"])
    #expect(try FieldDocumentation(of: "ct.spec.levels").demands == ["at least 1 element"])
  }

  @Test func wrongNamesGetSuggestions() {
    #expect(throws: FieldLookupError.unknownKind("podcliquset", suggestion: "podcliqueset")) {
      try FieldDocumentation(of: "podcliquset.spec")
    }
    let error = #expect(throws: FieldLookupError.self) {
      try FieldDocumentation(of: "pcs.spec.template.clique")
    }
    #expect(error?.description == "pcs.spec.template has no field \"clique\"; did you mean \"cliques\"?")
    let leaf = #expect(throws: FieldLookupError.self) { try FieldDocumentation(of: "pcs.spec.replicas.more") }
    #expect(leaf?.description == "pcs.spec.replicas has no fields; its type is integer (int32)")
    #expect(throws: FieldLookupError.unknownKind("", suggestion: nil)) { try FieldDocumentation(of: "") }
  }

  /// Every field of Grove's own types is documented, and the most used of Kubernetes'.
  @Test func documentationIsComplete() throws {
    for type in SchemaTable.grove.types where !type.documentation.isEmpty {
      for field in type.fields { #expect(!field.documentation.isEmpty, "\(type.name).\(field.name)") }
    }
    for name in ["PodSpec", "Container", "ObjectMeta", "Probe", "Toleration", "EnvVar"] {
      let type = try #require(SchemaTable.grove.type(named: name))
      let missing = type.fields.filter(\.documentation.isEmpty).map(\.name)
      #expect(missing.count <= type.fields.count / 5, "\(name): \(missing)")
    }
  }

  @Test func namesToSuggest() {
    #expect(
      SchemaTable.grove.fieldNames(ofType: "PodCliqueSet", at: "spec.template.cliques[0]").contains("labels"))
    #expect(SchemaTable.grove.fieldNames(ofType: "PodCliqueSet", at: "spec.template.cliques.labels") == [])
    #expect(SchemaTable.grove.fieldNames(ofType: "Pod", at: "spec.containers[3].env").contains("valueFrom"))
    #expect(SchemaTable.grove.fieldNames(ofType: "Nothing") == [])
  }
}
