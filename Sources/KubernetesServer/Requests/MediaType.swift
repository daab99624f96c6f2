internal import KubernetesModel

/// One of the media types that a client takes.
struct MediaType: Sendable, Equatable {
  /// `application/json`, without parameters.
  var name: String
  /// The parameters, with names in small letters.
  var parameters: [String: String]
  /// How much the client likes it, from 0 to 1.
  var quality: Double

  /// The types of an `Accept` header, the best first; equally good ones in their order.
  static func list(_ header: String) -> [MediaType] {
    let types = header.split(separator: ",").compactMap { MediaType(String($0)) }
    return types.enumerated().sorted {
      $0.element.quality == $1.element.quality
        ? $0.offset < $1.offset : $0.element.quality > $1.element.quality
    }.map(\.element)
  }

  /// Reads one media type.
  init?(_ text: String) {
    var parts = text.split(separator: ";").map { String($0).trimmed }
    guard let first = parts.first, !first.isEmpty else { return nil }
    parts.removeFirst()
    name = first.lowercased()
    parameters = [:]
    quality = 1
    for part in parts {
      guard let sign = part.firstIndex(of: "=") else { continue }
      let key = String(part[..<sign]).trimmed.lowercased()
      let value = String(part[part.index(after: sign)...]).trimmed
      if key == "q" { quality = Double(value) ?? 1 } else { parameters[key] = value }
    }
  }
}

extension String {
  /// The text without blanks at its ends.
  var trimmed: String {
    var text = self[...]
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}

/// The form in which a client wants an answer.
struct AnswerForm: Sendable, Equatable {
  /// What is shown of objects.
  enum Content: Sendable, Equatable {
    /// All of them.
    case objects
    /// A table, with so much of each object: `None`, `Metadata`, `Object`.
    case table(version: String, includes: String)
    /// The metadata alone.
    case metadata(isList: Bool)
  }

  /// Whether the text is YAML.
  var isYAML = false
  /// What is shown.
  var content = Content.objects

  /// Objects as JSON.
  static let objects = AnswerForm()

  private init() {}

  static let mediaTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]

  /// The best form that the server can make.
  ///
  /// - Parameter header: the `Accept` header; nil for none.
  /// - Throws: 406 when there is none.
  init(
    accept header: String?, includeObject: String? = nil, allowsTransforms: Bool = true
  ) throws(StatusError) {
    guard let header, !header.trimmed.isEmpty else { return }
    for type in MediaType.list(header) {
      switch type.name {
      case "application/json", "*/*", "application/*": break
      case "application/yaml": isYAML = true
      default: continue
      }
      guard let form = type.parameters["as"], !form.isEmpty else { return }
      let isMeta =
        type.parameters["g"] == "meta.k8s.io" && ["v1", "v1beta1"].contains(type.parameters["v"] ?? "")
      guard allowsTransforms, isMeta else { continue }
      switch form {
      case "Table":
        let includes = includeObject.map { $0.isEmpty ? "Metadata" : $0 } ?? "Metadata"
        do throws(PatchError) { _ = try TableDocument.Inclusion(parsing: includes) } catch {
          throw StatusError(error)
        }
        content = .table(version: type.parameters["v"] ?? "v1", includes: includes)
        return
      case "PartialObjectMetadata", "PartialObjectMetadataList":
        content = .metadata(isList: form.hasSuffix("List"))
        return
      default: continue
      }
    }
    throw .notAcceptable(Self.mediaTypes)
  }
}
