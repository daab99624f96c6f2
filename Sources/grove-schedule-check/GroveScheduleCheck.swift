/// Decides on random small clusters and compares with a brute force (S-081, S-083).
///
///     grove-schedule-check [COUNT] [--from SEED] [--kind KIND]
///
/// COUNT instances in all, 100000 unless given, shared out among the kinds; of sequences of changes a tenth of the share.
/// The last line has the totals. Ends with 1 and
/// the seed of the first failure when a decision is wrong, with 64 when the arguments are.
@main
struct GroveScheduleCheck {
  static func main() async {
    let options: Options
    do {
      options = try Options(CommandLine.arguments.dropFirst())
    } catch {
      print("error: \(error)\nusage: grove-schedule-check [COUNT] [--from SEED] [--kind KIND]")
      exit(code: 64)
    }
    let clock = ContinuousClock()
    let begun = clock.now
    var total = Tally()
    var isWrong = false
    for kind in options.kinds {
      let result = await Self.check(kind, seeds: options.seeds(of: kind))
      print("\(kind.rawValue): \(result.tally.summary)")
      flush()
      total.add(result.tally)
      if let failure = result.failure {
        print("wrong: \(failure.text)")
        isWrong = true
        break
      }
      if let excess = result.tally.excessOfMisses {
        print("wrong: \(kind.rawValue): \(excess)")
        isWrong = true
      }
    }
    let seconds = (clock.now - begun).components.seconds
    print(
      "\(isWrong ? "FAILED" : "passed"): \(total.summary); seeds from \(options.from), \(seconds) s")
    if isWrong { exit(code: 1) }
  }

  private struct Failure: Sendable {
    var seed: UInt64
    var text: String
  }

  /// Checks the instances of a kind, a block of seeds at a time on every core.
  private static func check(
    _ kind: Instance.Kind, seeds: Range<UInt64>
  ) async -> (tally: Tally, failure: Failure?) {
    await withTaskGroup(of: (Tally, Failure?).self) { group in
      let blockSize: UInt64 = 256
      var tally = Tally()
      var failure: Failure?
      for start in stride(from: seeds.lowerBound, to: seeds.upperBound, by: Int(blockSize)) {
        group.addTask {
          var tally = Tally()
          for seed in start..<min(start + blockSize, seeds.upperBound) {
            do {
              if let problem = try kind.check(seed: seed, &tally) {
                return (tally, Failure(seed: seed, text: problem))
              }
            } catch {
              return (tally, Failure(seed: seed, text: "\(kind.rawValue) seed \(seed): \(error)"))
            }
          }
          return (tally, nil)
        }
      }
      for await (part, problem) in group {
        tally.add(part)
        // The first by seed, whichever was found first.
        if let problem, problem.seed < failure?.seed ?? .max { failure = problem }
      }
      return (tally, failure)
    }
  }
}
