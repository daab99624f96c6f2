import Foundation
import GroveModel
import KubernetesModel
import KubernetesSchema
import TestSupport
import Testing

@testable import GroveAdmission

/// The installable definitions: A-430 to A-452.
@Suite struct CustomResourceDefinitionsTests {
  private func definition(_ name: String) throws -> Value {
    try #require(CustomResourceDefinitions.all().first { $0["metadata"]?["name"]?.stringValue == name })
  }

  private func schema(_ name: String) throws -> Value {
    try #require(
      try definition(name)["spec"]?["versions"]?[0]?["schema"]?["openAPIV3Schema"])
  }

  /// The schema at a path of properties; list elements are gone into by themselves.
  private func property(_ path: String, in schema: Value) throws -> Value {
    try path.split(separator: ".").reduce(schema) { current, name in
      let object = current["items"] ?? current
      return try #require(object["properties"]?[String(name)], "\(path): \(name)")
    }
  }

  private func texts(_ value: Value?) -> [String] { value?.elements.compactMap(\.stringValue) ?? [] }

  @Test func namesAndScopes() throws {
    let names = CustomResourceDefinitions.all().map { $0["metadata"]?["name"]?.stringValue }
    #expect(
      names == [
        "podcliquesets.grove.io", "podcliques.grove.io", "podcliquescalinggroups.grove.io",
        "clustertopologybindings.grove.io", "podgangs.scheduler.grove.io",
      ])
    let scopes = CustomResourceDefinitions.all().map { $0["spec"]?["scope"]?.stringValue }
    #expect(scopes == ["Namespaced", "Namespaced", "Namespaced", "Cluster", "Namespaced"])
    let short = CustomResourceDefinitions.all().map { $0["spec"]?["names"]?["shortNames"]?[0]?.stringValue }
    #expect(short == ["pcs", "pclq", "pcsg", "ct", "pg"])
    for definition in CustomResourceDefinitions.all() {
      #expect(
        definition["metadata"]?["annotations"]?["controller-gen.kubebuilder.io/version"]?.stringValue
          == "v0.17.3")
      #expect(definition["spec"]?["versions"]?[0]?["name"]?.stringValue == "v1alpha1")
      #expect(definition["spec"]?["versions"]?[0]?["subresources"]?["status"]?.count == 0)
    }
  }

  @Test func scaleSubresources() throws {
    let selectors = CustomResourceDefinitions.all().map {
      $0["spec"]?["versions"]?[0]?["subresources"]?["scale"]?["labelSelectorPath"]?.stringValue
    }
    #expect(selectors == [".status.hpaPodSelector", ".status.hpaPodSelector", ".status.selector", nil, nil])
  }

  @Test func printerColumns() throws {
    let columns = try #require(
      try definition("podcliques.grove.io")["spec"]?["versions"]?[0]?["additionalPrinterColumns"])
    #expect(
      columns.elements.map { $0["name"]?.stringValue } == [
        "MinAvail", "Replicas", "Ready", "Scheduled", "Updated", "Gated", "MinBreached", "Age",
      ])
    #expect(columns.elements.map { $0["priority"]?.integerValue ?? 0 } == [0, 0, 0, 0, 0, 1, 1, 0])
  }

  @Test func podCliqueSetSchema() throws {
    let set = try schema("podcliquesets.grove.io")
    #expect(texts(set["required"]) == ["spec"])
    #expect(set["properties"]?["metadata"] == Value.object([("type", .string("object"))]))
    let rules = try #require(set["x-kubernetes-validations"])
    #expect(rules.count == 3)
    #expect(rules.elements.allSatisfy { $0["optionalOldSelf"]?.booleanValue == true })

    let replicas = try property("spec.replicas", in: set)
    #expect(replicas["default"]?.integerValue == 0)
    #expect(replicas["format"]?.stringValue == "int32")
    let cliques = try property("spec.template.cliques", in: set)
    #expect(cliques["x-kubernetes-list-type"]?.stringValue == "map")
    #expect(texts(cliques["x-kubernetes-list-map-keys"]) == ["name"])
    #expect(
      texts(try property("spec.template.cliques.spec", in: set)["required"]) == [
        "podSpec", "replicas", "roleName",
      ])
    #expect(
      texts(try property("spec.template.cliqueStartupType", in: set)["enum"]) == [
        "CliqueStartupTypeAnyOrder", "CliqueStartupTypeInOrder", "CliqueStartupTypeExplicit",
      ])
    let requests = try property("spec.template.cliques.spec.podSpec.containers.resources.requests", in: set)
    let quantity = try #require(requests["additionalProperties"])
    #expect(quantity["x-kubernetes-int-or-string"]?.booleanValue == true)
    #expect(quantity["pattern"]?.stringValue == StructuralSchema.quantityPattern)
    let parameters = try property(
      "spec.template.resourceClaimTemplates.templateSpec.spec.devices.config.opaque.parameters", in: set)
    #expect(parameters["x-kubernetes-preserve-unknown-fields"]?.booleanValue == true)
    let domain = try property("spec.template.topologyConstraint.pack.required", in: set)
    #expect(domain["pattern"]?.stringValue == "^[a-z][a-z0-9-]*$")
    #expect(domain["maxLength"]?.integerValue == 63)
  }

  @Test func podSpecIsComplete() throws {
    let podSpec = try property("spec.podSpec", in: try schema("podcliques.grove.io"))
    #expect(podSpec["properties"]?.count == 42)
    func count(_ schema: Value) -> Int {
      let properties = schema["properties"]?.members ?? []
      return properties.reduce(properties.count) { $0 + count($1.value) }
        + (schema["items"].map(count) ?? 0) + (schema["additionalProperties"].map(count) ?? 0)
    }
    // As many as the original's schema has (api.md section 9).
    #expect(count(podSpec) == 1071)
    #expect(texts(podSpec["required"]) == ["containers"])
    let protocolField = try property("containers.ports.protocol", in: podSpec)
    #expect(protocolField["default"]?.stringValue == "TCP")
  }

  /// What a CustomResourceDefinition must be for the API server to take it: structural schemas.
  @Test func schemasAreStructural() throws {
    var visited = 0
    func visit(_ schema: Value, _ path: String) {
      visited += 1
      let isIntOrString = schema["x-kubernetes-int-or-string"]?.booleanValue == true
      #expect(isIntOrString || schema["type"]?.stringValue != nil, "no type: \(path)")
      #expect((schema["items"] != nil) == (schema["type"]?.stringValue == "array"), "items: \(path)")
      #expect(schema["properties"] == nil || schema["additionalProperties"] == nil, "both: \(path)")
      let properties = schema["properties"]
      for name in texts(schema["required"]) { #expect(properties?[name] != nil, "required: \(path).\(name)") }
      if schema["x-kubernetes-list-type"]?.stringValue == "map" {
        for key in texts(schema["x-kubernetes-list-map-keys"]) {
          let field = schema["items"]?["properties"]?[key]
          let isSure = texts(schema["items"]?["required"]).contains(key) || field?["default"] != nil
          #expect(isSure, "key neither required nor defaulted: \(path).\(key)")
        }
      }
      if let pattern = schema["pattern"]?.stringValue {
        #expect(throws: Never.self, "\(path)") { try Pattern(pattern) }
      }
      for rule in schema["x-kubernetes-validations"]?.elements ?? [] {
        let text = rule["rule"]?.stringValue ?? ""
        #expect(throws: Never.self, "\(path)") { try RuleExpression(text) }
      }
      for member in properties?.members ?? [] { visit(member.value, "\(path).\(member.name)") }
      if let items = schema["items"] { visit(items, "\(path)[]") }
      if let values = schema["additionalProperties"] { visit(values, "\(path){}") }
    }
    for definition in CustomResourceDefinitions.all() {
      let name = definition["metadata"]?["name"]?.stringValue ?? ""
      visit(try schema(name), name)
    }
    #expect(visited > 2000)
  }

  /// The same definitions, applied by a reader of OpenAPI schemas that knows nothing of our table.
  @Test(.enabled(if: SchemaGoldens.arePresent, Comment(rawValue: SchemaGoldens.absence)))
  func recordedObjectsFit() throws {
    var schemas: [String: Value] = [:]
    for resource in CustomResource.all {
      schemas[resource.kind.apiVersion + resource.kind.kind] = try schema(resource.definitionName)
    }
    var count = 0
    for (file, object) in SchemaGoldens.objects {
      let key = (object["apiVersion"]?.stringValue ?? "") + (object["kind"]?.stringValue ?? "")
      let schema = try #require(schemas[key])
      #expect(OpenAPICheck.objections(to: object, schema, "") == [], "\(file)")
      count += 1
    }
    #expect(count > 1000)
  }
}

/// Just enough of OpenAPI to tell whether a value fits a schema.
private enum OpenAPICheck {
  static func objections(to value: Value, _ schema: Value, _ path: String) -> [String] {
    let actual: String
    switch value.kind {
    case .object: actual = "object"
    case .array: actual = "array"
    case .string, .key: actual = "string"
    case .integer: actual = "integer"
    case .float: actual = "number"
    case .boolean: actual = "boolean"
    case .null: actual = "null"
    }
    if schema["x-kubernetes-int-or-string"]?.booleanValue == true {
      return actual == "integer" || actual == "string" ? [] : ["\(path): \(actual)"]
    }
    let wanted = schema["type"]?.stringValue ?? ""
    let isMasked = value.stringValue == "<gen>" || value.stringValue == "<time>"
    guard wanted == actual || (wanted == "number" && actual == "integer") || isMasked else {
      return ["\(path): \(actual), not \(wanted)"]
    }
    var found: [String] = []
    let allowed = schema["enum"]?.elements ?? []
    if !allowed.isEmpty, !allowed.contains(value) { found.append("\(path): not in the enumeration") }
    if let text = value.stringValue, let pattern = schema["pattern"]?.stringValue {
      let regex = try? NSRegularExpression(pattern: pattern)
      let range = NSRange(text.startIndex..., in: text)
      if regex?.firstMatch(in: text, range: range) == nil { found.append("\(path): pattern") }
    }
    for name in schema["required"]?.elements ?? [] where value[name.stringValue ?? ""] == nil {
      found.append("\(path).\(name.stringValue ?? ""): missing")
    }
    for member in value.members {
      if let inner = schema["properties"]?[member.name] ?? schema["additionalProperties"] {
        found += objections(to: member.value, inner, "\(path).\(member.name)")
      } else if path != ".metadata", schema["x-kubernetes-preserve-unknown-fields"] == nil {
        found.append("\(path).\(member.name): unknown")
      }
    }
    if let items = schema["items"] {
      for element in value.elements { found += objections(to: element, items, "\(path)[]") }
    }
    return found
  }
}
