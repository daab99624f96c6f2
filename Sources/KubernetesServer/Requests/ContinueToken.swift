internal import KubernetesModel

/// Where the next page of a list begins.
struct ContinueToken: Sendable, Equatable {
  /// The version of the list; nil to go on in what is there at that time.
  var version: UInt64?
  /// The first name that may be in the page.
  var start: ObjectName

  init(version: UInt64?, start: ObjectName) {
    self.version = version
    self.start = start
  }

  /// The token as clients see it.
  var text: String {
    let key = start.namespace.isEmpty ? start.name : "\(start.namespace)/\(start.name)"
    let document = Value.object([
      "v": .string("meta.k8s.io/v1"), "rv": .integer(version.map { Int64($0) } ?? -1), "start": .string(key),
    ])
    let text = Base64.encode(Array(JSONWriter.string(document, options: .init(sortsMembers: false)).utf8))
    return String(text.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
  }

  /// Reads a token.
  ///
  /// - Throws: 400 for a text that this server never gave out.
  init(_ text: String) throws(StatusError) {
    var padded = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    while padded.utf8.count % 4 != 0 { padded += "=" }
    guard let bytes = try? Base64.decode(padded) else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: illegal base64 data at input byte 0")
    }
    let decoded = String(decoding: bytes, as: UTF8.self)
    guard let tape = try? JSONReader.read(decoded), let root = tape.roots.first else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: \(GoJSONError.message(bytes) ?? "unexpected end of JSON input")"
      )
    }
    let document = Value(tape: tape, index: root)
    guard document.text("v") == "meta.k8s.io/v1", let number = document["rv"]?.integerValue else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: server does not recognize this encoded version")
    }
    version = number < 0 ? nil : UInt64(number)
    let key = document.text("start")
    if let slash = key.firstIndex(of: "/") {
      start = ObjectName(namespace: String(key[..<slash]), name: String(key[key.index(after: slash)...]))
    } else {
      start = ObjectName(namespace: "", name: key)
    }
  }
}
