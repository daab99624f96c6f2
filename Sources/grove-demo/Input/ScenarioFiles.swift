internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveScenario
internal import GroveSimulate
internal import KubernetesModel

/// Finds and reads scenario files.
enum ScenarioFiles {
  /// The scenarios of files and directories, in order. What is wrong with one ends the program with exit code 2.
  ///
  /// Directories may hold other files, such as workloads: only documents of kind Scenario count there.
  static func read(
    _ paths: [String], recursive: Bool, _ console: Console
  ) throws -> [(path: String, scenario: Scenario)] {
    var scenarios: [(path: String, scenario: Scenario)] = []
    var isBroken = false
    for path in paths {
      let isFolder = FileSystem.isDirectory(path)
      let files: [(name: String, bytes: [UInt8])]
      do throws(FileError) {
        files = try InputFiles.read([path], recursive: recursive)
      } catch {
        throw console.fail("\(error)")
      }
      let before = scenarios.count
      for file in files where !isFolder || isScenario(file.bytes) {
        let (scenario, diagnostics) = ScenarioReader.read(file.bytes, source: file.name) {
          other throws(ScenarioFileError) in
          try sibling(other, of: file.name)
        }
        console.report(diagnostics)
        if let scenario { scenarios.append((file.name, scenario)) } else { isBroken = true }
      }
      if isFolder, !isBroken, scenarios.count == before {
        throw console.fail(
          "\(path): no scenarios\(recursive ? "" : " (use -R to look into sub-directories)")")
      }
    }
    if isBroken { throw ExitCode(2) }
    return scenarios
  }

  /// Whether a file has a document of kind Scenario.
  private static func isScenario(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { $0.hasPrefix("kind: Scenario") }
  }

  private static func sibling(_ path: String, of scenario: String) throws(ScenarioFileError) -> [UInt8] {
    let folder = scenario.lastIndex(of: "/").map { String(scenario[...$0]) } ?? ""
    do throws(FileError) {
      return try FileSystem.read(path.hasPrefix("/") ? path : folder + path)
    } catch {
      throw ScenarioFileError(error.reason)
    }
  }
}
