import KubernetesModel
import TestSupport
import Testing

@Suite("Quantity: properties of random amounts")
struct QuantityPropertyTests {
  private static let suffixes = [
    "", "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e2", "E-7",
    "e21",
  ]

  private static func amount(_ random: inout SplitMix64) throws -> Quantity {
    let isLong = Int.random(in: 0..<8, using: &random) == 0
    var text = ["", "-", "+"].randomElement(using: &random) ?? ""
    text += random.digits(isLong ? 1...60 : 1...5)
    if Bool.random(using: &random) { text += "." + random.digits(isLong ? 0...40 : 0...4) }
    text += suffixes.randomElement(using: &random) ?? ""
    return try Quantity(parsing: text)
  }

  @Test("the canonical text reads back as the amount and is its own canonical text")
  func canonicalIsIdempotent() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<5_000 {
      let quantity = try Self.amount(&random)
      let canonical = try Quantity(parsing: quantity.canonicalText)
      #expect(canonical == quantity, "\(quantity)")
      #expect(canonical.isCanonical, "\(quantity)")
      #expect(canonical.hashValue == quantity.hashValue, "\(quantity)")
      #expect(!canonical.text.contains(".") && !canonical.text.hasPrefix("+"))
    }
  }

  @Test("order is total and agrees with subtraction")
  func orderAgreesWithSubtraction() throws {
    var random = SplitMix64(seed: 2)
    var previous = Quantity.zero
    for _ in 0..<5_000 {
      let quantity = try Self.amount(&random)
      let difference = quantity - previous
      #expect((quantity < previous) == (difference.signum < 0), "\(quantity) \(previous)")
      #expect((quantity > previous) == (difference.signum > 0), "\(quantity) \(previous)")
      #expect((quantity == previous) == difference.isZero, "\(quantity) \(previous)")
      #expect(previous + difference == quantity, "\(quantity) \(previous)")
      #expect(-difference == previous - quantity, "\(quantity) \(previous)")
      previous = quantity
    }
  }

  @Test("multiplying is repeated adding")
  func products() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<1_000 {
      let quantity = try Self.amount(&random)
      let factor = Int64.random(in: -9...9, using: &random)
      let sum = Array(repeating: quantity, count: Int(factor.magnitude)).reduce(.zero, +)
      #expect(quantity * factor == (factor < 0 ? -sum : sum), "\(quantity) * \(factor)")
    }
  }

  @Test("value and milliValue are the smallest bounds away from zero")
  func roundedValues() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<2_000 {
      let quantity = try Self.amount(&random)
      // Negative amounts that Go keeps as big decimals are rounded otherwise (see the arithmetic tests).
      if quantity.signum < 0, quantity.goLayout.decimal != nil { continue }
      let sign = Int64(quantity.signum)
      let magnitude = quantity * sign
      if quantity.value != .max && quantity.value != .min {
        #expect(Quantity(quantity.value * sign) >= magnitude, "\(quantity)")
        #expect(quantity.isZero || Quantity(quantity.value * sign - 1) < magnitude, "\(quantity)")
      }
      if quantity.milliValue != .max && quantity.milliValue != .min {
        #expect(Quantity(milli: quantity.milliValue * sign) >= magnitude, "\(quantity)")
        #expect(quantity.isZero || Quantity(milli: quantity.milliValue * sign - 1) < magnitude, "\(quantity)")
      }
    }
  }

  @Test("random bytes are read or refused, and what is read stays as written")
  func fuzz() {
    var random = SplitMix64(seed: 5)
    let likely = Array("0123456789....+-eEinumkKMGTP\0é ".utf8)
    let any = (0...255).map { UInt8($0) }
    var readCount = 0
    for round in 0..<40_000 {
      let bytes = random.bytes(from: round % 4 == 0 ? any : likely, upTo: round % 100 == 0 ? 1_100 : 12)
      bytes.withUnsafeBufferPointer { buffer in
        guard let quantity = try? Quantity(utf8: buffer) else { return }
        readCount += 1
        #expect(Array(quantity.text.utf8) == bytes)
        #expect(Quantity(quantity.canonicalText) == quantity)
        _ = quantity.goLayout
        _ = quantity.milliValue
      }
    }
    #expect(readCount > 1_000)
  }

  @Test("the most expensive texts are read at once")
  func expensiveTexts() throws {
    let digits = String(repeating: "7", count: 990)
    for text in [digits, "." + digits, digits + ".5Ei", "0." + digits + "Ei", "1e999", digits + "e9"] {
      let quantity = try Quantity(parsing: text)
      #expect(Quantity(quantity.canonicalText) == quantity)
      #expect((quantity * .max).signum == 1)
    }
  }
}
