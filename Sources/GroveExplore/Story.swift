internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
public import KubernetesModel

/// What happens in a run, told move by move.
public struct Story: Sendable, Equatable {
  /// A part of the story.
  public struct Chapter: Sendable, Equatable {
    /// Virtual time since the beginning at which it starts.
    public var time: Duration
    /// What was done.
    public var title: String
    /// What happened then, with virtual times.
    public var lines: [String]
    /// How many pods there are in which state at its end.
    public var counts: String
  }

  /// How it begins.
  public var opening: String
  /// What happens.
  public var chapters: [Chapter]
  /// What is wrong at its end; nil when nothing is.
  public var violation: Violation?
}

extension Story: CustomStringConvertible {
  /// The story as text.
  public var description: String {
    var text = opening + "\n"
    for (number, chapter) in chapters.enumerated() {
      text += "\n\(number + 1). at \(Self.clock(chapter.time)): \(chapter.title)\n"
      for line in chapter.lines { text += "     \(line)\n" }
      text += "   → \(chapter.counts)\n"
    }
    if let violation {
      text += "\nWRONG (\(violation.oracle.rawValue)): \(violation.message)\n"
    } else {
      text += "\nAll is as it should be.\n"
    }
    return text
  }

  /// `+12.5s`.
  static func clock(_ duration: Duration) -> String { "+" + duration.text }
}

extension Explorer {
  /// Tells a run.
  ///
  /// - Parameter lines: how many lines each chapter may have; the middle of longer ones is left out.
  public mutating func story(of trace: Trace, lines: Int = 24) -> Story {
    var opening =
      trace.start.isSettled ? "The workload is up and at rest." : "The workload was applied just now."
    if trace.start.lags { opening += " The operator's watches lag." }
    if trace.start.terminatesSoon {
      opening += " terminationDelay is \(ExplorationStart.shortDelay.text)."
    }
    var story = Story(opening: opening, chapters: [])
    guard var run = run(from: trace.start) else { return story }
    run.diary = Diary()
    let begin = run.world.now
    func tell(_ title: String, from time: Timestamp, _ run: inout ExplorationRun) {
      let entries = run.diary?.takeEntries() ?? []
      story.chapters.append(
        Story.Chapter(
          time: time - begin, title: title,
          lines: Self.cut(entries.map { "\(Story.clock($0.time - begin)) \($0.text)" }, to: lines),
          counts: Self.counts(in: run.world.server.objects)))
    }
    for move in trace.moves where run.violation == nil {
      let time = run.world.now
      run.make(move)
      tell(move.description, from: time, &run)
    }
    if run.violation == nil {
      let time = run.world.now
      conclude(&run, trace)
      tell("no more faults; everything runs", from: time, &run)
    }
    story.violation = trace.moves.isEmpty ? problem(of: trace.start) ?? run.violation : run.violation
    return story
  }

  private static func cut(_ lines: [String], to limit: Int) -> [String] {
    guard lines.count > limit, limit > 2 else { return lines }
    let head = limit * 2 / 3
    return lines.prefix(head) + ["… \(lines.count - limit) more …"] + lines.suffix(limit - head)
  }

  private static func counts(in state: ObservedState) -> String {
    var (all, bound, ready, gated, terminating, failed) = (0, 0, 0, 0, 0, 0)
    for case .pod(let pod) in state.resources(of: .pod) {
      all += 1
      if pod.metadata.deletionTimestamp != nil { terminating += 1 }
      if pod.status.phase == "Failed" { failed += 1 }
      if pod.serves { ready += 1 }
      if pod.isBound { bound += 1 }
      if pod.isHeldByGrove { gated += 1 }
    }
    var parts = ["\(all) pods: \(ready) ready", "\(bound) bound"]
    if gated > 0 { parts.append("\(gated) gated") }
    if terminating > 0 { parts.append("\(terminating) terminating") }
    if failed > 0 { parts.append("\(failed) failed") }
    return parts.joined(separator: ", ")
  }
}

extension Move: CustomStringConvertible {
  /// What happens, in words.
  public var description: String {
    switch self {
    case .wait: "time passes"
    case .rest: "everything runs until nothing changes"
    case .edit(let edit): edit.description
    case .step(let step):
      switch step {
      case .pass(let key): "the operator looks at \(key.kind.kind) \(key.name)"
      case .faultyPass(let key, .crash(let count)):
        "the operator looks at \(key.kind.kind) \(key.name), ends after \(count) writes and starts again"
      case .faultyPass(let key, .lostReply(let count)):
        "the operator looks at \(key.kind.kind) \(key.name); the reply to write \(count) is lost"
      case .faultyPass(let key, .conflict(let count)):
        "the operator looks at \(key.kind.kind) \(key.name); write \(count) meets a conflict"
      case .deliver(let kind): "the next change of a \(kind.kind) reaches the operator"
      case .deliverAll(let kind): "the operator lists objects of kind \(kind.kind) anew"
      case .collectGarbage: "the garbage collector takes a turn"
      case .fillToken: "the token controller fills a Secret"
      case .schedule: "the scheduler takes a turn"
      case .kubelet(let pod): "a kubelet works on pod \(pod.name)"
      case .nodeLifecycle(let node): "the node controller looks at \(node)"
      case .restart: "the operator restarts"
      case .resync: "the operator looks at everything again"
      case .wait: "time passes"
      }
    }
  }
}
