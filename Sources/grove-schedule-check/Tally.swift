/// What came out of many instances.
struct Tally: Sendable {
  var instances = 0
  var fits = 0
  var cannotFit = 0
  var notFound = 0
  /// Of those not found, how many do fit.
  var missed = 0
  /// How often the brute force gave up.
  var undecided = 0
  var evictions = 0
  /// Gangs that evictions would have helped and that were not given any.
  var unhelped = 0
  /// Victims that could have stayed.
  var excess = 0
  /// How often a changed snapshot was compared with one made anew.
  var comparisons = 0

  mutating func add(_ other: Tally) {
    instances += other.instances
    fits += other.fits
    cannotFit += other.cannotFit
    notFound += other.notFound
    missed += other.missed
    undecided += other.undecided
    evictions += other.evictions
    unhelped += other.unhelped
    excess += other.excess
    comparisons += other.comparisons
  }

  var summary: String {
    "\(instances) instances, \(fits) fits, \(cannotFit) cannotFit, \(notFound) notFound (\(missed) do fit), "
      + "\(undecided) undecided by brute force, \(evictions) evictions (\(excess) avoidable, \(unhelped) gangs unhelped), "
      + "\(comparisons) comparisons of changed snapshots"
  }

  /// What is missed more often than it may be, or nil: plans and helpful evictions one in a thousand, avoidable evictions
  /// one in a hundred.
  var excessOfMisses: String? {
    if missed * 1_000 > fits { return "plans are missed too often" }
    if unhelped * 1_000 > fits { return "helpful evictions are missed too often" }
    if excess * 100 > evictions { return "too much is evicted" }
    return nil
  }
}
