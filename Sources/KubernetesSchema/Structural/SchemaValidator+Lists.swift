internal import KubernetesModel

extension SchemaValidator {
  /// Checks that the keys of list maps and the elements of list sets are unique, everywhere below a node.
  mutating func checkLists(_ node: Int, _ place: StructuralSchema.Place) {
    let entry = tape.nodes[node]
    switch (entry.kind, place.wrap) {
    case (.object, .map):
      guard place.inside.wrap != .none || place.leaf == .object else { return }
      var cursor = node + 1
      while cursor < Int(entry.next) {
        path.append(bracketedKey: cursor)
        checkLists(cursor + 1, place.inside)
        path.removeLast()
        cursor = Int(tape.nodes[cursor + 1].next)
      }
    case (.object, .none):
      let isRoot = place.field < 0 && place.type == schema.root
      for field in schema.fields(at: place) {
        if isRoot, field == schema.metadataField { continue }
        let shape = storage.fields[field]
        guard shape.leaf == .object || shape.wraps != 0 else { continue }
        guard let key = key(shape.symbol, in: node) else { continue }
        path.append(field: field)
        checkLists(key + 1, schema.place(ofField: field))
        path.removeLast()
      }
    case (.array, .array):
      if let constraints = place.field >= 0 ? storage.constraints(of: place.field) : nil {
        if constraints.isListMap { checkListMap(node, entry, constraints) }
        if constraints.isListSet { checkListSet(node, entry) }
      }
      guard place.leaf == .object || place.inside.wrap != .none else { return }
      var cursor = node + 1
      var position = 0
      while cursor < Int(entry.next) {
        path.append(index: position)
        checkLists(cursor, place.inside)
        path.removeLast()
        position += 1
        cursor = Int(tape.nodes[cursor].next)
      }
    default: break
    }
  }

  private func elements(of node: Int, _ entry: TapeNode) -> [Int] {
    var elements: [Int] = []
    elements.reserveCapacity(Int(entry.length))
    var cursor = node + 1
    while cursor < Int(entry.next) {
      elements.append(cursor)
      cursor = Int(tape.nodes[cursor].next)
    }
    return elements
  }

  private mutating func checkListMap(
    _ node: Int, _ entry: TapeNode, _ constraints: SchemaTable.Constraints
  ) {
    let elements = elements(of: node, entry)
    for (position, element) in elements.enumerated()
    where tape.nodes[element].kind != .object && tape.nodes[element].kind != .null {
      reportElement(
        position, element, .invalid, value: printed(element),
        detail: "must be an object for an array of list-type map")
      return
    }
    guard elements.count > 1 else { return }
    var keys: [String] = []
    keys.reserveCapacity(elements.count)
    for element in elements { keys.append(keyText(element, constraints)) }
    reportRepeated(keys, elements)
  }

  /// The keys of an element as a JSON object, which is also what the message shows.
  private func keyText(_ element: Int, _ constraints: SchemaTable.Constraints) -> String {
    var members: [(name: String, text: String)] = []
    for symbol in constraints.listMapKeys {
      guard tape.nodes[element].kind == .object, let key = key(symbol, in: element) else { continue }
      members.append(
        (
          tape.string(at: key),
          JSONWriter.string(Value(tape: tape, index: key + 1), options: .init(escapesHTML: true))
        ))
    }
    members.sort { utf8Order($0.name, $1.name) < 0 }
    return "{" + members.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
  }

  private mutating func checkListSet(_ node: Int, _ entry: TapeNode) {
    let elements = elements(of: node, entry)
    guard elements.count > 1 else { return }
    reportRepeated(elements.map { printed($0) }, elements)
  }

  /// Reports the second one of each text that occurs more than once.
  private mutating func reportRepeated(_ texts: [String], _ elements: [Int]) {
    var counts: [String: Int] = [:]
    for (position, text) in texts.enumerated() {
      let times = counts[text, default: 0]
      counts[text] = times + 1
      if times == 1 { reportElement(position, elements[position], .duplicate, value: text, detail: "") }
    }
  }

  private mutating func reportElement(
    _ position: Int, _ element: Int, _ kind: Diagnostic.Kind, value: String, detail: String
  ) {
    path.append(index: position)
    report(.listKey, kind, at: element, owner: -1, value: value, detail: detail)
    path.removeLast()
  }
}
