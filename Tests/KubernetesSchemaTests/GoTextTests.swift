import KubernetesValidation
import Testing

@testable import KubernetesModel

@Suite struct GoTextTests {
  /// As `json.Marshal` prints a float64.
  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (1.5, "1.5"), (-2.25, "-2.25"), (100, "100"),
      (1e20, "100000000000000000000"),
      (123_456_789_012_345_680, "123456789012345680"), (1e21, "1e+21"), (1.5e300, "1.5e+300"),
      (0.000001, "0.000001"),
      (0.00012, "0.00012"), (1e-7, "1e-7"), (1.25e-9, "1.25e-9"), (0.1, "0.1"), (12345.678, "12345.678"),
    ] as [(Double, String)])
  func numbers(_ number: Double, _ text: String) {
    #expect(GoText.json(number) == text)
  }
}
