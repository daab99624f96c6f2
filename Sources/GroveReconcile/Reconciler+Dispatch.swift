public import GroveModel
public import KubernetesModel

extension Reconciler {
  /// Decides what to do about one object.
  ///
  /// Kinds that nothing is decided about, and objects that are not observed, have nothing to do.
  ///
  /// - Parameters:
  ///   - key: the object.
  ///   - observed: what is observed of the cluster, with the caller's own writes in it.
  ///   - now: the time.
  ///   - refusals: what the API refused in earlier attempts at this pass; see ``Refusal``.
  /// - Returns: steps in order, of which every prefix leaves a state from which another pass converges. Later steps
  ///   build on earlier ones: an object that two steps change is, in the second, as the first one left it, apart
  ///   from its resource version, which the caller carries on.
  public func reconcile(
    _ key: ObjectKey, observed: ObservedState, now: Timestamp, refusals: [Refusal] = []
  ) -> Reconciliation {
    var observed = observed
    observed.refusals = refusals
    observed.defects = defects
    let name = key.objectName
    return switch key.kind {
    case .podCliqueSet: reconcilePodCliqueSet(name, observed: observed, now: now)
    case .podCliqueScalingGroup: reconcileScalingGroup(name, observed: observed, now: now)
    case .podClique: reconcilePodClique(name, observed: observed, now: now)
    case .podGang: reconcilePodGang(name, observed: observed, now: now)
    case .clusterTopologyBinding: reconcileClusterTopologyBinding(name, observed: observed, now: now)
    default: Reconciliation()
    }
  }

  /// A pass over a PodCliqueSet.
  ///
  /// - Parameter looksAtAll: whether every replica is looked at, however alike they are. The result is the same.
  func reconcilePodCliqueSet(
    _ name: ObjectName, observed: ObservedState, now: Timestamp, looksAtAll: Bool = false
  ) -> Reconciliation {
    guard let set = observed.podCliqueSets[name] else { return Reconciliation() }
    let pass = Pass(
      configuration: configuration, state: observed, now: now, source: PodCliqueSetPass.source)
    let count = max(0, Int(set.spec.replicas))
    // Only a few replicas, if those tell all; nearly always they do.
    if !looksAtAll, observed.refusals.isEmpty, !set.metadata.isTerminating {
      let few = observed.replicas.selection(of: name, replicas: count)
      if few.isPartial {
        var run = PodCliqueSetPass(set, pass: pass, selection: few)
        let reconciliation = run.run()
        if run.isConclusive { return reconciliation }
      }
    }
    var run = PodCliqueSetPass(set, pass: pass, selection: ReplicaSelection(all: count))
    return set.metadata.isTerminating ? run.runDeletion() : run.run()
  }
}
