extension String: TapeCodable {
  /// Reads a string. Numbers and booleans are not strings, as for the API server.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    if entry.kind == .string {
      self = String(decoding: decoder.tape.text(entry), as: UTF8.self)
    } else {
      self = ""
      if entry.kind != .null { decoder.mismatch(node, .string) }
    }
  }

  /// Writes the string.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.string(self) }

  /// Whether the string is empty.
  @inline(__always)
  public var isZero: Bool { isEmpty }
}

extension Bool: TapeCodable {
  /// Reads a boolean.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    self = entry.kind == .boolean && entry.flags == 1
    if entry.kind != .boolean, entry.kind != .null { decoder.mismatch(node, .boolean) }
  }

  /// Writes the boolean.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.boolean(self) }

  /// Whether it is false.
  @inline(__always)
  public var isZero: Bool { !self }
}

extension Int32: TapeCodable {
  /// Reads an integer of 32 bits.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self = Int32(truncatingIfNeeded: decoder.integer(node, bits: 32))
  }

  /// Writes the integer.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.integer(Int64(self)) }

  /// Whether it is 0.
  @inline(__always)
  public var isZero: Bool { self == 0 }
}

extension Int64: TapeCodable {
  /// Reads an integer of 64 bits.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self = decoder.integer(node, bits: 64)
  }

  /// Writes the integer.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.integer(self) }

  /// Whether it is 0.
  @inline(__always)
  public var isZero: Bool { self == 0 }
}

extension Double: TapeCodable {
  /// Reads a number.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    switch entry.kind {
    case .integer, .float: self = Double(decoder.tape.string(at: node)) ?? 0
    case .null: self = 0
    default:
      self = 0
      decoder.mismatch(node, .number)
    }
  }

  /// Writes the number, without a fraction when it has none.
  public func encode(to encoder: inout TapeEncoder) {
    if self == rounded(), abs(self) < 1e15 {
      encoder.builder.integer(Int64(self))
    } else {
      encoder.builder.number("\(self)")
    }
  }

  /// Whether it is 0.
  public var isZero: Bool { self == 0 }
}

extension TapeDecoder {
  /// The integer that a number with a point or an exponent is, as `1.0` and `1e3` are: the API server keeps it as a
  /// float and writes it without a fraction.
  @inline(never)
  private func wholeNumber(_ index: Int) -> Int64? {
    guard let number = Double(tape.string(at: index)) else { return nil }
    return Int64(exactly: number)
  }

  @inline(__always)
  mutating func integer(_ index: Int, bits: Int) -> Int64 {
    let entry = node(index)
    if entry.kind == .integer, let value = parseInteger(tape.text(entry)) {
      if bits == 64 || (value >= Int64(Int32.min) && value <= Int64(Int32.max)) { return value }
    } else if entry.kind == .float, let value = wholeNumber(index) {
      if bits == 64 || (value >= Int64(Int32.min) && value <= Int64(Int32.max)) { return value }
    }
    if entry.kind != .null { mismatch(index, .integer(bits: bits)) }
    return 0
  }
}

extension Quantity: TapeCodable {
  /// Zero.
  public init() { self.init(0) }

  /// Reads a quantity from a string or a number.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    switch entry.kind {
    case .string, .integer, .float:
      do {
        self = try Quantity(utf8: decoder.tape.text(entry))
      } catch {
        self.init(0)
        decoder.malformed(node, "\(error)")
      }
    case .null: self.init(0)
    default:
      self.init(0)
      decoder.mismatch(node, .quantity)
    }
  }

  /// Writes the quantity as it was written.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.string(text) }
}

extension IntOrString: TapeCodable {
  /// The integer 0.
  public init() { self = .int(0) }

  /// Reads an integer or a string; a numeric string stays a string.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    switch entry.kind {
    case .string: self = .string(decoder.tape.string(at: node))
    case .integer, .float: self = .int(Int32(truncatingIfNeeded: decoder.integer(node, bits: 32)))
    case .null: self = .int(0)
    default:
      self = .int(0)
      decoder.mismatch(node, .integerOrString)
    }
  }

  /// Writes the integer or the string.
  public func encode(to encoder: inout TapeEncoder) {
    switch self {
    case .int(let value): encoder.builder.integer(Int64(value))
    case .string(let text): encoder.builder.string(text)
    }
  }
}

extension Value: TapeCodable {
  /// A null.
  public init() { self = .null }

  /// Takes a copy of whatever is there.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self = Value(tape: decoder.tape, index: node).detached()
  }

  /// Writes the value.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.append(self) }

  /// Whether it is null.
  public var isZero: Bool { isNull }
}

extension Array: TapeCodable where Element: TapeCodable {
  /// Reads a list.
  @inlinable
  public init(from node: Int, in decoder: inout TapeDecoder) {
    let entry = decoder.node(node)
    self = []
    guard entry.kind == .array else {
      if entry.kind != .null { decoder.mismatch(node, .array) }
      return
    }
    reserveCapacity(Int(entry.length))
    var cursor = node + 1
    let end = Int(entry.next)
    while cursor < end {
      append(Element(from: cursor, in: &decoder))
      cursor = Int(decoder.node(cursor).next)
    }
  }

  /// Writes the list.
  @inlinable
  public func encode(to encoder: inout TapeEncoder) {
    encoder.beginArray()
    for element in self { element.encode(to: &encoder) }
    encoder.endArray()
  }

  /// Whether the list is empty.
  @inlinable
  public var isZero: Bool { isEmpty }
}

extension TapeEncoder {
  /// Opens an array.
  public mutating func beginArray() { builder.beginArray() }
  /// Closes an array.
  public mutating func endArray() { builder.endArray() }
  /// Writes the name of a map entry.
  public mutating func mapKey(_ name: String) { builder.key(name) }
  /// Opens a map, whose entries come in byte order.
  public mutating func beginMap() { builder.beginSortedObject() }
  /// Closes a map.
  public mutating func endMap() { builder.endObject() }
}

extension StringMap: TapeCodable where Value: TapeCodable {
  /// Reads a map.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self.init()
    guard var cursor = decoder.object(node) else { return }
    reserveCapacity(Int(decoder.node(node).length))
    while let field = decoder.next(&cursor) {
      self[decoder.tape.string(at: field.key)] = Value(from: field.value, in: &decoder)
    }
  }

  /// Writes the map in byte order of its keys.
  public func encode(to encoder: inout TapeEncoder) {
    encoder.beginMap()
    for (name, value) in self {
      encoder.mapKey(name)
      value.encode(to: &encoder)
    }
    encoder.endMap()
  }

  /// Whether the map is empty.
  public var isZero: Bool { isEmpty }
}

extension Timestamp: TapeCodable {
  /// The Unix epoch, which no API object uses; optional fields say "no time" with nil.
  public init() { self.init(secondsSince1970: 0) }

  /// Reads RFC 3339 text.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self.init()
    decoder.text(node) { (text, decoder) in
      do {
        self = try Timestamp(utf8: text)
      } catch {
        decoder.malformed(node, "\(error)")
      }
    }
  }

  /// Writes RFC 3339 text.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.string(self.text) }
}

extension MicroTime: TapeCodable {
  /// The Unix epoch.
  public init() { self.init(Timestamp()) }

  /// Reads RFC 3339 text.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self.init(Timestamp(from: node, in: &decoder))
  }

  /// Writes RFC 3339 text with six digits after the second.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.string(description) }
}

extension Duration: TapeCodable {
  /// No time at all.
  public init() { self.init(nanoseconds: 0) }

  /// Reads Go duration text.
  public init(from node: Int, in decoder: inout TapeDecoder) {
    self.init()
    decoder.text(node) { (text, decoder) in
      do {
        self = try Duration(utf8: text)
      } catch {
        decoder.malformed(node, "\(error)")
      }
    }
  }

  /// Writes Go duration text.
  public func encode(to encoder: inout TapeEncoder) { encoder.builder.string(description) }
}

extension TapeDecoder {
  mutating func text(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>, inout TapeDecoder) -> Void) {
    let entry = node(index)
    if entry.kind == .string {
      body(tape.text(entry), &self)
    } else if entry.kind != .null {
      mismatch(index, .string)
    }
  }
}
