import KubernetesModel
import Testing

@Suite("Quantity: Go layout (R-108)")
struct QuantityGoLayoutTests {
  /// The amounts of the hash vector "quantities", as its dump shows them. The vector has `"g": 0`
  /// as a JSON number; its text is `0`.
  @Test(
    "the amounts of the hash vectors",
    arguments: [
      ("1", 1, 0, "1", .decimalSI), ("1000m", 1000, -3, "", .decimalSI), ("1.5", 15, -1, "", .decimalSI),
      ("1Ki", 1024, 0, "1Ki", .binarySI), ("1e3", 1, 3, "1e3", .decimalExponent),
      ("0.1", 1, -1, "", .decimalSI),
      ("0", 0, 0, "0", .decimalSI), ("1.0", 10, -1, "", .decimalSI), ("100000n", 100_000, -9, "", .decimalSI),
    ] as [(String, Int64, Int32, String, Quantity.Format)])
  func vectors(text: String, value: Int64, scale: Int32, cached: String, format: Quantity.Format) throws {
    try expect(text, value: value, scale: scale, cached: cached, format: format)
  }

  @Test("the amount of the hash vectors that needs a big integer")
  func vectorOfBigInteger() throws {
    let layout = try Quantity(parsing: "123456789012345678901234567890").goLayout
    #expect(layout.value == 0)
    #expect(layout.scale == 0)
    #expect(layout.cachedText == "")
    #expect(layout.format == .decimalSI)
    #expect(layout.decimal?.isNegative == false)
    #expect(layout.decimal?.words == [12_312_739_301_247_792_128, 6_692_605_942_763_486_917])
    #expect(layout.decimal?.scale == 9)
  }

  @Test(
    "the fast path, and which texts count as canonical there",
    arguments: [
      ("00", 0, 0, "", .decimalSI), ("-0", 0, 0, "", .decimalSI), ("0Ki", 0, 0, "", .binarySI),
      ("0e99", 0, 99, "", .decimalExponent), ("+1", 1, 0, "+1", .decimalSI), ("01", 1, 0, "01", .decimalSI),
      ("1.", 1, 0, "1.", .decimalSI), ("-5", -5, 0, "-5", .decimalSI), ("1000", 1_000, 0, "", .decimalSI),
      ("1500", 1_500, 0, "1500", .decimalSI), ("1.234", 1_234, -3, "1.234", .decimalSI),
      ("1.000", 1_000, -3, "", .decimalSI), ("0.001", 1, -3, "", .decimalSI),
      ("8Ki", 8_192, 0, "", .binarySI),
      ("1024Mi", 1_073_741_824, 0, "", .binarySI), ("9Gi", 9_663_676_416, 0, "9Gi", .binarySI),
      ("500m", 500, -3, "500m", .decimalSI), ("1.5k", 15, 2, "", .decimalSI),
      ("1E3", 1, 3, "1E3", .decimalExponent),
      ("999999999999999999", 999_999_999_999_999_999, 0, "999999999999999999", .decimalSI),
      ("99999999999Ki", 102_399_999_998_976, 0, "99999999999Ki", .binarySI),
      ("99Ti", 108_851_651_149_824, 0, "99Ti", .binarySI),
    ] as [(String, Int64, Int32, String, Quantity.Format)])
  func fastPath(text: String, value: Int64, scale: Int32, cached: String, format: Quantity.Format) throws {
    try expect(text, value: value, scale: scale, cached: cached, format: format)
  }

  @Test(
    "outside the fast path",
    arguments: [
      ("1Pi", false, [2_882_303_761_517_117_440, 61_035], 9, .binarySI),
      ("0.5Gi", false, [536_870_912_000_000_000], 9, .binarySI),
      ("0.0001Ki", false, [102_400_000], 9, .decimalSI),
      ("-1e-10", true, [1], 9, .decimalExponent),
      ("0.0000000000", false, [], 10, .decimalSI),
      ("0.0Ki", false, [], 1, .binarySI),
      ("8Ei", false, [9_223_372_036_854_775_807], 0, .binarySI),
      ("-8Ei", true, [9_223_372_036_854_775_807], 0, .binarySI),
      // 2^63 - 1 without being capped keeps its places.
      ("9007199254740991.9990234375Ki", false, [18_446_744_072_709_551_616, 499_999_999], 9, .binarySI),
    ] as [(String, Bool, [UInt64], Int32, Quantity.Format)])
  func decimals(
    text: String, isNegative: Bool, words: [UInt64], scale: Int32, format: Quantity.Format
  ) throws {
    let layout = try Quantity(parsing: text).goLayout
    #expect(layout.value == 0)
    #expect(layout.scale == 0)
    #expect(layout.cachedText == "")
    #expect(layout.format == format)
    #expect(layout.decimal?.isNegative == isNegative)
    #expect(layout.decimal?.words == words)
    #expect(layout.decimal?.scale == scale)
  }

  @Test("formats have the names of Go")
  func formatNames() {
    #expect(Quantity.Format.allCases.map(\.rawValue) == ["DecimalSI", "BinarySI", "DecimalExponent"])
  }

  private func expect(
    _ text: String, value: Int64, scale: Int32, cached: String, format: Quantity.Format
  ) throws {
    let layout = try Quantity(parsing: text).goLayout
    #expect(layout.value == value)
    #expect(layout.scale == scale)
    #expect(layout.decimal == nil)
    #expect(layout.cachedText == cached)
    #expect(layout.format == format)
  }
}
