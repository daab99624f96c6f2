import GroveAdmission
import GroveModel
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveReport

@Suite("Texts of kubectl's tables")
struct TableTextTests {
  @Test(
    "ages have fewer digits the longer they are",
    arguments: [
      ("-2s", "<invalid>"), ("-1s", "0s"), ("0s", "0s"), ("119s", "119s"), ("2m", "2m"), ("2m1s", "2m1s"),
      ("9m59s", "9m59s"), ("10m30s", "10m"), ("179m59s", "179m"), ("3h", "3h"), ("3h5m", "3h5m"),
      ("7h59m59s", "7h59m"), ("8h59m", "8h"), ("47h59m", "47h"), ("48h", "2d"), ("49h", "2d1h"),
      ("191h", "7d23h"), ("192h", "8d"), ("17519h", "729d"), ("17520h", "2y"), ("17544h", "2y1d"),
      ("70080h", "8y"),
    ])
  func ages(_ text: String, _ expected: String) throws {
    #expect(try Duration(parsing: text).ageText == expected)
  }

  private static func pod(_ change: (inout Pod) -> Void) -> Pod {
    var pod = Pod()
    pod.metadata.name = "p"
    pod.spec.containers = [Self.container("main")]
    pod.status.phase = "Pending"
    change(&pod)
    return pod
  }

  private static func container(_ name: String) -> Container {
    var container = Container()
    container.name = name
    return container
  }

  private static func status(
    _ name: String, waiting: String? = nil, exitCode: Int32? = nil, reason: String = "",
    running: Bool = false,
    ready: Bool = false, restarts: Int32 = 0
  ) -> ContainerStatus {
    var status = ContainerStatus()
    status.name = name
    status.ready = ready
    status.restartCount = restarts
    var state = ContainerState()
    if let waiting { state.waiting = ContainerStateWaiting(reason: waiting) }
    if running { state.running = ContainerStateRunning() }
    if let exitCode {
      var terminated = ContainerStateTerminated()
      terminated.exitCode = exitCode
      terminated.reason = reason
      state.terminated = terminated
    }
    status.state = state
    return status
  }

  @Test func aGatedPodIsSchedulingGated() {
    let pod = Self.pod {
      $0.status.conditions = [PodCondition(reason: "SchedulingGated", status: "False", type: "PodScheduled")]
    }
    #expect(PodSummary(pod).status == "SchedulingGated")
    #expect(PodSummary(pod).readyText == "0/1")
    #expect(PodSummary(Self.pod { _ in }).status == "Pending")
  }

  @Test func initContainersAreCountedUntilAllAreThrough() {
    func initializing(_ statuses: [ContainerStatus]) -> String {
      let pod = Self.pod {
        $0.spec.initContainers = [Self.container("a"), Self.container("b")]
        $0.status.initContainerStatuses = statuses
        $0.status.containerStatuses = [Self.status("main", waiting: "PodInitializing")]
      }
      return PodSummary(pod).status
    }
    let waiting = Self.status("b", waiting: "PodInitializing")
    #expect(initializing([Self.status("a", running: true), waiting]) == "Init:0/2")
    #expect(initializing([Self.status("a", exitCode: 0), waiting]) == "Init:1/2")
    #expect(
      initializing([Self.status("a", exitCode: 0), Self.status("b", exitCode: 0)]) == "PodInitializing")
    #expect(initializing([Self.status("a", exitCode: 3, reason: "Error"), waiting]) == "Init:Error")
    #expect(initializing([Self.status("a", exitCode: 3), waiting]) == "Init:ExitCode:3")
    #expect(
      initializing([Self.status("a", waiting: "CrashLoopBackOff"), waiting]) == "Init:CrashLoopBackOff")
  }

  @Test func theFirstContainerHasTheLastWord() {
    func status(_ statuses: [ContainerStatus], ready: String = "False") -> PodSummary {
      let pod = Self.pod {
        $0.spec.containers = statuses.map { Self.container($0.name) }
        $0.status.phase = "Running"
        $0.status.containerStatuses = statuses
        $0.status.conditions = [PodCondition(status: ready, type: "Ready")]
      }
      return PodSummary(pod)
    }
    let running = Self.status("r", running: true, ready: true)
    #expect(status([Self.status("a", waiting: "ContainerCreating")]).status == "ContainerCreating")
    #expect(status([running, running]).readyText == "2/2")
    #expect(status([Self.status("a", waiting: "CrashLoopBackOff", restarts: 2), running]).restarts == 2)
    #expect(status([Self.status("a", exitCode: 1, reason: "Error"), running]).status == "Error")
    #expect(status([Self.status("a", exitCode: 137), running]).status == "ExitCode:137")
    let done = Self.status("a", exitCode: 0, reason: "Completed")
    #expect(status([done]).status == "Completed")
    #expect(status([done, running], ready: "True").status == "Running")
    #expect(status([done, running]).status == "NotReady")
  }

  @Test func deletionShowsUnlessThePodHasEnded() {
    let deleted = Self.pod {
      $0.metadata.deletionTimestamp = .min
      $0.status.phase = "Running"
    }
    #expect(PodSummary(deleted).status == "Terminating")
    var ended = deleted
    ended.status.phase = "Failed"
    #expect(PodSummary(ended).status == "Failed")
    var lost = deleted
    lost.status.reason = "NodeLost"
    #expect(PodSummary(lost).status == "Unknown")
  }

  @Test func restartsSayWhenTheLastOneWas() {
    let pod = Self.pod {
      var status = Self.status("main", running: true, ready: true, restarts: 3)
      var ended = ContainerState()
      var terminated = ContainerStateTerminated()
      terminated.finishedAt = Timestamp(secondsSince1970: 100)
      ended.terminated = terminated
      status.lastState = ended
      $0.status.phase = "Running"
      $0.status.containerStatuses = [status]
    }
    #expect(PodSummary(pod).restartsText(now: Timestamp(secondsSince1970: 130)) == "3 (30s ago)")
    #expect(PodSummary(Self.pod { _ in }).restartsText(now: .min) == "0")
  }

  @Test("api.md 1.1: the columns are those of the CustomResourceDefinitions", arguments: CustomResource.all)
  func columnsOfCustomResources(_ resource: CustomResource) {
    func headings(wide: Bool) -> [String] {
      ["NAME"] + resource.columns.filter { wide || $0.priority == 0 }.map { $0.name.uppercased() }
    }
    #expect(PrinterColumns(resource.kind).headings == headings(wide: false))
    #expect(PrinterColumns(resource.kind, isWide: true).headings == headings(wide: true))
  }

  @Test("a row has as many cells as the table has headings", arguments: ResourceKind.allCases, [false, true])
  func rowsFitHeadings(_ kind: ResourceKind, _ isWide: Bool) throws {
    let tape = try JSONReader.read(#"{"metadata":{"name":"x","creationTimestamp":"2026-01-01T00:00:00Z"}}"#)
    var decoder = TapeDecoder(tape)
    let object = Resource(kind, from: tape.roots[0], in: &decoder)
    let columns = PrinterColumns(kind, isWide: isWide)
    let row = columns.row(object, now: APIServer.defaultStart + .seconds(7))
    #expect(row.count == columns.headings.count)
    #expect(row[0] == "x")
    if let age = columns.headings.firstIndex(of: "AGE") { #expect(row[age] == "7s") }
  }

  @Test func countersOfAnUpdateAreEmptyWhenTheyAreNotWritten() {
    var set = PodCliqueSet()
    set.metadata.name = "s"
    set.spec.replicas = 2
    let columns = PrinterColumns(.podCliqueSet)
    #expect(columns.row(.podCliqueSet(set), now: .min).dropLast() == ["s", "2", "0", "0", "", "", "", ""])
    var progress = PodCliqueSetUpdateProgress()
    progress.updatedPodCliquesCount = 1
    progress.totalPodCliquesCount = 4
    set.status.updateProgress = progress
    #expect(columns.row(.podCliqueSet(set), now: .min).dropLast() == ["s", "2", "0", "0", "1", "4", "", ""])
  }
}
