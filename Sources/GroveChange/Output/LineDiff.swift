/// A unified diff of two texts.
enum LineDiff {
  private enum Line {
    case same(String)
    case removed(String)
    case added(String)
  }

  /// Lines around a change that are shown with it.
  private static let context = 3
  /// More pairs of lines than this are not compared one by one.
  private static let mostPairs = 4_000_000

  /// The hunks, without file names; empty when the texts are the same.
  static func hunks(_ old: [String], _ new: [String]) -> [String] {
    let lines = lines(old, new)
    let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
    guard !changed.isEmpty else { return [] }
    var ranges: [Range<Int>] = []
    for index in changed {
      let range = max(index - context, 0)..<min(index + context + 1, lines.count)
      if let last = ranges.last, last.upperBound >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    var output: [String] = []
    var (one, other, position) = (1, 1, 0)
    for range in ranges {
      while position < range.lowerBound {
        (one, other, position) = (one + 1, other + 1, position + 1)
      }
      var (before, after, body) = (0, 0, [String]())
      for line in lines[range] {
        switch line {
        case .same(let text):
          (before, after) = (before + 1, after + 1)
          body.append(" " + text)
        case .removed(let text):
          before += 1
          body.append("-" + text)
        case .added(let text):
          after += 1
          body.append("+" + text)
        }
      }
      output.append("@@ -\(span(one, before)) +\(span(other, after)) @@")
      output += body
      (one, other, position) = (one + before, other + after, range.upperBound)
    }
    return output
  }

  private static func span(_ start: Int, _ count: Int) -> String {
    count == 0 ? "\(start - 1),0" : count == 1 ? "\(start)" : "\(start),\(count)"
  }

  private static func lines(_ old: [String], _ new: [String]) -> [Line] {
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - start, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
      tail += 1
    }
    let (before, after) = (Array(old[start..<(old.count - tail)]), Array(new[start..<(new.count - tail)]))
    return old[..<start].map { .same($0) } + middle(before, after)
      + old[(old.count - tail)...].map { .same($0) }
  }

  /// By the longest common subsequence.
  private static func middle(_ old: [String], _ new: [String]) -> [Line] {
    guard old.count * new.count <= mostPairs else { return old.map { .removed($0) } + new.map { .added($0) } }
    let width = new.count + 1
    var lengths = [Int32](repeating: 0, count: (old.count + 1) * width)
    for i in stride(from: old.count - 1, through: 0, by: -1) {
      for j in stride(from: new.count - 1, through: 0, by: -1) {
        lengths[i * width + j] =
          old[i] == new[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if i < old.count, j < new.count, old[i] == new[j] {
        lines.append(.same(old[i]))
        (i, j) = (i + 1, j + 1)
      } else if i < old.count, j == new.count || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        lines.append(.removed(old[i]))
        i += 1
      } else {
        lines.append(.added(new[j]))
        j += 1
      }
    }
    return lines
  }
}
