import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// The controllers of Kubernetes that Grove relies on, and the queues.
struct ControllerTests {
  @Test func dependentsFollowTheirOwner() throws {
    var server = APIServer()
    var collector = GarbageCollector()
    func observe() {
      for change in server.takeChanges() { collector.observe(change, in: server.objects) }
    }
    var owner = PodClique()
    owner.metadata.name = "a"
    let uid = try server.create(.podClique(owner)).metadata.uid
    for name in ["p", "q"] {
      var pod = Pod()
      pod.metadata.name = name
      pod.metadata.ownerReferences = [
        OwnerReference(
          apiVersion: "grove.io/v1alpha1", kind: "PodClique", name: "a", uid: name == "p" ? uid : "other",
          controller: true)
      ]
      pod.spec.containers = [Container(name: "c", image: "i")]
      try server.create(.pod(pod))
    }
    observe()
    // The owner of q was never there: whoever it was, it is gone.
    #expect(collector.orphanedOwners.elements.map { $0 } == ["other"])
    collector.collect(from: &server)
    #expect(server.objects.resources(of: .pod).map(\.metadata.name) == ["p"])
    try server.delete(ObjectKey(.podClique, namespace: "default", name: "a"))
    observe()
    while !collector.orphanedOwners.isEmpty {
      collector.collect(from: &server)
      observe()
    }
    #expect(server.objects.resources.isEmpty)
  }

  @Test func tokensAreFilledIn() throws {
    var server = APIServer()
    var tokens = TokenController()
    func observe() {
      for change in server.takeChanges() { tokens.observe(change, in: server.objects) }
    }
    var account = ServiceAccount()
    account.metadata.name = "demo"
    let uid = try server.create(.serviceAccount(account)).metadata.uid
    for (name, accountName) in [("good", "demo"), ("bad", "nobody")] {
      var secret = Secret()
      secret.metadata.name = name
      secret.metadata.annotations[AnnotationKey.serviceAccountName] = accountName
      secret.type = "kubernetes.io/service-account-token"
      try server.create(.secret(secret))
    }
    observe()
    while !tokens.pending.isEmpty { tokens.fill(in: &server) }
    observe()
    let secrets = server.objects.resources(of: .secret)
    #expect(secrets.map(\.metadata.name) == ["good"], "a Secret for no ServiceAccount is deleted")
    guard case .secret(let secret)? = secrets.first else { return }
    #expect(secret.data.map(\.key) == ["ca.crt", "namespace", "token"])
    #expect(secret.metadata.annotations["kubernetes.io/service-account.uid"] == uid)
    #expect(tokens.pending.isEmpty, "a filled Secret is left alone")
    try server.delete(ObjectKey(.serviceAccount, namespace: "default", name: "demo"))
    observe()
    tokens.fill(in: &server)
    #expect(server.objects.resources(of: .secret).isEmpty, "the token goes with its ServiceAccount")
  }

  // MARK: Queues

  private func key(_ name: String) -> ObjectKey { ObjectKey(.podClique, namespace: "ns", name: name) }

  @Test func queueIsFairAndHoldsEachKeyOnce() {
    var queue = WorkQueue()
    for name in ["a", "b", "a", "c"] { queue.add(key(name)) }
    #expect(queue.ready.map(\.name) == ["a", "b", "c"])
    let first = queue.next()
    #expect(first == key("a"))
    queue.add(key("a"))
    let taken = [queue.take(key("b")), queue.take(key("b"))]
    #expect(taken == [true, false])
    var rest: [String] = []
    while let key = queue.next() { rest.append(key.name) }
    #expect(rest == ["c", "a"])
  }

  @Test func queueSurvivesManyKeys() {
    var queue = UniqueQueue<Int>()
    for number in 0..<10_000 {
      queue.append(number)
      queue.append(number + 1)
      if number % 3 != 0 { _ = queue.popFirst() }
    }
    var last = -1
    while let number = queue.popFirst() {
      #expect(number > last)
      last = number
    }
    #expect(last == 10_000)
  }

  @Test func alarmsRingInOrderAndCanBeMoved() {
    var queue = WorkQueue()
    let start = APIServer.defaultStart
    for (name, delay) in [("a", 5), ("b", 3), ("c", 5), ("d", 4)] {
      queue.schedule(key(name), at: start + .seconds(Int64(delay)))
    }
    queue.schedule(key("d"), at: nil)
    queue.schedule(key("b"), at: start + .seconds(9))
    var next = queue.nextAlarm()
    #expect(next == start + .seconds(5))
    queue.ring(at: start + .seconds(5))
    #expect(queue.ready.map(\.name) == ["a", "c"])
    next = queue.nextAlarm()
    #expect(next == start + .seconds(9))
  }

  @Test func backoffDoublesUpToItsLimit() {
    var queue = WorkQueue()
    var delays: [Duration] = []
    for name in ["a", "a", "b"] { delays.append(queue.failed(key(name))) }
    #expect(delays == [.milliseconds(5), .milliseconds(10), .milliseconds(5)])
    for _ in 0..<40 { delays.append(queue.failed(key("a"))) }
    #expect(delays.max() == .seconds(1_000) && delays.last == .seconds(1_000), "R-009")
    queue.succeeded(key("a"))
    let fresh = queue.failed(key("a"))
    #expect(fresh == .milliseconds(5))
  }

  @Test func eventsAreCounted() {
    var log = EventLog()
    let event = ObjectEvent(subject: key("a"), severity: .normal, reason: "R", message: "m", source: "s")
    var other = event
    other.message = "n"
    log.record(event, at: APIServer.defaultStart)
    log.record(other, at: APIServer.defaultStart)
    log.record(event, at: APIServer.defaultStart + .seconds(2))
    #expect(log.records.map(\.count) == [2, 1])
    #expect(log.records[0].lastTime == APIServer.defaultStart + .seconds(2))
    #expect(log.records[0].firstTime == APIServer.defaultStart)
  }

  @Test(arguments: [
    ("a-2", "a-10"), ("a", "a-0"), ("a-1-b", "a-1-c"), ("a-09", "a-10"), ("a-9", "b-1"), ("x1y2", "x1y10"),
  ])
  func naturalOrder(_ lesser: String, _ greater: String) {
    #expect(NaturalOrder.precedes(lesser, greater))
    #expect(!NaturalOrder.precedes(greater, lesser))
    #expect(!NaturalOrder.precedes(lesser, lesser))
  }
}
