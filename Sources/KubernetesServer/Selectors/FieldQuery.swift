public import KubernetesModel
internal import KubernetesSchema

/// A field selector as URLs have it: `metadata.name=a,status.phase!=Running`.
///
/// Each kind has its own short list of fields; ``SelectableFields`` knows them.
public struct FieldQuery: Sendable, Equatable {
  /// One part of a selector.
  public struct Requirement: Sendable, Equatable {
    /// The field.
    public var field: String
    /// The value it has, or has not.
    public var value: String
    /// Whether it has it not.
    public var isNegated: Bool
  }

  /// The parts; all must hold.
  public let requirements: [Requirement]

  /// Reads a selector; an empty text selects everything.
  ///
  /// - Throws: ``LabelQuery/Failure`` in the server's words.
  public init(parsing text: String) throws(LabelQuery.Failure) {
    var requirements: [Requirement] = []
    for term in Self.terms(text) where !term.isEmpty {
      guard let (field, sign, raw) = Self.split(term) else {
        throw .init(message: "invalid selector: '\(text)'; can't understand '\(term)'")
      }
      guard let value = Self.unescaped(raw) else {
        throw .init(message: "invalid field selector: invalid escape sequence in \(raw)")
      }
      requirements.append(.init(field: field, value: value, isNegated: sign == "!="))
    }
    self.requirements = requirements
  }

  /// The name that the selector pins down, if it does.
  public var name: String? { requirements.first { $0.field == "metadata.name" && !$0.isNegated }?.value }

  /// Whether an object satisfies every part.
  public func matches(_ object: Value, _ fields: SelectableFields) -> Bool {
    requirements.allSatisfy { (fields.value($0.field, of: object) == $0.value) != $0.isNegated }
  }

  private static func terms(_ text: String) -> [String] {
    var terms = [""]
    var isEscaped = false
    for character in text {
      if character == ",", !isEscaped {
        terms.append("")
      } else {
        terms[terms.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return terms
  }

  private static func split(_ term: String) -> (field: String, sign: String, value: String)? {
    var index = term.startIndex
    while index < term.endIndex {
      for sign in ["!=", "==", "="] where term[index...].hasPrefix(sign) {
        return (String(term[..<index]), sign, String(term[index...].dropFirst(sign.count)))
      }
      index = term.index(after: index)
    }
    return nil
  }

  private static func unescaped(_ text: String) -> String? {
    guard text.contains("\\") || text.contains("=") || text.contains(",") else { return text }
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        guard "\\,=".contains(character) else { return nil }
        result.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "=" || character == "," {
        return nil
      } else {
        result.append(character)
      }
    }
    return isEscaped ? nil : result
  }
}

/// The fields by which objects of a kind can be selected.
public struct SelectableFields: Sendable {
  private let fields: [String]
  private let isPlain: Bool
  private let group: String
  private let kind: String
  private let isNamespaced: Bool

  /// The fields of a kind.
  ///
  /// - Parameters:
  ///   - kind: group, version and kind.
  ///   - isNamespaced: whether objects live in namespaces.
  ///   - custom: for a custom resource, the JSON paths of its `selectableFields`; nil for built-in kinds.
  public init(_ kind: GroupVersionKind, isNamespaced: Bool = true, custom: [String]? = nil) {
    group = kind.group
    self.kind = kind.kind
    self.isNamespaced = isNamespaced
    let more = custom?.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 } ?? Self.builtIn[kind.kind]
    fields = more ?? []
    isPlain = custom == nil && more == nil
  }

  /// What the server says to a selector by fields that the kind does not have; nil for one that it takes.
  public func complaint(_ query: FieldQuery) -> String? {
    for requirement in query.requirements {
      let field = requirement.field
      if field == "metadata.name" || field == "metadata.namespace" || fields.contains(field) { continue }
      if isPlain {
        return
          "\(jsonString(field)) is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
      }
      return "field label not supported: \(field)"
    }
    return nil
  }

  /// The text that a selector compares with; empty for what is not there.
  public func value(_ field: String, of object: Value) -> String {
    if kind == "Event", group.isEmpty {
      switch field {
      case "source":
        let component = Self.text(object, "source.component")
        return component.isEmpty ? Self.text(object, "reportingComponent") : component
      case "reportingComponent": return Self.text(object, "reportingComponent")
      default: break
      }
    }
    let text = Self.text(object, field)
    if text.isEmpty, ["spec.unschedulable", "spec.hostNetwork"].contains(field) { return "false" }
    if text.isEmpty, field == "status.replicas" || field == "spec.replicas", isCounter { return "0" }
    return text
  }

  private var isCounter: Bool { kind == "ReplicaSet" || kind == "ReplicationController" }

  private static func text(_ object: Value, _ path: String) -> String {
    var value = object
    for name in path.split(separator: ".") {
      guard let inner = value[String(name)] else { return "" }
      value = inner
    }
    return value.scalarText ?? ""
  }

  private static let eventFields = [
    "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
    "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
    "reportingComponent", "source", "type",
  ]

  private static let builtIn: [String: [String]] = [
    "Pod": [
      "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
      "spec.hostNetwork",
      "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
    ],
    "Node": ["spec.unschedulable"], "Namespace": ["status.phase"], "Secret": ["type"],
    "Service": ["spec.clusterIP", "spec.type"], "Event": eventFields,
    "ReplicationController": ["status.replicas"],
    "ReplicaSet": ["status.replicas"], "Job": ["status.successful"],
    "CertificateSigningRequest": ["spec.signerName"], "ResourceSlice": ["spec.nodeName", "spec.driver"],
  ]
}
