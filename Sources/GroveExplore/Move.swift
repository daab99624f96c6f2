internal import GroveModel
public import GroveSimulate
internal import KubernetesModel

/// One thing that happens in an explored run.
public enum Move: Sendable, Hashable {
  /// A step of the world.
  case step(World.Step)
  /// Time passes until something is due.
  case wait
  /// Everything runs in a fair order until nothing changes any more.
  case rest
  /// Somebody does something.
  case edit(Edit)
}

/// What a run starts from.
public struct ExplorationStart: Sendable, Hashable {
  /// Whether the operator sees changes late.
  public var lags = false
  /// Whether the workload is up already; else its objects were applied just now.
  public var isSettled = false
  /// Whether gangs in breach are terminated after seconds.
  public var terminatesSoon = false
  /// What decides the disorder that the operator finds when it starts: any statuses, only some of the children,
  /// objects that nothing asks for; nil for none.
  public var leftovers: UInt64?

  /// The same without disorder.
  var inOrder: ExplorationStart {
    var start = self
    start.leftovers = nil
    return start
  }

  /// How long a gang may be in breach when they are.
  static let shortDelay = Duration.seconds(20)

  /// A cluster to which objects were applied just now, whose operator sees all at once.
  public init() {}
}

/// A run as a list of moves that can be written down, read, and made again.
public struct Trace: Sendable, Hashable {
  /// What the run starts from.
  public var start: ExplorationStart
  /// What happens, in order. What is not possible when its turn comes is passed over.
  public var moves: [Move]

  /// A run.
  public init(start: ExplorationStart = ExplorationStart(), moves: [Move] = []) {
    self.start = start
    self.moves = moves
  }
}

/// Texts: words with blanks between, such as `@settled+lag scale:PodClique/demo-0-fe=3 pass:PodClique/demo-0-fe`.
extension Trace: CustomStringConvertible {
  /// The run in one line.
  public var description: String {
    var parts: [String] = []
    if start.isSettled { parts.append("settled") }
    if start.lags { parts.append("lag") }
    if start.terminatesSoon { parts.append("termination") }
    if let leftovers = start.leftovers { parts.append("leftovers\(leftovers)") }
    let head = "@" + (parts.isEmpty ? "applied" : parts.joined(separator: "+"))
    return ([head] + moves.map(\.word)).joined(separator: " ")
  }

  /// Reads a run; nil when the text is none.
  public init?(_ text: String) {
    self.init()
    for (position, word) in text.split(separator: " ").enumerated() {
      if position == 0, word.hasPrefix("@") {
        for part in word.dropFirst().split(separator: "+") {
          switch part {
          case "settled": start.isSettled = true
          case "lag": start.lags = true
          case "termination": start.terminatesSoon = true
          case "applied": break
          case _ where part.hasPrefix("leftovers"):
            guard let number = UInt64(part.dropFirst("leftovers".count)) else { return nil }
            start.leftovers = number
          default: return nil
          }
        }
        continue
      }
      guard let move = Move(word: word) else { return nil }
      moves.append(move)
    }
  }
}

extension Move {
  fileprivate var word: String {
    switch self {
    case .wait: "wait"
    case .rest: "rest"
    case .edit(let edit): edit.word
    case .step(let step):
      switch step {
      case .pass(let key): "pass:" + key.word
      case .faultyPass(let key, .crash(let count)): "crash\(count):" + key.word
      case .faultyPass(let key, .lostReply(let count)): "lost\(count):" + key.word
      case .faultyPass(let key, .conflict(let count)): "conflict\(count):" + key.word
      case .deliver(let kind): "see:" + kind.rawValue
      case .deliverAll(let kind): "relist:" + kind.rawValue
      case .collectGarbage: "gc"
      case .fillToken: "token"
      case .schedule: "schedule"
      case .kubelet(let pod): "kubelet:" + pod.word
      case .nodeLifecycle(let node): "node:" + node
      case .restart: "restart"
      case .resync: "resync"
      case .wait: "wait"
      }
    }
  }

  fileprivate init?(word: Substring) {
    let parts = word.split(separator: ":", maxSplits: 1)
    guard let verb = parts.first else { return nil }
    guard parts.count == 2 else {
      switch verb {
      case "wait": self = .wait
      case "rest": self = .rest
      case "gc": self = .step(.collectGarbage)
      case "token": self = .step(.fillToken)
      case "schedule": self = .step(.schedule)
      case "restart": self = .step(.restart)
      case "resync": self = .step(.resync)
      case "remove-finalizers": self = .edit(.removeFinalizers)
      default: return nil
      }
      return
    }
    let object = parts[1]
    switch verb {
    case "see", "relist":
      guard let kind = ResourceKind(rawValue: String(object)) else { return nil }
      self = .step(verb == "see" ? .deliver(kind) : .deliverAll(kind))
    case "kubelet": self = .step(.kubelet(ObjectName(word: object)))
    case "node": self = .step(.nodeLifecycle(String(object)))
    case "pass":
      guard let key = ObjectKey(word: object) else { return nil }
      self = .step(.pass(key))
    default:
      if let step = Self.faultyPass(verb, object) {
        self = .step(step)
      } else if let edit = Edit(verb: verb, object) {
        self = .edit(edit)
      } else {
        return nil
      }
    }
  }

  private static func faultyPass(_ verb: Substring, _ object: Substring) -> World.Step? {
    guard let digits = verb.firstIndex(where: \.isNumber), let count = Int(verb[digits...]),
      let key = ObjectKey(word: object)
    else { return nil }
    switch verb[..<digits] {
    case "crash": return .faultyPass(key, .crash(after: count))
    case "lost": return .faultyPass(key, .lostReply(to: count))
    case "conflict": return .faultyPass(key, .conflict(at: count))
    default: return nil
    }
  }
}

extension ObjectName {
  /// The name, with the namespace where it is not `default`.
  fileprivate var word: String { namespace == "default" ? name : "\(namespace)/\(name)" }

  fileprivate init(word: Substring) {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      namespace: parts.count == 2 ? String(parts[0]) : "default", name: String(parts[parts.count - 1]))
  }
}

extension ObjectKey {
  fileprivate var word: String { "\(kind.rawValue)/" + ObjectName(namespace: namespace, name: name).word }

  fileprivate init?(word: Substring) {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = ResourceKind(rawValue: String(parts[0])) else { return nil }
    let name = ObjectName(word: parts[1])
    self.init(kind, namespace: kind.isClusterScoped ? "" : name.namespace, name: name.name)
  }
}

extension Edit {
  fileprivate var word: String {
    switch self {
    case .scale(let key, let replicas): "scale:\(key.word)=\(replicas)"
    case .image(let set, let clique, let version): "image:\(set.word).\(clique)=\(version)"
    case .variable(let set, let clique, let version): "variable:\(set.word).\(clique)=\(version)"
    case .strategy(let set, let onDelete): "strategy:\(set.word)=\(onDelete ? 1 : 0)"
    case .label(let set, let version): "label:\(set.word)=\(version)"
    case .annotation(let set, let version): "annotation:\(set.word)=\(version)"
    case .delete(let key): "delete:\(key.word)"
    case .recreate(let set): "recreate:\(set.word)"
    case .deletePod(let hostname): "delete-pod:\(hostname)"
    case .kill(let hostname): "kill:\(hostname)"
    case .crash(let hostname): "crash:\(hostname)"
    case .unready(let hostname): "unready:\(hostname)"
    case .ready(let hostname): "ready:\(hostname)"
    case .failNode(let node): "fail-node:\(node)"
    case .recoverNode(let node): "recover-node:\(node)"
    case .cordon(let node): "cordon:\(node)"
    case .uncordon(let node): "uncordon:\(node)"
    case .liftGate(let hostname): "lift-gate:\(hostname)"
    case .labelPod(let hostname): "label-pod:\(hostname)"
    case .addFinalizer(let key): "add-finalizer:\(key.word)"
    case .removeFinalizers: "remove-finalizers"
    }
  }

  fileprivate init?(verb: Substring, _ object: Substring) {
    let parts = object.split(separator: "=", maxSplits: 1)
    guard let subject = parts.first else { return nil }
    let number = parts.count == 2 ? Int(parts[1]) : nil
    let hostname = String(subject)
    switch (verb, number) {
    case ("scale", let number?):
      guard let key = ObjectKey(word: subject) else { return nil }
      self = .scale(key, replicas: Int32(clamping: number))
    case ("image", let number?), ("variable", let number?):
      guard let dot = subject.lastIndex(of: "."), let clique = Int(subject[subject.index(after: dot)...])
      else { return nil }
      let set = ObjectName(word: subject[..<dot])
      self =
        verb == "image"
        ? .image(set, clique: clique, version: number) : .variable(set, clique: clique, version: number)
    case ("strategy", let number?): self = .strategy(ObjectName(word: subject), onDelete: number == 1)
    case ("label", let number?): self = .label(ObjectName(word: subject), version: number)
    case ("annotation", let number?): self = .annotation(ObjectName(word: subject), version: number)
    case ("delete", nil):
      guard let key = ObjectKey(word: subject) else { return nil }
      self = .delete(key)
    case ("recreate", nil): self = .recreate(ObjectName(word: subject))
    case ("delete-pod", nil): self = .deletePod(hostname: hostname)
    case ("kill", nil): self = .kill(hostname: hostname)
    case ("crash", nil): self = .crash(hostname: hostname)
    case ("unready", nil): self = .unready(hostname: hostname)
    case ("ready", nil): self = .ready(hostname: hostname)
    case ("fail-node", nil): self = .failNode(hostname)
    case ("recover-node", nil): self = .recoverNode(hostname)
    case ("cordon", nil): self = .cordon(hostname)
    case ("uncordon", nil): self = .uncordon(hostname)
    case ("lift-gate", nil): self = .liftGate(hostname: hostname)
    case ("label-pod", nil): self = .labelPod(hostname: hostname)
    case ("add-finalizer", nil):
      guard let key = ObjectKey(word: subject) else { return nil }
      self = .addFinalizer(key)
    default: return nil
    }
  }
}
