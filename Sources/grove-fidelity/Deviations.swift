internal import GroveModel
internal import KubernetesModel

/// A place where Swift Grove does something else than the original on purpose, as `docs/deviations.md` lists it.
///
/// The check accepts exactly the differences that a deviation makes, and says which ones it used.
struct Deviation: Sendable {
  /// What a deviation looks at to tell its differences from others.
  struct Context {
    /// The stage.
    var stage: String
    /// The PodCliqueSets of the case, as sent.
    var sets: [PodCliqueSet]
    /// Our objects.
    var ours: [RecordedObject.Identity: Value]
    /// The recorded objects.
    var recorded: [RecordedObject.Identity: Value]
  }

  /// The id in `docs/deviations.md`.
  let id: String
  /// Whether the deviation makes a difference.
  let accepts: @Sendable (Difference, Context) -> Bool

  /// The ids of the deviations that make all of some differences; nil when one is left over.
  static func explain(_ differences: [Difference], _ context: Context) -> (ids: Set<String>, rest: [Difference]) {
    var ids: Set<String> = []
    var rest: [Difference] = []
    for difference in differences {
      if let deviation = all.first(where: { $0.accepts(difference, context) }) {
        ids.insert(deviation.id)
      } else {
        rest.append(difference)
      }
    }
    return (ids, rest)
  }

  /// The rules beyond the original's webhook that refuse an object; nil when something else refuses it too.
  ///
  /// Only what is refused because no valid object could come of it counts: B-A09 and B-A11.
  static func refusals(_ diagnostics: [Diagnostic]) -> Set<String>? {
    let own = diagnostics.errors.map(\.rule.rawValue)
    guard !own.isEmpty, own.allSatisfy({ $0 == "W-B-A09" || $0 == "W-B-A11" }) else { return nil }
    return Set(own.map { String($0.dropFirst(2)) })
  }

  /// All deviations that show in objects.
  static let all: [Deviation] = [
    Deviation(id: "B-R04") { difference, context in
      guard difference.object.kind == "Pod", difference.path == "spec.priorityClassName",
        difference.recorded == nil, let set = context.set(of: difference.object)
      else { return false }
      let name = set.spec.template.priorityClassName
      return !name.isEmpty && difference.ours?.stringValue == name
    },
    Deviation(id: "B-R08") { difference, context in
      guard let place = context.misledClique(difference.object) else { return false }
      // The misled PodClique and its pods are other objects altogether; what contains them counts them.
      return place
    },
    Deviation(id: "B-R16") { difference, context in
      guard difference.object.kind == "Pod", difference.path == "spec.schedulingGates",
        let clique = context.clique(of: difference.object)
      else { return false }
      func names(_ value: Value?) -> [String] { (value?.elements ?? []).compactMap { $0["name"]?.stringValue } }
      let own = clique.spec.podSpec.schedulingGates.map(\.name)
      return !own.isEmpty && names(difference.ours) == own + names(difference.recorded)
    },
    Deviation(id: "B-R22") { difference, _ in
      (difference.object.kind == "PodGang" || difference.object.kind == "PodGroup")
        && difference.path == "metadata.annotations[kai.scheduler/skip-podgrouper]"
        && difference.recorded == nil && difference.ours?.stringValue == "true"
    },
    Deviation(id: "B-R34") { difference, context in
      guard difference.object.kind == "Pod" || difference.object.kind == "PodClique",
        difference.ours == nil, difference.recorded != nil, let clique = context.clique(of: difference.object)
      else { return false }
      return clique.labels.contains { key, value in
        difference.path == "metadata.labels[\(key)]" && isGrovesOwn(key)
          && difference.recorded?.stringValue == value
      }
    },
  ]

  /// Whether a label key is one that Grove sets (B-R34).
  private static func isGrovesOwn(_ key: String) -> Bool {
    key.hasPrefix("grove.io/")
      || [LabelKey.managedBy, LabelKey.partOf, LabelKey.name, LabelKey.component].contains(key)
  }
}

extension Deviation.Context {
  private func label(_ key: String, of object: RecordedObject.Identity) -> String? {
    (ours[object] ?? recorded[object])?["metadata"]?["labels"]?[key]?.stringValue
  }

  /// The PodCliqueSet that an object is part of.
  func set(of object: RecordedObject.Identity) -> PodCliqueSet? {
    guard let name = label(LabelKey.partOf, of: object) else { return sets.count == 1 ? sets.first : nil }
    return sets.first { $0.metadata.name == name }
  }

  /// The clique that a PodClique or pod was made from.
  func clique(of object: RecordedObject.Identity) -> PodCliqueTemplateSpec? {
    guard let set = set(of: object) else { return nil }
    let name = object.kind == "Pod" ? label(LabelKey.podClique, of: object) : object.name
    guard let name else { return nil }
    let template = set.spec.template
    // The longest name that fits is the exact one: prefixes end in an index, names of cliques do not contain others
    // behind one.
    return template.cliques.filter { name.hasSuffix("-\($0.name)") }
      .max { $0.name.utf8.count < $1.name.utf8.count }
  }

  /// Whether the original takes another clique's template for an object, because its name ends in that clique's name
  /// and that clique comes first (B-R08); nil for objects that are not made from one clique.
  func misledClique(_ object: RecordedObject.Identity) -> Bool? {
    guard object.kind == "Pod" || object.kind == "PodClique", let set = set(of: object),
      let exact = clique(of: object)
    else { return nil }
    let name = object.kind == "Pod" ? label(LabelKey.podClique, of: object) ?? object.name : object.name
    return set.spec.template.cliques.first { name.hasSuffix($0.name) }?.name != exact.name
  }
}
