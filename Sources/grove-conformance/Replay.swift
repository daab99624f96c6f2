internal import GroveAdmission
import GroveManifest
import GroveModel
import KubernetesModel
internal import KubernetesSchema
import KubernetesServer

/// Replays one session against a new server.
struct Replay {
  typealias Server = KubernetesServer<DynamicObject>

  private let session: Session
  private var server: Server
  private var masks = Masks()
  private var differences: [Difference] = []
  /// Watches that are open, with the exchange that opened them.
  private var watches: [(exchange: Exchange, cursor: WatchCursor, frames: [WatchFrame])] = []

  init(_ session: Session) {
    self.session = session
    server = Self.clusterWithGrove()
  }

  // MARK: The cluster

  private static func clusterWithGrove() -> Server {
    var server = Server.cluster()
    server.schemaSource = { definition, _ in
      let kind = definition["spec"]?["names"]?["kind"]?.stringValue ?? ""
      guard definition["spec"]?["group"]?.stringValue?.hasSuffix("grove.io") == true,
        let known = CustomResource.all.first(where: { $0.kind.kind == kind })
      else { return nil }
      return StructuralSchema.grove(known.kind)
    }
    server.readYAML = { bytes throws(GoComplaint) in
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let tape = try YAMLReader.read(text)
        guard let root = tape.roots.first else { return .null }
        return Value(tape: tape, index: root)
      } catch let error as ReadError {
        throw GoComplaint(text: "yaml: \(error.message)")
      } catch {
        throw GoComplaint(text: "yaml: \(error)")
      }
    }
    server.answersToControllers = { call in
      let uid = call.review["request"]?["uid"]?.stringValue ?? ""
      let answer = Value.object([
        "apiVersion": .string("admission.k8s.io/v1"), "kind": .string("AdmissionReview"),
        "response": .object(["uid": .string(uid), "allowed": .boolean(true)]),
      ])
      return .response(code: 200, body: Array(JSONWriter.string(answer).utf8))
    }
    server.tokens = ["weak-token": weak, "admin-token": admin]
    for definition in CustomResourceDefinitions.all() {
      _ = server.respond(
        to: creation(of: definition, at: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"))
    }
    server.runControllers()
    server.compact()
    return server
  }

  private static let admin = UserInfo(
    "admin", uid: "admin-uid", groups: ["system:masters", "system:authenticated"])
  private static let weak = UserInfo("weak", uid: "weak-uid", groups: ["viewers", "system:authenticated"])

  private static func creation(of object: Value, at path: String) -> APIRequest {
    APIRequest(
      "POST", path,
      headers: [
        ("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "tester/1.0"),
      ],
      body: Array(JSONWriter.string(object, options: .init(sortsMembers: false)).utf8), user: admin)
  }

  private mutating func setUp() {
    for object in session.setup {
      let (apiVersion, kind) = (object["apiVersion"]?.stringValue ?? "", object["kind"]?.stringValue ?? "")
      guard let id = server.catalog.resource(apiVersion: apiVersion, kind: kind) else {
        differences.append(
          Difference(exchange: 0, path: "setup", text: "no resource for \(apiVersion) \(kind)"))
        continue
      }
      let resource = server.catalog[id]
      var path = resource.group.isEmpty ? "/api/\(resource.version)" : "/apis/\(resource.apiVersion)"
      let namespace = object["metadata"]?["namespace"]?.stringValue ?? "default"
      if resource.isNamespaced { path += "/namespaces/\(namespace)" }
      let answer = server.respond(to: Self.creation(of: object, at: "\(path)/\(resource.plural)"))
      if answer.status != 201 {
        var text = "\(answer.status)"
        if case .document(let value, _) = answer.body { text += " " + JSONWriter.string(value).short }
        differences.append(Difference(exchange: 0, path: "setup", text: text))
      }
      server.runControllers()
      if object["status"] != nil, kind != "Node" { writeStatus(of: object, at: "\(path)/\(resource.plural)") }
    }
  }

  private mutating func writeStatus(of object: Value, at path: String) {
    let name = object["metadata"]?["name"]?.stringValue ?? ""
    let patch = Value.object(["status": object["status"] ?? .null])
    _ = server.respond(
      to: APIRequest(
        "PATCH", "\(path)/\(name)/status",
        headers: [("Content-Type", "application/merge-patch+json"), ("User-Agent", "tester/1.0")],
        body: Array(JSONWriter.string(patch).utf8), user: Self.admin))
  }

  // MARK: The exchanges

  mutating func run() -> [Difference] {
    setUp()
    for exchange in session.exchanges { replay(exchange) }
    while !watches.isEmpty { closeWatch(at: 0) }
    for (first, second) in masks.misorderedVersions {
      differences.append(
        Difference(
          exchange: 0, path: "resourceVersion", text: "<rv-\(first)> is not below <rv-\(second)>",
          reason: "versions of objects that controllers make have no fixed place"))
    }
    return differences
  }

  private mutating func replay(_ exchange: Exchange) {
    let request = request(for: exchange)
    let calls = exchange.response["webhookCalls"]?.elements ?? []
    var answers: [WebhookAnswer] = []
    var made: [WebhookCall] = []
    var response: APIResponse
    while true {
      switch server.outcome(of: request, answers: answers) {
      case .answered(let answer): response = answer
      case .needs(let call):
        answers.append(answer(to: call, number: made.count, calls, exchange))
        made.append(call)
        continue
      }
      break
    }
    if case .watch(var cursor) = response.body, exchange.during != nil {
      let frames = server.next(&cursor)
      watches.append((exchange, cursor, frames))
      check(exchange, response, frames: nil)
      server.runControllers()
      closeWatches(after: exchange.number)
      return
    }
    var frames: [WatchFrame]?
    if case .watch(var cursor) = response.body {
      var list = server.next(&cursor)
      if cursor.wantsBookmarks, !cursor.isOver, list.last?.type != "BOOKMARK" {
        list.append(server.bookmark(for: cursor))
      }
      frames = list
    }
    check(exchange, response, frames: frames)
    compareCalls(made, calls, exchange)
    server.runControllers()
    closeWatches(after: exchange.number)
  }

  private func request(for exchange: Exchange) -> APIRequest {
    var headers = exchange.headers.map { ($0.0, masks.unmasked($0.1)) }
    if !headers.contains(where: { $0.0 == "User-Agent" }) { headers.append(("User-Agent", "tester/1.0")) }
    var user: UserInfo?
    switch exchange.user {
    case "admin": user = Self.admin
    case "weak": user = Self.weak
    case "wrong-token": headers.append(("Authorization", "Bearer nonsense"))
    default: break
    }
    var body = exchange.body.map { Array(masks.unmasked($0).utf8) } ?? []
    if let length = exchange.bodyLength { body = Self.largeBody(of: length) }
    return APIRequest(
      exchange.method, masks.unmasked(exchange.path),
      query: exchange.query.map { ($0.0, masks.unmasked($0.1)) },
      headers: headers.map { ($0.0, $0.1) }, body: body, user: user)
  }

  /// A ConfigMap of so many bytes, filled with the letter x.
  private static func largeBody(of length: Int) -> [UInt8] {
    let head =
      "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"big\"}, \"data\": {\"x\": \""
    let tail = "\"}}"
    let filling = max(length - head.utf8.count - tail.utf8.count, 0)
    return Array(head.utf8) + Array(repeating: UInt8(ascii: "x"), count: filling) + Array(tail.utf8)
  }

  // MARK: Webhooks

  /// What the recorded webhook answers.
  private mutating func answer(
    to call: WebhookCall, number: Int, _ calls: [Value], _ exchange: Exchange
  ) -> WebhookAnswer {
    let uid = call.review["request"]?["uid"]?.stringValue ?? ""
    guard number < calls.count, let response = calls[number]["response"] else {
      return .failure(recordedFailure(of: call, exchange))
    }
    if let request = calls[number]["request"]?["request"]?["uid"]?.stringValue {
      _ = masks.match(request, uid)
    }
    let status = Int(response["status"]?.integerValue ?? 200)
    // A webhook whose answer did not come in time was called nevertheless.
    let message = exchange.response["body"]?["message"]?.stringValue ?? ""
    if response["body"] == nil, response["text"] == nil { return .failure("context deadline exceeded") }
    _ = message
    var text = response["text"]?.stringValue ?? ""
    if let body = response["body"] { text = JSONWriter.string(body, options: .init(sortsMembers: false)) }
    return .response(code: status, body: Array(masks.unmasked(text).utf8))
  }

  /// Why a webhook could not be reached, as the recorded answer tells.
  private func recordedFailure(of call: WebhookCall, _ exchange: Exchange) -> String {
    let message = exchange.response["body"]?["message"]?.stringValue ?? ""
    let mark = "Post \"\(call.url)\": "
    guard let range = message.range(ofText: mark) else { return "connection refused" }
    return String(message[range.upperBound...])
  }

  private mutating func compareCalls(_ made: [WebhookCall], _ calls: [Value], _ exchange: Exchange) {
    var comparison = Comparison(masks: masks)
    for (index, call) in calls.enumerated() {
      guard index < made.count, let recorded = call["request"] else { continue }
      comparison.compare(recorded, made[index].review, at: "webhook[\(index)]")
    }
    finish(comparison, exchange)
  }

  // MARK: Comparing

  private mutating func check(_ exchange: Exchange, _ response: APIResponse, frames: [WatchFrame]?) {
    var comparison = Comparison(masks: masks)
    let recorded = exchange.response
    let status = Int(recorded["status"]?.integerValue ?? 0)
    if status != response.status { comparison.note("status", "\(status) ≠ \(response.status)") }
    compareHeaders(recorded["headers"], response, &comparison)
    switch response.body {
    case .document(let value, let isYAML):
      if isYAML {
        if recorded["text"] == nil { comparison.note("body", "JSON ≠ YAML") }
      } else if var body = recorded["body"] {
        if exchange.isRepeated, body["items"] != nil { body = Partial.withoutListVersion(body) }
        compareBody(
          body, exchange.isRepeated && body["items"] != nil ? Partial.withoutListVersion(value) : value,
          isPartial: recorded["partial"] != nil, &comparison)
      } else if exchange.method != "HEAD" {
        comparison.note(
          "body", "\(recorded["text"]?.stringValue?.short ?? "nothing") ≠ \(JSONWriter.string(value).short)")
      }
    case .text(let text):
      if let wanted = recorded["text"]?.stringValue {
        if recorded["partial"] == nil, let why = comparison.masks.match(wanted, text) {
          comparison.note("text", why)
        }
      } else {
        comparison.note(
          "body", "\(recorded["body"].map { JSONWriter.string($0).short } ?? "nothing") ≠ \(text.short)")
      }
    case .none:
      if let body = recorded["body"] { comparison.note("body", "\(JSONWriter.string(body).short) ≠ nothing") }
    case .watch:
      if let frames { compareWatch(recorded, frames, &comparison) }
    }
    finish(comparison, exchange)
  }

  private mutating func finish(_ comparison: Comparison, _ exchange: Exchange) {
    masks = comparison.masks
    for (path, text) in comparison.found {
      let difference = Difference(exchange: exchange.number, path: path, text: text)
      differences.append(AcceptedDifferences.judged(difference, session.name))
    }
  }

  private func compareHeaders(_ recorded: Value?, _ response: APIResponse, _ comparison: inout Comparison) {
    let type = (recorded?["Content-Type"]?.stringValue ?? "").prefix { $0 != ";" }
    let given = (response.header("Content-Type") ?? "").prefix { $0 != ";" }
    if type != given { comparison.note("Content-Type", "\(type) ≠ \(given)") }
    let warnings = recorded?["Warning"]?.elements.compactMap(\.stringValue) ?? []
    let madeWarnings = response.headers.filter { $0.name == "Warning" }.map(\.value)
    if warnings.sorted() != madeWarnings.sorted() {
      comparison.note("Warning", "\(warnings) ≠ \(madeWarnings)")
    }
    for name in ["Retry-After", "Allow", "Location"] {
      let wanted = recorded?[name]?.scalarText
      if wanted != response.header(name) {
        comparison.note(name, "\(wanted ?? "nothing") ≠ \(response.header(name) ?? "nothing")")
      }
    }
  }

  private func compareBody(
    _ recorded: Value, _ actual: Value, isPartial: Bool, _ comparison: inout Comparison
  ) {
    if isPartial {
      comparison.compare(recorded, Partial.reduced(actual, to: recorded))
    } else if recorded["items"] != nil, recorded["kind"]?.stringValue != "APIGroupDiscoveryList" {
      comparison.compare(Partial.sorted(recorded), Partial.sorted(actual))
    } else {
      comparison.compare(recorded, actual)
    }
  }

  // MARK: Watches

  private mutating func closeWatches(after number: Int) {
    while let index = watches.firstIndex(where: { ($0.exchange.during?.upperBound ?? 0) <= number }) {
      closeWatch(at: index)
    }
  }

  private mutating func closeWatch(at index: Int) {
    var (exchange, cursor, frames) = watches.remove(at: index)
    frames += server.next(&cursor)
    var comparison = Comparison(masks: masks)
    compareWatch(exchange.response, frames, &comparison)
    finish(comparison, exchange)
  }

  /// Types and names, and the order of the events of each object.
  private func compareWatch(_ recorded: Value, _ frames: [WatchFrame], _ comparison: inout Comparison) {
    var events = recorded["events"]?.elements ?? []
    if let single = recorded["body"], single["type"] != nil { events = [single] }
    func isPlain(_ type: String, _ object: Value?) -> Bool {
      type != "BOOKMARK" || object?["metadata"]?["annotations"]?["k8s.io/initial-events-end"] != nil
    }
    let wanted = events.filter { isPlain($0["type"]?.stringValue ?? "", $0["object"]) }
    let given = frames.filter { isPlain($0.type, $0.object) }
    func name(_ object: Value?) -> String {
      if object?["kind"]?.stringValue == "Table" {
        return object?["rows"]?.elements.first?["object"]?["metadata"]?["name"]?.stringValue ?? ""
      }
      return object?["metadata"]?["name"]?.stringValue ?? ""
    }
    let names = wanted.map { name($0["object"]) } + given.map { name($0.object) }
    var seen: Set<String> = []
    for subject in names where seen.insert(subject).inserted {
      let left = wanted.filter { name($0["object"]) == subject }
      let right = given.filter { name($0.object) == subject }
      let types = (left.map { $0["type"]?.stringValue ?? "" }, right.map(\.type))
      if types.0 != types.1 {
        comparison.note("events of \(subject)", "\(types.0) ≠ \(types.1)")
        continue
      }
      for (index, pair) in zip(left, right).enumerated() {
        comparison.compare(
          pair.0["object"] ?? .null, pair.1.object, at: "event \(subject)[\(index)]")
      }
    }
  }
}
