/// Finds the name somebody may have meant.
public enum NearestName {
  /// The name nearest to a wrong one, if one is near enough: at most a third of the letters differ, and not
  /// more than three. Letters that changed places count once; upper and lower case do not differ.
  ///
  /// - Complexity: O(letters² · names).
  public static func of(_ wrong: String, among names: [String]) -> String? {
    let word = Array(wrong.lowercased().utf8)
    guard !word.isEmpty, word.count <= 128 else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = Array(name.lowercased().utf8)
      let limit = min(3, max(1, max(word.count, candidate.count) / 3))
      guard abs(candidate.count - word.count) <= limit else { continue }
      let distance = distance(word, candidate)
      if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// How many letters must be put in, taken out, replaced or swapped with their neighbour.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...max(a.count, 1) where i <= a.count {
      var current = [i] + [Int](repeating: 0, count: b.count)
      for j in 0..<b.count {
        let cost = a[i - 1] == b[j] ? 0 : 1
        current[j + 1] = min(last[j + 1] + 1, current[j] + 1, last[j] + cost)
        if i > 1, j > 0, a[i - 1] == b[j - 1], a[i - 2] == b[j] {
          current[j + 1] = min(current[j + 1], beforeLast[j - 1] + 1)
        }
      }
      beforeLast = last
      last = current
    }
    return last[b.count]
  }
}
