internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  /// The Role that lets startup init containers watch pods. Never touched once it exists.
  mutating func syncRole() {
    let name = objectName(Naming.role(expected.name.name))
    if let live = pass.state.roles[name], isOurs(live, "Role", code: "ERR_SYNC_ROLE") { return }
    guard pass.state.roles[name] == nil else { return }
    var role = Role()
    role.metadata = accessMetadata(name, component: .role)
    role.rules = [
      PolicyRule(apiGroups: [""], resources: ["pods", "pods/status"], verbs: ["get", "list", "watch"])
    ]
    create(.role(role), "Role", code: "ERR_SYNC_ROLE", rule: "R-152")
  }

  /// The RoleBinding of ``syncRole()``'s Role. Never touched once it exists.
  mutating func syncRoleBinding() {
    let name = objectName(Naming.role(expected.name.name))
    if let live = pass.state.roleBindings[name], isOurs(live, "RoleBinding", code: "ERR_SYNC_ROLEBINDING") {
      return
    }
    guard pass.state.roleBindings[name] == nil else { return }
    var binding = RoleBinding()
    binding.metadata = accessMetadata(name, component: .roleBinding)
    binding.roleRef = RoleRef(apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: name.name)
    binding.subjects = [
      Subject(
        kind: ServiceAccount.kind, name: Naming.serviceAccount(expected.name.name), namespace: name.namespace)
    ]
    create(.roleBinding(binding), "RoleBinding", code: "ERR_SYNC_ROLEBINDING", rule: "R-153")
  }

  private func accessMetadata(_ name: ObjectName, component: Component) -> ObjectMeta {
    var metadata = ObjectMeta()
    metadata.name = name.name
    metadata.namespace = name.namespace
    metadata.labels = Labels.of(
      component, podCliqueSet: expected.name.name, name: Naming.roleLabel(expected.name.name))
    metadata.setController(owner)
    return metadata
  }

  /// Whether an object that is only ever created is this PodCliqueSet's. If not, init containers would depend on
  /// somebody else's rules, so that is an error (B-R06).
  private mutating func isOurs(_ live: some KubernetesObject, _ kind: String, code: String) -> Bool {
    if live.metadata.controller?.uid == owner.uid { return true }
    let name = ObjectName(live.metadata)
    let cause: WriteError =
      if let controller = live.metadata.controller {
        .owned(object: name, controller: controller)
      } else {
        .foreign(kind: kind, object: name, owner: "PodCliqueSet \(expected.name.name)")
      }
    fail(
      kind, code: code, message: "Error syncing \(kind): \(name) for PodCliqueSet: \(expected.name)",
      cause: cause)
    return false
  }

  private mutating func create(_ resource: Resource, _ kind: String, code: String, rule: RuleID) {
    let name = ObjectName(resource.metadata)
    do {
      try pass.write(.create(resource), rule: rule, reason: reason(true, kind, name))
    } catch {
      fail(
        kind, code: code, message: "Error syncing \(kind): \(name) for PodCliqueSet: \(expected.name)",
        cause: error)
    }
  }
}
