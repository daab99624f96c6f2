import GroveModel
import KubernetesModel
import Testing

@testable import grove_fidelity

/// Deviations accept their own differences and no others.
struct DeviationTests {
  private func identity(_ kind: String, _ name: String) -> RecordedObject.Identity {
    RecordedObject.Identity(apiVersion: "v1", kind: kind, namespace: "default", name: name)
  }

  private func set(_ change: (inout PodCliqueSet) -> Void) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = "demo"
    set.spec.template.cliques = [PodCliqueTemplateSpec(name: "a")]
    change(&set)
    return set
  }

  private func ids(
    _ kind: String, _ path: String, recorded: Value? = nil, ours: Value? = nil, set: PodCliqueSet
  ) -> Set<String> {
    let object = identity(kind, "demo-0-a")
    let context = Deviation.Context(stage: "01-created", sets: [set], ours: [:], recorded: [:])
    let difference = Difference(object: object, path: path, recorded: recorded, ours: ours)
    return Deviation.explain([difference], context).ids
  }

  @Test func idsAreUnique() {
    let all = Deviation.all.map(\.id)
    #expect(Set(all).count == all.count)
  }

  @Test func priorityClassOfTheTemplate() {
    let gold = set { $0.spec.template.priorityClassName = "gold" }
    #expect(ids("Pod", "spec.priorityClassName", ours: .string("gold"), set: gold) == ["B-R04"])
    #expect(ids("Pod", "spec.priorityClassName", ours: .string("iron"), set: gold) == [])
    #expect(ids("Pod", "spec.priorityClassName", recorded: .string("gold"), set: gold) == [])
    #expect(ids("PodGang", "spec.priorityClassName", ours: .string("gold"), set: gold) == [])
  }

  @Test func annotationOfKAI() {
    let path = "metadata.annotations[kai.scheduler/skip-podgrouper]"
    #expect(ids("PodGang", path, ours: .string("true"), set: set { _ in }) == ["B-R22"])
    #expect(ids("PodGang", path, recorded: .string("true"), set: set { _ in }) == [])
    #expect(ids("Pod", path, ours: .string("true"), set: set { _ in }) == [])
    #expect(ids("PodGang", "metadata.annotations[x]", ours: .string("true"), set: set { _ in }) == [])
  }

  @Test func labelsThatAreGroves() {
    let labelled = set { $0.spec.template.cliques[0].labels = ["grove.io/base-podgang": "x", "app": "y"] }
    let own = "metadata.labels[grove.io/base-podgang]"
    #expect(ids("PodClique", own, recorded: .string("x"), set: labelled) == ["B-R34"])
    #expect(ids("PodClique", own, recorded: .string("z"), set: labelled) == [])
    #expect(ids("PodClique", "metadata.labels[app]", recorded: .string("y"), set: labelled) == [])
  }

  @Test func templatesFoundByTheEndOfAName() {
    let colliding = set { $0.spec.template.cliques.insert(PodCliqueTemplateSpec(name: "-a"), at: 0) }
    #expect(ids("PodClique", "spec.replicas", set: colliding) == ["B-R08"])
    #expect(ids("PodClique", "spec.replicas", set: set { _ in }) == [])
    #expect(ids("Service", "spec.type", set: colliding) == [])
  }

  @Test func refusalsBeyondTheWebhook() {
    func diagnostic(_ rule: RuleID) -> Diagnostic { Diagnostic(rule: rule, detail: "x") }
    #expect(Deviation.refusals([diagnostic("W-B-A09")]) == ["B-A09"])
    #expect(Deviation.refusals([diagnostic("W-B-A09"), diagnostic("A-081")]) == nil)
    #expect(Deviation.refusals([diagnostic("W-B-A12")]) == nil)
    #expect(Deviation.refusals([]) == nil)
  }

  // MARK: Answers

  @Test func printedAnswersAreTakenApart() {
    let created = Answer(
      printed: """
        Warning: w
        Error from server (Forbidden): error when creating "input.yaml": admission webhook "x" denied the request: y

        """)
    #expect(created.warnings == ["w"])
    #expect(created.refusal == #"admission webhook "x" denied the request: y"#)
    let patched = Answer(
      printed: """
        Error from server (Forbidden): error when applying patch:
        {"a":1}
        for: "input.yaml": error when patching "input.yaml": no
        """)
    #expect(patched.refusal == "no")
    let invalid = Answer(printed: "The PodCliqueSet \"bad\" is invalid: \n* a\n* b\n")
    #expect(invalid.refusal == "The PodCliqueSet \"bad\" is invalid: \n* a\n* b")
    let own = Answer(printed: "error: unable to decode \"input.yaml\": x\n")
    #expect(own.isKubectls && own.refusal == nil)
    #expect(Answer(printed: "") == Answer(printed: "\n"))
  }

  @Test func verdictsAndWarnings() {
    let refused = Answer(
      printed: """
        Error from server (Forbidden): error when creating "input.yaml": admission webhook "x" denied the request: \
        spec.template.cliques[1].spec.minAvailable: Invalid value: 0: must be greater than 0
        """)
    #expect(RejectionDeviation.verdict(refused, isAccepted: false, refusal: nil, []) == "B-A01")
    let several = Answer(
      printed: """
        Error from server (Forbidden): error when creating "input.yaml": admission webhook "x" denied the request: \
        [spec.template.cliques[1].spec.minAvailable: Invalid value: 0: must be greater than 0, b: Forbidden: c]
        """)
    #expect(RejectionDeviation.verdict(several, isAccepted: false, refusal: nil, []) == nil)
    let always = "restartPolicy will be ignored, it will be set to Always"
    #expect(RejectionDeviation.warnings(recorded: [always, "b"], ours: ["b"]) == "B-A05")
    #expect(RejectionDeviation.warnings(recorded: ["b"], ours: []) == nil)
  }
}
