import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Watches and lists (V-13 to V-15)")
struct WatchTests {
  private static let path = "/api/v1/namespaces/default/configmaps"
  private static let others = ("fieldSelector", "metadata.name!=kube-root-ca.crt")

  private func types(_ frames: [WatchFrame]) -> [String] {
    frames.map { "\($0.type) \($0.object.text("metadata", "name"))" }
  }

  @Test("several watches each see everything, at their own pace")
  func severalWatchers() throws {
    var test = TestServer()
    test.createConfigMap("a")
    var first = try #require(test.send("GET", Self.path, query: [("watch", "true"), Self.others]).cursor)
    var second = first
    #expect(types(test.server.next(&first)) == ["ADDED a"])
    test.createConfigMap("b")
    _ = test.send("DELETE", "\(Self.path)/a")
    #expect(types(test.server.next(&first)) == ["ADDED b", "DELETED a"])
    #expect(types(test.server.next(&second, limit: 2)) == ["ADDED a", "ADDED b"])
    #expect(types(test.server.next(&second)) == ["DELETED a"])
    #expect(types(test.server.next(&second)).isEmpty)
  }

  @Test("a watch goes on from a version, and is too old once that is forgotten")
  func resuming() throws {
    var test = TestServer()
    let version = test.createConfigMap("a").text("metadata", "resourceVersion")
    test.createConfigMap("b")
    let query = [("watch", "true"), ("resourceVersion", version), Self.others]
    var cursor = try #require(test.send("GET", Self.path, query: query).cursor)
    #expect(types(test.server.next(&cursor)) == ["ADDED b"])
    test.server.compact()
    var late = try #require(test.send("GET", Self.path, query: query).cursor)
    let frames = test.server.next(&late)
    #expect(frames.map(\.type) == ["ERROR"])
    #expect(frames[0].object["code"] == .integer(410))
    #expect(
      frames[0].object.text("message") == "too old resource version: \(version) (\(test.server.version))")
    #expect(late.isOver)
  }

  @Test("the history is bounded")
  func boundedHistory() throws {
    var test = TestServer()
    test.server.historyLimit = 3
    for name in ["a", "b", "c", "d", "e"] { test.createConfigMap(name) }
    let id = try #require(test.server.catalog.resource(GroupResource(group: "", resource: "configmaps")))
    let store = test.server.stores[test.server.catalog.storage(of: id)]
    #expect(store.history.count == 3)
    #expect(store.historyStart == test.server.version - 3)
  }

  @Test("an object that begins to match comes, one that no longer does goes")
  func selectors() throws {
    var test = TestServer()
    test.createConfigMap("a", labels: #"{"on":"no"}"#)
    var cursor = try #require(
      test.send("GET", Self.path, query: [("watch", "true"), ("labelSelector", "on=yes")]).cursor)
    for value in ["yes", "no"] {
      _ = test.send(
        "PATCH", "\(Self.path)/a", type: "application/merge-patch+json",
        body: #"{"metadata":{"labels":{"on":"\#(value)"}}}"#)
    }
    #expect(types(test.server.next(&cursor)) == ["ADDED a", "DELETED a"])
  }

  @Test("the initial part of a streaming list ends with its bookmark")
  func streamingList() throws {
    var test = TestServer()
    test.createConfigMap("a")
    let query = [
      ("watch", "true"), ("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan"),
      ("allowWatchBookmarks", "true"), Self.others,
    ]
    var cursor = try #require(test.send("GET", Self.path, query: query).cursor)
    let frames = test.server.next(&cursor)
    #expect(frames.map(\.type) == ["ADDED", "BOOKMARK"])
    #expect(
      frames[1].object[path: "metadata", "annotations", "k8s.io/initial-events-end"] == .string("true"))
  }

  @Test("pages show the state of the first")
  func pages() {
    var test = TestServer()
    for name in ["a", "b", "c"] { test.createConfigMap(name) }
    let first = test.send("GET", Self.path, query: [("limit", "2")]).document
    #expect(first[path: "metadata", "remainingItemCount"] == .integer(2))
    test.createConfigMap("bb")
    _ = test.send("DELETE", "\(Self.path)/c")
    let token = first.text("metadata", "continue")
    let second = test.send("GET", Self.path, query: [("limit", "9"), ("continue", token)]).document
    #expect(
      second["items"]?.elements.map { $0.text("metadata", "name") } == ["c", "kube-root-ca.crt"])
    #expect(second.text("metadata", "resourceVersion") == first.text("metadata", "resourceVersion"))
  }

  @Test("a copy of the server is a state to go back to")
  func copies() {
    var test = TestServer()
    let before = test
    test.createConfigMap("a")
    var other = before
    #expect(other.send("GET", "\(Self.path)/a").status == 404)
    #expect(test.send("GET", "\(Self.path)/a").status == 200)
  }
}
