import GroveModel
import KubernetesModel
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// Runs as texts.
struct TraceTests {
  private static let clique = ObjectKey(.podClique, namespace: "default", name: "demo-0-a")
  private static let role = ObjectKey(.role, namespace: "ns", name: "grove.io:pcs:demo")
  private static let set = ObjectName(namespace: "default", name: "demo")

  private static let moves: [Move] = [
    .wait, .rest, .step(.pass(clique)), .step(.faultyPass(clique, .crash(after: 0))),
    .step(.faultyPass(clique, .lostReply(to: 12))), .step(.faultyPass(clique, .conflict(at: 1))),
    .step(.deliver(.pod)), .step(.deliverAll(.podGang)), .step(.collectGarbage), .step(.fillToken),
    .step(.schedule), .step(.kubelet(ObjectName(namespace: "ns", name: "demo-0-a-x2f4z"))),
    .step(.nodeLifecycle("node-1")), .step(.restart), .step(.resync), .edit(.scale(clique, replicas: 3)),
    .edit(.image(set, clique: 0, version: 2)), .edit(.variable(set, clique: 1, version: 0)),
    .edit(.strategy(set, onDelete: true)), .edit(.strategy(set, onDelete: false)),
    .edit(.label(set, version: 1)), .edit(.annotation(set, version: 2)), .edit(.delete(role)),
    .edit(.recreate(set)), .edit(.deletePod(hostname: "demo-0-a-1")), .edit(.kill(hostname: "demo-0-a-1")),
    .edit(.crash(hostname: "demo-0-a-1")), .edit(.unready(hostname: "demo-0-a-1")),
    .edit(.ready(hostname: "demo-0-a-1")), .edit(.failNode("node-0")), .edit(.recoverNode("node-0")),
    .edit(.cordon("node-0")), .edit(.uncordon("node-0")), .edit(.liftGate(hostname: "demo-0-a-1")),
    .edit(.labelPod(hostname: "demo-0-a-1")), .edit(.addFinalizer(clique)), .edit(.removeFinalizers),
  ]

  @Test("every move is read back as it was written")
  func roundTrip() {
    var start = ExplorationStart()
    start.lags = true
    start.terminatesSoon = true
    let trace = Trace(start: start, moves: Self.moves)
    #expect(Trace(trace.description) == trace)
    #expect(Trace(Trace().description) == Trace())
  }

  @Test(arguments: [
    "@nothing", "pass:", "pass:Pudding/x", "crashx:Pod/x", "scale:PodClique/x", "see:Tea", "oops",
  ])
  func garbage(_ text: String) {
    #expect(Trace(text) == nil)
  }
}
