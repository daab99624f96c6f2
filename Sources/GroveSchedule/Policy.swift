/// How the scheduler chooses where there is a choice.
public struct Policy: Sendable, Hashable {
  /// Which of the domains that could hold a scope is taken (S-034).
  public enum DomainChoice: String, Sendable, Hashable, CaseIterable {
    /// The fullest domain that still holds everything; where several are needed, as few as possible.
    case bestFit = "best-fit"
    /// The fullest domain first, also where several are needed, so that large holes stay whole.
    case leastFree = "least-free"
    /// The emptiest domain first.
    case mostFree = "most-free"
    /// The emptiest domain; where several are needed, as few as possible with even shares.
    case balanced
  }

  /// Which node of a domain a pod gets (S-034).
  public enum NodeChoice: String, Sendable, Hashable, CaseIterable {
    /// The fullest node that can take it.
    case pack
    /// The emptiest.
    case spread
  }

  /// Choice of domains.
  public var domains: DomainChoice
  /// Choice of nodes.
  public var nodes: NodeChoice
  /// Whether gangs of lower priority may be evicted (S-050).
  public var allowsPreemption: Bool
  /// Whether gangs that depend on another are held in the domain that the root of that one requires, so that the
  /// constraint of a PodCliqueSet holds for all gangs of a replica (S-038).
  public var anchorsReplicas: Bool
  /// How many steps the search for one gang may take before it gives up; at least 1 (S-035).
  ///
  /// A step is one domain, or one node for one pod, that was tried.
  public var searchBudget: Int

  /// A policy; best fit, packed, with preemption.
  ///
  /// - Precondition: `searchBudget` is above 0.
  public init(
    domains: DomainChoice = .bestFit, nodes: NodeChoice = .pack, allowsPreemption: Bool = true,
    anchorsReplicas: Bool = false, searchBudget: Int = 20_000
  ) {
    precondition(searchBudget > 0, "the search budget must be above 0")
    self.domains = domains
    self.nodes = nodes
    self.allowsPreemption = allowsPreemption
    self.anchorsReplicas = anchorsReplicas
    self.searchBudget = searchBudget
  }
}
