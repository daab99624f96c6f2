extension Diagnostic {
  /// The field must be given.
  public static func required(_ rule: RuleID, _ path: FieldPath, _ detail: String = "") -> Diagnostic {
    Diagnostic(rule: rule, kind: .required, path: path.description, detail: detail)
  }

  /// The value of the field is wrong.
  public static func invalid(
    _ rule: RuleID, _ path: FieldPath, _ value: FieldValue, _ detail: String
  ) -> Diagnostic {
    Diagnostic(rule: rule, kind: .invalid, path: path.description, value: value.text, detail: detail)
  }

  /// The value of the field is not one of the known ones, which the message lists in the given order.
  public static func notSupported(
    _ rule: RuleID, _ path: FieldPath, _ value: FieldValue, supported: [String]
  ) -> Diagnostic {
    let list = supported.map { goQuoted($0) }.joined(separator: ", ")
    return Diagnostic(
      rule: rule, kind: .notSupported, path: path.description, value: value.text,
      detail: "supported values: \(list)")
  }

  /// The value of the field may occur only once.
  public static func duplicate(_ rule: RuleID, _ path: FieldPath, _ value: FieldValue) -> Diagnostic {
    Diagnostic(rule: rule, kind: .duplicate, path: path.description, value: value.text, detail: "")
  }

  /// The value of the field refers to something that does not exist.
  public static func notFound(_ rule: RuleID, _ path: FieldPath, _ value: FieldValue) -> Diagnostic {
    Diagnostic(rule: rule, kind: .notFound, path: path.description, value: value.text, detail: "")
  }

  /// The field must not be given, or must not change.
  public static func forbidden(_ rule: RuleID, _ path: FieldPath, _ detail: String) -> Diagnostic {
    Diagnostic(rule: rule, kind: .forbidden, path: path.description, detail: detail)
  }

  /// The value of the field is too long; the value itself is not printed.
  public static func tooLong(_ rule: RuleID, _ path: FieldPath, maximumBytes: Int) -> Diagnostic {
    Diagnostic(
      rule: rule, kind: .tooLong, path: path.description,
      detail: "may not be more than \(maximumBytes) bytes")
  }

  /// The list has too many elements.
  public static func tooMany(_ rule: RuleID, _ path: FieldPath, count: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      rule: rule, kind: .tooMany, path: path.description, value: String(count),
      detail: "must have at most \(limit) items")
  }

  /// The check itself failed.
  public static func internalError(_ rule: RuleID, _ path: FieldPath, _ detail: String) -> Diagnostic {
    Diagnostic(rule: rule, kind: .internalError, path: path.description, detail: detail)
  }

  /// The same with advice on what to do about it.
  public func hinting(_ hint: String?) -> Diagnostic {
    var copy = self
    copy.hint = hint
    return copy
  }
}
