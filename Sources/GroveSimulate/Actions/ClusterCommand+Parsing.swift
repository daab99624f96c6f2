internal import GroveModel
internal import KubernetesModel

extension ClusterCommand {
  /// Reads a line; a leading `kubectl` is fine.
  ///
  /// - Parameters:
  ///   - line: the line.
  ///   - namespace: the namespace of objects when `-n` gives none.
  /// - Throws: ``ClusterCommandError`` that says what is wrong with it.
  public init(parsing line: String, namespace: String = "default") throws(ClusterCommandError) {
    var words = try CommandWords(line)
    if words.words.first == "kubectl" { _ = try words.next("a command") }
    let name = try words.next("a command")
    let namespace = words.flag("namespace") ?? namespace
    verb = try Self.verb(name, &words, namespace)
    try words.finish()
    text = String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// The commands that there are, as `simulate --help` lists them.
  public static let grammar = [
    "apply -f FILE",
    "delete KIND NAME… | KIND -l SELECTOR | -f FILE",
    "       [--cascade=background|foreground|orphan] [--grace-period=N]",
    "scale pcs|pcsg|pclq NAME --replicas=N",
    "set image pcs/NAME CLIQUE[/CONTAINER]=IMAGE…",
    "set env pcs/NAME [-c CLIQUE[/CONTAINER]] NAME=VALUE… NAME-",
    "patch KIND NAME -p JSON",
    "label|annotate KIND NAME KEY=VALUE… KEY-",
    "autoscale HPA --replicas=N",
    "cordon|uncordon|drain NODE…",
    "fail-node|recover-node NODE…",
    "kill-pod POD…",
    "crash POD [CONTAINER] [--exit-code=N]",
    "set-ready POD true|false",
    "wait DURATION",
  ]

  private static let names = [
    "annotate", "apply", "autoscale", "cordon", "crash", "delete", "drain", "fail-node", "kill-pod", "label",
    "patch", "recover-node", "scale", "set", "set-ready", "uncordon", "wait",
  ]

  private static func verb(
    _ name: String, _ words: inout CommandWords, _ namespace: String
  ) throws(ClusterCommandError) -> Verb {
    switch name {
    case "apply":
      let files = words.flags("filename")
      if files.isEmpty { throw ClusterCommandError("apply needs -f FILE") }
      return .apply(files: files)
    case "delete": return try delete(&words, namespace)
    case "scale":
      let replicas = try replicas(&words)
      return .scale(try targets(&words, namespace), replicas: replicas)
    case "autoscale":
      let replicas = try replicas(&words)
      return .autoscale(
        try named(.horizontalPodAutoscaler, words.rest(), namespace), desired: replicas)
    case "cordon", "uncordon": return .cordon(try named(.node, words.rest(), ""), name == "cordon")
    case "drain":
      for flag in ["ignore-daemonsets", "force"] { _ = words.flag(flag) }
      return .drain(try named(.node, words.rest(), ""))
    case "fail-node", "recover-node":
      return .nodeFailure(try named(.node, words.rest(), ""), name == "fail-node")
    case "kill-pod": return .killPod(try named(.pod, words.rest(), namespace))
    case "crash":
      let exitCode = try words.number("exit-code", Int32.self) ?? 1
      let pod = try one(.pod, try words.next("the pod"), namespace)
      return .crash(pod, container: words.words.isEmpty ? nil : try words.next(""), exitCode: exitCode)
    case "set-ready":
      let pod = try one(.pod, try words.next("the pod"), namespace)
      let text = try words.next("true or false")
      guard let isReady = Bool(text) else { throw ClusterCommandError("'\(text)' is neither true nor false") }
      return .setReady(pod, isReady)
    case "set": return try set(&words, namespace)
    case "patch":
      if let type = words.flag("type"), type != "merge" {
        throw ClusterCommandError("--type=\(type): only merge patches are known")
      }
      guard let text = words.flag("patch") else { throw ClusterCommandError("patch needs -p JSON") }
      return .patch(try targets(&words, namespace), try json(text))
    case "label", "annotate":
      _ = words.flag("overwrite")
      return try label(&words, namespace, member: name == "label" ? "labels" : "annotations")
    case "wait", "sleep":
      let text = try words.next("how long to wait, such as 30s,")
      guard let duration = Duration(text), duration >= .zero else {
        throw ClusterCommandError("'\(text)' is no duration, such as 30s or 5m")
      }
      return .wait(duration)
    default:
      let hint = NearestName.of(name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw ClusterCommandError(
        "there is no command '\(name)'\(hint.isEmpty ? "; known are \(names.joined(separator: ", "))" : hint)"
      )
    }
  }

  // MARK: Parts

  private static func replicas(_ words: inout CommandWords) throws(ClusterCommandError) -> Int32 {
    guard let replicas = try words.number("replicas", Int32.self) else {
      throw ClusterCommandError("--replicas=N is missing")
    }
    return replicas
  }

  private static func delete(
    _ words: inout CommandWords, _ namespace: String
  ) throws(ClusterCommandError) -> Verb {
    var propagation = ClusterAction.Propagation.background
    if let text = words.flag("cascade") {
      guard let known = ClusterAction.Propagation.allCases.first(where: { $0.rawValue.lowercased() == text })
      else { throw ClusterCommandError("--cascade is background, foreground or orphan, not '\(text)'") }
      propagation = known
    }
    var grace = try words.number("grace-period", Int64.self)
    if words.flag("now") != nil { grace = 1 }
    if words.flag("force") != nil { grace = 0 }
    let files = words.flags("filename")
    if !files.isEmpty { return .deleteFiles(files, propagation) }
    return .delete(try targets(&words, namespace), propagation, gracePeriodSeconds: grace)
  }

  private static func set(
    _ words: inout CommandWords, _ namespace: String
  ) throws(ClusterCommandError) -> Verb {
    let what = try words.next("image or env")
    guard what == "image" || what == "env" else {
      throw ClusterCommandError("set knows image and env, not '\(what)'")
    }
    let scope = words.flag("containers").map { place($0) } ?? (nil, nil)
    let isSlashed = words.words.first?.contains("/") ?? true
    var target = try targets(
      kindAnd: isSlashed ? [try words.next("pcs/NAME")] : [try words.next(""), try words.next("the name")],
      namespace: namespace)[0]
    guard target.kind == .podCliqueSet else {
      throw ClusterCommandError("set \(what) changes the template of a PodCliqueSet: pcs/NAME")
    }
    target.selector = nil
    var changes: [TemplateChange] = []
    for word in words.rest() {
      if let separator = word.firstIndex(of: "="), separator > word.startIndex {
        let (left, right) = (String(word[..<separator]), String(word[word.index(after: separator)...]))
        if what == "image" {
          let (clique, container) = place(left)
          changes.append(TemplateChange(clique: clique, container: container, variable: nil, value: right))
        } else {
          changes.append(
            TemplateChange(clique: scope.0, container: scope.1, variable: left, value: right))
        }
      } else if what == "env", word.hasSuffix("-") {
        changes.append(
          TemplateChange(clique: scope.0, container: scope.1, variable: String(word.dropLast()), value: nil))
      } else {
        throw ClusterCommandError(
          "'\(word)' is not of the form \(what == "image" ? "CLIQUE=IMAGE" : "NAME=VALUE")")
      }
    }
    if changes.isEmpty { throw ClusterCommandError("set \(what) needs something to set") }
    return what == "image" ? .setImages(target, changes) : .setEnvironment(target, changes)
  }

  /// `CLIQUE`, `CLIQUE/CONTAINER`, with `*` for all.
  private static func place(_ text: String) -> (String?, String?) {
    let parts = text.split(separator: "/", maxSplits: 1).map { $0 == "*" ? nil : String($0) }
    return (parts.first ?? nil, parts.count > 1 ? parts[1] : nil)
  }

  private static func label(
    _ words: inout CommandWords, _ namespace: String, member: String
  ) throws(ClusterCommandError) -> Verb {
    var objects: [String] = []
    var members: [(String, Value)] = []
    for word in words.rest() {
      if let separator = word.firstIndex(of: "=") {
        members.append((String(word[..<separator]), .string(String(word[word.index(after: separator)...]))))
      } else if word.hasSuffix("-") {
        members.append((String(word.dropLast()), .null))
      } else {
        objects.append(word)
      }
    }
    if members.isEmpty { throw ClusterCommandError("KEY=VALUE is missing") }
    let targets = try targets(kindAnd: objects, namespace: namespace)
    return .patch(targets, .object(["metadata": .object([(member, .object(members))])]))
  }

  private static func json(_ text: String) throws(ClusterCommandError) -> Value {
    do throws(ReadError) {
      let tape = try JSONReader.read(text)
      guard let root = tape.roots.first else { throw ReadError(.syntax, "the patch is empty") }
      let value = Value(tape: tape, index: root)
      guard value.kind == .object else { throw ReadError(.syntax, "the patch is no JSON object") }
      return value
    } catch {
      throw ClusterCommandError("-p: \(error)")
    }
  }

  // MARK: Objects

  /// `KIND NAME…`, `KIND/NAME…`, `KIND -l SELECTOR`, `KIND --all`.
  private static func targets(
    _ words: inout CommandWords, _ namespace: String
  ) throws(ClusterCommandError) -> [Target] {
    var selector: LabelSelector?
    if let text = words.flag("selector") {
      do throws(LabelSelectorError) {
        selector = try LabelSelector(parsing: text)
      } catch {
        throw ClusterCommandError("\(error)")
      }
    } else if words.flag("all") != nil {
      selector = LabelSelector()
    }
    return try targets(kindAnd: words.rest(), namespace: namespace, selector: selector)
  }

  private static func targets(
    kindAnd words: [String], namespace: String, selector: LabelSelector? = nil
  ) throws(ClusterCommandError) -> [Target] {
    guard let first = words.first else { throw ClusterCommandError("the kind is missing") }
    if first.contains("/") {
      var targets: [Target] = []
      for word in words {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map {
          String($0)
        }
        guard parts.count == 2, !parts[1].isEmpty else {
          throw ClusterCommandError("'\(word)' is not of the form KIND/NAME")
        }
        for kind in try kinds(parts[0]) { targets.append(target(kind, parts[1], namespace)) }
      }
      return targets
    }
    var targets: [Target] = []
    let names = words.dropFirst()
    for kind in try kinds(first) {
      if names.isEmpty, let selector {
        targets.append(
          Target(kind: kind, namespace: kind.isClusterScoped ? "" : namespace, name: nil, selector: selector))
      } else {
        targets += names.map { target(kind, $0, namespace) }
      }
    }
    if targets.isEmpty { throw ClusterCommandError("the name is missing") }
    if !names.isEmpty, selector != nil {
      throw ClusterCommandError("give names or a selector, not both")
    }
    return targets
  }

  private static func kinds(_ text: String) throws(ClusterCommandError) -> [ResourceKind] {
    var kinds: [ResourceKind] = []
    for name in text.split(separator: ",") {
      let found = ResourceKind.named(String(name))
      if found.isEmpty {
        throw ClusterCommandError("the server doesn't have a resource type \"\(name)\"")
      }
      kinds += found
    }
    return kinds
  }

  private static func target(_ kind: ResourceKind, _ name: String, _ namespace: String) -> Target {
    Target(kind: kind, namespace: kind.isClusterScoped ? "" : namespace, name: name, selector: nil)
  }

  private static func named(
    _ kind: ResourceKind, _ names: [String], _ namespace: String
  ) throws(ClusterCommandError) -> [Target] {
    if names.isEmpty { throw ClusterCommandError("the name of the \(kind.kind) is missing") }
    var targets: [Target] = []
    for name in names { targets.append(try one(kind, name, namespace)) }
    return targets
  }

  /// An object of a kind that the command implies; `KIND/NAME` is fine as well.
  private static func one(
    _ kind: ResourceKind, _ name: String, _ namespace: String
  ) throws(ClusterCommandError) -> Target {
    let parts = name.split(separator: "/", maxSplits: 1).map { String($0) }
    guard parts.count == 2 else { return target(kind, name, namespace) }
    guard ResourceKind.named(parts[0]) == [kind] else {
      throw ClusterCommandError("'\(name)' is no \(kind.kind)")
    }
    return target(kind, parts[1], namespace)
  }
}
