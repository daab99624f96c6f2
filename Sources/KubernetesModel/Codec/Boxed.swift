/// An optional sub-object kept behind a reference, with value semantics.
///
/// Copying the owner then copies one pointer instead of the whole sub-object, and comparing two owners that share
/// it costs one pointer comparison.
@propertyWrapper
public struct Boxed<Wrapped: TapeCodable>: Sendable, Equatable {
  // Written only while uniquely referenced, so sharing between threads is safe.
  private final class Storage: @unchecked Sendable {
    var value: Wrapped?
    init(_ value: Wrapped?) { self.value = value }
  }

  private var storage: Storage?

  /// Boxes a value, or nothing.
  public init(wrappedValue: Wrapped?) {
    storage = wrappedValue.map { Storage($0) }
  }

  /// The value, or nil.
  public var wrappedValue: Wrapped? {
    get { storage?.value }
    set { storage = newValue.map { Storage($0) } }
    _modify {
      guard storage != nil, isKnownUniquelyReferenced(&storage) else {
        var value = storage?.value
        defer { storage = value.map { Storage($0) } }
        yield &value
        return
      }
      var value = storage?.value
      storage?.value = nil
      defer {
        if value == nil { storage = nil } else { storage?.value = value }
      }
      yield &value
    }
  }

  /// Whether both hold equal values.
  public static func == (lhs: Boxed, rhs: Boxed) -> Bool {
    lhs.storage === rhs.storage || lhs.storage?.value == rhs.storage?.value
  }
}

/// A sub-object kept behind a reference, with value semantics. Like ``Boxed``, but always there.
@propertyWrapper
public struct Indirect<Wrapped: TapeCodable>: Sendable, Equatable {
  private final class Storage: @unchecked Sendable {
    // Checks at run time would cost more than the reads; nothing writes while somebody reads, for the same reason.
    @exclusivity(unchecked) var value: Wrapped
    init(_ value: Wrapped) { self.value = value }
  }

  private var storage: Storage

  /// Boxes a value.
  public init(wrappedValue: Wrapped) {
    storage = Storage(wrappedValue)
  }

  /// The value.
  public var wrappedValue: Wrapped {
    _read { yield storage.value }
    set { storage = Storage(newValue) }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
      yield &storage.value
    }
  }

  /// The box itself: `pod.$spec.wrappedValue.nodeName` reads one field of a sub-object in place, where
  /// `pod.spec.nodeName` copies the sub-object first when the caller is in another module.
  public var projectedValue: Indirect { self }

  /// Whether both hold equal values.
  public static func == (lhs: Indirect, rhs: Indirect) -> Bool {
    lhs.storage === rhs.storage || lhs.storage.value == rhs.storage.value
  }
}
