/// Writes typed values to a ``Tape``.
///
/// Members of objects are written in byte order of their names, so that writers need not sort.
public struct TapeEncoder: ~Copyable {
  var builder: TapeBuilder

  /// An empty encoder.
  public init(nodeCapacity: Int = 64, byteCapacity: Int = 512) {
    builder = TapeBuilder(nodeCapacity: nodeCapacity, byteCapacity: byteCapacity)
  }

  /// The finished tape; each value encoded at the top is a root. The encoder is empty afterwards.
  public mutating func finish() -> Tape { builder.finish() }

  /// Opens an object whose fields come in byte order.
  public mutating func beginObject() { builder.beginSortedObject() }

  /// Closes an object, after adding what was preserved of it.
  public mutating func endObject(_ preserved: Preserved) {
    if preserved.hasUnknown { appendUnknown(preserved) }
    builder.endObject()
  }

  @inline(never)
  private mutating func appendUnknown(_ preserved: Preserved) {
    builder.markUnsorted()
    for field in preserved.unknownFields {
      builder.key(field.name)
      builder.append(field.value)
    }
  }

  /// Writes a field always.
  public mutating func always<T: TapeCodable>(_ symbol: FieldSymbol, _ value: T) {
    builder.key(symbol)
    value.encode(to: &self)
  }

  /// Writes a field unless it is zero.
  public mutating func unlessZero<T: TapeCodable>(_ symbol: FieldSymbol, _ value: T) {
    if value.isZero { return }
    builder.key(symbol)
    value.encode(to: &self)
  }

  /// Writes a field unless it is zero and was not written out as empty in the source.
  public mutating func collection<T: TapeCodable>(
    _ symbol: FieldSymbol, _ value: T, _ preserved: Preserved
  ) {
    if value.isZero, !preserved.isMarkedEmpty(symbol) {
      if preserved.isMarkedNull(symbol) { null(symbol) }
      return
    }
    builder.key(symbol)
    value.encode(to: &self)
  }

  /// Writes a list or map always; as null when the source did.
  public mutating func alwaysCollection<T: TapeCodable>(
    _ symbol: FieldSymbol, _ value: T, _ preserved: Preserved
  ) {
    if value.isZero, preserved.isMarkedNull(symbol) {
      null(symbol)
      return
    }
    builder.key(symbol)
    value.encode(to: &self)
  }

  private mutating func null(_ symbol: FieldSymbol) {
    builder.key(symbol)
    builder.null()
  }

  /// Writes a field unless it is nil; as null when the source did.
  public mutating func optional<T: TapeCodable>(_ symbol: FieldSymbol, _ value: T?, _ preserved: Preserved) {
    guard let value else {
      if preserved.isMarkedNull(symbol) { null(symbol) }
      return
    }
    builder.key(symbol)
    value.encode(to: &self)
  }

  /// Writes a constant string field: an object's `apiVersion` or `kind`.
  @inline(__always)
  public mutating func constant(_ symbol: FieldSymbol, _ text: StaticString) {
    builder.key(symbol)
    builder.scalar(
      .string, UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
