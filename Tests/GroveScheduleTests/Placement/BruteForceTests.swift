import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many instances each kind gets; `GROVE_SCHEDULE_INSTANCES` asks for another number.
private let instanceCount: Int = {
  guard let text = getenv("GROVE_SCHEDULE_INSTANCES") else { return 1_000 }
  return Int(String(cString: text)) ?? 1_000
}()

@Suite("Plans against brute force (S-081, S-083)")
struct BruteForceTests {
  @Test("every plan is valid and every proof is true", arguments: Instance.Kind.allCases)
  func agrees(kind: Instance.Kind) throws {
    var tally = Tally()
    for seed in 0..<instanceCount {
      let problem = try kind.check(seed: UInt64(seed), &tally)
      #expect(problem == nil)
      if problem != nil { return }
    }
    #expect(tally.fits > 0 && tally.cannotFit > 0)
    #expect(tally.missed * 1_000 <= tally.fits, "plans are missed too often: \(tally)")
    #expect(tally.unhelped * 1_000 <= tally.fits, "evictions are missed too often: \(tally)")
    #expect(tally.excess * 100 <= tally.evictions, "too much is evicted: \(tally)")
  }
}
