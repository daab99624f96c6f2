import TestSupport
import Testing

@testable import KubernetesModel

@Suite("WideInteger")
struct WideIntegerTests {
  private static func random(_ random: inout SplitMix64) -> WideInteger {
    var number = WideInteger(isNegative: Bool.random(using: &random), magnitude: 1)
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      // Words of all ones and all zeros are where carries go wrong.
      let word = [0, .max, random.next(), 1].randomElement(using: &random) ?? 0
      number.multiplyMagnitude(by: .max, adding: word)
    }
    return number
  }

  @Test("sums cancel, and agree with order")
  func sums() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<5_000 {
      let (a, b) = (Self.random(&random), Self.random(&random))
      let sum = a + b
      #expect(sum + b.negated() == a)
      #expect(sum == b + a)
      #expect((a < b) == (a + b.negated()).isNegative)
      #expect((a + a.negated()).isZero)
      #expect(!(a + a.negated()).isNegative)
    }
  }

  @Test("division undoes multiplication, with the remainder that was added")
  func divisions() {
    var random = SplitMix64(seed: 13)
    for _ in 0..<5_000 {
      let number = Self.random(&random)
      let factor = UInt64.random(in: 1 ... .max, using: &random)
      let addend = UInt64.random(in: 0..<factor, using: &random)
      var result = number
      result.multiplyMagnitude(by: factor, adding: addend)
      #expect(result.divideMagnitude(by: factor) == addend)
      #expect(result == number)
    }
  }

  @Test("powers of ten show as digits", arguments: [0, 1, 17, 18, 19, 20, 37, 100])
  func digits(exponent: Int) {
    var number = WideInteger(isNegative: true, magnitude: 9_050)
    number.multiply(byPowerOfTen: exponent)
    #expect(
      String(decoding: number.decimalDigits, as: UTF8.self) == "9050"
        + String(repeating: "0", count: exponent))
    number = number + WideInteger(isNegative: true, magnitude: 1)
    number.divideRoundingAway(byPowerOfTen: exponent)
    #expect(number == WideInteger(isNegative: true, magnitude: 9_051))
  }

  @Test("rounding carries through all words")
  func carry() {
    var number = WideInteger(isNegative: false, magnitude: .max)
    number.multiplyMagnitude(by: 10, adding: 5)
    number.divideRoundingAway(byPowerOfTen: 1)
    #expect(number.words == [0, 1])
  }
}
