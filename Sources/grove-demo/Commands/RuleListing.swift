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
}
