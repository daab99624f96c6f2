extension StringMap: RandomAccessCollection {
  /// The position of the first entry, 0.
  @inlinable
  public var startIndex: Int { 0 }

  /// The position after the last entry.
  @inlinable
  public var endIndex: Int { entries.count }

  /// The entry at a position in key order.
  @inlinable
  public subscript(position: Int) -> Element { entries[position] }

  /// The keys in byte order.
  @inlinable
  public var keys: some RandomAccessCollection<String> & Sendable { Keys(map: self) }

  /// The values in the order of their keys.
  @inlinable
  public var values: some RandomAccessCollection<Value> & Sendable { Values(map: self) }

  @usableFromInline
  struct Keys: RandomAccessCollection, Sendable {
    @usableFromInline let map: StringMap
    @inlinable init(map: StringMap) { self.map = map }
    @inlinable var startIndex: Int { 0 }
    @inlinable var endIndex: Int { map.count }
    @inlinable subscript(position: Int) -> String { map[position].key }
  }

  @usableFromInline
  struct Values: RandomAccessCollection, Sendable {
    @usableFromInline let map: StringMap
    @inlinable init(map: StringMap) { self.map = map }
    @inlinable var startIndex: Int { 0 }
    @inlinable var endIndex: Int { map.count }
    @inlinable subscript(position: Int) -> Value { map[position].value }
  }
}

extension StringMap {
  /// The value of a key; assigning nil removes the entry.
  ///
  /// - Complexity: O(log n) to read and to replace, O(n) to insert and to remove.
  @inlinable
  public subscript(key: String) -> Value? {
    get {
      position(of: key).map { entries[$0].value }
    }
    set {
      switch (find(key), newValue) {
      case ((let position, true), let value?): entries[position].value = value
      case ((let position, true), nil): entries.remove(at: position)
      case ((let position, false), let value?): entries.insert((key: key, value: value), at: position)
      case ((_, false), nil): break
      }
    }
    _modify {
      let (position, isPresent) = find(key)
      // Taken out of the array while it is modified, so that there is one owner and no copy.
      var value: Value? = isPresent ? entries.remove(at: position).value : nil
      defer {
        if let value { entries.insert((key: key, value: value), at: position) }
      }
      yield &value
    }
  }

  /// The value of a key, or `defaultValue`, which modifying in place inserts.
  ///
  /// - Complexity: O(log n) to read and to replace, O(n) to insert.
  @inlinable
  public subscript(key: String, default defaultValue: @autoclosure () -> Value) -> Value {
    get {
      self[key] ?? defaultValue()
    }
    _modify {
      let (position, isPresent) = find(key)
      if !isPresent { entries.insert((key: key, value: defaultValue()), at: position) }
      yield &entries[position].value
    }
  }

  /// Removes the entry of a key and returns its value, or nil if there is none.
  ///
  /// - Complexity: O(n).
  @inlinable
  @discardableResult
  public mutating func removeValue(forKey key: String) -> Value? {
    position(of: key).map { entries.remove(at: $0).value }
  }

  /// Where a key is, or where it would be inserted.
  ///
  /// - Complexity: O(log n).
  @inlinable
  func find(_ key: String) -> (position: Int, isPresent: Bool) {
    var low = 0
    var high = entries.count
    // Entries are often built in order, so the end is tried first.
    if let last = entries.last, utf8Order(last.key, key) < 0 { return (high, false) }
    while low < high {
      let middle = (low + high) / 2
      switch utf8Order(entries[middle].key, key) {
      case 0: return (middle, true)
      case ..<0: low = middle + 1
      default: high = middle
      }
    }
    return (low, false)
  }

  /// Where a key is, or nil.
  ///
  /// - Complexity: O(log n).
  @inlinable
  func position(of key: String) -> Int? {
    if entries.count <= 8 {
      for position in entries.indices where hasSameUTF8(entries[position].key, key) { return position }
      return nil
    }
    let (position, isPresent) = find(key)
    return isPresent ? position : nil
  }
}

extension StringMap {
  /// Adds the entries of another map, whose values win.
  ///
  /// - Complexity: O(n + m).
  @inlinable
  public mutating func merge(_ other: StringMap) {
    if other.isEmpty { return }
    if isEmpty {
      self = other
      return
    }
    var merged: [Element] = []
    merged.reserveCapacity(count + other.count)
    var mine = 0
    for entry in other.entries {
      while mine < entries.count {
        let comparison = utf8Order(entries[mine].key, entry.key)
        if comparison > 0 { break }
        if comparison < 0 { merged.append(entries[mine]) }
        mine += 1
      }
      merged.append(entry)
    }
    merged.append(contentsOf: entries[mine...])
    entries = merged
  }

  /// The entries of both maps; the values of the other one win.
  ///
  /// - Complexity: O(n + m).
  @inlinable
  public func merging(_ other: StringMap) -> StringMap {
    var merged = self
    merged.merge(other)
    return merged
  }

  /// The entries that fulfil a condition.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func filter<Failure: Error>(
    _ isIncluded: (Element) throws(Failure) -> Bool
  ) throws(Failure) -> StringMap {
    var kept = StringMap()
    for entry in entries where try isIncluded(entry) { kept.entries.append(entry) }
    return kept
  }

  /// A map with the same keys and transformed values.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func mapValues<NewValue: Sendable, Failure: Error>(
    _ transform: (Value) throws(Failure) -> NewValue
  ) throws(Failure) -> StringMap<NewValue> {
    var mapped = StringMap<NewValue>()
    mapped.reserveCapacity(count)
    for entry in entries { mapped.entries.append((key: entry.key, value: try transform(entry.value))) }
    return mapped
  }
}
