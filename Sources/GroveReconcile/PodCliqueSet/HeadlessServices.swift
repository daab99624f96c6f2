internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "HeadlessService" }

  /// The headless Services, one for each replica; those of removed replicas go (B-R07).
  mutating func syncHeadlessServices() {
    let owned = pass.state.services.controlled(by: owner.uid)
    let services = Children(owned, isForFew: selection.isPartial)
    let template = ServiceTemplate(expected)
    var live: [Stored<Service>?] = []
    live.reserveCapacity(selection.replicas.count)
    for (position, replica) in selection.replicas.enumerated() {
      let stored = services[Naming.headlessService(expected.name.name, replica: replica)]
      live.append(stored)
      if let stored, template.isCurrent(stored, replica: replica, owner: owner) { continue }
      acts(onReplicaAt: position)
      apply(template, replica: replica, live: stored?.object)
    }
    guard owned.count > total(live, count: 1), !pass.state.defects.contains(.servicesLeak) else { return }
    actsOnAll()
    let names = Set(
      selection.replicas.map { Naming.headlessService(expected.name.name, replica: $0) })
    for stored in owned
    where !names.contains(stored.object.metadata.name) && stored.object.isMade(for: .headlessService) {
      let name = ObjectName(stored.object.metadata)
      do {
        try pass.delete(
          .service, stored.object.metadata, rule: "R-157",
          reason: "Service \(name.name) belongs to no replica: replicas is \(expected.replicas)")
      } catch {
        fail(
          Self.kind, code: "ERR_DELETE_PODCLIQUESET_SERVICE",
          message: "Error deleting Service: \(name) for PodCliqueSet: \(expected.name)", cause: error)
      }
    }
  }

  private mutating func apply(_ template: ServiceTemplate, replica: Int, live: Service?) {
    let name = objectName(Naming.headlessService(expected.name.name, replica: replica))
    // Found by its whole name only here: one that is not labelled for us is somebody else's (B-R06).
    let live = live ?? pass.state.services[name]
    if let live, live.metadata.isTerminating { return }
    let why = reason(live == nil, "Service", name)
    do {
      _ = try pass.apply(
        named: name, live: live, owner: owner, family: expected.name.name, wrap: Resource.service,
        rule: "R-157", reason: why
      ) { service, _ in
        service.metadata.labels = template.labels(replica: replica, name: name.name)
        service.spec = template.spec(replica: replica, keeping: service.spec)
      }
    } catch {
      fail(
        Self.kind, code: "ERR_SYNC_PODCLIQUESET_SERVICE",
        message: "Error syncing Service: \(name) for PodCliqueSet: \(expected.name)", cause: error)
    }
  }
}

/// What the headless Services of a PodCliqueSet have in common.
private struct ServiceTemplate {
  private let labels: LabelTemplate
  private let selector: LabelTemplate
  /// The wanted spec without selector.
  private let spec: ServiceSpec

  init(_ expected: Expected) {
    labels = LabelTemplate(Labels.of(.headlessService, podCliqueSet: expected.name.name))
    selector = LabelTemplate(Labels.common(expected.name.name), hasName: false)
    var spec = ServiceSpec()
    spec.clusterIP = "None"
    spec.publishNotReadyAddresses =
      expected.template.headlessServiceConfig.map { $0.publishNotReadyAddresses ?? true } ?? false
    self.spec = spec
  }

  func labels(replica: Int, name: String) -> StringMap<String> {
    labels.labels(LabelTemplate.Values(name: name, replica: String(replica)))
  }

  /// The wanted spec. What the API server fills in, and cannot be undone, stays as it is.
  func spec(replica: Int, keeping live: ServiceSpec) -> ServiceSpec {
    var spec = spec(keeping: live)
    spec.selector = selector.labels(LabelTemplate.Values(name: "", replica: String(replica)))
    return spec
  }

  private func spec(keeping live: ServiceSpec) -> ServiceSpec {
    var spec = spec
    spec.clusterIPs = live.clusterIPs
    spec.ipFamilies = live.ipFamilies
    spec.ipFamilyPolicy = live.ipFamilyPolicy
    if live.internalTrafficPolicy == "Cluster" { spec.internalTrafficPolicy = live.internalTrafficPolicy }
    if live.sessionAffinity == "None" { spec.sessionAffinity = live.sessionAffinity }
    if live.type == "ClusterIP" { spec.type = live.type }
    return spec
  }

  /// Whether a Service needs no change: what ``labels(replica:name:)`` and ``spec(replica:keeping:)`` would give.
  func isCurrent(_ live: Stored<Service>, replica: Int, owner: OwnerReference) -> Bool {
    let values = LabelTemplate.Values(name: live.name, replica: String(replica))
    guard live.object.metadata.ownerReferences.contains(owner),
      labels.matches(live.object.metadata.labels, values)
    else { return false }
    let spec = live.object.spec
    guard selector.matches(spec.selector, values) else { return false }
    var wanted = self.spec(keeping: spec)
    wanted.selector = spec.selector
    return spec == wanted
  }
}
