import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Expressions in definitions")
struct CELTests {
  private static let value: Value = .object([
    "size": .integer(12), "name": .string("abc"), "list": .array([.integer(1), .integer(2)]),
    "map": .object(["k": .string("v")]), "none": .null,
  ])

  @Test(
    "what an expression says",
    arguments: [
      ("self.size < 10", "false"), ("self.size >= 12 && self.name == 'abc'", "true"),
      ("has(self.none)", "false"), ("has(self.map.k)", "true"), ("self.list.all(x, x > 0)", "true"),
      ("self.list.exists(x, x > 2)", "false"), ("self.list.map(x, x * 2) == [2, 4]", "true"),
      ("self.list.filter(x, x > 1).size() == 1", "true"), ("2 in self.list", "true"),
      ("'k' in self.map", "true"),
      ("self.name.startsWith('ab') ? size(self.name) == 3 : false", "true"),
      ("self.name.matches('^[a-c]+$')", "true"), ("self.map['k'] + '!' == 'v!'", "true"),
      ("!(1 + 2 * 3 == 7)", "false"),
      ("oldSelf.hasValue()", "false"), ("self.missing > 1 || true", "true"),
    ])
  func holds(source: String, result: String) throws {
    let expression = try CELExpression(source)
    let outcome = expression.evaluate(in: CELScope(self: Self.value, oldSelf: nil))
    #expect(outcome == .boolean(result == "true"))
  }

  @Test(
    "what cannot be computed is a failure", arguments: ["self.missing == 1", "1 / 0 == 1", "self.name > 1"])
  func failures(source: String) throws {
    let outcome = try CELExpression(source).evaluate(in: CELScope(self: Self.value, oldSelf: nil))
    guard case .failure = outcome else {
      Issue.record("\(source) gave \(outcome)")
      return
    }
  }

  @Test("what cannot be read is refused", arguments: ["self.", "(1", "a ?? b", "'x"])
  func unreadable(source: String) {
    #expect(throws: CELExpression.Failure.self) { try CELExpression(source) }
  }
}
