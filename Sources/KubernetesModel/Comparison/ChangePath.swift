/// Where in an object something changed: members by name, elements of lists by position and, where they have one, key.
///
/// ```swift
/// path.description  // spec.template.cliques[worker].spec.podSpec.containers[main].image
/// path.indexed      // spec.template.cliques[1].spec.podSpec.containers[0].image
/// ```
public struct ChangePath: Sendable, Hashable {
  /// A step of the way.
  public enum Step: Sendable, Hashable {
    /// To the member of an object.
    case member(String)
    /// To an element of a list: its position from 0, and what it is called among its neighbours.
    case element(Int, key: String?)
  }

  /// The steps from the root.
  public var steps: [Step]

  /// A path; the root itself without steps.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// A path of members.
  public init(members: String...) { steps = members.map { .member($0) } }

  /// The path of a member.
  public func member(_ name: String) -> ChangePath { ChangePath(steps + [.member(name)]) }

  /// The path of an element.
  public func element(_ index: Int, key: String? = nil) -> ChangePath {
    ChangePath(steps + [.element(index, key: key)])
  }

  /// The path with positions, as field errors have it; ``Tape/locate(_:in:)`` understands it.
  public var indexed: String { text(byKey: false) }

  /// The steps as JSON: names and positions.
  public var value: Value {
    .array(
      steps.map { step in
        switch step {
        case .member(let name): .string(name)
        case .element(let index, _): .integer(Int64(index))
        }
      })
  }

  private func text(byKey: Bool) -> String {
    var text = ""
    for step in steps {
      switch step {
      case .member(let name):
        if name.utf8.contains(where: { $0 == 0x2E || $0 == 0x2F || $0 == 0x5B || $0 == 0x5D }) {
          text += "[\(name)]"
        } else {
          text += text.isEmpty ? name : ".\(name)"
        }
      case .element(let index, let key): text += "[\(byKey ? key ?? String(index) : String(index))]"
      }
    }
    return text
  }
}

extension ChangePath: CustomStringConvertible {
  /// The path with the names of elements where they have one.
  public var description: String { text(byKey: true) }
}
