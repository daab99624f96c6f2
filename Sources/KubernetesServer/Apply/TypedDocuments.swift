public import KubernetesModel

/// Documents of one type: which fields they have, how two of them differ, and how they merge.
///
/// These are the rules of Kubernetes' structured merge: objects and maps merge member by member unless they are
/// atomic, lists of type `map` and `set` element by element, everything else as a whole.
public struct TypedDocuments: Sendable {
  /// The types.
  public let catalog: TypeCatalog
  /// The type of the documents.
  public let root: TypeShape

  /// Documents of the type at a position of a catalogue.
  public init(_ catalog: TypeCatalog, type: Int) {
    self.catalog = catalog
    root = .object(type)
  }

  /// How a place merges.
  enum Form: Equatable {
    case scalar
    case list(TypeShape, ListKind)
    case map(isAtomic: Bool)
  }

  /// How a value at a place merges. Where the schema does not say, the value does: lists are atomic there.
  func form(_ shape: TypeShape, _ value: Value?) -> Form {
    switch shape {
    case .object(let type): return .map(isAtomic: catalog.types[type].isAtomic)
    case .map(_, let isAtomic): return .map(isAtomic: isAtomic)
    case .list(let element, let kind, _): return .list(element, kind)
    case .any, .fields:
      switch value?.kind {
      case .object: return .map(isAtomic: false)
      case .array: return .list(.any, .atomic)
      default: return .scalar
      }
    default: return .scalar
    }
  }

  // MARK: Elements of lists

  /// Why an element of a list has no identity.
  struct NoIdentity: Error {
    var message: String
  }

  /// What tells an element of a list from the others.
  func identity(
    _ element: Value, _ kind: ListKind, _ shape: TypeShape
  ) throws(NoIdentity) -> PathElement {
    guard case .map(let keys) = kind else {
      switch element.kind {
      case .object:
        throw NoIdentity(message: "associative list without keys has an element that's a map type")
      case .array: throw NoIdentity(message: "not supported: associative list with lists as elements")
      case .null:
        throw NoIdentity(message: "associative list without keys has an element that's an explicit null")
      default: return .value(JSONWriter.string(element))
      }
    }
    if element.isNull { throw NoIdentity(message: "associative list with keys may not have a null element") }
    guard element.kind == .object else {
      throw NoIdentity(message: "associative list with keys may not have non-map elements")
    }
    var members: [(String, Value)] = []
    for key in keys {
      if let value = element[key] {
        members.append((key, value))
      } else if case .object(let type) = shape, let value = catalog.types[type].field(key)?.defaultValue {
        members.append((key, value))
      }
    }
    guard !members.isEmpty else {
      throw NoIdentity(
        message: "associative list with keys has an element that omits all key fields "
          + "[\(keys.map { jsonString($0) }.joined(separator: " "))] (and doesn't have default values for any key fields)"
      )
    }
    return .key(JSONWriter.string(.object(members)))
  }

  func knownIdentity(_ element: Value, _ kind: ListKind, _ shape: TypeShape) -> PathElement? {
    try? identity(element, kind, shape)
  }

  // MARK: Checking

  /// What is wrong with a document: `.spec.nothing: field not declared in schema`, in the order of the document.
  ///
  /// - Parameter allowsDuplicates: whether elements of a list may have the same key.
  /// - Complexity: O(nodes).
  public func problems(_ value: Value, allowsDuplicates: Bool = false) -> [String] {
    var problems: [String] = []
    check(value, root, "", allowsDuplicates, &problems)
    return problems
  }

  /// Problems in one text, as the server's errors have them.
  static func text(_ problems: [String]) -> String {
    problems.count == 1 ? problems[0] : "errors:\n  " + problems.joined(separator: "\n  ")
  }

  private func check(
    _ value: Value, _ shape: TypeShape, _ path: String, _ allowsDuplicates: Bool, _ problems: inout [String]
  ) {
    if value.isNull { return }
    func complain(_ message: String) { problems.append(path.isEmpty ? message : "\(path): \(message)") }
    switch form(shape, value) {
    case .scalar:
      if let message = Self.scalarProblem(value, shape) { complain(message) }
    case .list(let element, let kind):
      guard value.kind == .array else { return complain("expected list, got &{\(GoValueText.plain(value))}") }
      var seen: Set<PathElement> = []
      for (index, inner) in value.elements.enumerated() {
        var step = PathElement.index(index)
        if kind != .atomic {
          do throws(NoIdentity) { step = try identity(inner, kind, element) } catch {
            return complain("element \(index): \(error.message)")
          }
          if !seen.insert(step).inserted, !allowsDuplicates {
            complain("duplicate entries for key \(step)")
          }
        }
        check(inner, element, path + step.description, allowsDuplicates, &problems)
      }
    case .map:
      guard value.kind == .object else { return complain("expected map, got &{\(GoValueText.plain(value))}") }
      for (name, inner) in value.members {
        if case .object(let type) = shape, catalog.types[type].field(name) == nil,
          catalog.types[type].rest == nil
        {
          problems.append("\(path).\(name): field not declared in schema")
          return
        }
        check(
          inner, catalog.shape(of: .field(name), in: shape), "\(path).\(name)", allowsDuplicates, &problems)
      }
    }
  }

  private static func scalarProblem(_ value: Value, _ shape: TypeShape) -> String? {
    switch shape {
    case .string, .bytes, .duration:
      return value.kind == .string
        ? nil : "expected string, got &value.valueUnstructured{Value:\(GoValueText.syntax(value))}"
    case .int32, .int64, .number:
      return value.kind == .integer || value.kind == .float
        ? nil : "expected numeric (int or float), got \(GoValueText.typeName(value))"
    case .boolean:
      return value.kind == .boolean ? nil : "expected boolean, got &{\(GoValueText.plain(value))}"
    default:
      return value.kind == .object || value.kind == .array
        ? "expected any scalar, got &{\(GoValueText.plain(value))}" : nil
    }
  }

  // MARK: The fields of a document

  /// The fields that a document has an opinion on: what an apply manages.
  ///
  /// - Complexity: O(nodes).
  public func fields(of value: Value) -> FieldSet {
    var set = FieldSet()
    collect(value, root, [], &set)
    return set
  }

  func collect(_ value: Value, _ shape: TypeShape, _ path: [PathElement], _ set: inout FieldSet) {
    switch form(shape, value) {
    case .scalar, .list(_, .atomic), .map(isAtomic: true): set.insert(path)
    case .list(let element, let kind):
      for inner in value.elements {
        guard let step = knownIdentity(inner, kind, element) else { continue }
        collect(inner, element, path + [step], &set)
        set.insert(path + [step])
      }
    case .map(isAtomic: false):
      for (name, inner) in value.members {
        let step = path + [.field(name)]
        collect(inner, catalog.shape(of: .field(name), in: shape), step, &set)
        let isEmpty = inner.isNull || (inner.kind == .object && inner.count == 0)
        if isEmpty || !isDeclared(name, shape) { set.insert(step) }
      }
    }
  }

  private func isDeclared(_ name: String, _ shape: TypeShape) -> Bool {
    if case .object(let type) = shape { return catalog.types[type].field(name) != nil }
    return false
  }
}
