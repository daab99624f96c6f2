import KubernetesModel
import TestSupport
import Testing

@Suite("StringMap")
struct StringMapTests {
  @Test("iteration is in byte order whatever the order of insertion")
  func order() {
    let keys = [
      "b", "a", "", "aa", "Z", "a-very-long-key-with-more-than-sixteen-bytes", "é", "z", "\u{1F600}",
      "\u{FFFD}",
    ]
    let expected = [
      "", "Z", "a", "a-very-long-key-with-more-than-sixteen-bytes", "aa", "b", "z", "é", "\u{FFFD}",
      "\u{1F600}",
    ]
    var random = SplitMix64(seed: 9)
    for _ in 0..<50 {
      var map = StringMap<Int>()
      for (index, key) in keys.shuffled(using: &random).enumerated() { map[key] = index }
      #expect(Array(map.keys) == expected)
      #expect(StringMap(keys.shuffled(using: &random).map { ($0, 0) }).keys.elementsEqual(expected))
    }
  }

  @Test("keys are bytes: canonically equivalent texts differ")
  func canonicalEquivalence() {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    #expect(composed == decomposed)
    var map: StringMap = [composed: 1]
    #expect(map[decomposed] == nil)
    map[decomposed] = 2
    #expect(map.count == 2)
    #expect(map[composed] == 1)
    #expect(map != [composed: 1])
    #expect(StringMap([(composed, 1)]) != StringMap([(decomposed, 1)]))
    // The same number of bytes, the same text to Swift, in another order.
    #expect(StringMap([("q\u{307}\u{323}", 1)]) != StringMap([("q\u{323}\u{307}", 1)]))
  }

  @Test("of equal keys the last one counts")
  func duplicates() {
    let literal: StringMap = ["b": 1, "a": 2, "b": 3, "a": 4]
    #expect(Array(literal.values) == [4, 3])
    let pairs: [(key: String, value: Int)] = [("a", 1), ("a", 2), ("b", 3), ("a", 5)]
    #expect(StringMap(pairs) == ["a": 5, "b": 3])
  }

  @Test("a map behaves like a dictionary under random operations")
  func behavesLikeADictionary() {
    var random = SplitMix64(seed: 10)
    for size in [4, 8, 9, 40] {
      var map = StringMap<Int>()
      var dictionary: [String: Int] = [:]
      for step in 0..<2_000 {
        let key = "grove.io/key-\(Int.random(in: 0..<size, using: &random))"
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1:
          map[key] = step
          dictionary[key] = step
        case 2:
          map[key] = nil
          dictionary[key] = nil
        case 3:
          #expect(map.removeValue(forKey: key) == dictionary.removeValue(forKey: key))
        case 4:
          map[key, default: 100] += 1
          dictionary[key, default: 100] += 1
        case 5:
          modify(&map[key])
          modify(&dictionary[key])
        default:
          #expect(map[key] == dictionary[key])
          #expect(map[key, default: -1] == dictionary[key, default: -1])
        }
        #expect(map.count == dictionary.count)
        #expect(map.isEmpty == dictionary.isEmpty)
      }
      #expect(map.map(\.key) == dictionary.keys.sorted())
      for (key, value) in map { #expect(dictionary[key] == value) }
      #expect(map == StringMap(dictionary))
    }
  }

  private func modify(_ value: inout Int?) {
    value = value.map { $0 % 3 == 0 ? nil : $0 + 1 } ?? 7
  }

  @Test("merging takes the values of the other map")
  func merging() {
    let mine: StringMap = ["a": 1, "c": 3, "e": 5]
    let other: StringMap = ["b": 20, "c": 30, "f": 60]
    #expect(mine.merging(other) == ["a": 1, "b": 20, "c": 30, "e": 5, "f": 60])
    #expect(other.merging(mine) == ["a": 1, "b": 20, "c": 3, "e": 5, "f": 60])
    #expect(mine.merging([:]) == mine)
    #expect(StringMap().merging(mine) == mine)
    var changed = mine
    changed.merge(other)
    #expect(changed.map(\.key) == ["a", "b", "c", "e", "f"])
    #expect(mine.count == 3)
  }

  @Test("filtering and mapping keep the order")
  func transforming() throws {
    let map: StringMap = ["a": 1, "b": 2, "c": 3]
    let odd: StringMap<Int> = map.filter { $0.value % 2 == 1 }
    #expect(odd == ["a": 1, "c": 3])
    let texts: StringMap<String> = map.mapValues { "\($0)" }
    #expect(texts == ["a": "1", "b": "2", "c": "3"])
    #expect(throws: QuantityError.badFormat) {
      try texts.merging(["d": "x"]).mapValues { text throws(QuantityError) in try Quantity(parsing: text) }
    }
    #expect(map.description == "[a: 1, b: 2, c: 3]")
    #expect(StringMap<Int>().description == "[:]")
  }

  @Test("it is a collection in key order")
  func collection() {
    let map = StringMap(uniqueSorted: [(key: "a", value: 1), (key: "b", value: 2), (key: "c", value: 3)])
    #expect(map[1].key == "b")
    #expect(map.first?.value == 1)
    #expect(map.last?.key == "c")
    #expect(map.keys.reversed() == ["c", "b", "a"])
    #expect(map.values.reduce(0, +) == 6)
    #expect(map.dropFirst().map(\.value) == [2, 3])
    #expect(map.indices == 0..<3)
  }

  @Test("equality and hashing follow the content")
  func hashing() {
    let first: StringMap = ["a": 1, "b": 2]
    var second: StringMap = ["b": 2]
    #expect(first != second)
    second["a"] = 1
    #expect(first == second)
    #expect(first.hashValue == second.hashValue)
    second["a"] = 7
    #expect(first != second)
    #expect(Set([first, second, ["b": 2, "a": 1]]).count == 2)
  }

  @Test("an entry is modified in place, without copying it")
  func modifiesInPlace() {
    var map: StringMap = ["list": Array(0..<100), "other": []]
    let before = map["list"]?.withUnsafeBufferPointer(\.baseAddress)
    map["list"]?[0] = 5
    map["list", default: []][1] = 6
    #expect(map["list"]?.withUnsafeBufferPointer(\.baseAddress) == before)
    #expect(map["list"]?.prefix(3) == [5, 6, 2])
  }
}
