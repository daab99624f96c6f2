public import GroveModel
internal import GroveSimulate
public import KubernetesModel

extension ExplorationSubject {
  /// A made-up workload: PodCliqueSets that the API server takes, with groups, minima, start-up orders, short
  /// termination delays, autoscalers and shared claims as a number decides.
  ///
  /// - Parameter seed: what decides it; the same number gives the same workload.
  public static func random(
    seed: UInt64, configuration: OperatorConfiguration = OperatorConfiguration(), nodes: [Node]? = nil
  ) -> ExplorationSubject {
    var dice = Dice(seed: seed &+ 0xA11_50F7)
    var subject = ExplorationSubject(
      objects: [], configuration: configuration, nodes: nodes ?? ExplorationSubject.nodes(4))
    // What is refused, because two rules meet in an odd way, is drawn again; a plain workload is always taken.
    for attempt in 0..<20 {
      let count = dice.chance(20) ? 2 : 1
      subject.objects = (0..<count).map { index in
        .podCliqueSet(podCliqueSet(["one", "two"][index], isPlain: attempt == 19, &dice))
      }
      if (try? subject.world(lags: false)) != nil { break }
    }
    return subject
  }

  private static func podCliqueSet(_ name: String, isPlain: Bool, _ dice: inout Dice) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = name
    set.metadata.namespace = "default"
    set.spec.replicas = Int32(1 + dice.below(2))
    // Names that begin and end alike, as names do.
    let names = ["a", "x-a", "b", "b-1"]
    set.spec.template.cliques = names.prefix(1 + dice.below(4)).map { clique($0, &dice) }
    if isPlain { return set }
    groupCliques(of: &set, &dice)
    orderStartup(of: &set, &dice)
    if dice.chance(40) { set.spec.template.terminationDelay = .seconds(Int64(30 + 30 * dice.below(4))) }
    if dice.chance(15) { set.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete) }
    scaleBySignals(&set, &dice)
    if dice.chance(25) { shareClaims(in: &set, &dice) }
    return set
  }

  private static func clique(_ name: String, _ dice: inout Dice) -> PodCliqueTemplateSpec {
    var clique = PodCliqueTemplateSpec(name: name)
    clique.spec.roleName = name
    clique.spec.replicas = Int32(1 + dice.below(3))
    clique.spec.minAvailable = Int32(1 + dice.below(Int(clique.spec.replicas)))
    clique.spec.podSpec.containers = [Container(name: "main", image: "registry.example.com/\(name):v0")]
    return clique
  }

  /// Up to two scaling groups, each of the next cliques.
  private static func groupCliques(of set: inout PodCliqueSet, _ dice: inout Dice) {
    var left = set.spec.template.cliques.map(\.name)
    for name in ["g", "g-0"].prefix(dice.below(3)) {
      let members = Array(left.prefix(1 + dice.below(2)))
      guard !members.isEmpty else { return }
      left.removeFirst(members.count)
      let replicas = Int32(1 + dice.below(3))
      set.spec.template.podCliqueScalingGroups.append(
        PodCliqueScalingGroupConfig(
          name: name, cliqueNames: members, replicas: replicas,
          minAvailable: Int32(1 + dice.below(Int(replicas)))))
      if dice.chance(30) { left.reverse() }
    }
  }

  private static func orderStartup(of set: inout PodCliqueSet, _ dice: inout Dice) {
    switch dice.below(4) {
    case 0: set.spec.template.cliqueStartupType = .inOrder
    case 1:
      set.spec.template.cliqueStartupType = .explicit
      for index in set.spec.template.cliques.indices.dropFirst() where dice.chance(60) {
        let earlier = set.spec.template.cliques[dice.below(index)].name
        set.spec.template.cliques[index].spec.startsAfter = [earlier]
      }
    default: break
    }
  }

  private static func scaleBySignals(_ set: inout PodCliqueSet, _ dice: inout Dice) {
    let grouped = Set(set.spec.template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    for index in set.spec.template.cliques.indices where dice.chance(20) {
      let clique = set.spec.template.cliques[index]
      guard !grouped.contains(clique.name) else { continue }
      set.spec.template.cliques[index].spec.autoScalingConfig = AutoScalingConfig(
        minReplicas: clique.spec.minAvailable, maxReplicas: clique.spec.replicas + 2)
    }
    for index in set.spec.template.podCliqueScalingGroups.indices where dice.chance(20) {
      let group = set.spec.template.podCliqueScalingGroups[index]
      set.spec.template.podCliqueScalingGroups[index].scaleConfig = AutoScalingConfig(
        minReplicas: group.minAvailable, maxReplicas: (group.replicas ?? 1) + 2)
    }
  }

  private static func shareClaims(in set: inout PodCliqueSet, _ dice: inout Dice) {
    let exactly = ExactDeviceRequest(deviceClassName: "gpu.example.com")
    let claims = ResourceClaimTemplateSpec(
      spec: ResourceClaimSpec(
        devices: DeviceClaim(requests: [DeviceRequest(exactly: exactly, name: "device")])))
    set.spec.template.resourceClaimTemplates = [
      ResourceClaimTemplateConfig(name: "share", templateSpec: claims)
    ]
    let scope: ResourceSharingScope = dice.chance(50) ? .allReplicas : .perReplica
    switch dice.below(3) {
    case 0: set.spec.template.resourceSharing = [PCSResourceSharingSpec(name: "share", scope: scope)]
    case 1 where !set.spec.template.podCliqueScalingGroups.isEmpty:
      set.spec.template.podCliqueScalingGroups[0].resourceSharing = [
        PCSGResourceSharingSpec(name: "share", scope: scope)
      ]
    default:
      set.spec.template.cliques[0].resourceSharing = [ResourceSharingSpec(name: "share", scope: scope)]
    }
  }
}
