/// The id of a rule in this project's specification: `A-086`, `R-212`, `M-duplicate-key`.
public struct RuleID: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The id.
  public let rawValue: String

  /// Wraps an id.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// Wraps an id.
  public init(stringLiteral value: String) { rawValue = value }

  /// The id.
  public var description: String { rawValue }
}

/// A place in a source text.
public struct SourceLocation: Sendable, Hashable {
  /// What the text is called: a file path, or `<stdin>`.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column in bytes, from 1.
  public var column: Int

  /// A place in a source text.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// Something worth telling about an object or a document: collected, never printed.
public struct Diagnostic: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable, Equatable {
    /// The object is refused.
    case error
    /// The object is accepted.
    case warning
  }

  /// The kinds of field errors that Kubernetes has.
  public enum Kind: String, Sendable, Equatable {
    /// The field must be given.
    case required = "Required value"
    /// The value is wrong.
    case invalid = "Invalid value"
    /// The value is not one of the known ones.
    case notSupported = "Unsupported value"
    /// The value may occur only once.
    case duplicate = "Duplicate value"
    /// The value refers to something that does not exist.
    case notFound = "Not found"
    /// The field must not be given, or must not change.
    case forbidden = "Forbidden"
    /// The value is too long.
    case tooLong = "Too long"
    /// The list has too many elements.
    case tooMany = "Too many"
    /// The check itself failed.
    case internalError = "Internal error"
  }

  /// How bad it is.
  public var severity: Severity
  /// The rule that was broken.
  public var rule: RuleID
  /// The kind of field error; nil for messages that are not about the value of a field.
  public var kind: Kind?
  /// The path of the field as Kubernetes writes it (`spec.template.cliques[0].name`); empty for the whole object.
  public var path: String
  /// The offending value as Kubernetes prints it, for the kinds that print one.
  public var value: String?
  /// What is wrong, in the words of the webhook or the API server where they have some.
  public var detail: String
  /// What to do about it.
  public var hint: String?
  /// Where in the source it is, when there is a source.
  public var location: SourceLocation?
  /// The text that the API server or its webhook answers, where that is not ``message``.
  public var serverMessage: String?

  /// A diagnostic.
  public init(
    _ severity: Severity = .error, rule: RuleID, kind: Kind? = nil, path: String = "", value: String? = nil,
    detail: String, hint: String? = nil, location: SourceLocation? = nil, serverMessage: String? = nil
  ) {
    self.severity = severity
    self.rule = rule
    self.kind = kind
    self.path = path
    self.value = value
    self.detail = detail
    self.hint = hint
    self.location = location
    self.serverMessage = serverMessage
  }

  /// The field error as Kubernetes prints it: `<path>: <kind>[: <value>][: <detail>]`; without a kind,
  /// `<path>: <detail>`.
  public var message: String {
    var parts: [String] = []
    if !path.isEmpty { parts.append(path) }
    if let kind { parts.append(kind.rawValue) }
    if let value { parts.append(value) }
    if !detail.isEmpty { parts.append(detail) }
    return parts.joined(separator: ": ")
  }
}

extension [Diagnostic] {
  /// The diagnostics that refuse an object.
  public var errors: [Diagnostic] { filter { $0.severity == .error } }
  /// The diagnostics that do not.
  public var warnings: [Diagnostic] { filter { $0.severity == .warning } }

  /// The errors as a webhook joins them: without repetitions, one alone or several in brackets.
  public var aggregateMessage: String {
    var texts: [String] = []
    for error in errors where !texts.contains(error.message) { texts.append(error.message) }
    return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
  }
}
