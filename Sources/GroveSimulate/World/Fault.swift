/// What can go wrong while the operator carries out the steps of a pass. Writes are counted from 1 within the pass.
public enum Fault: Sendable, Hashable {
  /// The operator's process ends after so many writes, and starts again: all it knew is lost.
  case crash(after: Int)
  /// A write is carried out, but the operator is told that it failed.
  case lostReply(to: Int)
  /// A write is refused because somebody else changed the object first.
  case conflict(at: Int)
}
