internal import KubernetesModel
internal import KubernetesSchema

/// What a server needs for requests beyond its objects.
struct Frontend: Sendable {
  /// Numbers of resources that have rules of their own.
  var namespaces: ResourceID?
  var definitions: ResourceID?
  var secrets: ResourceID?
  var serviceAccounts: ResourceID?
  var pods: ResourceID?
  var budgets: ResourceID?
  var services: ResourceID?
  var mutatingWebhooks: ResourceID?
  var validatingWebhooks: ResourceID?

  /// The certificate of the cluster's authority, as Secrets and ConfigMaps show it.
  var certificateAuthority = "simulated certificate"
  /// Who has which bearer token.
  var tokens: [String: UserInfo] = [:]
  /// The types of custom resources' documents, for the books.
  var documents: [ResourceID: TypedDocuments] = [:]
  /// The schemas of custom resources as their definitions give them.
  var schemaDocuments: [GroupVersionKind: Value] = [:]
  /// The schemas of custom resources.
  var schemas: [ResourceID: ObjectSchema] = [:]

  /// The bearer token of a ServiceAccount.
  func token(of account: ObjectMeta, secret: String = "") -> String {
    "simulated.\(account.namespace).\(account.name).\(secret)"
  }
}

extension KubernetesServer {
  /// Finds the resources that have rules of their own.
  mutating func lookUpResources() {
    func find(_ group: String, _ plural: String) -> ResourceID? {
      catalog.resource(GroupResource(group: group, resource: plural))
    }
    frontend.namespaces = find("", "namespaces")
    frontend.definitions = find("apiextensions.k8s.io", "customresourcedefinitions")
    frontend.secrets = find("", "secrets")
    frontend.serviceAccounts = find("", "serviceaccounts")
    frontend.pods = find("", "pods")
    frontend.budgets = find("policy", "poddisruptionbudgets")
    frontend.services = find("", "services")
    frontend.mutatingWebhooks = find("admissionregistration.k8s.io", "mutatingwebhookconfigurations")
    frontend.validatingWebhooks = find("admissionregistration.k8s.io", "validatingwebhookconfigurations")
  }
}
