internal import KubernetesModel

/// A type whose Go counterpart can be dumped for the hash.
protocol GoDumpable {
  func dump(to dump: inout GoDump)
}

/// Text of a pod template as go-spew prints it, fed to FNV-1a as it is made.
///
/// The dump of a typical template has some 8,000 bytes; none of them is ever stored, unless a transcript is wanted.
struct GoDump {
  private(set) var hash: UInt64 = 14_695_981_039_346_656_037
  /// The whole text, for tests; nil in ordinary use.
  var transcript: [UInt8]?

  @inline(__always)
  mutating func write(_ literal: StaticString) {
    write(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    var value = hash
    for byte in bytes { value = (value ^ UInt64(byte)) &* 1_099_511_628_211 }
    hash = value
    if transcript != nil { transcript?.append(contentsOf: bytes) }
  }

  mutating func write(_ text: String) {
    var text = text
    text.withUTF8 { write($0) }
  }

  // MARK: Scalars

  mutating func dump(_ value: String) { write(value) }
  mutating func dump(_ value: Bool) { if value { write("true") } else { write("false") } }
  mutating func dump(_ value: Int32) { write(String(value)) }
  mutating func dump(_ value: Int64) { write(String(value)) }

  mutating func dump(_ value: IntOrString) {
    switch value {
    case .int(let number):
      write("{Type:(intstr.Type)0 IntVal:(int32)")
      write(String(number))
      write(" StrVal:(string)}")
    case .string(let text):
      write("{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)")
      write(text)
      write("}")
    }
  }

  ///
  mutating func dump(_ value: Quantity) {
    let layout = value.goLayout
    write("{i:(resource.int64Amount){value:(int64)")
    write(String(layout.value))
    write(" scale:(resource.Scale)")
    write(String(layout.scale))
    write("} d:(resource.infDecAmount){Dec:(*inf.Dec)")
    if let decimal = layout.decimal {
      write("{unscaled:(big.Int){neg:(bool)")
      dump(decimal.isNegative)
      write(" abs:(big.nat)")
      if decimal.words.isEmpty {
        write("<nil>")
      } else {
        write("[")
        for (index, word) in decimal.words.enumerated() {
          if index > 0 { write(" ") }
          write(String(word))
        }
        write("]")
      }
      write("} scale:(inf.Scale)")
      write(String(decimal.scale))
      write("}")
    } else {
      write("<nil>")
    }
    write("} s:(string)")
    write(layout.cachedText)
    write(" Format:(resource.Format)")
    write(layout.format.rawValue)
    write("}")
  }

  /// A time, which a pod template can hold only in the metadata of an ephemeral volume's claim. The one Go
  /// prints there also tells the process's time zone; with UTC that is nothing.
  mutating func dump(_ value: Timestamp?) {
    // Go counts from the year 1.
    let seconds = value.map { $0.secondsSince1970 + 62_135_596_800 } ?? 0
    write("{Time:(time.Time){wall:(uint64)0 ext:(int64)")
    dump(seconds)
    write(" loc:(*time.Location)<nil>}}")
  }

  /// Managed fields, which no template has; Go keeps them as raw bytes.
  mutating func optional(_ value: Value?) {
    if value == nil { write("<nil>") } else { write("{Raw:([]uint8)<nil>}") }
  }

  // MARK: Pointers, slices, maps

  mutating func optional(_ value: Timestamp?) { if value == nil { write("<nil>") } else { dump(value) } }

  mutating func optional(_ value: String?) { value.map { dump($0) } ?? write("<nil>") }
  mutating func optional(_ value: Bool?) { value.map { dump($0) } ?? write("<nil>") }
  mutating func optional(_ value: Int32?) { value.map { dump($0) } ?? write("<nil>") }
  mutating func optional(_ value: Int64?) { value.map { dump($0) } ?? write("<nil>") }
  mutating func optional(_ value: Quantity?) { value.map { dump($0) } ?? write("<nil>") }
  mutating func optional(_ value: IntOrString?) { value.map { dump($0) } ?? write("<nil>") }
  @inline(__always)
  mutating func optional<T: GoDumpable>(_ value: T?) {
    if let value { value.dump(to: &self) } else { write("<nil>") }
  }

  @inline(__always)
  private mutating func list<T>(
    _ values: [T], _ isPresent: Bool, _ body: (inout GoDump, T) -> Void
  ) {
    if values.isEmpty, !isPresent {
      write("<nil>")
      return
    }
    write("[")
    for (index, value) in values.enumerated() {
      if index > 0 { write(" ") }
      body(&self, value)
    }
    write("]")
  }

  mutating func list(_ values: [String], _ isPresent: Bool) { list(values, isPresent) { $0.write($1) } }
  mutating func list(_ values: [Int64], _ isPresent: Bool) { list(values, isPresent) { $0.dump($1) } }
  mutating func list(_ values: [Int32], _ isPresent: Bool) { list(values, isPresent) { $0.dump($1) } }
  mutating func list<T: GoDumpable>(_ values: [T], _ isPresent: Bool) {
    list(values, isPresent) { $1.dump(to: &$0) }
  }

  @inline(__always)
  private mutating func map<T>(
    _ values: StringMap<T>, _ isPresent: Bool, _ body: (inout GoDump, T) -> Void
  ) {
    if values.isEmpty, !isPresent {
      write("<nil>")
      return
    }
    write("map[")
    for (index, entry) in values.enumerated() {
      if index > 0 { write(" ") }
      write(entry.key)
      write(":")
      body(&self, entry.value)
    }
    write("]")
  }

  mutating func map(_ values: StringMap<String>, _ isPresent: Bool) {
    map(values, isPresent) { $0.write($1) }
  }
  mutating func map(_ values: StringMap<Quantity>, _ isPresent: Bool) {
    map(values, isPresent) { $0.dump($1) }
  }
}
