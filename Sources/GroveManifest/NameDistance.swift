/// Finds the name that somebody may have meant.
public enum NameDistance {
  /// The candidate nearest to a misspelt name, if one is near enough: at most a third of its letters, and at most
  /// three, inserted, dropped, replaced or swapped with a neighbour. Upper and lower case count as the same letter.
  ///
  /// - Parameters:
  ///   - name: what was written.
  ///   - candidates: what could be meant. Of equally near ones the first wins.
  /// - Complexity: O(candidates × length²); names longer than 64 bytes are not compared.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().utf8)
    guard wanted.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name && candidate.utf8.count <= 64 {
      let letters = Array(candidate.lowercased().utf8)
      let allowed = min(3, max(1, max(wanted.count, letters.count) / 3))
      guard abs(letters.count - wanted.count) <= allowed else { continue }
      let distance = distance(wanted, letters)
      if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The number of single-letter edits between two names, a swap of neighbours counting as one.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    var current = previous
    for row in a.indices {
      current[0] = row + 1
      for column in b.indices {
        let replaced = previous[column] + (a[row] == b[column] ? 0 : 1)
        current[column + 1] = min(replaced, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
          current[column + 1] = min(current[column + 1], beforePrevious[column - 1] + 1)
        }
      }
      (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[b.count]
  }
}
