public import KubernetesModel

extension SchemaTable {
  /// The names of the fields at a path below a type: what can be written there.
  ///
  /// Indices and keys of maps may be given or left out: `spec.template.cliques[0]` and
  /// `spec.template.cliques` are the same. Empty when the path leads nowhere or to something without fields.
  ///
  /// - Parameters:
  ///   - type: the name of the type in the table.
  ///   - path: the path; empty for the fields of the type itself.
  /// - Complexity: O(fields on the way).
  public func fieldNames(ofType type: String, at path: String = "") -> [String] {
    guard var index = storage.index(of: type) else { return [] }
    for segment in path.split(separator: ".") {
      let name = segment.prefix { $0 != "[" }
      guard
        let field = storage.types[index].fields.first(where: { storage.name(of: $0) == name }),
        storage.fields[field].leaf == .object
      else { return [] }
      index = Int(storage.fields[field].type)
    }
    return storage.types[index].fields.map { storage.name(of: $0) }
  }

  /// The names of the fields that could have been meant by a key that is not a field.
  ///
  /// - Parameters:
  ///   - key: the key's node.
  ///   - tape: the tape it is on.
  ///   - root: the node of the object that is of the type.
  ///   - type: the name of the type in the table.
  /// - Complexity: O(nodes before the key).
  public func fieldNames(inPlaceOfKey key: Int, in tape: Tape, root: Int, type: String) -> [String] {
    guard var index = storage.index(of: type) else { return [] }
    var current = root
    var wraps: UInt8 = 0
    while true {
      let node = tape[current]
      let isObject = node.kind == .object
      guard isObject || node.kind == .array else { return [] }
      let isMap = isObject && wraps & 3 == Wrap.map.rawValue
      var cursor = current + 1
      var next: Int?
      while cursor < Int(node.next) {
        if cursor == key { return isMap ? [] : storage.types[index].fields.map { storage.name(of: $0) } }
        let value = isObject ? cursor + 1 : cursor
        if key < Int(tape[value].next) {
          next = value
          break
        }
        cursor = Int(tape[value].next)
      }
      guard let next else { return [] }
      if !isObject || isMap {
        wraps >>= 2
      } else {
        guard let field = storage.field(tape[cursor].symbol, of: index) else { return [] }
        guard storage.fields[field].leaf == .object else { return [] }
        index = Int(storage.fields[field].type)
        wraps = storage.fields[field].wraps
      }
      current = next
    }
  }
}
