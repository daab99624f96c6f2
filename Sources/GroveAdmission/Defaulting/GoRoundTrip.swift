internal import GroveModel
internal import KubernetesModel

/// What becomes of a template when Go's types read it and write it again: quantities canonical, structs that Go
/// cannot leave out written as `{}`.
///
/// Durations need nothing: they are kept as numbers. Fields that Go always writes are always written here too.
enum GoRoundTrip {
  static func apply(_ template: inout PodCliqueSetTemplateSpec) {
    for index in template.cliques.indices {
      apply(&template.cliques[index].spec.podSpec)
      apply(&template.cliques[index].spec.autoScalingConfig)
    }
    for index in template.podCliqueScalingGroups.indices {
      apply(&template.podCliqueScalingGroups[index].scaleConfig)
    }
    for index in template.resourceClaimTemplates.indices {
      apply(&template.resourceClaimTemplates[index].templateSpec)
    }
  }

  private static func apply(_ spec: inout PodSpec) {
    for index in spec.initContainers.indices { apply(&spec.initContainers[index]) }
    for index in spec.containers.indices { apply(&spec.containers[index]) }
    for index in spec.ephemeralContainers.indices {
      apply(&spec.ephemeralContainers[index].resources)
      apply(&spec.ephemeralContainers[index].env)
      spec.ephemeralContainers[index].markResources()
    }
    for index in spec.volumes.indices { apply(&spec.volumes[index]) }
    canonicalize(&spec.overhead)
    if var resources = spec.resources {
      apply(&resources)
      spec.resources = resources
    }
  }

  private static func apply(_ container: inout Container) {
    apply(&container.resources)
    apply(&container.env)
    if container.resources.isZero { container.preserved.markEmpty(FieldSymbols.resources) }
  }

  private static func apply(_ resources: inout ResourceRequirements) {
    canonicalize(&resources.limits)
    canonicalize(&resources.requests)
  }

  private static func apply(_ variables: inout [EnvVar]) {
    for index in variables.indices {
      guard let divisor = variables[index].valueFrom?.resourceFieldRef?.divisor, !divisor.isCanonical else {
        continue
      }
      variables[index].valueFrom?.resourceFieldRef?.divisor = divisor.canonicalized()
    }
  }

  private static func apply(_ files: inout [DownwardAPIVolumeFile]) {
    for index in files.indices {
      guard let divisor = files[index].resourceFieldRef?.divisor, !divisor.isCanonical else { continue }
      files[index].resourceFieldRef?.divisor = divisor.canonicalized()
    }
  }

  private static func apply(_ volume: inout Volume) {
    if let limit = volume.emptyDir?.sizeLimit, !limit.isCanonical {
      volume.emptyDir?.sizeLimit = limit.canonicalized()
    }
    if var source = volume.downwardAPI {
      apply(&source.items)
      volume.downwardAPI = source
    }
    if var source = volume.projected {
      for index in source.sources.indices {
        guard var projection = source.sources[index].downwardAPI else { continue }
        apply(&projection.items)
        source.sources[index].downwardAPI = projection
      }
      volume.projected = source
    }
    if var claim = volume.ephemeral?.volumeClaimTemplate {
      canonicalize(&claim.spec.resources.limits)
      canonicalize(&claim.spec.resources.requests)
      if claim.metadata.isZero { claim.preserved.markEmpty(FieldSymbols.metadata) }
      if claim.spec.resources.isZero { claim.spec.preserved.markEmpty(FieldSymbols.resources) }
      volume.ephemeral?.volumeClaimTemplate = claim
    }
  }

  private static func apply(_ template: inout ResourceClaimTemplateSpec) {
    if template.metadata.isZero { template.preserved.markEmpty(FieldSymbols.metadata) }
    guard var devices = template.spec.devices else {
      // Go writes the struct; its list of requests is then null, which the schema refuses.
      template.spec.devices = DeviceClaim()
      return
    }
    for index in devices.requests.indices {
      if var capacity = devices.requests[index].exactly?.capacity {
        canonicalize(&capacity.requests)
        devices.requests[index].exactly?.capacity = capacity
      }
      for alternative in devices.requests[index].firstAvailable.indices {
        guard var capacity = devices.requests[index].firstAvailable[alternative].capacity else { continue }
        canonicalize(&capacity.requests)
        devices.requests[index].firstAvailable[alternative].capacity = capacity
      }
    }
    template.spec.devices = devices
  }

  private static func apply(_ scaling: inout AutoScalingConfig?) {
    guard var config = scaling, !config.metrics.isEmpty else { return }
    for index in config.metrics.indices {
      canonicalize(&config.metrics[index].resource, \.target)
      canonicalize(&config.metrics[index].containerResource, \.target)
      canonicalize(&config.metrics[index].pods, \.target)
      canonicalize(&config.metrics[index].object, \.target)
      canonicalize(&config.metrics[index].external, \.target)
    }
    scaling = config
  }

  private static func canonicalize<Source>(
    _ source: inout Source?, _ target: WritableKeyPath<Source, MetricTarget>
  ) {
    guard var metric = source else { return }
    if let value = metric[keyPath: target].value, !value.isCanonical {
      metric[keyPath: target].value = value.canonicalized()
    }
    if let value = metric[keyPath: target].averageValue, !value.isCanonical {
      metric[keyPath: target].averageValue = value.canonicalized()
    }
    source = metric
  }

  private static func canonicalize(_ quantities: inout StringMap<Quantity>) {
    guard quantities.contains(where: { !$0.value.isCanonical }) else { return }
    quantities = quantities.mapValues { $0.canonicalized() }
  }
}

extension EphemeralContainer {
  fileprivate mutating func markResources() {
    if resources.isZero { preserved.markEmpty(FieldSymbols.resources) }
  }
}
