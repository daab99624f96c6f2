internal import KubernetesModel

/// Priority classes by number (S-005).
struct PriorityTable: Sendable {
  struct Entry: Sendable {
    var value: Int32
    var neverPreempts: Bool
  }

  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]
  private var entries: [Entry?] = []
  /// The class of pods that name none.
  private var defaults: [String] = []

  init() {
    // The two classes every cluster has.
    set("system-cluster-critical", Entry(value: 2_000_000_000, neverPreempts: false))
    set("system-node-critical", Entry(value: 2_000_001_000, neverPreempts: false))
  }

  mutating func slot(_ name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = names.count
    names.append(name)
    entries.append(nil)
    return names.count - 1
  }

  mutating func set(_ name: String, _ entry: Entry?) { entries[slot(name)] = entry }

  mutating func set(_ name: String, isDefault: Bool) {
    defaults.removeAll { $0 == name }
    if isDefault {
      defaults.append(name)
      defaults.sort(by: isByteOrdered)
    }
  }

  subscript(name: String) -> Entry? { numbers[name].flatMap { entries[$0] } }

  /// What a class gives, the empty name standing for the default class: priority 0 when there is none.
  func resolved(_ number: Int) -> Entry {
    let name = names[number]
    if !name.isEmpty { return entries[number] ?? Entry(value: 0, neverPreempts: false) }
    // Of several default classes the one with the smallest value counts, as in Kubernetes.
    var least: Entry?
    for name in defaults {
      if let entry = self[name], entry.value < least?.value ?? .max { least = entry }
    }
    return least ?? Entry(value: 0, neverPreempts: false)
  }
}
