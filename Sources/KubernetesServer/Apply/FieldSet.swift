public import KubernetesModel

/// A set of fields of an object: the paths that somebody manages.
///
/// It is a tree. A node can be a member itself, have members below it, or both: `spec` as such is another member than
/// `spec.replicas`.
public struct FieldSet: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    var element: PathElement
    var isMember: Bool
    var inner: FieldSet
  }

  /// In order, each element once, none without meaning.
  private(set) var nodes: [Node] = []

  /// No fields.
  public init() {}

  /// The fields at the given paths.
  public init(_ paths: [[PathElement]]) {
    for path in paths { insert(path[...]) }
  }

  /// Whether there are none.
  public var isEmpty: Bool { nodes.isEmpty }

  private func search(_ element: PathElement) -> (index: Int, isFound: Bool) {
    var (low, high) = (0, nodes.count)
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].element < element { low = middle + 1 } else { high = middle }
    }
    return (low, low < nodes.count && nodes[low].element == element)
  }

  private func node(_ element: PathElement) -> Node? {
    let (index, isFound) = search(element)
    return isFound ? nodes[index] : nil
  }

  /// Adds the field at a path.
  ///
  /// - Complexity: O(length of the path × members beside it).
  public mutating func insert(_ path: ArraySlice<PathElement>) {
    guard let first = path.first else { return }
    let (index, isFound) = search(first)
    if !isFound { nodes.insert(Node(element: first, isMember: false, inner: FieldSet()), at: index) }
    if path.count == 1 { nodes[index].isMember = true } else { nodes[index].inner.insert(path.dropFirst()) }
  }

  /// Adds the field at a path.
  public mutating func insert(_ path: [PathElement]) { insert(path[...]) }

  /// Puts a whole set below an element.
  mutating func graft(_ inner: FieldSet, at element: PathElement) {
    guard !inner.isEmpty else { return }
    let (index, isFound) = search(element)
    if isFound {
      nodes[index].inner = nodes[index].inner.union(inner)
    } else {
      nodes.insert(Node(element: element, isMember: false, inner: inner), at: index)
    }
  }

  /// Whether the field at a path is one of them.
  public func contains(_ path: [PathElement]) -> Bool { contains(path[...]) }

  private func contains(_ path: ArraySlice<PathElement>) -> Bool {
    guard let first = path.first, let node = node(first) else { return false }
    return path.count == 1 ? node.isMember : node.inner.contains(path.dropFirst())
  }

  func isMember(_ element: PathElement) -> Bool { node(element)?.isMember ?? false }
  func inner(_ element: PathElement) -> FieldSet { node(element)?.inner ?? FieldSet() }

  // MARK: Sets of sets

  private func combined(
    _ other: FieldSet, _ isMember: (Bool, Bool) -> Bool, _ inner: (FieldSet, FieldSet) -> FieldSet
  ) -> FieldSet {
    var result = FieldSet()
    var (left, right) = (0, 0)
    func take(_ element: PathElement, _ first: Node?, _ second: Node?) {
      let node = Node(
        element: element, isMember: isMember(first?.isMember ?? false, second?.isMember ?? false),
        inner: inner(first?.inner ?? FieldSet(), second?.inner ?? FieldSet()))
      if node.isMember || !node.inner.isEmpty { result.nodes.append(node) }
    }
    while left < nodes.count || right < other.nodes.count {
      if right >= other.nodes.count
        || (left < nodes.count && nodes[left].element < other.nodes[right].element)
      {
        take(nodes[left].element, nodes[left], nil)
        left += 1
      } else if left >= nodes.count || other.nodes[right].element < nodes[left].element {
        take(other.nodes[right].element, nil, other.nodes[right])
        right += 1
      } else {
        take(nodes[left].element, nodes[left], other.nodes[right])
        left += 1
        right += 1
      }
    }
    return result
  }

  /// The fields that are in either.
  ///
  /// - Complexity: O(fields in both).
  public func union(_ other: FieldSet) -> FieldSet {
    if other.isEmpty { return self }
    if isEmpty { return other }
    return combined(other, { $0 || $1 }, { $0.union($1) })
  }

  /// The fields that are in both.
  public func intersection(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return FieldSet() }
    return combined(other, { $0 && $1 }, { $0.intersection($1) })
  }

  /// The fields that are not in the other. What lies below a member of the other stays.
  public func subtracting(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return self }
    return combined(other, { $0 && !$1 }, { $0.subtracting($1) })
  }

  /// The fields that are neither in the other nor below a member of it.
  public func subtractingTrees(_ other: FieldSet) -> FieldSet {
    var result = FieldSet()
    for node in nodes {
      guard let gone = other.node(node.element) else {
        result.nodes.append(node)
        continue
      }
      if gone.isMember { continue }
      let inner = node.inner.subtractingTrees(gone.inner)
      if node.isMember || !inner.isEmpty {
        result.nodes.append(Node(element: node.element, isMember: node.isMember, inner: inner))
      }
    }
    return result
  }

  /// All paths, in order; a node comes before what is below it.
  public var paths: [[PathElement]] {
    var result: [[PathElement]] = []
    collect([], &result)
    return result
  }

  private func collect(_ prefix: [PathElement], _ result: inout [[PathElement]]) {
    for node in nodes {
      let path = prefix + [node.element]
      if node.isMember { result.append(path) }
      node.inner.collect(path, &result)
    }
  }

  /// The set with the fields of types that are on the way to its members: whoever has `spec.replicas` has `spec`.
  func withNamedFields(_ shape: TypeShape, _ catalog: TypeCatalog) -> FieldSet {
    var result = FieldSet()
    for node in nodes {
      var node = node
      if case .field(let name) = node.element, case .object(let type) = shape, !node.inner.isEmpty,
        catalog.types[type].field(name) != nil
      {
        node.isMember = true
      }
      node.inner = node.inner.withNamedFields(catalog.shape(of: node.element, in: shape), catalog)
      result.nodes.append(node)
    }
    return result
  }

  // MARK: FieldsV1

  /// The set as `fieldsV1` of a `managedFields` entry has it.
  public var value: Value { draft(isMember: false).value }

  private func draft(isMember: Bool) -> ValueDraft {
    var members: [ValueDraft.Member] = []
    if isMember, !nodes.isEmpty { members.append(.init(".", .object([]))) }
    for node in nodes { members.append(.init(node.element.text, node.inner.draft(isMember: node.isMember))) }
    return .object(members)
  }

  /// Reads a set from `fieldsV1`; nil when it is none.
  public init?(_ value: Value) {
    guard value.kind == .object else { return nil }
    for (name, inner) in value.members where name != "." {
      guard let element = PathElement(parsing: name), let below = FieldSet(inner) else { return nil }
      // A node without anything below it is a member, and so is one with a dot.
      if inner.count == 0 || inner["."] != nil { insert([element]) }
      graft(below, at: element)
    }
  }
}

extension TypeCatalog {
  /// What a step from a place leads to.
  func shape(of element: PathElement, in shape: TypeShape) -> TypeShape {
    switch (shape, element) {
    case (.object(let type), .field(let name)): types[type].field(name)?.shape ?? types[type].rest ?? .any
    case (.map(let element, _), _): element
    case (.list(let element, _, _), _): element
    default: .any
    }
  }
}
