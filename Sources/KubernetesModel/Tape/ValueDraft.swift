/// A value that is being changed.
///
/// A ``Value`` is a place on a tape that nobody can write to. A draft opens only the containers that are touched;
/// everything else stays where it was until ``value`` copies it, node by node and without looking inside.
///
/// ```swift
/// var draft = ValueDraft(value)
/// draft["spec"]?["replicas"] = ValueDraft(.integer(3))
/// draft.value
/// ```
public indirect enum ValueDraft: Sendable {
  /// A member of an object.
  public struct Member: Sendable {
    /// The name.
    public var name: String
    /// The value.
    public var value: ValueDraft

    /// A member of an object.
    public init(_ name: String, _ value: ValueDraft) {
      self.name = name
      self.value = value
    }
  }

  /// A value as it was.
  case untouched(Value)
  /// An object with its members in order.
  case object([Member])
  /// A list.
  case array([ValueDraft])

  /// A draft of a value.
  public init(_ value: Value) { self = .untouched(value) }

  /// What the draft is.
  public var kind: TapeKind {
    switch self {
    case .untouched(let value): value.kind
    case .object: .object
    case .array: .array
    }
  }

  /// Whether it is null.
  public var isNull: Bool { kind == .null }

  /// The members of an object; setting them makes it one. Empty for anything else.
  public var members: [Member] {
    get {
      switch self {
      case .untouched(let value): value.members.map { Member($0.name, ValueDraft($0.value)) }
      case .object(let members): members
      case .array: []
      }
    }
    set { self = .object(newValue) }
  }

  /// The elements of a list; setting them makes it one. Empty for anything else.
  public var elements: [ValueDraft] {
    get {
      switch self {
      case .untouched(let value): value.elements.map { ValueDraft($0) }
      case .array(let elements): elements
      case .object: []
      }
    }
    set { self = .array(newValue) }
  }

  /// The member with a name; setting nil takes it away, and setting makes an object of anything else.
  ///
  /// - Complexity: O(members).
  public subscript(name: String) -> ValueDraft? {
    get {
      switch self {
      case .untouched(let value): value[name].map { ValueDraft($0) }
      case .object(let members): members.first { $0.name == name }?.value
      case .array: nil
      }
    }
    set {
      var members = self.members
      self = .object([])
      if let index = members.firstIndex(where: { $0.name == name }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append(Member(name, newValue))
      }
      self = .object(members)
    }
  }

  /// The finished value.
  ///
  /// - Complexity: O(nodes).
  public var value: Value {
    if case .untouched(let value) = self { return value }
    var builder = TapeBuilder(nodeCapacity: 64, byteCapacity: 512)
    append(to: &builder)
    return Value(tape: builder.finish(), index: 0)
  }

  private func append(to builder: inout TapeBuilder) {
    switch self {
    case .untouched(let value): builder.append(value)
    case .object(let members):
      builder.beginObject()
      for member in members {
        builder.key(member.name)
        member.value.append(to: &builder)
      }
      builder.endObject()
    case .array(let elements):
      builder.beginArray()
      for element in elements { element.append(to: &builder) }
      builder.endArray()
    }
  }
}
