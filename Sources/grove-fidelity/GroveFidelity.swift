internal import ArgumentParser

/// Compares Swift Grove with recordings of the real operator.
@main
struct GroveFidelity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grove-fidelity",
    abstract: "Compares Swift Grove with recordings of the real operator.",
    discussion: """
      Prints one line for each case and stage: equal, or the first differences. Differences that a deviation \
      makes are accepted; the ids of the deviations are printed in parentheses. The last line has the totals.

      Examples:
        grove-fidelity recordings
        grove-fidelity --stage 01-created recordings
        grove-fidelity --case own-minimal recordings
        grove-fidelity recordings/own-minimal
      """)

  @Option(help: "Compare this stage only, such as 01-created, defaulted or rejections. Repeatable.")
  var stage: [String] = []

  @Option(name: .customLong("case"), help: "Compare this case, or this rejection, only. Repeatable.")
  var cases: [String] = []

  @Option(help: "How many differences of one stage to print.")
  var limit = 8

  @Argument(help: "Folders with cases, or folders of single cases.")
  var folders: [String]

  func run() throws {
    var report = Report(limit: limit)
    var found = 0
    for folder in folders {
      let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
      guard let names = Files.names(in: path) else {
        throw ValidationError("\(folder): no such folder")
      }
      if names.contains("rejections.yaml"), stage.isEmpty || stage.contains("rejections") {
        found += 1
        do throws(UnusableRecording) {
          try RejectionCheck.run(
            "\(path)/rejections.yaml",
            topologyInput: Files.bytes(of: "\(path)/\(Recording.topologyFolder)/input.yaml"),
            selects: { cases.isEmpty || cases.contains($0) }, report: &report)
        } catch {
          report.fail("rejections", "cannot be used", [error.description])
        }
      }
      let paths = names.contains("input.yaml") ? [path] : names.map { "\(path)/\($0)" }
      for path in paths {
        do throws(UnusableRecording) {
          guard let recording = try Recording(path: path) else { continue }
          found += 1
          guard cases.isEmpty || cases.contains(recording.name) else { continue }
          try CaseCheck.run(recording, selects: selects, report: &report)
        } catch {
          report.fail(path, "cannot be used", [error.description])
        }
      }
    }
    if found == 0 { throw ValidationError("no cases in \(folders.joined(separator: ", "))") }
    report.finish()
    if report.failed > 0 { throw ExitCode(1) }
  }

  private func selects(_ part: String) -> Bool { stage.isEmpty || stage.contains(part) }
}
