import KubernetesModel
import Testing

@Suite("Label selectors")
struct LabelSelectorTests {
  private let labels: StringMap<String> = ["app": "x", "grove.io/podclique": "a-0-b", "empty": ""]

  @Test(arguments: [
    ("", true), ("app=x", true), ("app==x", true), ("app=y", false), ("app!=y", true), ("missing!=y", true),
    ("app", true), ("missing", false), ("!missing", true), ("!app", false), ("app in (x, y)", true),
    ("app in (y)", false), ("app notin (y,z)", true), ("missing notin (y)", true),
    ("app=x,grove.io/podclique=a-0-b", true), ("app=x,grove.io/podclique=a-0-c", false), ("empty=", true),
    (" app = x ", true),
  ])
  func matchesAsKubectlDoes(text: String, expected: Bool) throws {
    #expect(try LabelSelector(parsing: text).matches(labels) == expected)
  }

  @Test(arguments: ["app in x", "app in (x", "app x", "=x", "a b=c", "app=x y", "app inn (x)", ",", "app=x)"])
  func refusesWhatIsNoSelector(text: String) {
    #expect(throws: LabelSelectorError.self) { try LabelSelector(parsing: text) }
  }

  @Test func anUnknownOperatorMatchesNothing() {
    let selector = LabelSelector(matchExpressions: [LabelSelectorRequirement(key: "app", operator: "Like")])
    #expect(!selector.matches(labels))
  }
}
