extension Layout {
  /// A cluster without nodes.
  public init() { self.init(topology: "", domains: [], keys: [], nodes: []) }
}
