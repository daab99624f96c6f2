internal import GroveSimulate

/// How many there are to be: `3`, `>= 3`, `<= 3`, `> 3`, `< 3`, or `2..4` with both ends.
public struct CountCheck: Sendable, Hashable, CustomStringConvertible {
  /// The fewest; nil for no bound.
  public var least: Int?
  /// The most; nil for no bound.
  public var most: Int?

  /// Exactly so many.
  public init(_ count: Int) {
    least = count
    most = count
  }

  /// At least and at most so many; nil for no bound.
  public init(least: Int?, most: Int?) {
    self.least = least
    self.most = most
  }

  /// Reads a check; nil when the text is none.
  public init?(parsing text: String) {
    let compact = String(text.filter { $0 != " " })
    if let count = Int(compact), count >= 0 {
      self.init(count)
      return
    }
    if let dots = compact.firstRange(of: "..") {
      guard let least = Int(compact[..<dots.lowerBound]), let most = Int(compact[dots.upperBound...]),
        least >= 0, least <= most
      else { return nil }
      self.init(least: least, most: most)
      return
    }
    for (sign, least, shift) in [(">=", true, 0), ("<=", false, 0), (">", true, 1), ("<", false, -1)]
    where compact.hasPrefix(sign) {
      guard let count = Int(compact.dropFirst(sign.utf8.count)), count >= 0 else { return nil }
      let (bound, overflows) = count.addingReportingOverflow(shift)
      if overflows || bound < 0 { return nil }
      self.init(least: least ? bound : nil, most: least ? nil : bound)
      return
    }
    return nil
  }

  /// Whether a number is as asked.
  public func holds(for count: Int) -> Bool { count >= least ?? .min && count <= most ?? .max }

  /// The check in words: `exactly 3`, `at least 3`.
  public var description: String {
    switch (least, most) {
    case (let least?, let most?): least == most ? "exactly \(least)" : "from \(least) to \(most)"
    case (let least?, nil): "at least \(least)"
    case (nil, let most?): "at most \(most)"
    case (nil, nil): "any number of"
    }
  }
}
