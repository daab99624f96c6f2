#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What the command line asks for.
struct Options {
  var kinds = Instance.Kind.allCases
  /// The first seed of each kind.
  var from: UInt64 = 0
  private var share: UInt64 = 0

  /// The seeds of a kind.
  func seeds(of kind: Instance.Kind) -> Range<UInt64> {
    from..<(from + max(1, share / UInt64(kind.weight)))
  }

  struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  init(_ arguments: some Sequence<String>) throws(Mistake) {
    var count: UInt64 = 100_000
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      switch argument {
      case "--from": from = try Self.number(rest.next(), of: argument)
      case "--kind":
        guard let name = rest.next(), let kind = Instance.Kind(rawValue: name) else {
          let names = Instance.Kind.allCases.map(\.rawValue).joined(separator: ", ")
          throw Mistake(description: "--kind takes one of \(names)")
        }
        kinds = [kind]
      default: count = try Self.number(argument, of: "COUNT")
      }
    }
    // At least COUNT instances that are compared with the brute force.
    let compared = UInt64(max(1, kinds.count { $0 != .edits }))
    share = (count + compared - 1) / compared
  }

  private static func number(_ text: String?, of name: String) throws(Mistake) -> UInt64 {
    guard let text, let number = UInt64(text), number <= 1 << 40 else {
      throw Mistake(description: "\(name) takes a whole number up to 2⁴⁰")
    }
    return number
  }
}

/// Shows what was printed, also where the output is a file.
func flush() { fflush(nil) }

/// Ends the process.
func exit(code: Int32) -> Never {
  #if canImport(Glibc)
    Glibc.exit(code)
  #elseif canImport(Darwin)
    Darwin.exit(code)
  #endif
}
