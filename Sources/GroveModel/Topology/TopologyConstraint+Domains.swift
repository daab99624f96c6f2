extension TopologyConstraint {
  /// The domain that must be shared: `pack.required`, else the deprecated `packDomain`; nil when neither
  /// is given.
  public var requiredDomain: String? {
    if let required = pack?.required, !required.isEmpty { return required }
    return packDomain.isEmpty ? nil : packDomain
  }

  /// The domain that should be shared: `pack.preferred`; nil when it is not given.
  public var preferredDomain: String? {
    guard let preferred = pack?.preferred, !preferred.isEmpty else { return nil }
    return preferred
  }

  /// The required and the preferred domain, without repetition (api.md 2.5).
  public var referencedDomains: [String] {
    let domains = [requiredDomain, preferredDomain].compactMap { $0 }
    return domains.count == 2 && domains[0] == domains[1] ? [domains[0]] : domains
  }

  /// Where its required domain is written: `pack.required` or `packDomain`, relative to the constraint.
  var requiredField: String {
    if let required = pack?.required, !required.isEmpty { return "pack.required" }
    return "packDomain"
  }
}
