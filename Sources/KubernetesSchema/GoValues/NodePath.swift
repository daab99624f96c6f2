internal import KubernetesModel

/// The path to a node, kept as numbers: it becomes a text only when there is something to say about the node.
struct NodePath {
  private enum Step {
    case field(Int)
    case key(Int)
    case index(Int)
    /// The key of a map where the API server writes it in brackets.
    case bracketedKey(Int)
  }

  private var steps: [Step] = []

  init() {
    steps.reserveCapacity(16)
  }

  /// Goes to the value of a key node.
  @inline(__always)
  mutating func append(key: Int) { steps.append(.key(key)) }

  /// Goes to the value of a key node of a map, written in brackets.
  @inline(__always)
  mutating func append(bracketedKey key: Int) { steps.append(.bracketedKey(key)) }

  /// Goes to a field of the schema.
  @inline(__always)
  mutating func append(field: Int) { steps.append(.field(field)) }

  /// Goes to an element of a list.
  @inline(__always)
  mutating func append(index: Int) { steps.append(.index(index)) }

  /// Goes back one step.
  @inline(__always)
  mutating func removeLast() { steps.removeLast() }

  /// The path as Kubernetes writes it: `spec.template.cliques[0].name`.
  func text(in tape: Tape, _ storage: SchemaTable.Storage? = nil) -> String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let position): text += "[\(position)]"
      case .bracketedKey(let key): text += "[\(tape.string(at: key))]"
      case .key(let key):
        if !text.isEmpty { text += "." }
        text += tape.string(at: key)
      case .field(let field):
        if !text.isEmpty { text += "." }
        text += storage?.name(of: field) ?? ""
      }
    }
    return text
  }
}
