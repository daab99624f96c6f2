/// The only place where names of objects, hosts and addresses are formed (R-030…R-039, naming.md).
///
/// Indices are decimal, from 0, without padding. No function here checks lengths: admission does.
public enum Naming {
  /// Headless Service of a PodCliqueSet replica: `<pcs>-<i>`. Also the subdomain of its pods.
  public static func headlessService(_ podCliqueSet: String, replica: Int) -> String {
    joined(podCliqueSet, replica)
  }

  /// Address of the headless Service: `<pcs>-<i>.<namespace>.svc.cluster.local`.
  public static func headlessServiceAddress(
    _ podCliqueSet: String, replica: Int, namespace: String
  ) -> String {
    "\(headlessService(podCliqueSet, replica: replica)).\(namespace).svc.cluster.local"
  }

  /// ServiceAccount of a PodCliqueSet: its name.
  public static func serviceAccount(_ podCliqueSet: String) -> String { podCliqueSet }

  /// Role and RoleBinding of a PodCliqueSet: `grove.io:pcs:<pcs>`.
  public static func role(_ podCliqueSet: String) -> String { "grove.io:pcs:\(podCliqueSet)" }

  /// The `app.kubernetes.io/name` of Role and RoleBinding, where colons are not allowed.
  public static func roleLabel(_ podCliqueSet: String) -> String { "grove.io-pcs-\(podCliqueSet)" }

  /// Secret with the token that startup init containers use: `<pcs>-ic-sat`.
  public static func tokenSecret(_ podCliqueSet: String) -> String { "\(podCliqueSet)-ic-sat" }

  /// What ``tokenSecret(_:)`` was called before.
  public static func legacyTokenSecret(_ podCliqueSet: String) -> String {
    "\(podCliqueSet)-initc-sa-token-secret"
  }

  /// PodClique outside scaling groups: `<pcs>-<i>-<clique>`.
  public static func podClique(_ podCliqueSet: String, replica: Int, clique: String) -> String {
    joined(podCliqueSet, replica, clique)
  }

  /// PodCliqueScalingGroup: `<pcs>-<i>-<group>`.
  public static func scalingGroup(_ podCliqueSet: String, replica: Int, group: String) -> String {
    joined(podCliqueSet, replica, group)
  }

  /// PodClique in a scaling group: `<group full name>-<r>-<clique>`.
  public static func memberPodClique(scalingGroup: String, replica: Int, clique: String) -> String {
    joined(scalingGroup, replica, clique)
  }

  /// One replica of a scaling group, as topology group configs name it: `<group full name>-<r>`.
  public static func scalingGroupReplica(_ scalingGroup: String, replica: Int) -> String {
    joined(scalingGroup, replica)
  }

  /// Base PodGang of a PodCliqueSet replica: `<pcs>-<i>`.
  public static func basePodGang(_ podCliqueSet: String, replica: Int) -> String {
    joined(podCliqueSet, replica)
  }

  /// Scaled PodGang: `<group full name>-<k>`, `k` counted from 0 for the first scaling group replica that is not
  /// in the base gang.
  public static func scaledPodGang(scalingGroup: String, index: Int) -> String { joined(scalingGroup, index) }

  /// PodGang of a scaling group replica: the base gang below `minAvailable`, else a scaled one.
  public static func podGang(
    _ podCliqueSet: String, replica: Int, scalingGroup: String, scalingGroupReplica: Int, minAvailable: Int
  ) -> String {
    scalingGroupReplica < minAvailable
      ? basePodGang(podCliqueSet, replica: replica)
      : scaledPodGang(scalingGroup: scalingGroup, index: scalingGroupReplica - minAvailable)
  }

  /// Host name of a pod: `<pclq>-<p>`.
  public static func hostname(podClique: String, podIndex: Int) -> String { joined(podClique, podIndex) }

  /// ResourceClaim of scope AllReplicas: `<owner>-all-<template>`.
  public static func sharedClaim(owner: String, template: String) -> String { "\(owner)-all-\(template)" }

  /// ResourceClaim of scope PerReplica: `<owner>-<index>-<template>`.
  public static func indexedClaim(owner: String, index: Int, template: String) -> String {
    joined(owner, index, template)
  }

  /// ComputeDomain, and the ResourceClaimTemplate it makes: `<pcs>-<i>-<group>`.
  public static func computeDomain(_ podCliqueSet: String, replica: Int, group: String) -> String {
    joined(podCliqueSet, replica, group)
  }

  /// The longest sum of name lengths that leaves room for separators, indices and the random suffix of pod names
  /// in bytes.
  public static let combinedNameBudget = 45

  @inline(__always)
  private static func joined(_ prefix: String, _ index: Int) -> String {
    var name = prefix
    name.append("-")
    name.append(String(index))
    return name
  }

  @inline(__always)
  private static func joined(_ prefix: String, _ index: Int, _ suffix: String) -> String {
    var name = joined(prefix, index)
    name.append("-")
    name.append(suffix)
    return name
  }
}
