import KubernetesModel
import Testing

@Suite("Quantity: canonical form")
struct QuantityCanonicalTests {
  @Test(
    "the largest suffix without a fraction",
    arguments: [
      ("1000m", "1"), ("0.5", "500m"), ("1.5Gi", "1536Mi"), ("1e3", "1e3"), ("1e4", "10e3"),
      ("1e-1", "100e-3"),
      ("1024Ki", "1Mi"), ("1000Ki", "1000Ki"), ("1025Mi", "1025Mi"), ("64Gi", "64Gi"), ("0.1Ki", "102400m"),
      ("1.1Ki", "1126400m"), ("1023", "1023"), ("0.5Ki", "512"), ("2Ki", "2Ki"), ("-1Ki", "-1Ki"),
      ("-1023.5Ki", "-1048064"), ("100", "100"), ("1000", "1k"), ("1200", "1200"), ("0.0Ki", "0"),
      ("00.100n", "1n"), ("1000000k", "1G"), ("5000e-3", "5"), ("1.234", "1234m"), ("1.2345", "1234500u"),
      ("1500E", "1500E"), ("10000E", "10e21"),
      (
        "123456789012345678901234567890",
        "123456789012345678901234567890"
      ),
      ("100000000000000000000000000000n", "100E"), ("1Pi", "1Pi"), ("32Pi", "32Pi"), ("4096Pi", "4Ei"),
      ("36028797018963967", "36028797018963967"), ("36028797018963968", "36028797018963968"),
    ])
  func canonical(text: String, canonical: String) throws {
    let quantity = try Quantity(parsing: text)
    #expect(quantity.canonicalText == canonical)
    #expect(quantity.isCanonical == (text == canonical))
    #expect(quantity.canonicalized().text == canonical)
    #expect(quantity.canonicalized() == quantity)
    #expect(quantity.canonicalized().format == quantity.format)
    #expect(quantity.canonicalized().isCanonical)
    #expect(quantity.text == text)
    #expect(quantity.description == text)
  }

  @Test("a family survives arithmetic; a zero takes over the other side's")
  func familyOfSums() throws {
    let gibibyte = try Quantity(parsing: "1Gi")
    #expect((gibibyte + 1).text == "1073741825")
    #expect((gibibyte + 1).format == .binarySI)
    #expect((gibibyte + 1 - 1).text == "1Gi")
    #expect((.zero + gibibyte).text == "1Gi")
    #expect((gibibyte - gibibyte + 1_000).text == "1k")
    #expect(try (Quantity(parsing: "1e3") + 500).text == "1500")
    #expect(try (Quantity(parsing: "1e3") * 1_000).text == "1e6")
  }

  @Test("a binary result above the cap gets a text that reads back as itself")
  func resultsAboveTheCap() throws {
    let large = try Quantity(parsing: "4Ei")
    let sum = large + large
    #expect(sum.text == "9223372036854775808")
    #expect(sum.format == .binarySI)
    #expect(Quantity(sum.text) == sum)
    #expect((sum - large).text == "4Ei")
    #expect((large * 1_024).text == "4722366482869645213696")
    #expect((-large - large).text == "-9223372036854775808")
  }
}
