import Foundation
import Testing

/// The generated sources are what the generator writes.
@Suite struct GeneratorTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let python =
    ["/usr/bin/python3", "/usr/local/bin/python3"]
    + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
  private static let interpreter = python.first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: interpreter != nil, "there is no python3 to run the generator with"))
  func regeneratingChangesNothing() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.interpreter))
    process.arguments = [
      "-B", Self.root.appendingPathComponent("Scripts/generate/generate.py").path, "--check",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text == "")
  }
}
