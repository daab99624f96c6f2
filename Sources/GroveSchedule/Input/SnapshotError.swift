/// Input that cannot be understood. The snapshot is as it was before.
///
/// Not retryable: the objects named have to change.
public struct SnapshotError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Sendable, Hashable {
    /// Two objects, or two parts of one, share a name.
    case duplicate
    /// A name is missing.
    case missingName
    /// A quantity is negative, too large, or smaller than the unit counted in.
    case invalidQuantity
    /// A number of pods is negative or above 2³¹ - 1, or scopes are nested too deep.
    case invalidCount
    /// A part names another part that does not exist.
    case unknownReference
    /// A pod belongs to two gangs, or twice to one.
    case podInTwoGangs
    /// Requests on one node add up to more than can be counted.
    case overflow
    /// Pods ask for more kinds of resources than the core keeps apart.
    case tooManyResources
    /// A topology has no levels, or two levels with the same label.
    case invalidTopology
    /// A cluster description cannot be read.
    case invalidDescription
  }

  /// One thing that is wrong.
  public struct Problem: Sendable, Hashable {
    /// What is wrong.
    public var code: Code
    /// Kind and name of the object, such as `Pod default/serve-0`.
    public var subject: String
    /// What is wrong with it, in words.
    public var message: String

    /// A problem.
    public init(_ code: Code, _ subject: String, _ message: String) {
      self.code = code
      self.subject = subject
      self.message = message
    }
  }

  /// Everything that is wrong, in order of subjects. Never empty.
  public var problems: [Problem]

  init(_ code: Code, _ subject: String, _ message: String) {
    problems = [Problem(code, subject, message)]
  }

  init(problems: [Problem]) {
    self.problems = problems.sorted {
      $0.subject == $1.subject ? isByteOrdered($0.message, $1.message) : isByteOrdered($0.subject, $1.subject)
    }
  }

  /// One line per problem.
  public var description: String {
    problems.map { "\($0.subject): \($0.message)" }.joined(separator: "\n")
  }
}
