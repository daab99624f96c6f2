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
      // What a scheduler reports of a pod, the original does not notice before a container starts.
      switch difference.object.kind {
      case "PodClique":
        return difference.path.hasPrefix("status.") && context.isStale(difference.object.name)
      case "PodCliqueScalingGroup", "PodCliqueSet":
        return difference.path.hasPrefix("status.") && context.hasStalePodCliques(of: difference.object)
      case "Pod":
        return difference.path == "spec.schedulingGates" && difference.ours == nil
          && context.label(LabelKey.basePodGang, of: difference.object) != nil
          && context.hasStalePodCliques(of: nil)
      default: return false
      }
    },
    Deviation(id: "B-R02") { difference, context in
      // PodGangs mirror the metadata of their set; the original does so with the next change of the spec.
      guard difference.object.kind == "PodGang" || difference.object.kind == "PodGroup",
        let set = context.set(of: difference.object)
      else { return false }
      return [("labels", set.metadata.labels), ("annotations", set.metadata.annotations)].contains {
        field, map in
        map.contains { key, value in
          difference.path == "metadata.\(field)[\(key)]" && difference.ours?.stringValue == value
        }
      }
    },
    Deviation(id: "B-R18") { difference, context in
      // Of pods that are equally good to delete, the original takes any.
      let clique: String? =
        switch difference.object.kind {
        case "Pod": difference.path.isEmpty ? context.podClique(of: difference.object) : nil
        case "PodGang":
          difference.path.hasSuffix("].name")
            ? context.podGroup(of: difference.object, at: difference.path) : nil
        default: nil
        }
      guard let clique else { return false }
      let (ours, recorded) = (
        context.pods(of: clique, in: context.ours), context.pods(of: clique, in: context.recorded)
      )
      return ours.count == recorded.count && ours != recorded
    },
    Deviation(id: "B-R04") { difference, context in
      guard difference.object.kind == "Pod", difference.path == "spec.priorityClassName",
        difference.recorded == nil, let set = context.set(of: difference.object)
      else { return false }
      let name = set.spec.template.priorityClassName
      return !name.isEmpty && difference.ours?.stringValue == name
    },
    Deviation(id: "B-R07") { difference, context in
      // The Service of a replica that is not wanted any more.
      guard difference.object.kind == "Service", difference.path.isEmpty, difference.ours == nil,
        let index = context.label(LabelKey.podCliqueSetReplicaIndex, of: difference.object).flatMap({
          Int64($0)
        }),
        let replicas = context.replicas(ofSetOf: difference.object)
      else { return false }
      return index >= replicas
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
        guard let group = context.podGroup(of: difference.object, at: difference.path) else { return false }
        return isMisled(group, in: set)
      case "PodCliqueScalingGroup", "PodCliqueSet":
        // They count PodCliques that are something else, and never come to rest.
        return difference.path.hasPrefix("status.")
          && set.spec.template.cliques.contains { isMisled("\(set.metadata.name)-0-\($0.name)", in: set) }
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
    Deviation(id: "A-027-text") { difference, _ in
      // A duration that the original leaves as it was sent.
      guard difference.object.kind == "PodCliqueSet", difference.path == "spec.template.terminationDelay",
        let recorded = difference.recorded?.stringValue, let ours = difference.ours?.stringValue
      else { return false }
      return Duration(recorded)?.text == ours
    },
    Deviation(id: "B-R32") { difference, context in
      // Pods on their way out count for the original until they are gone, and are made up for only then.
      let clique: String? =
        switch difference.object.kind {
        case "PodClique": difference.path.hasPrefix("status.") ? difference.object.name : nil
        case "Pod":
          difference.path.isEmpty && difference.recorded == nil
            ? context.podClique(of: difference.object) : nil
        case "PodGang": context.podGroup(of: difference.object, at: difference.path)
        default: nil
        }
      return clique.map { context.hasTerminatingPods(of: $0) } ?? false
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
  /// Whether the recorded status of a PodClique does not count what its recorded pods say about their scheduling.
  func isStale(_ podClique: String) -> Bool {
    guard
      let status = recorded.first(where: { $0.key.kind == "PodClique" && $0.key.name == podClique })?
        .value["status"]
    else { return false }
    let pods = recorded.filter {
      $0.key.kind == "Pod" && label(LabelKey.podClique, of: $0.key) == podClique
    }
    func count(_ matches: (Value) -> Bool) -> Int64 {
      Int64(
        pods.count { pod in
          (pod.value["status"]?["conditions"]?.elements ?? []).contains {
            $0["type"]?.stringValue == "PodScheduled" && matches($0)
          }
        })
    }
    let scheduled = count { $0["status"]?.stringValue == "True" }
    let gated = count { $0["reason"]?.stringValue == "SchedulingGated" }
    return status["scheduledReplicas"]?.integerValue != scheduled
      || status["scheduleGatedReplicas"]?.integerValue != gated
  }

  /// Whether some PodClique of a scaling group or PodCliqueSet, or of all, is stale.
  func hasStalePodCliques(of object: RecordedObject.Identity?) -> Bool {
    recorded.keys.contains { podClique in
      guard podClique.kind == "PodClique" else { return false }
      if let object {
        let key = object.kind == "PodCliqueSet" ? LabelKey.partOf : LabelKey.scalingGroup
        guard label(key, of: podClique) == object.name else { return false }
      }
      return isStale(podClique.name)
    }
  }

  /// Whether the recording has a pod of a PodClique that is on its way out.
  func hasTerminatingPods(of podClique: String) -> Bool {
    recorded.contains { identity, pod in
      identity.kind == "Pod" && pod["metadata"]?["deletionTimestamp"] != nil
        && pod["metadata"]?["labels"]?[LabelKey.podClique]?.stringValue == podClique
    }
  }

  /// The names of the pods of a PodClique.
  func pods(of podClique: String, in objects: [RecordedObject.Identity: Value]) -> Set<String> {
    Set(
      objects.filter {
        $0.key.kind == "Pod" && $0.value["metadata"]?["labels"]?[LabelKey.podClique]?.stringValue == podClique
      }.map(\.key.name))
  }

  /// The PodClique of the group whose references to pods a path of a PodGang leads to; nil for other paths.
  func podGroup(of gang: RecordedObject.Identity, at path: String) -> String? {
    guard path.hasPrefix("spec.podgroups["), path.contains("].podReferences"),
      let index = Int(path.dropFirst("spec.podgroups[".count).prefix { $0 != "]" })
    else { return nil }
    return ours[gang]?["spec"]?["podgroups"]?[index]?["name"]?.stringValue
  }

  /// How many replicas the PodCliqueSet of an object has at the stage.
  func replicas(ofSetOf object: RecordedObject.Identity) -> Int64? {
    let name = label(LabelKey.partOf, of: object)
    return recorded.first { $0.key.kind == "PodCliqueSet" && $0.key.name == name }?
      .value["spec"]?["replicas"]?.integerValue
  }

  func label(_ key: String, of object: RecordedObject.Identity) -> String? {
    (ours[object] ?? recorded[object])?["metadata"]?["labels"]?[key]?.stringValue
  }

  /// The PodCliqueSet that an object is part of.
  func set(of object: RecordedObject.Identity) -> PodCliqueSet? {
    let name = object.kind == "PodCliqueSet" ? object.name : label(LabelKey.partOf, of: object)
    guard let name else { return sets.count == 1 ? sets.first : nil }
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
