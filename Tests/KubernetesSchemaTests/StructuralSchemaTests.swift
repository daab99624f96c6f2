import Testing

@testable import KubernetesModel
@testable import KubernetesSchema

/// A table with every construct, in names that the vocabulary has.
private let text: StaticString = """
  T	Widget	Widget	example.com/v1/Widget	A widget.
  X	!oldSelf.hasValue() ? !has(self.spec.host) : true	host is gone	FieldValueForbidden	.spec.host	create
  F	kind	s		string
  F	apiVersion	s		string
  F	metadata	o:ObjectMeta		v1.ObjectMeta
  F	spec	o:WidgetSpec	R	v1.WidgetSpec
  F	status	o:WidgetStatus		v1.WidgetStatus
  T	WidgetSpec	WidgetSpec		
  X	!has(self.host) || has(self.port)	host needs a port		.port	
  F	replicas	i		int32	default=1
  F	name	s	RA	string	maxLength=3	minLength=1	pattern=^[a-z]+$
  F	type	s		v1.Kind	enum=A|B
  F	host	s	P	*string
  F	port	x	P	*intstr.IntOrString
  F	labels	m:s		map[string]string
  F	containers	a:o:WidgetPart	RA	[]v1.WidgetPart	listMapKeys=name|protocol	listType=map	minItems=1
  F	finalizers	a:s		[]string	listType=set
  F	template	o:WidgetTemplate	P	*v1.WidgetTemplate
  F	data	v	P	*runtime.RawExtension
  F	limits	m:q		map[string]resource.Quantity
  F	startTime	t	P	*v1.Time
  F	generation	l		int64	minimum=0
  F	optional	b		bool
  T	WidgetPart	WidgetPart		
  F	name	s	RA	string
  F	protocol	s		string	default="TCP"
  F	optional	b	P	*bool	default=false
  T	WidgetTemplate	WidgetTemplate		
  F	metadata	o:ObjectMeta		v1.ObjectMeta
  F	resources	o:WidgetResources		v1.WidgetResources
  T	WidgetResources	WidgetResources		
  F	requests	m:q		map[string]resource.Quantity
  F	divisor	q		resource.Quantity
  T	WidgetStatus	WidgetStatus		
  F	replicas	i	RA	int32	default=0

  """

/// What the API server does with a custom resource (A-001, A-002, A-029).
@Suite struct StructuralSchemaTests {
  private let table = SchemaTable(kubernetesAnd: text)

  private func schema() throws -> StructuralSchema {
    let made = StructuralSchema(
      table, type: "Widget", hasScale: true, rule: { RuleID("\($0.check)/\($0.type)") })
    return try #require(made)
  }

  private func value(_ json: String) throws -> Value {
    let tape = try JSONReader.read(json)
    return Value(tape: tape, index: tape.roots[0])
  }

  private func widget(_ spec: String) throws -> Value {
    try value(#"{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w"},"spec":\#(spec)}"#)
  }

  private func messages(_ spec: String, old: String? = nil) throws -> [String] {
    try schema().validate(widget(spec), old: old.map { try widget($0) }).map(\.message)
  }

  private func json(_ value: Value?) -> String { value.map { JSONWriter.string($0) } ?? "" }

  private let skipped =
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; "
    + "correct the existing errors to complete validation"

  // MARK: Unknown fields

  @Test func unknownFieldsComeInOrder() throws {
    let object = try value(
      """
      {"metadata":{"name":"w","zeta":1,"labels":{"any":"x"}},"other":{"deep":1},
       "spec":{"type":"A","bogus":1,"containers":[{"name":"a"},{"nme":"b","alpha":{"beta":1}}],
               "labels":{"free":"x"},"data":{"anything":{"goes":1}},
               "template":{"metadata":{"labels":{}}}}}
      """)
    let schema = try schema()
    let found = schema.unknownFields(in: object)
    #expect(
      found.map(\.path) == [
        "metadata.zeta", "other", "spec.bogus", "spec.containers[1].alpha", "spec.containers[1].nme",
        "spec.template.metadata.labels",
      ])
    #expect(
      schema.strictDecodingMessage(for: Array(found.prefix(2)))
        == "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: "
        + "unknown field \"metadata.zeta\", unknown field \"other\"")
    #expect(schema.strictDecodingMessage(for: []) == nil)
    let diagnostics = schema.diagnostics(for: found, file: "w.json", in: object)
    #expect(diagnostics[4].hint == "did you mean \"name\"?")
    #expect(diagnostics[4].location == SourceLocation(file: "w.json", line: 2, column: 59))
  }

  // MARK: Pruning and defaults

  @Test func prunesAndFillsIn() throws {
    let object = try widget(
      """
      {"bogus":1,"containers":[{"name":"a","x":{}},{"name":null,"optional":null}],"host":null,
       "replicas":null,"labels":{"a":"b","n":null},"data":{"keep":null,"deep":[1.0]},
       "template":{"metadata":{"labels":{}},"resources":{}},"generation":2.0}
      """)
    let admitted = try schema().admitted(object)
    #expect(
      json(admitted["spec"])
        == #"{"containers":[{"name":"a","optional":false,"protocol":"TCP"},{"optional":false,"protocol":"TCP"}],"#
        + #""data":{"deep":[1.0],"keep":null},"generation":2,"labels":{"a":"b"},"replicas":1,"#
        + #""template":{"metadata":{},"resources":{}}}"#)
    #expect(admitted["metadata"]?["name"]?.stringValue == "w")
    #expect(admitted["status"] == nil)
  }

  /// Defaults apply inside present objects only, and again to what a webhook answers, which is not pruned.
  @Test func defaultsAfterTheWebhook() throws {
    let object = try widget(#"{"bogus":1,"host":null,"containers":null}"#)
    #expect(
      json(try schema().defaulted(object)["spec"])
        == #"{"bogus":1,"containers":null,"host":null,"replicas":1}"#)
    let status = try value(#"{"status":{}}"#)
    #expect(json(try schema().defaulted(status)) == #"{"status":{"replicas":0}}"#)
  }

  // MARK: Validation

  @Test(arguments: [
    (
      #""replicas":"1""#,
      #"spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string""#
    ),
    (
      #""replicas":[]"#,
      #"spec.replicas: Invalid value: "array": spec.replicas in body must be of type integer: "array""#
    ),
    (
      #""replicas":true"#,
      #"spec.replicas: Invalid value: "": spec.replicas in body must be of type int32: """#
    ),
    (
      #""replicas":1.5"#,
      #"spec.replicas: Invalid value: "float64": spec.replicas in body must be of type int32: "float64""#
    ),
    (
      #""replicas":null"#,
      #"spec.replicas: Invalid value: "null": spec.replicas in body must be of type integer: "null""#
    ),
    (
      #""host":1"#,
      #"spec.host: Invalid value: "integer": spec.host in body must be of type string: "integer""#
    ),
    (
      #""optional":"x""#,
      #"spec.optional: Invalid value: "string": spec.optional in body must be of type boolean: "string""#
    ),
    (
      #""labels":[]"#,
      #"spec.labels: Invalid value: "array": spec.labels in body must be of type object: "array""#
    ),
    (
      #""labels":{"a":1}"#,
      #"spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer""#
    ),
    (
      #""template":"x""#,
      #"spec.template: Invalid value: "string": spec.template in body must be of type object: "string""#
    ),
    (
      #""startTime":"yesterday""#,
      #"spec.startTime: Invalid value: "yesterday": spec.startTime in body must be of type date-time: "yesterday""#
    ),
    (#""type":"C""#, #"spec.type: Unsupported value: "C": supported values: "A", "B""#),
  ])
  func blockingFindings(_ member: String, _ message: String) throws {
    let found = try messages(#"{"name":"abc","containers":[{"name":"c"}],\#(member)}"#)
    #expect(found.first == message)
    #expect(found.last == skipped)
    // The accessor of the scale subresource has its own words for replicas, and so has the check of the format.
    let isOther = member.hasPrefix(#""replicas""#) && !member.hasSuffix("null") && !member.hasSuffix("[]")
    #expect(found.count == (member.hasSuffix("1.5") ? 4 : isOther ? 3 : 2))
  }

  @Test(arguments: [
    (#""name":"Ab""#, #"spec.name: Invalid value: "Ab": spec.name in body should match '^[a-z]+$'"#),
    (#""name":"""#, #"spec.name: Invalid value: "": spec.name in body should be at least 1 chars long"#),
    (
      #""containers":[]"#,
      "spec.containers: Invalid value: 0: spec.containers in body should have at least 1 items"
    ),
    (
      #""generation":-1"#,
      "spec.generation: Invalid value: -1: spec.generation in body should be greater than or equal to 0"
    ),
    (
      #""limits":{"cpu":"1x"}"#,
      "spec.limits.cpu: Invalid value: \"1x\": spec.limits.cpu in body should match '\(StructuralSchema.quantityPattern)'"
    ),
    (
      #""containers":[{"name":"a"},{"name":"b"},{"name":"a"}]"#,
      #"spec.containers[2]: Duplicate value: {"name":"a"}"#
    ),
    (
      #""containers":[{"name":"a","protocol":"TCP"},{"name":"a","protocol":"UDP"},{"name":"a","protocol":"UDP"},{"name":"a","protocol":"UDP"}]"#,
      #"spec.containers[2]: Duplicate value: {"name":"a","protocol":"UDP"}"#
    ),
    (#""finalizers":["a","b","a"]"#, #"spec.finalizers[2]: Duplicate value: "a""#),
    (#""replicas":-1"#, ".spec.replicas: Invalid value: -1: should be a non-negative integer"),
    (#""host":"h""#, "spec.host: Forbidden: host is gone"),
  ])
  func otherFindings(_ member: String, _ message: String) throws {
    let name = member.hasPrefix(#""name""#) ? "" : #""name":"abc","#
    let containers = member.hasPrefix(#""containers""#) ? "" : #""containers":[{"name":"c"}],"#
    let found = try messages("{\(name)\(containers)\(member)}")
    #expect(found.first == message)
    #expect(found.count == (member.hasPrefix(#""host""#) ? 2 : 1))
  }

  @Test func missingFieldsAreSorted() throws {
    #expect(
      try messages("{}") == ["spec.containers: Required value", "spec.name: Required value", skipped])
    #expect(
      try schema().validate(value(#"{"metadata":{"name":"w"}}"#)).map(\.message) == [
        "spec: Required value", skipped,
      ])
  }

  @Test func longTextsBlockRules() throws {
    #expect(
      try messages(#"{"name":"abcd","containers":[{"name":"c"}],"host":"h"}"#)
        == ["spec.name: Too long: may not be more than 3 bytes", skipped])
  }

  /// Characters count, not bytes.
  @Test func lengthsAreInCharacters() throws {
    #expect(
      try messages(#"{"name":"äöü","containers":[{"name":"c"}]}"#)
        == [#"spec.name: Invalid value: "äöü": spec.name in body should match '^[a-z]+$'"#])
  }

  @Test func integerOrString() throws {
    for port in ["80", "\"http\""] {
      #expect(try messages(#"{"name":"a","containers":[{"name":"c"}],"port":\#(port)}"#) == [])
    }
    #expect(
      try messages(#"{"name":"a","containers":[{"name":"c"}],"port":true}"#).first
        == #"spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean""#
    )
  }

  @Test func numbersOutOfRange() throws {
    #expect(
      try messages(#"{"name":"a","containers":[{"name":"c"}],"replicas":3000000000}"#).contains(
        ".spec.replicas: Invalid value: 3000000000: should be less than or equal to 2147483647"))
  }

  /// A-050 to A-052: by the rules that all objects have.
  @Test func metadata() throws {
    let schema = try schema()
    let found = schema.validate(
      try value(
        """
        {"metadata":{"name":"Bad_","labels":{"a b":"c d"}},
         "spec":{"name":"a","containers":[{"name":"c"}]}}
        """), file: "w.json")
    #expect(found.map(\.path) == ["metadata.name", "metadata.labels", "metadata.labels"])
    #expect(found[0].location?.line == 1)
    #expect(
      schema.validate(try value(#"{"spec":{"name":"a","containers":[{"name":"c"}]}}"#)).map(\.message)
        == ["metadata.name: Required value: name or generateName is required", skipped])
    let cluster = try #require(StructuralSchema(table, type: "Widget", isNamespaced: false))
    #expect(
      cluster.validate(
        try value(
          #"{"metadata":{"name":"w","namespace":"n"},"spec":{"name":"a","containers":[{"name":"c"}]}}"#)
      ).map(\.message) == ["metadata.namespace: Forbidden: not allowed on this type"])
  }

  // MARK: Updates

  /// What was invalid before and did not change is tolerated.
  @Test func ratcheting() throws {
    let old = #"{"name":"BAD","type":"C","containers":[{"name":"c"}]}"#
    #expect(try messages(old).count == 3)
    #expect(try messages(old, old: old) == [])
    #expect(
      try messages(#"{"name":"BAD","type":"C","replicas":2,"containers":[{"name":"c"}]}"#, old: old) == [])
    #expect(
      try messages(#"{"name":"BAD","type":"D","containers":[{"name":"c"}]}"#, old: old).first
        == #"spec.type: Unsupported value: "D": supported values: "A", "B""#)
  }

  /// Elements of list maps are known by their keys; repeated keys are never tolerated.
  @Test func ratchetingInLists() throws {
    let old = #"{"name":"a","containers":[{"name":1,"protocol":"UDP"},{"name":"c"}]}"#
    #expect(
      try messages(#"{"name":"b","containers":[{"name":"d"},{"name":1,"protocol":"UDP"}]}"#, old: old) == [])
    let twice = #"{"name":"a","containers":[{"name":"c"},{"name":"c"}]}"#
    #expect(try messages(twice, old: twice) == [#"spec.containers[1]: Duplicate value: {"name":"c"}"#])
  }

  @Test func rulesSeeTheOldObject() throws {
    let old = #"{"name":"a","containers":[{"name":"c"}],"host":"h","port":1}"#
    #expect(try messages(old) == ["spec.host: Forbidden: host is gone"])
    #expect(try messages(old, old: old) == [])
    let broken = #"{"name":"a","containers":[{"name":"c"}],"host":"h"}"#
    #expect(try messages(broken, old: old) == ["spec.port: Invalid value: host needs a port"])
    #expect(try messages(broken, old: broken) == [])
  }

  @Test func findingsNameTheirSubject() throws {
    let found = try schema().validate(
      widget(#"{"name":"A","containers":[{"name":"c"}],"replicas":-1,"host":"h"}"#))
    #expect(found.map(\.rule) == ["value/WidgetSpec", "scale/Widget", "rule/Widget", "rule/WidgetSpec"])
  }

  @Test func unknownTypesHaveNoSchema() { #expect(StructuralSchema(table, type: "Gadget") == nil) }

  // MARK: Go's JSON

  @Test func goWritesZeroStructsAndMissingLists() throws {
    let spec = try value(
      #"{"type":"A","template":{},"optional":false,"host":"","limits":{"b":"1000m","a":2}}"#)
    #expect(
      GoJSON.string(spec, type: "WidgetSpec", in: table)
        == #"{"name":"","type":"A","host":"","containers":null,"#
        + #""template":{"metadata":{},"resources":{"divisor":"0"}},"limits":{"a":"2","b":"1"}}"#)
    #expect(GoJSON.string(spec, type: "Gadget", in: table) == nil)
    #expect(
      GoJSON.string([try value("{}"), try value("null")], type: "WidgetPart", in: table)
        == #"[{"name":""},{"name":""}]"#)
  }

  @Test func goEscapesAndSorts() throws {
    let spec = try value(
      #"{"name":"<a&b>","labels":{"z":"1","a":">"},"containers":[],"data":{"b":1,"a":{"d":[],"c":"<"}},"x":1}"#
    )
    #expect(
      GoJSON.string(spec, type: "WidgetSpec", in: table)
        == #"{"name":"\u003ca\u0026b\u003e","labels":{"a":"\u003e","z":"1"},"containers":[],"#
        + #""data":{"a":{"c":"\u003c","d":[]},"b":1}}"#)
  }

  /// A typed value cannot tell a missing list from an empty one; what was submitted can.
  @Test func goRemembersMissingLists() throws {
    let typed = try value(#"{"name":"a","containers":[]}"#)
    let missing = try value(#"{"name":"a"}"#)
    let answer = GoJSON.value(typed, type: "WidgetSpec", in: table, submitted: missing)
    #expect(answer?["containers"]?.isNull == true)
    let remade = GoJSON.value(
      typed, type: "WidgetSpec", in: table, submitted: missing, remade: ["containers"])
    #expect(remade?["containers"]?.kind == .array)
    #expect(
      GoJSON.value(typed, type: "WidgetSpec", in: table, submitted: typed)?["containers"]?.kind == .array)
  }
}
