internal import KubernetesModel

/// What the hashes of two states of a PodCliqueSet are taken over, compared (P-9).
public struct HashComparison: Sendable {
  /// The changes that change a hash, in the order of the new set.
  public private(set) var changes: [HashChange] = []
  /// The hashes of each clique's pod template, in the order of the new set; nil where the clique is not.
  public private(set) var hashes: [(clique: String, old: String?, new: String?)] = []

  private let old: PodCliqueSet
  private let new: PodCliqueSet
  private let alignment: ListAlignment
  /// Where each change comes from, in step with ``changes``.
  private var origins: [Origin] = []
  private var deltas: [Int: ValueDelta] = [:]

  private enum Origin: Sendable, Equatable {
    case priorityClass
    case order
    /// A clique came or went: position among the entries.
    case presence(Int)
    /// A change within a clique: position among the entries, and among the changes of the delta.
    case template(Int, Int)
  }

  /// Compares two states, both as they are stored.
  public init(from old: PodCliqueSet, to new: PodCliqueSet) {
    self.old = old
    self.new = new
    let (before, after) = (old.spec.template.cliques, new.spec.template.cliques)
    alignment = Self.align(before.map(\.name), after.map(\.name))
    // The class of the template is hashed with every clique, and is one change; without it, the rest is compared.
    let oldHashes = before.map { Hashing.podTemplate($0, priorityClassName: "") }
    let newHashes = after.map { Hashing.podTemplate($0, priorityClassName: "") }
    comparePriorityClasses()
    compareOrder(before.map(\.name), after.map(\.name), oldHashes)
    for (position, entry) in alignment.entries.enumerated() {
      switch entry {
      case .common(let one, let other):
        if oldHashes[one] != newHashes[other] {
          compare(before[one], after[other], position, other, oldHash: oldHashes[one])
        }
      case .added(let index):
        add(
          .presence(position),
          HashChange(
            path: Self.cliques.element(index, key: after[index].name), old: nil,
            new: .string(after[index].name),
            clique: after[index].name, effect: .generationHashOnly))
      case .removed(let index):
        add(
          .presence(position),
          HashChange(
            path: Self.cliques.element(index, key: before[index].name), old: .string(before[index].name),
            new: nil,
            clique: before[index].name, effect: .generationHashOnly))
      }
    }
    describeHashes(oldHashes, newHashes)
  }

  private static let cliques = ChangePath(members: "spec", "template", "cliques")

  private mutating func add(_ origin: Origin, _ change: HashChange) {
    origins.append(origin)
    changes.append(change)
  }

  /// Cliques by name; by position when names do not tell them apart.
  private static func align(_ before: [String], _ after: [String]) -> ListAlignment {
    guard Set(before).count == before.count, Set(after).count == after.count else {
      return ListAlignment(
        (0..<max(before.count, after.count)).map { index in
          index >= before.count
            ? .added(new: index)
            : index >= after.count
              ? .removed(old: index)
              : .common(old: index, new: index)
        })
    }
    let places = Dictionary(uniqueKeysWithValues: before.enumerated().map { ($0.element, $0.offset) })
    let kept = Set(after)
    var entries: [ListAlignment.Entry] = after.enumerated().map { index, name in
      places[name].map { .common(old: $0, new: index) } ?? .added(new: index)
    }
    for (index, name) in before.enumerated() where !kept.contains(name) {
      entries.append(.removed(old: index))
    }
    return ListAlignment(entries)
  }

  // MARK: Parts

  private mutating func comparePriorityClasses() {
    let (before, after) = (old.spec.template.priorityClassName, new.spec.template.priorityClassName)
    guard before != after, !new.spec.template.cliques.isEmpty else { return }
    add(
      .priorityClass,
      HashChange(
        path: ChangePath(members: "spec", "template", "priorityClassName"),
        old: before.isEmpty ? nil : .string(before), new: after.isEmpty ? nil : .string(after), clique: nil,
        effect: .podTemplateHash))
  }

  /// The generation hash is taken over the templates in their order (B-R05).
  private mutating func compareOrder(_ before: [String], _ after: [String], _ oldHashes: [String]) {
    guard alignment.isReordered else { return }
    let moved = alignment.order(undoesOrder: false) { _ in true }
    // Templates that are the same may change places.
    guard moved.compactMap({ alignment.entries[$0].old.map { oldHashes[$0] } }) != oldHashes else { return }
    add(
      .order,
      HashChange(
        path: Self.cliques, old: .array(before.map { .string($0) }), new: .array(after.map { .string($0) }),
        clique: nil, effect: .generationHashOnly, mark: .orderOnly))
  }

  private mutating func compare(
    _ before: PodCliqueTemplateSpec, _ after: PodCliqueTemplateSpec, _ position: Int, _ index: Int,
    oldHash: String
  ) {
    let delta = ValueDelta(
      from: Value(encoding: Self.hashed(before)), to: Value(encoding: Self.hashed(after)),
      at: Self.cliques.element(index, key: after.name), isSame: HashedText.isSame)
    deltas[position] = delta
    let unchanged = before.effectivePod
    for (number, change) in delta.changes.enumerated() {
      let alone = delta.changes.count == 1 ? after : Self.clique(delta.undoingAll(except: number))
      // Fields that the hash does not know (R-107) change nothing.
      if delta.changes.count > 1, Hashing.podTemplate(alone, priorityClassName: "") == oldHash { continue }
      let mark: HashChange.Mark? =
        change.isOrder ? .orderOnly : alone.effectivePod == unchanged ? .noEffectiveChange : nil
      add(
        .template(position, number),
        HashChange(
          path: change.path, old: change.old, new: change.new, clique: after.name, effect: .podTemplateHash,
          mark: mark))
    }
  }

  /// The part of a clique that is hashed (R-100).
  private static func hashed(_ clique: PodCliqueTemplateSpec) -> PodCliqueTemplateSpec {
    var hashed = PodCliqueTemplateSpec()
    hashed.labels = clique.labels
    hashed.annotations = clique.annotations
    hashed.preserved = clique.preserved
    hashed.preserved.dropUnknownFields()
    hashed.spec.podSpec = clique.spec.podSpec
    hashed.spec.podSpec.priorityClassName = ""
    // A list that is not there is written as an empty one, which has another hash.
    if hashed.spec.podSpec.containers.isEmpty,
      !hashed.spec.podSpec.preserved.isMarkedEmpty(FieldSymbols.containers)
    {
      hashed.spec.podSpec.preserved.markNull(FieldSymbols.containers)
    }
    return hashed
  }

  private static func clique(_ value: Value?) -> PodCliqueTemplateSpec {
    guard let value else { return PodCliqueTemplateSpec() }
    var decoder = TapeDecoder(value.tape, reportsUnknownFields: false)
    return decoder.decode(at: value.index)
  }

  private mutating func describeHashes(_ oldHashes: [String], _ newHashes: [String]) {
    let (before, after) = (old.spec.template, new.spec.template)
    let isPlain = before.priorityClassName.isEmpty && after.priorityClassName.isEmpty
    for entry in alignment.entries {
      let name = entry.new.map { after.cliques[$0].name } ?? entry.old.map { before.cliques[$0].name } ?? ""
      let one = entry.old.map { index in
        isPlain
          ? oldHashes[index]
          : Hashing.podTemplate(before.cliques[index], priorityClassName: before.priorityClassName)
      }
      let other = entry.new.map { index in
        isPlain
          ? newHashes[index]
          : Hashing.podTemplate(after.cliques[index], priorityClassName: after.priorityClassName)
      }
      hashes.append((name, one, other))
    }
  }

  // MARK: Undoing

  /// The new set with some changes undone.
  ///
  /// - Parameter undone: positions in ``changes``.
  public func undoing(_ undone: Set<Int>) -> PodCliqueSet {
    var set = new
    let origins = undone.map { self.origins[$0] }
    if origins.contains(.priorityClass) {
      set.spec.template.priorityClassName = old.spec.template.priorityClassName
    }
    let order = alignment.order(undoesOrder: origins.contains(.order)) { origins.contains(.presence($0)) }
    set.spec.template.cliques = order.compactMap { position in
      let entry = alignment.entries[position]
      guard let index = entry.new else { return entry.old.map { old.spec.template.cliques[$0] } }
      var clique = new.spec.template.cliques[index]
      guard let delta = deltas[position] else { return clique }
      let numbers = origins.compactMap { origin in
        if case .template(position, let number) = origin { number } else { nil }
      }
      let part = Self.clique(delta.undoing(Set(numbers)))
      (clique.labels, clique.annotations) = (part.labels, part.annotations)
      let unknown = clique.preserved.unknownFields
      clique.preserved = part.preserved
      for field in unknown { clique.preserved.keep(field.name, field.value) }
      let priorityClassName = clique.spec.podSpec.priorityClassName
      clique.spec.podSpec = part.spec.podSpec
      clique.spec.podSpec.priorityClassName = priorityClassName
      return clique
    }
    return set
  }
}

/// Texts that go into a hash as the same bytes although they are not the same value (R-106).
private enum HashedText {
  static func isSame(_ name: String, _ old: Value, _ new: Value) -> Bool {
    if old.kind == .array, new.kind == .array {
      guard let one = joined(old), let other = joined(new) else { return false }
      return one == other
    }
    // Go prints an annotation `a: "1 b:2"` as it prints `a: "1"` beside `b: "2"`.
    guard name == "annotations", old.kind == .object, new.kind == .object else { return false }
    return entries(old) == entries(new)
  }

  /// The strings of a list with blanks between them, as Go prints it; nil for other lists.
  private static func joined(_ list: Value) -> String? {
    var texts: [String] = []
    for element in list.elements {
      guard let text = element.stringValue else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: " ")
  }

  private static func entries(_ map: Value) -> String {
    map.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      .map { "\($0.name):\($0.value.scalarText ?? "")" }.joined(separator: " ")
  }
}
