internal import GroveModel
internal import KubernetesModel

/// Which replicas of each PodCliqueSet are alike, kept up to date with every observed object.
///
/// A PodCliqueSet may have thousands of replicas, and a pass is made over all of them whenever one pod of one becomes
/// ready. Nearly all are as they should be, and alike; so a pass looks at one of each kind, and counts it for all.
struct ReplicaIndex: Sendable {
  private var families = SortedTable<ObjectName, Replicas>()

  /// The replicas that a pass over a PodCliqueSet has to look at.
  ///
  /// - Complexity: O(replicas), with a very small factor.
  func selection(of set: ObjectName, replicas: Int) -> ReplicaSelection {
    families[set]?.selection(of: replicas) ?? ReplicaSelection(all: replicas)
  }

  /// Follows an object from what was known of it to what is known now.
  mutating func update(from old: ReplicaPart?, to new: ReplicaPart?) {
    let (from, to) = (old?.set, new?.set)
    if let old, let from, from != to {
      families.modify(from, default: Replicas()) {
        $0.remove(old, of: from.name)
        return !$0.isEmpty
      }
    }
    if let new, let to {
      families.modify(to, default: Replicas()) {
        $0.insert(new, of: to.name)
        return !$0.isEmpty
      }
    }
  }
}

/// The replicas that a pass looks at, each for itself and for others that are like it.
struct ReplicaSelection: Sendable {
  /// The replicas, in ascending order.
  let replicas: [Int]
  /// For how many each stands, itself included.
  let weights: [Int]
  /// Whether there are replicas that are not looked at.
  let isPartial: Bool

  /// Every replica for itself.
  init(all count: Int) {
    replicas = Array(0..<count)
    weights = Array(repeating: 1, count: count)
    isPartial = false
  }

  /// Some replicas for all.
  fileprivate init(replicas: [Int], weights: [Int], of count: Int) {
    self.replicas = replicas
    self.weights = weights
    isPartial = replicas.count < count
  }

  /// The position of a replica among those that are looked at.
  func position(of replica: Int) -> Int? {
    guard isPartial else { return replicas.indices.contains(replica) ? replica : nil }
    var low = 0
    var high = replicas.count
    while low < high {
      let middle = (low + high) / 2
      if replicas[middle] < replica { low = middle + 1 } else { high = middle }
    }
    return low < replicas.count && replicas[low] == replica ? low : nil
  }
}

/// The replicas of one PodCliqueSet.
private struct Replicas: Sendable {
  /// Objects of different replicas that are alike.
  private struct Likes: Sendable {
    let model: ReplicaPart
    let place: ReplicaPlace
    var count: Int
  }

  private struct Oddity: Sendable, Equatable {
    let kind: Int
    let suffix: String
  }

  private struct Replica: Sendable {
    /// Positions in `likes`, in ascending order.
    var parts: [Int] = []
    /// Objects that are like no other.
    var oddities: [Oddity] = []
    /// The position in `groups`; nil when the replica is like no other.
    var group: Int?
  }

  private struct Group: Sendable {
    var parts: [Int]
    var count: Int
  }

  // Searched one by one, so few: more differences than this are looked at replica by replica.
  private static var mostLikes: Int { 256 }
  private static var mostGroups: Int { 64 }
  // Replicas beyond this are always looked at.
  private static var mostReplicas: Int { 1 << 16 }

  // Positions stay, so what goes leaves a nil.
  private var likes: [Likes?] = []
  private var groups: [Group?] = []
  private var replicas: [Replica] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  func selection(of total: Int) -> ReplicaSelection {
    var selected: [Int] = []
    var weights: [Int] = []
    var positions: [Int] = Array(repeating: -1, count: groups.count)
    for replica in 0..<total {
      guard replica < replicas.count, let group = replicas[replica].group else {
        selected.append(replica)
        weights.append(1)
        continue
      }
      if positions[group] >= 0 {
        weights[positions[group]] += 1
      } else {
        positions[group] = selected.count
        selected.append(replica)
        weights.append(1)
      }
    }
    return ReplicaSelection(replicas: selected, weights: weights, of: total)
  }

  /// Observes an object, in the place of one of the same kind and name.
  mutating func insert(_ part: ReplicaPart, of set: String) {
    guard let place = ReplicaPlace(part.name, of: set), place.replica < Self.mostReplicas else { return }
    while replicas.count <= place.replica { replicas.append(Replica()) }
    let known = likes(of: part.kind, place)
    if let known, part.isOrdinary, isLike(known, part, place) { return }
    let found = part.isOrdinary ? self.likes(for: part, place) : nil
    leaveGroup(place.replica)
    defer { joinGroup(place.replica) }
    forget(part.kind, place, likes: known)
    count += 1
    guard let found else {
      replicas[place.replica].oddities.append(Oddity(kind: part.kind, suffix: place.suffix))
      return
    }
    if likes[found] == nil { likes[found] = Likes(model: part, place: place, count: 0) }
    likes[found]?.count += 1
    let position = replicas[place.replica].parts.firstIndex { $0 > found }
    replicas[place.replica].parts.insert(found, at: position ?? replicas[place.replica].parts.count)
  }

  /// Forgets an object.
  mutating func remove(_ part: ReplicaPart, of set: String) {
    guard let place = ReplicaPlace(part.name, of: set), place.replica < replicas.count else { return }
    leaveGroup(place.replica)
    forget(part.kind, place, likes: likes(of: part.kind, place))
    joinGroup(place.replica)
  }

  private mutating func forget(_ kind: Int, _ place: ReplicaPlace, likes known: Int?) {
    if let known {
      replicas[place.replica].parts.removeAll { $0 == known }
      likes[known]?.count -= 1
      if likes[known]?.count == 0 { likes[known] = nil }
      count -= 1
    } else if let oddity = replicas[place.replica].oddities.firstIndex(where: {
      $0.kind == kind && $0.suffix == place.suffix
    }) {
      replicas[place.replica].oddities.remove(at: oddity)
      count -= 1
    }
  }

  /// The likes of the object of a kind and name, if it has any.
  private func likes(of kind: Int, _ place: ReplicaPlace) -> Int? {
    replicas[place.replica].parts.first {
      guard let likes = likes[$0] else { return false }
      return likes.model.kind == kind && likes.place.suffix == place.suffix
    }
  }

  private func isLike(_ position: Int, _ part: ReplicaPart, _ place: ReplicaPlace) -> Bool {
    guard let likes = likes[position], likes.model.kind == part.kind, likes.place.suffix == place.suffix
    else { return false }
    return ReplicaPart.correspond(likes.model, at: likes.place, part, at: place)
  }

  /// Where the likes of an object are, or may be made; nil when there are too many differences.
  private mutating func likes(for part: ReplicaPart, _ place: ReplicaPlace) -> Int? {
    var free: Int?
    for position in likes.indices {
      if likes[position] == nil {
        free = free ?? position
      } else if isLike(position, part, place) {
        return position
      }
    }
    if let free { return free }
    guard likes.count < Self.mostLikes else { return nil }
    likes.append(nil)
    return likes.count - 1
  }

  private mutating func leaveGroup(_ replica: Int) {
    guard let group = replicas[replica].group else { return }
    replicas[replica].group = nil
    groups[group]?.count -= 1
    if groups[group]?.count == 0 { groups[group] = nil }
  }

  private mutating func joinGroup(_ replica: Int) {
    guard replicas[replica].oddities.isEmpty, !replicas[replica].parts.isEmpty else { return }
    let parts = replicas[replica].parts
    var position = groups.firstIndex { $0?.parts == parts }
    if let position {
      groups[position]?.count += 1
    } else if let free = groups.firstIndex(where: { $0 == nil }) {
      groups[free] = Group(parts: parts, count: 1)
      position = free
    } else if groups.count < Self.mostGroups {
      position = groups.count
      groups.append(Group(parts: parts, count: 1))
    }
    replicas[replica].group = position
  }
}
