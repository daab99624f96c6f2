public import GroveModel
internal import KubernetesModel

extension Admission {
  /// The set with the defaults of the CustomResourceDefinition.
  ///
  /// For sets that are built in Swift; what is read from a manifest gets them from its schema.
  public static func applySchemaDefaults(_ podCliqueSet: PodCliqueSet) -> PodCliqueSet {
    var result = podCliqueSet
    if let strategy = result.spec.updateStrategy, strategy.type.isZero {
      result.spec.updateStrategy?.type = .rollingRecreate
    }
    var template = result.spec.template
    if let config = template.headlessServiceConfig {
      template.headlessServiceConfig?.publishNotReadyAddresses = config.publishNotReadyAddresses ?? true
    }
    template.cliqueStartupType = template.cliqueStartupType ?? .anyOrder
    for index in template.cliques.indices {
      PodSpecDefaults.apply(&template.cliques[index].spec.podSpec)
    }
    for index in template.podCliqueScalingGroups.indices {
      let group = template.podCliqueScalingGroups[index]
      template.podCliqueScalingGroups[index].replicas = group.replicas ?? 1
      template.podCliqueScalingGroups[index].minAvailable = group.minAvailable ?? 1
    }
    for index in template.resourceClaimTemplates.indices {
      PodSpecDefaults.apply(&template.resourceClaimTemplates[index].templateSpec)
    }
    result.spec.template = template
    return result
  }

  /// The binding with the defaults of the CustomResourceDefinition, which has none.
  public static func applySchemaDefaults(_ binding: ClusterTopologyBinding) -> ClusterTopologyBinding {
    binding
  }

  /// The PodClique with the defaults of the CustomResourceDefinition.
  public static func applySchemaDefaults(_ podClique: PodClique) -> PodClique {
    var result = podClique
    PodSpecDefaults.apply(&result.spec.podSpec)
    return result
  }

  /// The scaling group with the defaults of the CustomResourceDefinition.
  ///
  /// `replicas` is 1 where it is 0: a group built in Swift cannot tell 0 from absent.
  public static func applySchemaDefaults(_ group: PodCliqueScalingGroup) -> PodCliqueScalingGroup {
    var result = group
    if result.spec.replicas == 0 { result.spec.replicas = 1 }
    result.spec.minAvailable = result.spec.minAvailable ?? 1
    return result
  }
}
