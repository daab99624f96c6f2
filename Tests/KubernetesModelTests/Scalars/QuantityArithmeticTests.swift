import KubernetesModel
import Testing

@Suite("Quantity: order and arithmetic")
struct QuantityArithmeticTests {
  /// In ascending order, from negative to positive, across both representations.
  static let ascending = [
    "-1e30", "-1Ei", "-36028797018963968", "-36028797018963967", "-1Gi", "-1e3", "-1.000000001", "-1",
    "-999999999n", "-1m", "-1n", "0", "1n", "2n", "1u", "1m", "0.1", "0.5", "999m", "1", "1.000000001",
    "1.5", "2", "10", "1k", "1Ki", "1025", "1M", "1Mi", "1G", "1Gi", "1e15", "36028797018963967",
    "36028797018963968", "1e18", "1Ei", "9223372036854775807", "9223372036854775808", "1e22", "1e23",
    "123456789012345678901234567890", "1e30", "1.000000000000000000000000000001e30", "1e999",
  ]

  @Test("order is by value")
  func order() throws {
    let sorted = try Self.ascending.map { try Quantity(parsing: $0) }
    for (i, a) in sorted.enumerated() {
      for (j, b) in sorted.enumerated() {
        #expect((a < b) == (i < j), "\(a) < \(b)")
        #expect((a == b) == (i == j), "\(a) == \(b)")
        #expect((a - b).signum == (i - j).signum(), "\(a) - \(b)")
      }
    }
  }

  @Test(
    "sums are exact",
    arguments: [
      ("1", "500m", "1500m"), ("1", "-1", "0"), ("1n", "1E", "1000000000000000000000000001n"),
      ("0.1", "0.2", "300m"),
      ("64Gi", "64Gi", "128Gi"), ("1Gi", "1", "1073741825"), ("1e22", "1", "10000000000000000000001"),
      ("36028797018963967", "1", "36028797018963968"), ("9223372036854775807", "1", "9223372036854775808"),
      ("-9223372036854775808", "-1", "-9223372036854775809"),
      (
        "1n", "1e999",
        "1" + String(repeating: "0", count: 1_007) + "1n"
      ),
    ])
  func sums(first: String, second: String, sum: String) throws {
    let (a, b) = (try Quantity(parsing: first), try Quantity(parsing: second))
    #expect((a + b).text == sum)
    #expect(a + b == b + a)
    #expect(a + b - b == a)
    #expect(a + b - a == b)
    var running = a
    running += b
    #expect(running == a + b)
    running -= b
    #expect(running == a)
  }

  @Test(
    "products are exact",
    arguments: [
      ("500m", 3, "1500m"), ("64Gi", 8, "512Gi"), ("1.5", -2, "-3"), ("-1Ki", -1, "1Ki"), ("1", 0, "0"),
      ("9223372036854775807", 2, "18446744073709551614"), ("1n", .min, "-9223372036854775808n"),
      ("36028797018963967", .max, "332306998946228958966550931196346369"),
    ] as [(String, Int64, String)])
  func products(text: String, factor: Int64, product: String) throws {
    var quantity = try Quantity(parsing: text)
    #expect((quantity * factor).text == product)
    quantity *= factor
    #expect(quantity.text == product)
  }

  @Test(
    "whole and milli values round away from zero and saturate",
    arguments: [
      ("1.1", 2, 1_100), ("-1.1", -2, -1_100), ("0.1m", 1, 1), ("-0.1m", -1, -1), ("0", 0, 0), ("1n", 1, 1),
      ("9223372036854775807", .max, .max), ("9223372036854775808", .max, .max), ("1e20", .max, .max),
      ("-1e20", .min, .min), ("-9223372036854775808", .min, .min), ("1e30", .max, .max),
      ("-1e30", .min, .min),
      ("9223372036854775.807", 9_223_372_036_854_776, .max),
      ("9223372036854775.806", 9_223_372_036_854_776, 9_223_372_036_854_775_806),
      ("123456789012.000000001", 123_456_789_013, 123_456_789_012_001),
      // Go's big decimals: what is below zero is cut off, and then one is added.
      ("-123456789012.000000001", -123_456_789_011, -123_456_789_011_999), ("-0.25Ki", -256, -256_000),
      ("-1000.10n", 1, 1), ("-12.000000001e-3", 1, -11),
    ] as [(String, Int64, Int64)])
  func values(text: String, value: Int64, milli: Int64) throws {
    let quantity = try Quantity(parsing: text)
    #expect(quantity.value == value)
    #expect(quantity.milliValue == milli)
  }

  @Test("sign and zero")
  func signs() throws {
    #expect(try Quantity(parsing: "-1e30").signum == -1)
    #expect(try Quantity(parsing: "1e30").signum == 1)
    #expect(Quantity(milli: -1).signum == -1)
    #expect(Quantity(3).signum == 1)
    #expect(Quantity.zero.signum == 0)
    #expect(Quantity.zero.isZero)
    #expect(try Quantity(parsing: "-0.0Gi").isZero)
    #expect(try !Quantity(parsing: "1e30").isZero)
  }

  @Test("a total of many parts has no error")
  func totals() {
    let parts = Array(repeating: Quantity(milli: 100), count: 10_000)
    #expect(parts.reduce(.zero, +) == 1_000)
  }
}
