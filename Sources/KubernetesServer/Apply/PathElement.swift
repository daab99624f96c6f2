internal import KubernetesModel

/// One step from an object to a field: a name, a key or value of a list's element, or an index.
///
/// Keys and values are JSON text with sorted members, so that equal ones are equal texts.
public enum PathElement: Hashable, Comparable, Sendable {
  /// A member of an object.
  case field(String)
  /// An element of a list of objects, by its key fields: `{"name":"worker"}`.
  case key(String)
  /// An element of a set: `"x"`.
  case value(String)
  /// An element by its position.
  case index(Int)

  /// As `fieldsV1` writes it: `f:spec`, `k:{"name":"worker"}`, `v:"x"`, `i:0`.
  public var text: String {
    switch self {
    case .field(let name): "f:\(name)"
    case .key(let key): "k:\(key)"
    case .value(let value): "v:\(value)"
    case .index(let index): "i:\(index)"
    }
  }

  /// Reads what ``text`` writes; nil for anything else.
  public init?(parsing text: String) {
    let rest = String(text.dropFirst(2))
    switch text.prefix(2) {
    case "f:": self = .field(rest)
    case "k:", "v:":
      guard let tape = try? JSONReader.read(rest), let root = tape.roots.first else { return nil }
      let value = Value(tape: tape, index: root)
      if text.hasPrefix("k:"), value.kind != .object { return nil }
      let canonical = JSONWriter.string(value)
      self = text.hasPrefix("k:") ? .key(canonical) : .value(canonical)
    case "i:":
      guard let index = Int(rest) else { return nil }
      self = .index(index)
    default: return nil
    }
  }

  /// As messages write it: `.spec`, `[name="worker"]`, `[="x"]`, `[0]`.
  public var description: String {
    switch self {
    case .field(let name): return ".\(name)"
    case .value(let value): return "[=\(value)]"
    case .index(let index): return "[\(index)]"
    case .key(let key):
      guard let tape = try? JSONReader.read(key), let root = tape.roots.first else { return "[\(key)]" }
      let members = Value(tape: tape, index: root).members.sorted {
        $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
      return "[" + members.map { "\($0.name)=\(JSONWriter.string($0.value))" }.joined(separator: ",") + "]"
    }
  }

  private var rank: Int {
    switch self {
    case .field: 0
    case .key: 1
    case .value: 2
    case .index: 3
    }
  }

  /// Names first, then keys, values and positions; texts by their bytes.
  public static func < (first: PathElement, second: PathElement) -> Bool {
    switch (first, second) {
    case (.field(let a), .field(let b)), (.key(let a), .key(let b)), (.value(let a), .value(let b)):
      a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.index(let a), .index(let b)): a < b
    default: first.rank < second.rank
    }
  }
}

extension PathElement: CustomStringConvertible {}
