public import GroveModel

/// Why a world cannot be made of objects. The caller has to give others.
public enum RestoreError: Error, Sendable, Equatable {
  /// Two different objects have the same name.
  case duplicate(ObjectKey)
  /// An object has no name.
  case withoutName(ResourceKind)
}

extension RestoreError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .duplicate(let key): "two different objects are \(key)"
    case .withoutName(let kind): "a \(kind.kind) has no metadata.name"
    }
  }
}
