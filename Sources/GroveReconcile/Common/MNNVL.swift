internal import GroveModel
internal import KubernetesModel

/// Multi-node NVLink by NVIDIA ComputeDomains (§11).
enum MNNVL {
  /// The group that a clique is enrolled in: the first of its annotation layers that says so decides, `none` opts
  /// out, silence everywhere means not enrolled.
  static func group(_ layers: [StringMap<String>]) -> String? {
    for layer in layers {
      guard let group = layer[AnnotationKey.mnnvlGroup] else { continue }
      return group == GroveName.mnnvlNone ? nil : group
    }
    return nil
  }
}

extension Container {
  /// Whether the container asks for NVIDIA GPUs.
  var usesGPU: Bool {
    let quantities = [resources.limits[GroveName.nvidiaGPU], resources.requests[GroveName.nvidiaGPU]]
    return quantities.contains { $0.map { !$0.isZero } ?? false }
  }

  fileprivate mutating func claimComputeDomain() {
    guard usesGPU, !resources.claims.contains(where: { $0.name == GroveName.mnnvlClaim }) else { return }
    resources.claims.append(ContainerResourceClaim(name: GroveName.mnnvlClaim))
  }
}

extension PodSpec {
  /// Whether a container or init container asks for NVIDIA GPUs.
  var usesGPU: Bool { containers.contains(where: \.usesGPU) || initContainers.contains(where: \.usesGPU) }

  /// Lets the containers that ask for GPUs take part in a ComputeDomain.
  mutating func claimComputeDomain(template: String) {
    guard usesGPU, !resourceClaims.contains(where: { $0.name == GroveName.mnnvlClaim }) else { return }
    for index in containers.indices { containers[index].claimComputeDomain() }
    for index in initContainers.indices { initContainers[index].claimComputeDomain() }
    resourceClaims.append(
      PodResourceClaim(name: GroveName.mnnvlClaim, resourceClaimTemplateName: template))
  }
}
