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
  static func explain(
    _ differences: [Difference], _ context: Context
  ) -> (ids: Set<String>, rest: [Difference]) {
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
    Deviation(id: "R-022-bind") { difference, context in
      // Where pods are bound whose containers nobody has heard of yet, the original has not noticed.
      guard context.hasSilentBinds else { return false }
      switch difference.object.kind {
      case "PodClique", "PodCliqueScalingGroup", "PodCliqueSet": return difference.path.hasPrefix("status.")
      case "Pod":
        return difference.path == "spec.schedulingGates" && difference.ours == nil
          && context.label(LabelKey.basePodGang, of: difference.object) != nil
      default: return false
      }
    },
    Deviation(id: "B-R04") { difference, context in
      guard difference.object.kind == "Pod", difference.path == "spec.priorityClassName",
        difference.recorded == nil, let set = context.set(of: difference.object)
      else { return false }
      let name = set.spec.template.priorityClassName
      return !name.isEmpty && difference.ours?.stringValue == name
    },
    Deviation(id: "B-R08") { difference, context in
      guard let set = context.set(of: difference.object) else { return false }
      let name = difference.object.name
      switch difference.object.kind {
      case "PodClique":
        // Made of another clique's template: another object altogether.
        return isMisled(name, in: set)
      case "Pod":
        if let owner = context.podClique(of: difference.object), isMisled(owner, in: set) { return true }
        // Waits for as many pods as the other clique needs.
        guard difference.path.hasPrefix("spec.initContainers["), difference.path.contains("].args["),
          let dependency = dependency(difference.ours), dependency == Self.dependency(difference.recorded)
        else { return false }
        return isMisled(dependency, in: set)
      case "PodGang":
        guard difference.path.hasPrefix("spec.podgroups["), difference.path.hasSuffix("].podReferences"),
          let index = Int(difference.path.dropFirst("spec.podgroups[".count).prefix { $0 != "]" }),
          let group = context.ours[difference.object]?["spec"]?["podgroups"]?[index]?["name"]?.stringValue
        else { return false }
        return isMisled(group, in: set)
      case "PodCliqueScalingGroup":
        // With members made of the wrong template it never counts as up to date.
        guard difference.path == "status.currentPodCliqueSetGenerationHash", difference.recorded == nil,
          let config = set.spec.template.podCliqueScalingGroups.first(where: { name.hasSuffix("-\($0.name)") }
          )
        else { return false }
        return config.cliqueNames.contains { isMisled("\(name)-0-\($0)", in: set) }
      default: return false
      }
    },
    Deviation(id: "B-R16") { difference, context in
      guard difference.object.kind == "Pod", difference.path == "spec.schedulingGates",
        let clique = context.clique(of: difference.object)
      else { return false }
      func names(_ value: Value?) -> [String] {
        (value?.elements ?? []).compactMap { $0["name"]?.stringValue }
      }
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

  /// The clique that a PodClique of a set is made from.
  ///
  /// Of the names that fit, the longest is the exact one: what precedes it ends in an index.
  static func clique(named podClique: String, in set: PodCliqueSet) -> PodCliqueTemplateSpec? {
    set.spec.template.cliques.filter { podClique.hasSuffix("-\($0.name)") }
      .max { $0.name.utf8.count < $1.name.utf8.count }
  }

  /// Whether the original takes another clique's template for a PodClique, because the PodClique's name ends in that
  /// clique's name and that clique comes first (B-R08).
  private static func isMisled(_ podClique: String, in set: PodCliqueSet) -> Bool {
    guard let exact = clique(named: podClique, in: set) else { return false }
    return set.spec.template.cliques.first { podClique.hasSuffix($0.name) }?.name != exact.name
  }

  /// The PodClique that an argument of `grove-initc` waits for: `--podcliques=NAME:COUNT`.
  private static func dependency(_ argument: Value?) -> String? {
    guard let text = argument?.stringValue, text.hasPrefix("--podcliques=") else { return nil }
    return text.dropFirst("--podcliques=".count).split(separator: ":").first.map(String.init)
  }

  /// Whether a label key is one that Grove sets (B-R34).
  private static func isGrovesOwn(_ key: String) -> Bool {
    key.hasPrefix("grove.io/")
      || [LabelKey.managedBy, LabelKey.partOf, LabelKey.name, LabelKey.component].contains(key)
  }
}

extension Deviation.Context {
  /// Whether pods are bound of which no container has been reported.
  var hasSilentBinds: Bool {
    recorded.contains { identity, pod in
      identity.kind == "Pod" && pod["spec"]?["nodeName"] != nil && pod["status"]?["containerStatuses"] == nil
    }
  }

  func label(_ key: String, of object: RecordedObject.Identity) -> String? {
    (ours[object] ?? recorded[object])?["metadata"]?["labels"]?[key]?.stringValue
  }

  /// The PodCliqueSet that an object is part of.
  func set(of object: RecordedObject.Identity) -> PodCliqueSet? {
    guard let name = label(LabelKey.partOf, of: object) else { return sets.count == 1 ? sets.first : nil }
    return sets.first { $0.metadata.name == name }
  }

  /// The PodClique that a pod belongs to.
  func podClique(of object: RecordedObject.Identity) -> String? { label(LabelKey.podClique, of: object) }

  /// The clique that a PodClique or pod was made from.
  func clique(of object: RecordedObject.Identity) -> PodCliqueTemplateSpec? {
    guard let set = set(of: object) else { return nil }
    let name = object.kind == "Pod" ? podClique(of: object) : object.name
    return name.flatMap { Deviation.clique(named: $0, in: set) }
  }
}
