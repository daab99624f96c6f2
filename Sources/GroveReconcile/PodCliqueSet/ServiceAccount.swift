internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  /// The ServiceAccount whose token startup init containers use.
  mutating func syncServiceAccount() {
    let name = objectName(Naming.serviceAccount(expected.name.name))
    let labels = Labels.of(.serviceAccount, podCliqueSet: expected.name.name, name: name.name)
    let live = pass.state.serviceAccounts[name]
    if let live, live.metadata.isTerminating { return }
    let why = reason(live == nil, "ServiceAccount", name)
    do {
      _ = try pass.apply(
        named: name, live: live, owner: owner, family: expected.name.name, wrap: Resource.serviceAccount,
        rule: "R-151", reason: why
      ) { account, _ in
        account.metadata.labels = labels
        account.automountServiceAccountToken = true
      }
    } catch {
      fail(
        "ServiceAccount", code: "ERR_SYNC_SERVICEACCOUNT",
        message: "Error syncing ServiceAccount: \(name) for PodCliqueSet: \(expected.name)", cause: error)
    }
  }

  /// Why an object is written, in words.
  func reason(_ isMissing: Bool, _ kind: String, _ name: ObjectName) -> String {
    isMissing ? "\(kind) \(name.name) is missing" : "\(kind) \(name.name) is not as it should be"
  }
}
