import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import Testing

/// Dumps of clusters that the real operator runs, where they are there.
enum Dumps {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/dumps")

  static let arePresent = FileManager.default.fileExists(atPath: root.path)
  static let absence: Comment = "no dumps beside the package (../shared/dumps)"

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(root.path)/\($0)/dump.yaml") }.sorted()
  }()

  static func objects(_ name: String, file: String = "dump.yaml") throws -> [Resource] {
    let data = try Data(contentsOf: root.appendingPathComponent("\(name)/\(file)"))
    let found = ObjectReader.read([(file, Array(data))])
    try #require(found.diagnostics.errors.isEmpty)
    return found.objects.map(\.object)
  }
}
