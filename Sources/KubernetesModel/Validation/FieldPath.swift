/// The path of a field, as Kubernetes writes it in field errors: `spec.template.cliques[0].name`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The path as text.
  public let description: String

  /// A path that begins with the given text.
  public init(_ text: String) { description = text }

  /// A path that begins with the given text.
  public init(stringLiteral value: String) { description = value }

  /// The path of a field of the object that this path leads to. A map key is a plain child too.
  public func child(_ name: String) -> FieldPath {
    FieldPath(description.isEmpty ? name : "\(description).\(name)")
  }

  /// The path of an element of the list that this path leads to, counted from 0.
  public subscript(index: Int) -> FieldPath { FieldPath("\(description)[\(index)]") }

  /// The path of an element of the map that this path leads to, in brackets.
  public subscript(key: String) -> FieldPath { FieldPath("\(description)[\(key)]") }
}
