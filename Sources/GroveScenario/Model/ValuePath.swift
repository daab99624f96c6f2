internal import GroveSimulate
public import KubernetesModel

/// Why a text is not a ``ValuePath``, or why a path does not lead anywhere.
public struct ValuePathError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String

  init(_ description: String) { self.description = description }
}

/// A way into an untyped object: `spec.template.cliques[name=pc-a].spec.replicas`.
///
/// Members are separated by points; names that hold points or slashes stand in brackets
/// (`metadata.labels[grove.io/podclique]`). A number in brackets is a position in a list, `name=value` is the element
/// whose member `name` has that value, and `*` is every element.
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  /// A part of a path.
  public enum Part: Sendable, Hashable {
    /// The member of an object.
    case member(String)
    /// The element at a position of a list, from 0.
    case position(Int)
    /// The first element of a list whose member has a value.
    case element(name: String, value: String)
    /// Every element of a list.
    case all
  }

  /// The parts, the outermost first.
  public var parts: [Part]

  /// A path of parts.
  public init(_ parts: [Part]) { self.parts = parts }

  /// Reads a path.
  ///
  /// - Throws: ``ValuePathError``.
  public init(parsing text: String) throws(ValuePathError) {
    parts = []
    var rest = Substring(text)
    var expectsName = true
    while let first = rest.first {
      if first == "[" {
        guard let end = rest.firstIndex(of: "]") else { throw ValuePathError("\(text): ] is missing") }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        parts.append(try Self.bracket(inside, in: text))
        rest = rest[rest.index(after: end)...]
        expectsName = false
      } else {
        if first == "." {
          if expectsName { throw ValuePathError("\(text): a name is missing before a point") }
          rest = rest.dropFirst()
        } else if !expectsName {
          throw ValuePathError("\(text): a point is missing after ]")
        }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        if name.isEmpty { throw ValuePathError("\(text): a name is missing after a point") }
        parts.append(.member(String(name)))
        rest = rest[name.endIndex...]
        expectsName = false
      }
    }
    if parts.isEmpty { throw ValuePathError("the path is empty") }
  }

  private static func bracket(_ inside: Substring, in text: String) throws(ValuePathError) -> Part {
    if inside.isEmpty { throw ValuePathError("\(text): nothing between [ and ]") }
    if inside == "*" { return .all }
    if inside.allSatisfy({ ("0"..."9").contains($0) }), let position = Int(inside) {
      return .position(position)
    }
    guard let separator = inside.firstIndex(of: "=") else { return .member(String(inside)) }
    let name = inside[..<separator]
    if name.isEmpty { throw ValuePathError("\(text): a name is missing before =") }
    return .element(name: String(name), value: String(inside[inside.index(after: separator)...]))
  }

  /// Whether the path may lead to several values, so that it is read as a list.
  public var isPlural: Bool { parts.contains(.all) }

  /// The path as it is written.
  public var description: String {
    var text = ""
    for part in parts {
      switch part {
      case .member(let name):
        if name.contains(where: { $0 == "." || $0 == "/" || $0 == "[" }) {
          text += "[\(name)]"
        } else {
          text += text.isEmpty ? name : ".\(name)"
        }
      case .position(let position): text += "[\(position)]"
      case .element(let name, let value): text += "[\(name)=\(value)]"
      case .all: text += "[*]"
      }
    }
    return text
  }

  // MARK: Reading

  /// The values that the path leads to; empty when there are none.
  public func values(in root: Value) -> [Value] {
    var found = [root]
    for part in parts {
      switch part {
      case .member(let name): found = found.compactMap { $0[name] }
      case .position(let position): found = found.compactMap { $0[position] }
      case .element(let name, let value):
        found = found.compactMap { list in list.elements.first { $0[name]?.scalarText == value } }
      case .all: found = found.flatMap(\.elements)
      }
    }
    return found.filter { !$0.isNull }
  }

  /// What the path leads to: a list of all values for a plural path, else the value; nil when there is none.
  public func value(in root: Value) -> Value? {
    let found = values(in: root)
    return isPlural ? .array(found) : found.first
  }

  // MARK: Changing

  /// An object with the value at the path replaced, added or, with nil, removed.
  ///
  /// Objects on the way that are missing are made. A position one beyond the end of a list appends.
  ///
  /// - Throws: ``ValuePathError`` when an element on the way is missing, or something on it is of another kind.
  public func setting(_ value: Value?, in root: Value) throws(ValuePathError) -> Value {
    try Self.setting(value, in: root, along: parts[...], path: self) ?? .object([:])
  }

  private static func setting(
    _ value: Value?, in current: Value?, along parts: ArraySlice<Part>, path: ValuePath
  ) throws(ValuePathError) -> Value? {
    guard let part = parts.first else { return value }
    let rest = parts.dropFirst()
    if case .member(let name) = part {
      let object = current.flatMap { $0.isNull ? nil : $0 }
      if let object, object.kind != .object {
        throw ValuePathError("\(path): \(name) is a member of something that is no object")
      }
      var members = (object?.members ?? []).map { ($0.name, $0.value) }
      let position = members.firstIndex { $0.0 == name }
      let changed = try setting(value, in: position.map { members[$0].1 }, along: rest, path: path)
      if let changed {
        if let position { members[position].1 = changed } else { members.append((name, changed)) }
      } else if let position {
        members.remove(at: position)
      }
      return .object(members)
    }
    guard let list = current, list.kind == .array else {
      throw ValuePathError("\(path): there is no list for \(ValuePath([part]))")
    }
    var elements = list.elements
    for position in try positions(of: part, in: elements, path: path).reversed() {
      let isNew = position == elements.count
      let changed = try setting(value, in: isNew ? nil : elements[position], along: rest, path: path)
      switch (changed, isNew) {
      case (let changed?, true): elements.append(changed)
      case (let changed?, false): elements[position] = changed
      case (nil, true): break
      case (nil, false): elements.remove(at: position)
      }
    }
    return .array(elements)
  }

  private static func positions(
    of part: Part, in elements: [Value], path: ValuePath
  ) throws(ValuePathError) -> [Int] {
    switch part {
    case .all: return Array(elements.indices)
    case .position(let position):
      if position > elements.count {
        throw ValuePathError("\(path): the list has \(elements.count) elements only")
      }
      return [position]
    case .element(let name, let value):
      guard let position = elements.firstIndex(where: { $0[name]?.scalarText == value }) else {
        throw ValuePathError("\(path): no element has \(name) \(value)")
      }
      return [position]
    case .member: return []
    }
  }
}
