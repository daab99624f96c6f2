import KubernetesModel
import Testing

@Suite("Quantity: reading")
struct QuantityParsingTests {
  @Test(
    "every suffix stands for its power",
    arguments: [
      ("5n", 1, 1, "5n"), ("5u", 1, 1, "5u"), ("5m", 1, 5, "5m"), ("5", 5, 5_000, "5"),
      ("5k", 5_000, 5_000_000, "5k"), ("5M", 5_000_000, 5_000_000_000, "5M"),
      ("5G", 5_000_000_000, 5_000_000_000_000, "5G"),
      ("5T", 5_000_000_000_000, 5_000_000_000_000_000, "5T"),
      ("5P", 5_000_000_000_000_000, 5_000_000_000_000_000_000, "5P"),
      ("5E", 5_000_000_000_000_000_000, .max, "5E"),
      ("5Ki", 5_120, 5_120_000, "5Ki"), ("5Mi", 5_242_880, 5_242_880_000, "5Mi"),
      ("5Gi", 5_368_709_120, 5_368_709_120_000, "5Gi"),
      ("5Ti", 5_497_558_138_880, 5_497_558_138_880_000, "5Ti"),
      ("5Pi", 5_629_499_534_213_120, 5_629_499_534_213_120_000, "5Pi"),
      ("5Ei", 5_764_607_523_034_234_880, .max, "5Ei"),
      ("5e3", 5_000, 5_000_000, "5e3"), ("5E3", 5_000, 5_000_000, "5e3"),
      ("5e-3", 1, 5, "5e-3"), ("5e+3", 5_000, 5_000_000, "5e3"), ("5e03", 5_000, 5_000_000, "5e3"),
    ] as [(String, Int64, Int64, String)])
  func suffixes(text: String, value: Int64, milli: Int64, canonical: String) throws {
    let quantity = try Quantity(parsing: text)
    #expect(quantity.text == text)
    #expect(quantity.value == value)
    #expect(quantity.milliValue == milli)
    #expect(quantity.canonicalText == canonical)
    let negative = try Quantity(parsing: "-" + text)
    #expect(negative.value == (value == .max ? .min : -value))
    #expect(negative == -quantity)
  }

  @Test(
    "equal amounts are equal however they are written",
    arguments: [
      ("1", "1000m"), ("1", "+1"), ("1", "01"), ("1", "1."), ("1", "1.0"), ("1", "1e0"), ("0.5", ".5"),
      ("0.5Gi", "512Mi"), ("1Ki", "1024"), ("1k", "1e3"), ("0", "-0"), ("0", "0Ki"), ("0", "0e2147483647"),
      ("0", "-0.000Ei"), ("1E", "1e18"), ("100m", "1e-1"),
      (
        "123456789012345678901234567890e-9",
        "123456789012345678901.234567890"
      ),
      ("1000000000000000000000000", "1e24"), ("0.000000000000000000001e21", "1"),
    ])
  func equality(first: String, second: String) throws {
    let (a, b) = (try Quantity(parsing: first), try Quantity(parsing: second))
    #expect(a == b)
    #expect(a.hashValue == b.hashValue)
    #expect(!(a < b) && !(b < a))
  }

  @Test(
    "what is below a billionth is rounded away from zero",
    arguments: [
      ("0.1n", "1n"), ("-0.1n", "-1n"), ("1e-10", "1e-9"), ("1e-2147483647", "1e-9"),
      ("1.0000000001", "1000000001n"),
      ("0.0000000000000000000000001k", "1n"), ("0.9999999999", "1"), ("1n", "1n"), ("1.5n", "2n"),
      ("0.0001Ki", "102400u"), ("0.00000000000001Ki", "1n"),
      (
        "123456789012.3456789012",
        "123456789012345678902n"
      ),
    ])
  func rounding(text: String, canonical: String) throws {
    #expect(try Quantity(parsing: text).canonicalText == canonical)
  }

  @Test(
    "a binary amount is capped at 2^63 - 1, a decimal one is not",
    arguments: [
      ("8Ei", "9223372036854775807"), ("-8Ei", "-9223372036854775807"),
      (
        "9007199254740992Ki",
        "9223372036854775807"
      ),
      ("999999999999999999999999999Ki", "9223372036854775807"), ("7Ei", "7Ei"), ("9.3E", "9300P"),
      ("18446744073709551616", "18446744073709551616"), ("1000E", "1e21"), ("1e999", "1e999"),
    ])
  func caps(text: String, canonical: String) throws {
    #expect(try Quantity(parsing: text).canonicalText == canonical)
  }

  @Test(
    "text that is no quantity says why, in the words of Kubernetes",
    arguments: [
      ("", .empty), ("k", .badFormat), ("Ki", .badFormat), ("+", .badFormat), (".", .badFormat),
      ("-.k", .badFormat), (" 1", .badFormat), ("1 ", .badFormat), ("1 k", .badFormat), ("1.2.3", .badFormat),
      ("1,5", .badFormat), ("--1", .badFormat), ("0x10", .badFormat), ("1e3e3", .badFormat),
      ("1_000", .badFormat),
      ("१", .badFormat), ("1\0", .badFormat), ("1i", .badSuffix), ("1ki", .badSuffix), ("1mi", .badSuffix),
      ("1K", .badSuffix), ("1g", .badFormat), ("1Mi5", .badSuffix), ("1e", .badSuffix), ("1e+", .badSuffix),
      ("1+5", .badSuffix), ("1ee3", .badSuffix), ("1Eii", .badSuffix), ("1e1000", .outOfRange),
      ("10e999", .outOfRange), ("1e2147483648", .outOfRange), ("1e-2147483648", .outOfRange),
      ("1e99999999999999999999", .outOfRange), ("0.01e1003", .outOfRange),
      ("1" + String(repeating: "0", count: 1_000), .outOfRange),
      (String(repeating: "0", count: 1_025), .tooLong),
    ] as [(String, QuantityError)])
  func errors(text: String, expected: QuantityError) {
    #expect(throws: expected) { try Quantity(parsing: text) }
    #expect(Quantity(text) == nil)
    var text = text
    text.withUTF8 { bytes in
      _ = #expect(throws: expected) { try Quantity(utf8: bytes) }
    }
  }

  @Test("error messages are the ones users know")
  func messages() {
    let format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    #expect(QuantityError.empty.description == format)
    #expect(QuantityError.badFormat.description == format)
    #expect(QuantityError.badSuffix.description == "unable to parse quantity's suffix")
  }

  @Test("the limits are the last accepted amounts")
  func limits() throws {
    let largest = try Quantity(parsing: String(repeating: "9", count: 1_000))
    #expect(largest.value == .max)
    #expect(try Quantity(parsing: "9.9e999") < largest)
    #expect(try Quantity(parsing: String(repeating: "0", count: 1_023) + "7") == 7)
    #expect(try Quantity(parsing: "0.01e1001") == Quantity(parsing: "1e999"))
  }

  @Test(
    "the family of suffixes is remembered",
    arguments: [
      ("1", .decimalSI), ("1k", .decimalSI), ("1Ki", .binarySI), ("1e3", .decimalExponent),
      ("1E", .decimalSI), ("1Ei", .binarySI), ("0Ki", .binarySI), ("0.0001Ki", .decimalSI),
      ("0.5Ki", .binarySI), ("0.000Ki", .binarySI),
    ] as [(String, Quantity.Format)])
  func formats(text: String, format: Quantity.Format) throws {
    #expect(try Quantity(parsing: text).format == format)
  }

  @Test(
    "values made in code are canonical",
    arguments: [
      (Quantity(0), "0"), (Quantity(5_000), "5k"), (Quantity(-1), "-1"), (Quantity(milli: 1_500), "1500m"),
      (Quantity(milli: 2_000), "2"), (Quantity(milli: -1), "-1m"), (Quantity(.max), "9223372036854775807"),
      (Quantity(.min), "-9223372036854775808"), (Quantity(milli: .min), "-9223372036854775808m"), (7, "7"),
      (.zero, "0"),
    ] as [(Quantity, String)])
  func constructed(quantity: Quantity, text: String) {
    #expect(quantity.text == text)
    #expect(quantity.isCanonical)
    #expect(quantity.format == .decimalSI)
    #expect(Quantity(text) == quantity)
  }

  @Test("a quantity has 24 bytes, also as an optional")
  func size() {
    #expect(MemoryLayout<Quantity>.stride == 24)
    #expect(MemoryLayout<Quantity?>.stride == 24)
  }
}
