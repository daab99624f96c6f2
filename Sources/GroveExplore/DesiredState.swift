internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What has to be there when a cluster with room for everything is at rest: worked out from names and templates, apart
/// from the code that makes it.
struct DesiredState {
  private let state: ObservedState
  private(set) var problems: [String] = []

  /// What a state lacks, and what is too much in it; empty when all is as desired.
  static func problems(in state: ObservedState) -> [String] {
    var check = DesiredState(state: state)
    check.run()
    return check.problems
  }

  private init(state: ObservedState) { self.state = state }

  private mutating func run() {
    var expected: Set<ObjectKey> = []
    for case .podCliqueSet(let set) in state.resources(of: .podCliqueSet) {
      if set.metadata.deletionTimestamp != nil {
        problems.append("PodCliqueSet \(set.metadata.name) is still being deleted")
        continue
      }
      check(set, &expected)
    }
    let kinds: [ResourceKind] = [
      .podClique, .podCliqueScalingGroup, .podGang, .service, .serviceAccount, .secret, .role, .roleBinding,
      .horizontalPodAutoscaler,
    ]
    for kind in kinds {
      for resource in state.resources(of: kind) {
        let metadata = resource.metadata
        guard metadata.labels[LabelKey.managedBy] == GroveName.operatorName else { continue }
        if !expected.contains(resource.key) {
          problems.append("\(resource.key) is there, but nothing asks for it")
        } else if metadata.deletionTimestamp != nil {
          problems.append("\(resource.key) is still being deleted")
        }
      }
    }
    for case .pod(let pod) in state.resources(of: .pod) {
      guard pod.metadata.labels[LabelKey.managedBy] == GroveName.operatorName else { continue }
      let owner = pod.metadata.controller
      let key = ObjectKey(.podClique, namespace: pod.metadata.namespace, name: owner?.name ?? "")
      if state[key]?.metadata.uid != owner?.uid {
        problems.append("pod \(pod.metadata.name) belongs to no PodClique")
      }
    }
  }

  // MARK: One PodCliqueSet

  private mutating func check(_ set: PodCliqueSet, _ expected: inout Set<ObjectKey>) {
    let (name, namespace) = (set.metadata.name, set.metadata.namespace)
    func key(_ kind: ResourceKind, _ name: String) -> ObjectKey {
      ObjectKey(kind, namespace: namespace, name: name)
    }
    var keys = [
      key(.serviceAccount, Naming.serviceAccount(name)), key(.role, Naming.role(name)),
      key(.roleBinding, Naming.role(name)), key(.secret, Naming.tokenSecret(name)),
    ]
    let template = set.spec.template
    let grouped = Set(template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    for replica in 0..<max(Int(set.spec.replicas), 0) {
      keys.append(key(.service, Naming.headlessService(name, replica: replica)))
      let base = Naming.basePodGang(name, replica: replica)
      keys.append(key(.podGang, base))
      for clique in template.cliques where !grouped.contains(clique.name) {
        let full = Naming.podClique(name, replica: replica, clique: clique.name)
        keys.append(key(.podClique, full))
        if clique.spec.autoScalingConfig != nil { keys.append(key(.horizontalPodAutoscaler, full)) }
        checkPodClique(full, of: clique, podGang: base, in: set)
      }
      for config in template.podCliqueScalingGroups {
        let full = Naming.scalingGroup(name, replica: replica, group: config.name)
        keys.append(key(.podCliqueScalingGroup, full))
        if config.scaleConfig != nil { keys.append(key(.horizontalPodAutoscaler, full)) }
        guard case .podCliqueScalingGroup(let group)? = state[key(.podCliqueScalingGroup, full)] else {
          continue
        }
        check(group, config, in: set)
        for index in 0..<max(Int(group.spec.replicas), 0) {
          let gang = Naming.podGang(
            name, replica: replica, scalingGroup: full, scalingGroupReplica: index,
            minAvailable: Int(config.minAvailable ?? 1))
          keys.append(key(.podGang, gang))
          for member in config.cliqueNames {
            guard let clique = template.cliques.first(where: { $0.name == member }) else { continue }
            let memberName = Naming.memberPodClique(scalingGroup: full, replica: index, clique: member)
            keys.append(key(.podClique, memberName))
            checkPodClique(memberName, of: clique, podGang: gang, in: set)
          }
        }
      }
    }
    for key in keys {
      if state[key] == nil, expected.insert(key).inserted { problems.append("\(key) is missing") }
      expected.insert(key)
    }
    checkStatus(of: set)
  }

  private mutating func checkStatus(of set: PodCliqueSet) {
    let status = set.status
    let name = "PodCliqueSet \(set.metadata.name)"
    demand(status.observedGeneration == set.metadata.generation, "\(name) has not observed its generation")
    demand(status.replicas == set.spec.replicas, "\(name) says replicas \(status.replicas)")
    demand(
      status.availableReplicas == set.spec.replicas,
      "\(name) says \(status.availableReplicas) of \(set.spec.replicas) replicas are available")
    demand(status.lastErrors.isEmpty, "\(name) reports errors: \(status.lastErrors.first?.description ?? "")")
    if let progress = status.updateProgress {
      demand(progress.updateEndedAt != nil, "the update of \(name) never ended")
    }
    if set.spec.updateStrategy?.type != .onDelete {
      demand(
        status.updatedReplicas == set.spec.replicas,
        "\(name) says \(status.updatedReplicas) of \(set.spec.replicas) replicas are updated")
    }
  }

  // MARK: Its parts

  private mutating func check(
    _ group: PodCliqueScalingGroup, _ config: PodCliqueScalingGroupConfig, in set: PodCliqueSet
  ) {
    let status = group.status
    let name = "PodCliqueScalingGroup \(group.metadata.name)"
    let replicas = group.spec.replicas
    demand(status.observedGeneration == group.metadata.generation, "\(name) has not observed its generation")
    demand(status.scheduledReplicas == replicas, "\(name) says scheduledReplicas \(status.scheduledReplicas)")
    demand(status.availableReplicas == replicas, "\(name) says availableReplicas \(status.availableReplicas)")
    demand(status.lastErrors.isEmpty, "\(name) reports errors: \(status.lastErrors.first?.description ?? "")")
    demand(
      status.updateProgress == nil || status.updateProgress?.updateEndedAt != nil,
      "the update of \(name) never ended")
    if replicas >= config.minAvailable ?? 1 {
      demand(status.conditions.deniesBreach, "\(name) does not say that it is not in breach")
    }
    demand(
      !status.conditions.contains { $0.type == "GangTerminationInProgress" },
      "\(name) still says that it is being terminated")
    guard set.spec.updateStrategy?.type != .onDelete else { return }
    demand(status.updatedReplicas == replicas, "\(name) says updatedReplicas \(status.updatedReplicas)")
    demand(
      status.currentPodCliqueSetGenerationHash == set.status.currentGenerationHash,
      "\(name) does not run the current templates")
  }

  private mutating func checkPodClique(
    _ name: String, of template: PodCliqueTemplateSpec, podGang: String, in set: PodCliqueSet
  ) {
    let namespace = set.metadata.namespace
    guard
      case .podClique(let clique)? = state[ObjectKey(.podClique, namespace: namespace, name: name)]
    else { return }
    let wanted = Int(clique.spec.replicas)
    let facts = PodFacts(of: clique, in: state)
    let onDelete = set.spec.updateStrategy?.type == .onDelete
    demand(facts.live.count == wanted, "\(name) has \(facts.live.count) of \(wanted) pods")
    demand(facts.ready == wanted, "\(facts.ready) of \(wanted) pods of \(name) are ready")
    var hostnames: Set<String> = []
    let image = template.spec.podSpec.containers.first?.image
    for pod in facts.live {
      let podName = pod.metadata.name
      demand(hostnames.insert(pod.spec.hostname).inserted, "two pods have host name \(pod.spec.hostname)")
      demand(pod.metadata.labels[LabelKey.podGang] == podGang, "pod \(podName) is in another gang")
      demand(!pod.isHeldByGrove, "pod \(podName) is still gated")
      let wantedEnvironment = template.spec.podSpec.containers.first?.env ?? []
      if !onDelete {
        let container = pod.spec.containers.first
        demand(
          container?.image == image,
          "pod \(podName) runs \(container?.image ?? "nothing"), not \(image ?? "")")
        let environment = container?.env ?? []
        demand(
          wantedEnvironment.allSatisfy { environment.contains($0) },
          "pod \(podName) has an outdated environment")
        demand(
          pod.metadata.labels[LabelKey.podTemplateHash] == clique.metadata.labels[LabelKey.podTemplateHash],
          "pod \(podName) has an outdated template hash")
      }
    }
    for case .pod(let pod) in state.dependents(of: clique.metadata.uid) where !pod.isLive {
      problems.append("pod \(pod.metadata.name) is over, but still there")
    }
    checkListing(of: facts.live, of: name, in: podGang, namespace: namespace)
    checkStatus(of: clique, onDelete: onDelete)
  }

  private mutating func checkListing(of pods: [Pod], of name: String, in podGang: String, namespace: String) {
    guard case .podGang(let gang)? = state[ObjectKey(.podGang, namespace: namespace, name: podGang)] else {
      return
    }
    demand(
      gang.status.conditions.contains { $0.type == "Initialized" && $0.status == "True" },
      "PodGang \(podGang) is not initialized")
    guard let group = gang.spec.podgroups.first(where: { $0.name == name }) else {
      // Below minAvailable, or beyond what the gang holds.
      return
    }
    demand(
      group.podReferences.map(\.name) == pods.map(\.metadata.name).sorted(),
      "PodGang \(podGang) does not list exactly the pods of \(name)")
  }

  private mutating func checkStatus(of clique: PodClique, onDelete: Bool) {
    let status = clique.status
    let name = clique.metadata.name
    let replicas = clique.spec.replicas
    demand(status.observedGeneration == clique.metadata.generation, "\(name) has not observed its generation")
    demand(status.replicas == replicas, "\(name) says replicas \(status.replicas)")
    demand(status.readyReplicas == replicas, "\(name) says readyReplicas \(status.readyReplicas)")
    demand(status.scheduledReplicas == replicas, "\(name) says scheduledReplicas \(status.scheduledReplicas)")
    demand(
      status.scheduleGatedReplicas == 0, "\(name) says scheduleGatedReplicas \(status.scheduleGatedReplicas)")
    demand(status.lastErrors.isEmpty, "\(name) reports errors: \(status.lastErrors.first?.description ?? "")")
    demand(
      status.updateProgress == nil || status.updateProgress?.updateEndedAt != nil
        || clique.metadata.labels[LabelKey.scalingGroup] != nil && !onDelete,
      "the update of \(name) never ended")
    if replicas >= clique.spec.minAvailable ?? replicas {
      demand(status.conditions.deniesBreach, "\(name) does not say that it is not in breach")
    }
    if !onDelete {
      demand(status.updatedReplicas == replicas, "\(name) says updatedReplicas \(status.updatedReplicas)")
      demand(
        status.currentPodTemplateHash == clique.metadata.labels[LabelKey.podTemplateHash],
        "\(name) does not say that it runs its template")
    }
  }

  private mutating func demand(_ holds: Bool, _ problem: @autoclosure () -> String) {
    if !holds { problems.append(problem()) }
  }
}
