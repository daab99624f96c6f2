internal import GroveModel
public import KubernetesModel

/// Reports about checked documents, in the formats that people and CI systems read.
public enum CheckReport {
  // MARK: JSON

  /// The report as one JSON object, versioned (`report/v1`).
  public static func json(_ documents: [CheckedDocument]) -> Value {
    let summary = CheckSummary(documents)
    return .object([
      "compatibleWith": .string(GroveVersion.target),
      "documents": .array(documents.map(json)),
      "format": .string("grove-demo/report/v1"),
      "summary": .object([
        "errors": .integer(Int64(summary.errors)), "invalid": .integer(Int64(summary.invalid)),
        "skipped": .integer(Int64(summary.skipped)), "valid": .integer(Int64(summary.valid)),
        "warnings": .integer(Int64(summary.warnings)),
      ]),
    ])
  }

  private static func json(_ document: CheckedDocument) -> Value {
    .object([
      "apiVersion": .string(document.apiVersion), "diagnostics": .array(document.diagnostics.map(json)),
      "kind": .string(document.kind), "line": .integer(Int64(document.line)), "name": .string(document.name),
      "namespace": .string(document.namespace), "source": .string(document.source),
      "verdict": .string(document.verdict.rawValue),
    ])
  }

  private static func json(_ diagnostic: Diagnostic) -> Value {
    var members: [(String, Value)] = []
    if let location = diagnostic.location { members.append(("column", .integer(Int64(location.column)))) }
    if let hint = diagnostic.hint { members.append(("hint", .string(hint))) }
    if let location = diagnostic.location { members.append(("line", .integer(Int64(location.line)))) }
    members.append(("message", .string(diagnostic.message)))
    members.append(("path", .string(diagnostic.path)))
    members.append(("rule", .string(diagnostic.rule.rawValue)))
    members.append(("severity", .string(diagnostic.severity.rawValue)))
    return .object(members)
  }

  // MARK: JUnit

  /// The report as JUnit XML: one test case for each document; errors fail it, warnings go to its output.
  public static func junit(_ documents: [CheckedDocument]) -> String {
    let summary = CheckSummary(documents)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let counts =
      "tests=\"\(documents.count)\" failures=\"\(summary.invalid)\" errors=\"0\" skipped=\"\(summary.skipped)\""
    text += "<testsuites name=\"grove-demo validate\" \(counts)>\n"
    text += "  <testsuite name=\"grove-demo validate\" \(counts)>\n"
    for document in documents {
      let name = xml("\(document.title) (\(document.source):\(document.line))")
      text += "    <testcase classname=\"\(xml(document.source))\" name=\"\(name)\""
      var body = ""
      if document.verdict == .skipped { body += "      <skipped/>\n" }
      let errors = document.diagnostics.errors
      if !errors.isEmpty {
        let lines = errors.map(line).joined(separator: "\n")
        let count = errors.count == 1 ? "1 error" : "\(errors.count) errors"
        body += "      <failure message=\"\(count)\">\(xml(lines))</failure>\n"
      }
      let warnings = document.diagnostics.warnings
      if !warnings.isEmpty {
        body += "      <system-out>\(xml(warnings.map(line).joined(separator: "\n")))</system-out>\n"
      }
      text += body.isEmpty ? "/>\n" : ">\n\(body)    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func line(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    return "\(place)\(diagnostic.message) [\(diagnostic.rule)]"
  }

  private static func xml(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "\t"
      // XML 1.0 has no way to write control characters.
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  // MARK: SARIF

  /// The report as a SARIF 2.1.0 log, which code-scanning services read.
  public static func sarif(_ documents: [CheckedDocument]) -> Value {
    var rules: [String] = []
    var results: [Value] = []
    for document in documents {
      for diagnostic in document.diagnostics {
        let rule = diagnostic.rule.rawValue
        if !rules.contains(rule) { rules.append(rule) }
        results.append(result(diagnostic, in: document))
      }
    }
    let driver = Value.object([
      "informationUri": .string("https://github.com/ai-dynamo/grove"), "name": .string("grove-demo"),
      "rules": .array(rules.sorted().map { .object(["id": .string($0)]) }),
      "version": .string(GroveVersion.current),
    ])
    return .object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "runs": .array([
        .object([
          "columnKind": .string("unicodeCodePoints"), "results": .array(results),
          "tool": .object(["driver": driver]),
        ])
      ]),
      "version": .string("2.1.0"),
    ])
  }

  private static func result(_ diagnostic: Diagnostic, in document: CheckedDocument) -> Value {
    let region = Value.object([
      "startColumn": .integer(Int64(diagnostic.location?.column ?? 1)),
      "startLine": .integer(Int64(diagnostic.location?.line ?? max(document.line, 1))),
    ])
    let location = Value.object([
      "physicalLocation": .object([
        "artifactLocation": .object(["uri": .string(document.source)]), "region": region,
      ])
    ])
    return .object([
      "level": .string(diagnostic.severity.rawValue), "locations": .array([location]),
      "message": .object(["text": .string("\(document.title): \(diagnostic.message)")]),
      "ruleId": .string(diagnostic.rule.rawValue),
    ])
  }

  // MARK: GitHub

  /// The report as workflow commands, which GitHub shows beside the lines of a pull request.
  public static func github(_ documents: [CheckedDocument]) -> String {
    var text = ""
    for document in documents {
      for diagnostic in document.diagnostics {
        let line = diagnostic.location?.line ?? max(document.line, 1)
        let column = diagnostic.location?.column ?? 1
        text += "::\(diagnostic.severity.rawValue) "
        text += "file=\(property(document.source)),line=\(line),col=\(column),"
        text += "title=\(property(diagnostic.rule.rawValue))::"
        text += data("\(document.title): \(diagnostic.message)") + "\n"
      }
    }
    return text
  }

  private static func data(_ text: String) -> String {
    String(
      decoding: text.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x25: Array("%25".utf8)
        case 0x0D: Array("%0D".utf8)
        case 0x0A: Array("%0A".utf8)
        default: [byte]
        }
      }, as: UTF8.self)
  }

  private static func property(_ text: String) -> String {
    String(
      decoding: data(text).utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x3A: Array("%3A".utf8)
        case 0x2C: Array("%2C".utf8)
        default: [byte]
        }
      }, as: UTF8.self)
  }
}
