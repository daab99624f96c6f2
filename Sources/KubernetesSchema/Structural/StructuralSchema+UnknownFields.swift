public import KubernetesModel

/// A field of an object that its schema does not have.
public struct UnknownField: Sendable, Equatable {
  /// The path, as the API server writes it: `spec.template.cliques[0].bogus`.
  public var path: String
  /// The key's node on the tape of the object.
  public var node: Int
  /// The names that the schema has in its place.
  public var knownNames: [String]
}

extension StructuralSchema {
  /// The fields that strict decoding refuses, in the order the API server reports them: those of the metadata
  /// first, then the others, both in byte order of their paths.
  ///
  /// What is below an unknown field is not looked at.
  ///
  /// - Complexity: O(nodes in the value).
  public func unknownFields(in value: Value) -> [UnknownField] {
    guard value.kind == .object else { return [] }
    var search = UnknownFieldSearch(schema: self, tape: value.tape)
    search.visitRoot(value.index)
    return search.metadata.sorted(by: UnknownFieldSearch.inOrder)
      + search.others.sorted(by: UnknownFieldSearch.inOrder)
  }

  /// What the API server answers to an object with unknown fields; nil when there are none.
  ///
  ///     PodCliqueSet in version "v1alpha1" cannot be handled as a PodCliqueSet:
  ///     strict decoding error: unknown field "spec.foo", unknown field "spec.template.bar"
  public func strictDecodingMessage(for fields: [UnknownField]) -> String? {
    guard !fields.isEmpty, let identity = table.type(at: root).groupVersionKind else { return nil }
    let texts = fields.map { "unknown field \"\($0.path)\"" }
    return "\(identity.kind) in version \"\(identity.version)\" cannot be handled as a \(identity.kind): "
      + "strict decoding error: " + texts.joined(separator: ", ")
  }

  /// One diagnostic for each unknown field, with a suggestion where a known name is near.
  public func diagnostics(for fields: [UnknownField], file: String? = nil, in value: Value) -> [Diagnostic] {
    fields.map { field in
      let name = value.tape.string(at: field.node)
      let node = value.tape[field.node]
      return Diagnostic(
        rule: rule(Subject(check: .unknownField, type: typeName, path: field.path)), path: field.path,
        detail: "unknown field \"\(name)\"",
        hint: NearestName.of(name, among: field.knownNames).map { "did you mean \"\($0)\"?" },
        location: file.flatMap {
          node.line > 0 ? SourceLocation(file: $0, line: Int(node.line), column: Int(node.column)) : nil
        },
        serverMessage: "unknown field \"\(field.path)\"")
    }
  }
}

private struct UnknownFieldSearch {
  let schema: StructuralSchema
  let tape: Tape
  var path = NodePath()
  var isInMetadata = false
  var metadata: [UnknownField] = []
  var others: [UnknownField] = []

  static func inOrder(_ a: UnknownField, _ b: UnknownField) -> Bool { utf8Order(a.path, b.path) < 0 }

  init(schema: StructuralSchema, tape: Tape) {
    self.schema = schema
    self.tape = tape
  }

  mutating func visitRoot(_ index: Int) {
    let storage = schema.table.storage
    var cursor = index + 1
    let end = Int(tape[index].next)
    while cursor < end {
      let field = schema.field(at: schema.rootPlace, key: tape[cursor])
      path.append(key: cursor)
      if let field, field == schema.metadataField {
        isInMetadata = true
        visit(
          cursor + 1,
          StructuralSchema.Place(leaf: .object, wraps: 0, type: Int(storage.fields[field].type), field: field)
        )
        isInMetadata = false
      } else if let field {
        visit(cursor + 1, schema.place(ofField: field))
      } else {
        record(cursor, at: schema.rootPlace)
      }
      path.removeLast()
      cursor = Int(tape[cursor + 1].next)
    }
  }

  private mutating func record(_ key: Int, at place: StructuralSchema.Place) {
    let names = schema.fields(at: place).map { schema.table.storage.name(of: $0) }
    let found = UnknownField(path: path.text(in: tape), node: key, knownNames: names)
    if isInMetadata { metadata.append(found) } else { others.append(found) }
  }

  private mutating func visit(_ index: Int, _ place: StructuralSchema.Place) {
    let node = tape[index]
    if place.leaf == .any, place.wrap == .none { return }
    switch node.kind {
    case .object:
      let isMap = place.wrap == .map
      var cursor = index + 1
      while cursor < Int(node.next) {
        path.append(key: cursor)
        if isMap {
          visit(cursor + 1, place.inside)
        } else if let field = schema.field(at: place, key: tape[cursor]) {
          visit(cursor + 1, schema.place(ofField: field))
        } else {
          record(cursor, at: place)
        }
        path.removeLast()
        cursor = Int(tape[cursor + 1].next)
      }
    case .array:
      // In the wrong place for a list, nothing below is known.
      let inner =
        place.wrap == .array
        ? place.inside : StructuralSchema.Place(leaf: .object, wraps: 0, type: -1, field: -1)
      var cursor = index + 1
      var position = 0
      while cursor < Int(node.next) {
        path.append(index: position)
        visit(cursor, inner)
        path.removeLast()
        position += 1
        cursor = Int(tape[cursor].next)
      }
    default: break
    }
  }
}
