/// Lines for people and totals for the exit code.
struct Report {
  /// How many differences of one stage are printed.
  var limit: Int
  private(set) var passed = 0
  private(set) var failed = 0
  private(set) var skipped = 0

  init(limit: Int) { self.limit = limit }

  /// A comparison without differences, apart from those that deviations make.
  mutating func pass(_ name: String, _ part: String, deviations: Set<String> = []) {
    passed += 1
    let ids = deviations.isEmpty ? "" : "  (\(deviations.sorted().joined(separator: ", ")))"
    print("equal    \(name)  \(part)\(ids)")
  }

  /// A comparison with differences.
  mutating func fail(_ name: String, _ part: String, _ differences: [String], deviations: Set<String> = []) {
    failed += 1
    let ids = deviations.isEmpty ? "" : "  (besides \(deviations.sorted().joined(separator: ", ")))"
    print("differs  \(name)  \(part)\(ids)")
    for difference in differences.prefix(limit) { print("           \(difference)") }
    if differences.count > limit { print("           … and \(differences.count - limit) more") }
  }

  /// A stage that cannot be replayed, or that depends on one.
  mutating func skip(_ name: String, _ part: String) {
    skipped += 1
    print("skipped  \(name)  \(part)")
  }

  /// The last line.
  func finish() {
    if skipped > 0 { print("\(skipped) skipped: moments that cannot be reproduced") }
    print("\(passed) passed, \(failed) failed")
  }
}
