import KubernetesModel
import Testing

@Suite("Syntax of names")
struct NameSyntaxTests {
  @Test("DNS labels", arguments: ["a", "a-b", "1a", "a1", String(repeating: "x", count: 63)])
  func label(text: String) { #expect(NameSyntax.dnsLabelObjections(text).isEmpty) }

  @Test(
    "Not DNS labels", arguments: ["", "-a", "a-", "A", "a_b", "a b", "ä", String(repeating: "x", count: 64)])
  func notLabel(text: String) { #expect(NameSyntax.dnsLabelObjections(text).count == 1) }

  @Test("Not DNS labels, because of dots")
  func dots() {
    #expect(NameSyntax.dnsLabelObjections("a.b") == ["must not contain dots"])
    #expect(NameSyntax.dnsLabelObjections("a..b").first?.hasPrefix("a lowercase RFC 1123 label") == true)
  }

  @Test("DNS subdomains", arguments: ["a", "a.b", "1.2-3.c", String(repeating: "x", count: 253)])
  func subdomain(text: String) { #expect(NameSyntax.dnsSubdomainObjections(text).isEmpty) }

  @Test(
    "Not DNS subdomains",
    arguments: ["", ".", "a.", ".a", "a..b", "a.-b", "A", String(repeating: "x", count: 254)])
  func notSubdomain(text: String) { #expect(NameSyntax.dnsSubdomainObjections(text).count == 1) }

  @Test("Keys", arguments: ["a", "A_b.c-1", "example.com/A", "a/\(String(repeating: "x", count: 63))"])
  func key(text: String) { #expect(NameSyntax.qualifiedNameObjections(text).isEmpty) }

  @Test("Not keys")
  func notKeys() {
    let shape =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
      + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    #expect(
      NameSyntax.qualifiedNameObjections("") == ["name part must be non-empty", "name part \(shape)"])
    #expect(NameSyntax.qualifiedNameObjections("/a") == ["prefix part must be non-empty"])
    #expect(NameSyntax.qualifiedNameObjections("a b") == ["name part \(shape)"])
    #expect(
      NameSyntax.qualifiedNameObjections("Ex/a").first?.hasPrefix("prefix part a lowercase RFC 1123") == true)
    #expect(
      NameSyntax.qualifiedNameObjections(String(repeating: "x", count: 64)) == [
        "name part must be no more than 63 bytes"
      ])
    #expect(
      NameSyntax.qualifiedNameObjections(String(repeating: "x", count: 254) + "/a") == [
        "prefix part must be no more than 253 bytes"
      ])
    #expect(
      NameSyntax.qualifiedNameObjections("a/b/c") == [
        "a valid label key \(shape) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
      ])
  }

  @Test("Label values")
  func labelValues() {
    for text in ["", "a", "A-b_c.d", "1"] { #expect(NameSyntax.labelValueObjections(text).isEmpty) }
    for text in ["-", "a-", "a/b", " "] { #expect(NameSyntax.labelValueObjections(text).count == 1) }
    #expect(
      NameSyntax.labelValueObjections(String(repeating: "x", count: 64)) == [
        "must be no more than 63 bytes"
      ])
  }

  @Test("Names of environment variables")
  func environment() {
    for text in ["A", "_", "-a", ".a", "a.b-c_1"] {
      #expect(NameSyntax.environmentNameObjections(text).isEmpty)
    }
    for text in ["", "1a", "a b", "a=b", "ä", ".", "..", "..a"] {
      #expect(NameSyntax.environmentNameObjections(text).count == 1)
    }
    #expect(NameSyntax.environmentNameObjections("..a b").count == 2)
  }
}

@Suite("Metadata of objects")
struct ObjectMetaRulesTests {
  private func found(_ change: (inout ObjectMeta) -> Void) -> [Diagnostic] {
    var metadata = ObjectMeta()
    metadata.name = "a"
    metadata.namespace = "b"
    change(&metadata)
    return ObjectMetaRules.namespacedObject(
      metadata, at: "metadata", citing: .init(name: "N", namespace: "S", other: "O"))
  }

  @Test("A plain object is fine, and each group of checks cites its rule")
  func rules() {
    #expect(found { _ in }.isEmpty)
    let all = found {
      $0.name = "A"
      $0.namespace = "B"
      $0.generation = -1
    }
    #expect(all.map(\.rule) == ["N", "S", "O"])
  }

  @Test("Generated names may end in a dash")
  func generatedNames() {
    #expect(found { $0.generateName = "a-" }.isEmpty)
    #expect(found { $0.generateName = "-" }.map(\.path) == ["metadata.generateName"])
    #expect(found { $0.generateName = "a.-" }.isEmpty)
  }

  @Test("Annotation keys may have capitals anywhere")
  func annotations() {
    #expect(found { $0.annotations["Example.COM/Key"] = "x" }.isEmpty)
    #expect(found { $0.labels["Example.COM/Key"] = "x" }.count == 1)
  }

  @Test("Owner references")
  func owners() {
    let whole = OwnerReference(apiVersion: "g/v1", kind: "K", name: "n", uid: "u", controller: true)
    #expect(found { $0.ownerReferences = [whole] }.isEmpty)
    #expect(
      found { $0.ownerReferences = [OwnerReference()] }.map(\.message) == [
        "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty",
        "metadata.ownerReferences.kind: Invalid value: \"\": must not be empty",
        "metadata.ownerReferences.name: Invalid value: \"\": must not be empty",
        "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty",
      ])
    var second = whole
    second.name = "m"
    let json = #"{"apiVersion":"g/v1","kind":"K","name":"n","uid":"u","controller":true}"#
    #expect(
      found { $0.ownerReferences = [whole, second] }.map(\.message) == [
        "metadata.ownerReferences: Invalid value: [\(json),\(json.replacing("\"n\"", with: "\"m\""))]: Only one "
          + "reference can have Controller set to true. Found \"true\" in references for K/n and K/m"
      ])
    let event = OwnerReference(apiVersion: "v1", kind: "Event", name: "n", uid: "u")
    #expect(
      found { $0.ownerReferences = [event] }.first?.detail
        == "/v1, Kind=Event is disallowed from being an owner")
  }

  @Test("Finalizers")
  func finalizers() {
    #expect(found { $0.finalizers = ["a.b/c", "orphan"] }.isEmpty)
    #expect(
      found { $0.finalizers = ["orphan", "foregroundDeletion"] }.map(\.message) == [
        "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and "
          + "foregroundDeletion cannot be both set"
      ])
  }

  @Test("Managed fields")
  func managedFields() {
    let entry = ManagedFieldsEntry(
      manager: String(repeating: "m", count: 129), operation: "Replace", fieldsType: "FieldsV2",
      subresource: String(repeating: "s", count: 257))
    #expect(
      found { $0.managedFields = [entry] }.map(\.message) == [
        "metadata.managedFields[0].operation: Invalid value: \"Replace\": must be `Apply` or `Update`",
        "metadata.managedFields[0].fieldsType: Invalid value: \"FieldsV2\": must be `FieldsV1`",
        "metadata.managedFields[0].manager: Too long: may not be more than 128 bytes",
        "metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes",
      ])
  }
}

@Suite("Values and paths of field errors")
struct FieldValueTests {
  @Test("Values print as Go prints them (A-002)")
  func values() {
    #expect(FieldValue.string("a\"b").text == "\"a\\\"b\"")
    #expect(FieldValue.integer(3).text == "3")
    #expect(FieldValue.integer(nil as Int32?).text == "null")
    #expect(FieldValue.boolean(false).text == "false")
    #expect(FieldValue.strings(["a", "<"]).text == "[\"a\",\"\\u003c\"]")
    #expect(FieldValue.strings([]).text == "[]")
  }

  @Test("Quoting is that of Go's %q")
  func quoting() {
    #expect(goQuoted("é 漢 🎉") == "\"é 漢 🎉\"")
    #expect(goQuoted("\n\t\r\u{7}\u{8}\u{B}\u{C}\\") == #""\n\t\r\a\b\v\f\\""#)
    #expect(goQuoted("\u{1}\u{7F}") == #""\x01\x7f""#)
    #expect(goQuoted("\u{A0}\u{200B}\u{E000}\u{1D173}") == #""\u00a0\u200b\ue000\U0001d173""#)
  }

  @Test("Messages have path, kind, value and detail, as far as there are any (A-002, A-003)")
  func messages() {
    let path = ("spec" as FieldPath).child("list")[2].child("name")
    #expect(path.description == "spec.list[2].name")
    #expect(("a" as FieldPath)["k/x"].description == "a[k/x]")
    let found: [Diagnostic] = [
      .required("R", path), .required("R", path, "needed"), .invalid("R", path, "x", "wrong"),
      .notSupported("R", path, 3, supported: ["a", "b"]), .duplicate("R", path, "x"),
      .notFound("R", path, "x"),
      .forbidden("R", path, "no"), .tooLong("R", path, maximumBytes: 5), .internalError("R", path, "broken"),
    ]
    #expect(
      found.map(\.message) == [
        "spec.list[2].name: Required value", "spec.list[2].name: Required value: needed",
        "spec.list[2].name: Invalid value: \"x\": wrong",
        "spec.list[2].name: Unsupported value: 3: supported values: \"a\", \"b\"",
        "spec.list[2].name: Duplicate value: \"x\"", "spec.list[2].name: Not found: \"x\"",
        "spec.list[2].name: Forbidden: no", "spec.list[2].name: Too long: may not be more than 5 bytes",
        "spec.list[2].name: Internal error: broken",
      ])
    #expect([found[0]].aggregateMessage == "spec.list[2].name: Required value")
    #expect(
      [found[0], found[6], found[0]].aggregateMessage
        == "[spec.list[2].name: Required value, spec.list[2].name: Forbidden: no]")
  }
}
