extension ObjectMeta {
  /// Whether the object is being deleted: it has a `deletionTimestamp` and stays until its finalizers and its grace
  /// period are over.
  public var isTerminating: Bool { deletionTimestamp != nil }
}
