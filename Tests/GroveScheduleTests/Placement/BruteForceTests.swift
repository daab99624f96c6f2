import Testing

@testable import grove_schedule_check

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many instances each kind gets; `GROVE_SCHEDULE_INSTANCES` asks for another number. Many more are checked by
/// `Scripts/brute-force`, whose build is optimized.
private let instanceCount: Int = {
  guard let text = getenv("GROVE_SCHEDULE_INSTANCES") else { return 400 }
  return Int(String(cString: text)) ?? 400
}()

@Suite("Plans against brute force (S-081, S-083)")
struct BruteForceTests {
  @Test("every plan is valid and every proof is true", arguments: Instance.Kind.allCases)
  func agrees(kind: Instance.Kind) throws {
    var tally = Tally()
    for seed in 0..<max(1, instanceCount / kind.weight) {
      let problem = try kind.check(seed: UInt64(seed), &tally)
      #expect(problem == nil)
      if problem != nil { return }
    }
    #expect(kind == .edits ? tally.comparisons > 0 : tally.fits > 0 && tally.cannotFit > 0)
    #expect(tally.excessOfMisses == nil, "\(tally)")
  }
}
