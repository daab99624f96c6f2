internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import KubernetesModel

/// What `validate --list-rules` prints.
enum RuleListing {
  static var text: String {
    var table = Table(["ID", "SEVERITY", "RULE"])
    for rule in ManifestRule.allCases { table.rows.append([rule.rawValue, "", rule.summary]) }
    for rule in RuleCatalog.all {
      table.rows.append([rule.id.rawValue, rule.severity.rawValue, rule.summary])
    }
    return table.text
  }

  /// The same for machines.
  static var value: Value {
    func entry(
      _ id: String, _ severity: String, _ summary: String, _ explanation: String, _ text: String?
    ) -> Value {
      var members: [(String, Value)] = [
        ("explanation", .string(explanation)), ("id", .string(id)), ("severity", .string(severity)),
      ]
      if let text { members.append(("serverText", .string(text))) }
      members.append(("summary", .string(summary)))
      return .object(members)
    }
    let reading = ManifestRule.allCases.map { entry($0.rawValue, "", $0.summary, "", nil) }
    let rules = RuleCatalog.all.map {
      entry($0.id.rawValue, $0.severity.rawValue, $0.summary, $0.explanation, $0.serverText)
    }
    return .object([
      "compatibleWith": .string(GroveVersion.target), "format": .string("grove-demo/rules/v1"),
      "rules": .array(reading + rules),
    ])
  }
}
