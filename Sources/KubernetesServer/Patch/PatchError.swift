/// Why a patch cannot be applied: what a `Status` says of it.
public struct PatchError: Error, Sendable, Equatable {
  /// One thing that is wrong, for conflicts of an apply.
  public struct Cause: Sendable, Equatable {
    /// What kind of wrong: `FieldManagerConflict`.
    public var reason: String
    /// What is wrong, without the field.
    public var message: String
    /// The path of the field.
    public var field: String
  }

  /// The HTTP status code.
  public var code: Int
  /// The reason in one word; empty when the server gives none.
  public var reason: String
  /// What to tell people.
  public var message: String
  /// Whether the answer has `details`, be they empty.
  public var hasDetails = false
  /// The conflicts of an apply.
  public var causes: [Cause] = []

  /// The patch itself makes no sense.
  static func badRequest(_ message: String) -> PatchError {
    PatchError(code: 400, reason: "BadRequest", message: message)
  }

  /// The patch does not fit the object. The server keeps the why to itself.
  static var unprocessable: PatchError {
    PatchError(
      code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
      hasDetails: true)
  }

  /// An error that the server did not foresee, with its text.
  static func unforeseen(_ message: String) -> PatchError {
    PatchError(code: 500, reason: "", message: message)
  }
}
