/// A map with text keys in UTF-8 byte order: labels, annotations, selectors, resource lists.
///
/// A dictionary iterates in an order that changes from run to run; this map always iterates in key order,
/// so whatever is derived from it (names, hashes, documents) is the same everywhere. Labels are few, so
/// it is a sorted array: searched from the front up to eight entries, by halves beyond.
///
///     var labels: StringMap = ["app": "decode", "grove.io/role": "leader"]
///     labels["app"] = nil
///     for (key, value) in labels { print(key, value) }
///
/// Keys are compared byte by byte, as in Go: unlike with `String.==`, a letter with its accent in one
/// scalar and in two are different keys.
public struct StringMap<Value: Sendable>: Sendable {
  /// A key and its value.
  public typealias Element = (key: String, value: Value)

  @usableFromInline
  var entries: [Element]

  /// An empty map.
  @inlinable
  public init() {
    entries = []
  }

  /// A map from entries that already are in ascending byte order of their keys, without equal keys.
  ///
  /// Debug builds check that; in release builds a wrong order makes entries impossible to find.
  ///
  /// - Complexity: O(1) in release builds.
  @inlinable
  public init(uniqueSorted entries: [Element]) {
    assert(Self.isAscending(entries), "keys must be unique and in ascending byte order")
    self.entries = entries
  }

  /// A map from entries in any order; of entries with the same key the last one counts.
  ///
  /// - Complexity: O(n) if the keys are in ascending order, else O(n log n).
  @inlinable
  public init(_ pairs: some Sequence<Element>) {
    self.init(unordered: Array(pairs))
  }

  /// A map from entries in any order; of entries with the same key the last one counts.
  ///
  /// - Complexity: O(n) if the keys are in ascending order, else O(n log n).
  @inlinable
  public init(_ pairs: some Sequence<(String, Value)>) {
    self.init(unordered: pairs.map { (key: $0.0, value: $0.1) })
  }

  @inlinable
  init(unordered: [Element]) {
    if Self.isAscending(unordered) {
      entries = unordered
      return
    }
    // By key, and by position among equal keys, so that the last of those is the last one in the list.
    let order = unordered.indices.sorted {
      switch utf8Order(unordered[$0].key, unordered[$1].key) {
      case 0: $0 < $1
      case let comparison: comparison < 0
      }
    }
    entries = []
    entries.reserveCapacity(unordered.count)
    for index in order {
      if let last = entries.last, utf8Order(last.key, unordered[index].key) == 0 {
        entries[entries.count - 1] = unordered[index]
      } else {
        entries.append(unordered[index])
      }
    }
  }

  @inlinable
  static func isAscending(_ entries: [Element]) -> Bool {
    for index in entries.indices.dropFirst()
    where utf8Order(entries[index - 1].key, entries[index].key) >= 0 {
      return false
    }
    return true
  }

  /// Makes room for so many entries.
  @inlinable
  public mutating func reserveCapacity(_ capacity: Int) {
    entries.reserveCapacity(capacity)
  }
}

extension StringMap: ExpressibleByDictionaryLiteral {
  /// A map from a literal in any order; of entries with the same key the last one counts.
  ///
  /// - Complexity: O(n) if the keys are in ascending order, else O(n log n).
  @inlinable
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init(elements)
  }
}

extension StringMap: Equatable where Value: Equatable {
  /// Whether two maps have the same keys, byte by byte, with equal values.
  ///
  /// - Complexity: O(n); O(1) for copies of which neither has changed.
  @inlinable
  public static func == (lhs: StringMap, rhs: StringMap) -> Bool {
    guard lhs.count == rhs.count else { return false }
    let isSameStorage = lhs.entries.withUnsafeBufferPointer { first in
      rhs.entries.withUnsafeBufferPointer { second in first.baseAddress == second.baseAddress }
    }
    if isSameStorage { return true }
    for index in lhs.indices
    where !hasSameUTF8(lhs[index].key, rhs[index].key) || lhs[index].value != rhs[index].value {
      return false
    }
    return true
  }
}

extension StringMap: Hashable where Value: Hashable {
  /// Feeds all keys and values to a hasher.
  ///
  /// - Complexity: O(n).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for (key, value) in self {
      hasher.combine(key)
      hasher.combine(value)
    }
  }
}

extension StringMap: CustomStringConvertible {
  /// The entries in key order, for debugging: `[app: decode, tier: gpu]`.
  public var description: String {
    isEmpty ? "[:]" : "[" + map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "]"
  }
}
