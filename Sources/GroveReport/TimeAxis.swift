internal import GroveSimulate
internal import KubernetesModel

/// Where times stand on a page: to scale while something happens, and cut short where nothing does.
struct TimeAxis {
  /// A stretch of time and its place.
  struct Span {
    var from: Timestamp
    var to: Timestamp
    var left: Double
    var right: Double
    /// Whether it is shorter on the page than it should be.
    var isCut: Bool
  }

  /// A mark with its text.
  struct Tick {
    var position: Double
    var text: String
  }

  let start: Timestamp
  private(set) var spans: [Span] = []
  private(set) var ticks: [Tick] = []

  /// How wide a cut is, as a part of the whole.
  private static let cutShare = 0.035

  /// An axis.
  ///
  /// - Parameters:
  ///   - times: when something happened, in order; the first and the last are its ends.
  ///   - left: where it begins.
  ///   - width: how wide it is.
  init(_ times: [Timestamp], left: Double, width: Double) {
    start = times.first ?? .min
    let end = times.last ?? start
    let gaps = zip(times, times.dropFirst()).map { ($1 - $0).seconds }
    let longest = Self.longestPlainGap(gaps)
    // Stretches between cuts.
    var pieces: [(from: Timestamp, to: Timestamp, isCut: Bool)] = []
    var from = start
    for (earlier, later) in zip(times, times.dropFirst()) where (later - earlier).seconds > longest {
      if earlier > from { pieces.append((from, earlier, false)) }
      pieces.append((earlier, later, true))
      from = later
    }
    if end > from || pieces.isEmpty { pieces.append((from, end, false)) }
    let cuts = pieces.count { $0.isCut }
    let cutWidth = cuts == 0 ? 0 : min(Self.cutShare, 0.3 / Double(cuts)) * width
    let plain = pieces.reduce(0) { $0 + ($1.isCut ? 0 : ($1.to - $1.from).seconds) }
    let scale = plain > 0 ? (width - cutWidth * Double(cuts)) / plain : 0
    var position = left
    for piece in pieces {
      let next = position + (piece.isCut ? cutWidth : (piece.to - piece.from).seconds * scale)
      spans.append(Span(from: piece.from, to: piece.to, left: position, right: next, isCut: piece.isCut))
      position = next
    }
    placeTicks(scale: scale)
  }

  /// How long nothing may happen without a cut, in seconds: the longest gaps are cut while one of them would take up
  /// much of the page.
  private static func longestPlainGap(_ gaps: [Double]) -> Double {
    var total = gaps.reduce(0, +)
    var longest = Double.infinity
    for gap in gaps.sorted(by: >) {
      guard total > 60, gap > 0.4 * total else { break }
      total -= gap
      longest = gap
    }
    // What is as long as the shortest cut is cut as well.
    return longest == .infinity ? longest : longest.nextDown
  }

  private mutating func placeTicks(scale: Double) {
    guard scale > 0 else {
      ticks = [Tick(position: spans.first?.left ?? 0, text: "0s")]
      return
    }
    let steps: [Double] = [
      0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200,
    ]
    let step = steps.first { $0 * scale >= 52 } ?? 86_400
    var last = -Double.infinity
    for span in spans where !span.isCut {
      let (from, to) = ((span.from - start).seconds, (span.to - start).seconds)
      var marks: [Double] = []
      var mark = (from / step).rounded(.up) * step
      while mark <= to + 0.000_001 {
        marks.append(mark)
        mark += step
      }
      // Behind a cut the first moment says where the axis goes on.
      if from > 0, marks.first.map({ ($0 - from) * scale > 44 }) ?? true { marks.insert(from, at: 0) }
      for mark in marks {
        let position = span.left + (mark - from) * scale
        if position - last < 40 { continue }
        last = position
        ticks.append(Tick(position: position, text: Self.text(seconds: mark)))
      }
    }
  }

  /// Where a time stands.
  func position(_ time: Timestamp) -> Double {
    var (low, high) = (0, spans.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].to < time { low = middle + 1 } else { high = middle }
    }
    guard spans.indices.contains(low) else { return 0 }
    let span = spans[low]
    let length = (span.to - span.from).seconds
    if length <= 0 { return span.left }
    let share = min(max((time - span.from).seconds / length, 0), 1)
    return span.left + share * (span.right - span.left)
  }

  /// A time from the start in words: `1m30s`.
  func text(_ time: Timestamp) -> String { (time - start).text }

  private static func text(seconds: Double) -> String {
    var text = Duration.milliseconds(Int64((seconds * 1_000).rounded())).text
    if text.hasSuffix("m0s") { text.removeLast(2) }
    if text.hasSuffix("h0m") { text.removeLast(2) }
    return text
  }
}

extension Duration {
  /// The length in seconds.
  fileprivate var seconds: Double { Double(nanoseconds) / 1_000_000_000 }
}
