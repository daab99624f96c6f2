internal import KubernetesModel

/// A body that has been read as a document.
struct RequestBody: Sendable {
  /// The document; members that came twice have the value that came last.
  var value: Value
  /// The paths of members that came twice.
  var duplicates: [String]

  /// Media types of objects.
  static let objectTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]

  /// The media type that a request says its body has, without parameters.
  static func mediaType(_ request: APIRequest) -> String {
    guard let header = request.header("Content-Type"), !header.trimmed.isEmpty else {
      return "application/json"
    }
    return String(header.prefix { $0 != ";" }).trimmed.lowercased()
  }

  /// Reads JSON.
  ///
  /// - Throws: what Go says of a text that is none.
  static func json(_ bytes: [UInt8]) throws(GoComplaint) -> RequestBody {
    if let complaint = GoJSONError.message(bytes) {
      throw GoComplaint(text: "json parse error: " + complaint)
    }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<Tape, ReadError> in
      do throws(ReadError) { return .success(try JSONReader.read(buffer)) } catch { return .failure(error) }
    }
    guard case .success(let tape) = result, let root = tape.roots.first else {
      throw GoComplaint(text: "json parse error: invalid UTF-8 or too deep")
    }
    return cleaned(Value(tape: tape, index: root))
  }

  /// The document with each member once.
  static func cleaned(_ value: Value) -> RequestBody {
    var duplicates: [String] = []
    let cleaned = deduplicated(value, at: "", &duplicates)
    return RequestBody(value: duplicates.isEmpty ? value : cleaned, duplicates: duplicates)
  }

  private static func deduplicated(_ value: Value, at path: String, _ found: inout [String]) -> Value {
    switch value.kind {
    case .object:
      var members: [(String, Value)] = []
      var positions: [String: Int] = [:]
      for (name, inner) in value.members {
        let inside = path.isEmpty ? name : "\(path).\(name)"
        let clean = deduplicated(inner, at: inside, &found)
        if let position = positions[name] {
          if !found.contains(inside) { found.append(inside) }
          members[position].1 = clean
        } else {
          positions[name] = members.count
          members.append((name, clean))
        }
      }
      return .object(members)
    case .array:
      return .array(
        value.elements.enumerated().map { deduplicated($0.element, at: "\(path)[\($0.offset)]", &found) })
    default: return value
    }
  }
}

/// What Go says of a text that it cannot read.
public struct GoComplaint: Error, Sendable, Equatable {
  /// The complaint.
  public var text: String

  /// A complaint.
  public init(text: String) { self.text = text }
}

extension KubernetesServer {
  /// Reads the body of a request that creates or replaces an object.
  ///
  /// - Parameter kind: the kind that the path is about, for messages.
  func readObject(_ request: APIRequest, of kind: String) throws(StatusError) -> RequestBody {
    let type = RequestBody.mediaType(request)
    guard RequestBody.objectTypes.contains(type) else {
      throw .unsupportedMediaType(RequestBody.objectTypes)
    }
    func unrecognized(_ why: String) -> StatusError {
      .badRequest(
        "the object provided is unrecognized (must be of type \(kind)): \(why) (\(Self.excerpt(request.body)))"
      )
    }
    let body: RequestBody
    do throws(GoComplaint) {
      body = try readBody(request.body, type)
    } catch {
      throw unrecognized(
        type == "application/yaml" ? error.text : "couldn't get version/kind; \(error.text)")
    }
    switch body.value.kind {
    case .object, .null: return body
    case .array, .string, .boolean, .integer, .float, .key:
      let name =
        switch body.value.kind {
        case .array: "array"
        case .string: "string"
        case .boolean: "bool"
        default: "number"
        }
      throw unrecognized(
        "couldn't get version/kind; json parse error: json: cannot unmarshal \(name) into Go value of type struct "
          + "{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
          + "\"json:\\\"kind,omitempty\\\"\" }")
    }
  }

  /// Reads a body of a media type.
  func readBody(_ bytes: [UInt8], _ type: String) throws(GoComplaint) -> RequestBody {
    switch type {
    case "application/yaml", "application/apply-patch+yaml":
      // JSON is YAML, and most clients send that.
      if bytes.first == UInt8(ascii: "{"), let body = try? RequestBody.json(bytes) { return body }
      guard let readYAML else { throw GoComplaint(text: "yaml: this server reads JSON only") }
      return RequestBody.cleaned(try readYAML(bytes))
    case "application/vnd.kubernetes.protobuf":
      do throws(ProtobufBody.Failure) {
        return RequestBody(value: try ProtobufBody.document(bytes), duplicates: [])
      } catch {
        throw GoComplaint(text: error.message)
      }
    default: return try RequestBody.json(bytes)
    }
  }

  /// The beginning of a body as messages show it: text where it looks like JSON, hexadecimal otherwise.
  static func excerpt(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "<empty>" }
    if bytes.first == UInt8(ascii: "{") {
      let text = String(decoding: bytes.prefix(30), as: UTF8.self)
      return bytes.count > 30 ? "\(text) ..." : text
    }
    let digits = bytes.prefix(30).map { byte -> String in
      let text = String(byte, radix: 16)
      return text.utf8.count == 1 ? "0" + text : text
    }.joined()
    return bytes.count > 30 ? "\(digits) ..." : digits
  }
}
