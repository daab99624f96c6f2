/// What a document said about an object that its typed fields cannot hold.
///
/// That is: fields no type has, in order, and which lists, maps or sub-objects were written out but empty. Both
/// survive a round trip. Only the unknown fields take part in `==`: to Kubernetes an empty list is an absent one.
public struct Preserved: Sendable, Equatable {
  private final class Storage: Sendable {
    let unknown: [(name: String, value: Value)]
    let empties: [UInt16]

    init(unknown: [(name: String, value: Value)], empties: [UInt16]) {
      self.unknown = unknown
      self.empties = empties
    }
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
    storage = Storage(unknown: unknownFields + [(name, value)], empties: storage?.empties ?? [])
  }

  /// Forgets all unknown fields, as the API server does when it prunes.
  public mutating func dropUnknownFields() {
    guard let storage, !storage.unknown.isEmpty else { return }
    self.storage = storage.empties.isEmpty ? nil : Storage(unknown: [], empties: storage.empties)
  }

  /// Remembers that a collection or sub-object was written out although empty.
  public mutating func markEmpty(_ symbol: FieldSymbol) {
    let empties = storage?.empties ?? []
    guard !empties.contains(symbol.rawValue) else { return }
    storage = Storage(unknown: storage?.unknown ?? [], empties: empties + [symbol.rawValue])
  }

  /// Forgets that a collection or sub-object was written out although empty.
  public mutating func unmarkEmpty(_ symbol: FieldSymbol) {
    guard let storage, storage.empties.contains(symbol.rawValue) else { return }
    let empties = storage.empties.filter { $0 != symbol.rawValue }
    self.storage =
      empties.isEmpty && storage.unknown.isEmpty ? nil : Storage(unknown: storage.unknown, empties: empties)
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
