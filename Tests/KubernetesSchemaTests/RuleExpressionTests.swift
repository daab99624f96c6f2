import Testing

@testable import KubernetesModel
@testable import KubernetesSchema

/// The part of CEL that the schema's rules use (A-446, A-447).
@Suite struct RuleExpressionTests {
  private func holds(_ rule: String, _ json: String, old: String? = nil) throws -> Bool {
    try RuleExpression(rule).holds(for: value(json), old: old.map { try value($0) })
  }

  private func value(_ json: String) throws -> Value {
    let tape = try JSONReader.read(json)
    return Value(tape: tape, index: tape.roots[0])
  }

  @Test func presence() throws {
    let rule = "has(self.pack) || has(self.packDomain)"
    #expect(try holds(rule, #"{"pack":{}}"#))
    #expect(try holds(rule, #"{"packDomain":""}"#))
    #expect(try !holds(rule, #"{"topologyName":"t"}"#))
    #expect(try !holds(rule, #"{"pack":null}"#))
    #expect(try !holds("!(has(self.a) && has(self.b) && has(self.b.c))", #"{"a":1,"b":{"c":2}}"#))
  }

  @Test func precedence() throws {
    #expect(try holds("true || false && false", "{}"))
    #expect(try !holds("(true || false) && false", "{}"))
    #expect(try holds("!false && true", "{}"))
    #expect(try !holds("false ? true : true ? false : true", "{}"))
    #expect(try holds("self.a", #"{"a":true}"#))
  }

  @Test func lists() throws {
    let rule = "self.list.all(e, !has(e.x) || !has(e.x.y))"
    #expect(try holds(rule, #"{"list":[]}"#))
    #expect(try holds(rule, #"{"list":[{},{"x":{}}]}"#))
    #expect(try !holds(rule, #"{"list":[{},{"x":{"y":1}}]}"#))
    #expect(try holds("self.list.exists(e, has(e.x))", #"{"list":[{},{"x":1}]}"#))
    #expect(try !holds("self.list.exists(e, has(e.x))", #"{"list":[]}"#))
    #expect(
      try holds("self.a.all(x, self.b.all(y, has(x.p) || has(y.q)))", #"{"a":[{"p":1}],"b":[{"q":1},{}]}"#))
  }

  @Test func oldObjects() throws {
    let rule = "!oldSelf.hasValue() ? has(self.a) : true"
    #expect(try !holds(rule, "{}"))
    #expect(try holds(rule, "{}", old: "{}"))
    #expect(try holds(rule, #"{"a":1}"#))
  }

  /// A side that decides alone makes an error of the other side irrelevant.
  @Test func errors() throws {
    #expect(throws: RuleExpressionError("no such key: b")) { try holds("has(self.b.c)", "{}") }
    #expect(try holds("has(self.b.c) || true", "{}"))
    #expect(try !holds("has(self.b.c) && false", "{}"))
    #expect(throws: RuleExpressionError.self) { try holds("has(self.b.c) || false", "{}") }
    #expect(try !holds("self.l.all(e, has(e.x.y))", #"{"l":[{},{"x":{}}]}"#))
    #expect(throws: RuleExpressionError.self) { try holds("self.a", #"{"a":1}"#) }
    #expect(throws: RuleExpressionError.self) { try holds("self.a.all(e, true)", #"{"a":{}}"#) }
  }

  @Test(arguments: [
    "", "self.", "has(self)", "self.a == 1", "size(self.a)", "self.map(e, e)", "a & b", "x", "oldSelf.a",
    "self.a)",
    "true ? false", "\"text\"", "self.all(1, true)",
  ])
  func otherSyntaxIsRefused(_ rule: String) {
    #expect(throws: RuleExpressionError.self) { try RuleExpression(rule) }
  }
}
