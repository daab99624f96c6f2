import Foundation
import KubernetesModel

/// A recorded session.
struct Session {
  var name: String
  var setup: [Value]
  var exchanges: [Exchange]

  init?(contentsOf file: URL) {
    guard let data = try? Data(contentsOf: file), let document = Value(json: [UInt8](data)) else {
      return nil
    }
    name = file.deletingPathExtension().lastPathComponent
    setup = document["setup"]?.elements ?? []
    exchanges = (document["exchanges"]?.elements ?? []).map { Exchange($0) }
  }
}

/// A request with the answer that was recorded.
struct Exchange {
  var number: Int
  var user: String
  var method: String
  var path: String
  var query: [(String, String)]
  var headers: [(String, String)]
  /// The body as it was sent, with its masks.
  var body: String?
  /// How long a body was that is not kept.
  var bodyLength: Int?
  var isRepeated: Bool
  var watchSeconds: Int?
  var during: ClosedRange<Int>?
  var response: Value

  init(_ value: Value) {
    number = Int(value["n"]?.integerValue ?? 0)
    user = value["as"]?.stringValue ?? "admin"
    method = value["method"]?.stringValue ?? "GET"
    path = value["path"]?.stringValue ?? "/"
    query = (value["query"]?.members ?? []).map { ($0.name, $0.value.scalarText ?? "") }
    headers = (value["headers"]?.members ?? []).map { ($0.name, $0.value.scalarText ?? "") }
    if let raw = value["rawBody"]?.stringValue {
      body = raw
    } else if let document = value["body"] {
      body = JSONWriter.string(document, options: .init(sortsMembers: false)).spacedLikePython
    }
    if let text = value["rawBodyOf"]?.stringValue { bodyLength = Int(text.prefix { $0.isNumber }) }
    isRepeated = value["repeated"] != nil
    let watch = value["watch"]
    watchSeconds = watch?["seconds"]?.integerValue.map { Int($0) }
    if let range = watch?["during"]?.elements, range.count == 2, let first = range[0].integerValue,
      let last = range[1].integerValue, first <= last
    {
      during = Int(first)...Int(last)
    }
    response = value["response"] ?? .object([])
  }
}

extension Value {
  /// Reads a JSON text; nil when it is none.
  init?(json bytes: [UInt8]) {
    let tape = bytes.withUnsafeBufferPointer { try? JSONReader.read($0) }
    guard let tape, let root = tape.roots.first else { return nil }
    self.init(tape: tape, index: root)
  }

  /// Reads a JSON text; nil when it is none.
  init?(json text: String) { self.init(json: Array(text.utf8)) }
}

extension String {
  /// JSON with a blank behind each comma and colon, as the recorder sent it. Messages quote bodies.
  var spacedLikePython: String {
    var spaced = ""
    var isInside = false
    var isEscaped = false
    for character in unicodeScalars {
      spaced.unicodeScalars.append(character)
      if isInside {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isInside = false
        }
      } else if character == "\"" {
        isInside = true
      } else if character == "," || character == ":" {
        spaced.append(" ")
      }
    }
    return spaced
  }
}
