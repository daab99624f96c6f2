internal import KubernetesModel

/// Requests, limits and claims.
extension PodCheck {
  mutating func checkResources(
    _ resources: ResourceRequirements, _ path: @autoclosure () -> FieldPath, isPodLevel: Bool
  ) {
    var hasHugePages = false
    var hasProcessorOrMemory = false
    for (name, quantity) in resources.limits {
      check(quantity, of: name, path().child("limits"), isPodLevel: isPodLevel)
      if ResourceName.isHugePages(name) { hasHugePages = true }
      if name == "cpu" || name == "memory" { hasProcessorOrMemory = true }
    }
    for (name, quantity) in resources.requests {
      check(quantity, of: name, path().child("requests"), isPodLevel: isPodLevel)
      let isFlexible = ResourceName.allowsOvercommit(name)
      if let limit = resources.limits[name] {
        if quantity != limit, !isFlexible {
          findings.invalid(
            .resources, path().child("requests"), .string(quantity.canonicalText),
            "must be equal to \(name) limit of \(limit.canonicalText)")
        } else if quantity > limit {
          findings.invalid(
            .resources, path().child("requests"), .string(quantity.canonicalText),
            "must be less than or equal to \(name) limit of \(limit.canonicalText)")
        }
      } else if !isFlexible {
        findings.required(
          .resources, path().child("limits"), "Limit must be set for non overcommitable resources")
      }
      if ResourceName.isHugePages(name) { hasHugePages = true }
      if name == "cpu" || name == "memory" { hasProcessorOrMemory = true }
    }
    if hasHugePages, !hasProcessorOrMemory {
      findings.forbidden(.resources, path(), "HugePages require cpu or memory")
    }
    checkClaimNames(resources.claims, path().child("claims"))
  }

  /// One amount: its name is known, it is not negative, and whole where it must be.
  private mutating func check(
    _ quantity: Quantity, of name: String, _ path: @autoclosure () -> FieldPath, isPodLevel: Bool
  ) {
    checkResourceName(name, path()[name], isPodLevel: isPodLevel)
    if quantity.signum < 0 {
      findings.invalid(
        .resources, path()[name], .string(quantity.canonicalText), "must be greater than or equal to 0")
    }
    if ResourceName.isCounted(name), !quantity.isWhole {
      findings.invalid(
        .resources, path()[name], .named(quantity.canonicalText), "must be an integer")
    }
    if ResourceName.isHugePages(name), !ResourceName.isWholePages(quantity, of: name) {
      let text = quantity.canonicalText
      findings.invalid(
        .resources, path()[name], .string(text), "\(text) is not positive integer multiple of \(name)")
    }
  }

  private mutating func checkResourceName(
    _ name: String, _ path: @autoclosure () -> FieldPath, isPodLevel: Bool
  ) {
    if name == "cpu" || name == "memory" { return }
    let before = findings.count
    for objection in NameSyntax.qualifiedNameObjections(name) {
      findings.invalid(.resources, path(), .named(name), objection)
    }
    let hasDomain = ResourceName.hasDomain(name)
    if findings.count == before, !hasDomain, !ResourceName.isStandard(name) {
      findings.invalid(
        .resources, path(), .named(name), "must be a standard resource type or fully qualified")
    }
    if isPodLevel {
      if findings.count == before, !ResourceName.isForPods(name) {
        findings.notSupported(.resources, path(), name, supported: ["cpu", "hugepages-", "memory"])
      }
    } else if !hasDomain {
      if !ResourceName.isForContainers(name) {
        findings.invalid(.resources, path(), .named(name), "must be a standard resource for containers")
      }
    } else if !ResourceName.isNative(name), !ResourceName.isExtended(name) {
      findings.invalid(.resources, path(), .named(name), "doesn't follow extended resource name standard")
    }
  }

  /// Containers refer to claims of the pod, or to single requests in them; each once.
  private mutating func checkClaimNames(
    _ references: [ContainerResourceClaim], _ path: @autoclosure () -> FieldPath
  ) {
    var seen: Set<String> = []
    for (index, reference) in references.enumerated() {
      let name = reference.name
      if name.isEmpty {
        findings.required(.claim, path()[index])
        continue
      }
      if seen.contains(name) {
        findings.duplicate(.claim, path()[index], .string(name))
      } else {
        var key = name
        if !reference.request.isEmpty {
          findings.checkDNSLabel(.claim, reference.request, path()[index].child("request"))
          key += "/" + reference.request
        }
        if seen.contains(key) {
          findings.duplicate(.claim, path()[index], .string(key))
        } else if reference.request.isEmpty {
          // The whole claim after some of its requests.
          let parts = seen.filter { $0.hasPrefix(name + "/") }.count
          for _ in 0..<parts { findings.duplicate(.claim, path()[index], .string(name)) }
        }
        seen.insert(key)
      }
      if !claims.contains(name) {
        let names = claims.filter { !$0.isEmpty }.sorted { utf8Precedes($0, $1) }
        var unique: [String] = []
        for name in names where unique.last != name { unique.append(name) }
        findings.notFound(
          .claim, path()[index], .string(name),
          "must be one of the names in pod.spec.resourceClaims"
            + (unique.isEmpty ? " which is empty" : ": " + unique.joined(separator: ", ")))
      }
    }
  }

  /// The claims of the pod.
  mutating func checkClaims(_ list: [PodResourceClaim], _ path: @autoclosure () -> FieldPath) {
    claims = list.map(\.name)
    for (index, claim) in list.enumerated() {
      if claim.name.isEmpty {
        findings.required(.claim, path()[index].child("name"))
      } else if list[..<index].contains(where: { $0.name == claim.name }) {
        findings.duplicate(.claim, path()[index].child("name"), .string(claim.name))
      } else {
        findings.checkDNSLabel(.claim, claim.name, path()[index].child("name"))
      }
      switch (claim.resourceClaimName, claim.resourceClaimTemplateName) {
      case (.some, .some):
        findings.invalid(
          .claim, path()[index], GoText.claim(claim),
          "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
      case (nil, nil):
        findings.invalid(
          .claim, path()[index], GoText.claim(claim),
          "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
      default: break
      }
      if let name = claim.resourceClaimName {
        findings.checkDNSSubdomain(.claim, name, path()[index].child("resourceClaimName"))
      }
      if let name = claim.resourceClaimTemplateName {
        findings.checkDNSSubdomain(.claim, name, path()[index].child("resourceClaimTemplateName"))
      }
    }
  }

  // MARK: The pod as a whole

  mutating func checkPodResources(_ spec: PodSpec, _ path: @autoclosure () -> FieldPath) {
    guard let resources = spec.resources else { return }
    if spec.os?.name == "windows" {
      return findings.forbidden(.resources, path(), "may not be set for a windows pod")
    }
    if !resources.claims.isEmpty {
      findings.forbidden(.claim, path().child("claims"), "claims cannot be set for Resources at pod-level")
    }
    checkResources(resources, path(), isPodLevel: true)
    for (name, sum) in spec.containerTotals(\.requests) {
      guard let request = resources.requests[name], sum > request else { continue }
      findings.invalid(
        .resources, path().child("requests")[name], .string(request.canonicalText),
        "must be greater than or equal to aggregate container requests of \(sum.canonicalText)")
    }
    for (index, container) in spec.containers.enumerated() {
      for (name, limit) in container.resources.limits {
        guard let ofPod = resources.limits[name], limit > ofPod else { continue }
        findings.invalid(
          .resources, path().child("containers")[index][name].child("limits"), .string(limit.canonicalText),
          "must be less than or equal to pod limits of \(ofPod.canonicalText)")
      }
    }
  }
}

extension Quantity {
  /// Whether the amount has no fraction. Amounts beyond 2⁶³ are taken as whole.
  var isWhole: Bool {
    let value = value
    return value == .max || value == .min || Quantity(value) == self
  }
}

extension PodSpec {
  /// What the containers have together: the sum of those that run at the same time, or an init container's where that
  /// is more.
  func containerTotals(_ amounts: KeyPath<ResourceRequirements, StringMap<Quantity>>) -> StringMap<Quantity> {
    var running = StringMap<Quantity>()
    for container in containers { running.add(container.resources[keyPath: amounts]) }
    var sidecars = StringMap<Quantity>()
    var peak = StringMap<Quantity>()
    for container in initContainers {
      let own = container.resources[keyPath: amounts]
      if container.restartPolicy == "Always" {
        running.add(own)
        sidecars.add(own)
        peak.raise(to: sidecars)
      } else {
        var needed = sidecars
        needed.add(own)
        peak.raise(to: needed)
      }
    }
    running.raise(to: peak)
    return running
  }
}
