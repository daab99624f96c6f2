import Glibc
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// The scenario files of the project.
enum ScenarioFolder {
  /// The folder `Scenarios` in the root of the package.
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/") + "/Scenarios"
  }()

  /// The paths of all scenario files below the root, in order. Workloads, topologies and clusters are no scenarios.
  static let scenarios: [String] = files(in: "").filter { path in
    (try? read(path)).map { $0.firstRange(of: Array("\nkind: Scenario\n".utf8)) != nil } ?? false
  }

  /// Whether a scenario is quick enough to be run many times, or at all without optimisation: those of `scale/full`
  /// have hundreds of pods. The other files of `scale` are the same in small.
  static func isSmall(_ path: String) -> Bool { !path.hasPrefix("scale/full/") }

  /// The scenarios that are run: all of them, if the tests are built with optimisation.
  static let runnable: [String] = {
    #if DEBUG
      return scenarios.filter { isSmall($0) }
    #else
      return scenarios
    #endif
  }()

  /// The paths of all files in a folder and those in it.
  static func files(in folder: String) -> [String] {
    guard let directory = opendir("\(root)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(folder.isEmpty ? name : "\(folder)/\(name)") }
    }
    return names.sorted(by: utf8Precedes).flatMap { name in
      name.hasSuffix(".yaml") ? [name] : files(in: name)
    }
  }

  /// The bytes of a file below the root.
  static func read(_ path: String) throws(ScenarioFileError) -> [UInt8] {
    try read(from: "\(root)/\(path)")
  }

  /// The bytes of a file.
  static func read(from path: String) throws(ScenarioFileError) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw ScenarioFileError("no such file") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// A scenario file, read with the files it refers to.
  static func scenario(_ path: String) throws -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return ScenarioReader.read(try read(path), source: path) { other throws(ScenarioFileError) in
      try read(folder.isEmpty ? other : "\(folder)/\(other)")
    }
  }
}

extension Diagnostic {
  /// The diagnostic as tests compare it: `4:3: steps[0]: message`.
  var line: String {
    let place = location.map { "\($0.line):\($0.column): " } ?? ""
    return "\(place)\(message)"
  }
}
