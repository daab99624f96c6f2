/// What a document said about an object that its typed fields cannot hold.
///
/// That is: fields no type has, in order, and which lists, maps or sub-objects were written out but empty, or as
/// null. All survive a round trip. Only the unknown fields take part in `==`: to Kubernetes an empty list is an absent one.
public struct Preserved: Sendable, Equatable {
  private final class Storage: Sendable {
    let unknown: [(name: String, value: Value)]
    let empties: [UInt16]
    let nulls: [UInt16]

    init(unknown: [(name: String, value: Value)], empties: [UInt16], nulls: [UInt16]) {
      self.unknown = unknown
      self.empties = empties
      self.nulls = nulls
    }

    var isEmpty: Bool { unknown.isEmpty && empties.isEmpty && nulls.isEmpty }
  }

  private var storage: Storage?

  /// Nothing preserved.
  @inline(__always)
  public init() {}

  /// Fields that the type does not have, in document order.
  public var unknownFields: [(name: String, value: Value)] { storage?.unknown ?? [] }

  /// Whether there is nothing to write besides the typed fields.
  @inline(__always)
  public var isEmpty: Bool { storage == nil }

  /// Whether there are unknown fields.
  @inline(__always)
  var hasUnknown: Bool {
    guard let storage else { return false }
    return !storage.unknown.isEmpty
  }

  /// Adds an unknown field.
  public mutating func keep(_ name: String, _ value: Value) {
    replace(unknown: unknownFields + [(name, value)])
  }

  /// Forgets all unknown fields, as the API server does when it prunes.
  public mutating func dropUnknownFields() {
    guard let storage, !storage.unknown.isEmpty else { return }
    replace(unknown: [])
  }

  /// Remembers that a collection or sub-object was written out although empty.
  public mutating func markEmpty(_ symbol: FieldSymbol) {
    let empties = storage?.empties ?? []
    guard !empties.contains(symbol.rawValue) else { return }
    replace(empties: empties + [symbol.rawValue])
  }

  /// Forgets that a collection or sub-object was written out although empty.
  public mutating func unmarkEmpty(_ symbol: FieldSymbol) {
    guard let storage, storage.empties.contains(symbol.rawValue) else { return }
    replace(empties: storage.empties.filter { $0 != symbol.rawValue })
  }

  /// Remembers that a field was written out as null.
  public mutating func markNull(_ symbol: FieldSymbol) {
    let nulls = storage?.nulls ?? []
    guard !nulls.contains(symbol.rawValue) else { return }
    replace(nulls: nulls + [symbol.rawValue])
  }

  /// Whether a field was written out as null.
  @inline(__always)
  public func isMarkedNull(_ symbol: FieldSymbol) -> Bool {
    guard let storage else { return false }
    return storage.nulls.contains(symbol.rawValue)
  }

  private mutating func replace(
    unknown: [(name: String, value: Value)]? = nil, empties: [UInt16]? = nil, nulls: [UInt16]? = nil
  ) {
    let changed = Storage(
      unknown: unknown ?? storage?.unknown ?? [], empties: empties ?? storage?.empties ?? [],
      nulls: nulls ?? storage?.nulls ?? [])
    storage = changed.isEmpty ? nil : changed
  }

  /// Whether a collection or sub-object was written out although empty.
  @inline(__always)
  public func isMarkedEmpty(_ symbol: FieldSymbol) -> Bool {
    guard let storage else { return false }
    return storage.empties.contains(symbol.rawValue)
  }

  /// Whether both hold the same unknown fields.
  public static func == (lhs: Preserved, rhs: Preserved) -> Bool {
    if lhs.storage === rhs.storage { return true }
    let (left, right) = (lhs.unknownFields, rhs.unknownFields)
    return left.count == right.count
      && zip(left, right).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}
