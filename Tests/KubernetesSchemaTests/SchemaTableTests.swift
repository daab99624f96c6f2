import Testing

@testable import KubernetesModel
@testable import KubernetesSchema

@Suite struct SchemaTableTests {
  @Test func readsTypesAndFields() throws {
    let container = try #require(SchemaTable.kubernetes.type(named: "Container"))
    #expect(container.fields.first?.name == "name")
    let ports = try #require(container.field("ports"))
    #expect(ports.shape == .array(.object("ContainerPort")))
    #expect(ports.listType == "map")
    #expect(ports.listMapKeys == ["containerPort", "protocol"])
    #expect(ports.goType == "[]v1.ContainerPort")
    let requests = try #require(SchemaTable.kubernetes.type(named: "ResourceRequirements")?.field("requests"))
    #expect(requests.shape == .map(.quantity))
    let protocolField = try #require(SchemaTable.kubernetes.type(named: "ContainerPort")?.field("protocol"))
    #expect(protocolField.defaultJSON == "\"TCP\"")
    #expect(SchemaTable.kubernetes.type(named: "LabelSelector")?.isAtomic == true)
    #expect(SchemaTable.kubernetes.type(named: "Nothing") == nil)
  }

  @Test func findsKinds() throws {
    let pod = try #require(SchemaTable.kubernetes.type(apiVersion: "v1", kind: "Pod"))
    #expect(pod.name == "Pod")
    #expect(pod.fields.map(\.name) == ["kind", "apiVersion", "metadata", "spec", "status"])
    #expect(SchemaTable.kubernetes.type(apiVersion: "v2", kind: "Pod") == nil)
    #expect(SchemaTable.kubernetes.kindNames.contains("HorizontalPodAutoscaler"))
  }

  /// The compact entries say the same as the text, and every reference leads somewhere.
  @Test func compactEntriesAgree() throws {
    let storage = SchemaTable.kubernetes.storage
    #expect(storage.types.count > 200)
    for index in storage.types.indices {
      let type = SchemaTable.kubernetes.type(at: index)
      #expect(storage.index(of: type.name) == index)
      for (position, field) in zip(storage.types[index].fields, type.fields) {
        #expect(storage.name(of: position) == field.name)
        #expect(storage.fields[position].symbol != 0)
        #expect(storage.fields[position].isRequired == field.isRequired)
        let constraints = storage.constraints(of: position)
        #expect((constraints?.pattern?.source) == field.pattern)
        #expect((constraints?.allowedValues ?? []) == field.allowedValues)
        #expect((constraints?.defaultJSON).map { storage.string($0) } == field.defaultJSON)
        if let name = field.shape.typeName {
          #expect(storage.string(storage.types[Int(storage.fields[position].type)].name) == name)
          #expect(storage.fields[position].leaf == .object)
        }
      }
    }
  }

  /// Defaults that are written straight to the tape: scalars without escapes.
  @Test func defaultsAreScalars() {
    for type in SchemaTable.kubernetes.types {
      for text in type.fields.compactMap(\.defaultJSON) {
        let first = text.utf8.first
        let isScalar = first != UInt8(ascii: "{") && first != UInt8(ascii: "[") && !text.contains("\\")
        #expect(isScalar, "\(type.name): \(text)")
      }
    }
  }

  @Test(arguments: [
    ("replicsa", "replicas"), ("minAvailble", "minAvailable"), ("Image", "image"), ("cliquees", "cliques"),
  ])
  func nearNamesAreFound(_ wrong: String, _ right: String) {
    let names = ["image", "replicas", "cliques", "minAvailable", "roleName"]
    #expect(NearestName.of(wrong, among: names) == right)
  }

  @Test func farNamesAreNot() {
    #expect(NearestName.of("bogus", among: ["image", "replicas"]) == nil)
    #expect(NearestName.of("", among: ["a"]) == nil)
    #expect(NearestName.of("x", among: []) == nil)
  }
}
