extension Indirect<PodSpec> {
  /// The pod's affinity, read without copying the rest of the spec.
  public var affinity: Affinity? { wrappedValue.affinity }
}
