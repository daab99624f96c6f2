internal import GroveModel
internal import KubernetesModel

/// One PodCliqueSet under validation, and what was found so far.
///
/// The rules are in extensions, one file for each section of the specification.
package struct PodCliqueSetCheck {
  let podCliqueSet: PodCliqueSet
  let admission: Admission
  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  private(set) var own: [Diagnostic] = []

  init(_ podCliqueSet: PodCliqueSet, _ admission: Admission) {
    self.podCliqueSet = podCliqueSet
    self.admission = admission
  }

  var name: String { podCliqueSet.metadata.name }
  var template: PodCliqueSetTemplateSpec { podCliqueSet.spec.template }
  var hasErrors: Bool { !errors.isEmpty }

  /// `spec.template`.
  let root: FieldPath = "spec.template"
  /// `spec.template.cliques`.
  let cliquesPath: FieldPath = "spec.template.cliques"
  /// `spec.template.podCliqueScalingGroups`.
  let groupsPath: FieldPath = "spec.template.podCliqueScalingGroups"

  /// An error of the webhook.
  ///
  /// - Parameter place: the field to point at, where the webhook's path names only the list that holds it.
  mutating func report(_ diagnostic: Diagnostic, at place: FieldPath? = nil) {
    errors.append(diagnostic.pointing(at: place))
  }

  /// Errors of the webhook.
  mutating func report(_ diagnostics: [Diagnostic]) { errors += diagnostics }

  /// A warning of the webhook, in its words.
  mutating func warn(_ rule: RuleID, _ path: FieldPath, _ text: String) {
    warnings.append(
      Diagnostic(.warning, rule: rule, path: path.description, detail: text, serverMessage: text))
  }

  /// Something the webhook does not say. It refuses the object only when nothing valid can come of it.
  mutating func note(
    _ rule: RuleID, _ path: FieldPath, _ detail: String, value: FieldValue? = nil, hint: String? = nil,
    isFatal: Bool = false, at place: FieldPath? = nil
  ) {
    own.append(
      Diagnostic(
        isFatal ? .error : .warning, rule: rule, kind: isFatal ? .invalid : nil, path: path.description,
        value: isFatal ? value?.text : nil, detail: detail, hint: hint
      ).pointing(at: place))
  }

  /// Whether the webhook already objected to a field.
  func hasError(at path: FieldPath) -> Bool { errors.contains { $0.path == path.description } }

  /// Everything found: errors in the webhook's order, its warnings, then ours.
  func diagnostics(isStrict: Bool) -> [Diagnostic] {
    var own = own
    if isStrict { for index in own.indices { own[index].severity = .error } }
    return errors + warnings + own
  }

  /// Names that occur more than once, in order of their first occurrence.
  static func repeated(_ names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    var seen: Set<String> = []
    return names.filter { counts[$0, default: 0] > 1 && seen.insert($0).inserted }
  }

  /// An error with the list of the names that occur more than once, if there are any.
  ///
  /// - Parameter place: where the name at a position stands; the second one of the first such name is pointed at.
  mutating func checkUnique(
    _ names: [String], _ rule: RuleID, _ path: FieldPath, at place: (Int) -> FieldPath
  ) {
    let repeated = PodCliqueSetCheck.repeated(names)
    guard let first = repeated.first else { return }
    let second = names.indices.filter { names[$0] == first }.dropFirst().first
    report(.duplicate(rule, path, .strings(repeated)), at: second.map(place))
  }
}
