internal import KubernetesModel

/// Fills Secrets of type `kubernetes.io/service-account-token`, and deletes those whose ServiceAccount is not there.
extension KubernetesServer {
  private static var accountAnnotation: String { "kubernetes.io/service-account.name" }
  private static var uidAnnotation: String { "kubernetes.io/service-account.uid" }

  mutating func fillToken(of name: ObjectName) {
    guard let secrets = frontend.secrets, let accounts = frontend.serviceAccounts,
      let secret = object(name, in: secrets)
    else { return }
    let document = secret.value
    guard document.text("type") == "kubernetes.io/service-account-token",
      let accountName = secret.metadata.annotations[Self.accountAnnotation]
    else { return }
    var context = WriteContext(controller: .controller("tokens-controller"))
    let account = object(ObjectName(namespace: name.namespace, name: accountName), in: accounts)?.metadata
    let wanted = secret.metadata.annotations[Self.uidAnnotation]
    guard let account, wanted == nil || wanted == account.uid else {
      _ = try? delete(name, in: secrets, options: DeleteOptions(uid: secret.metadata.uid), context: &context)
      return
    }
    if document[path: "data", "token"] != nil, wanted != nil { return }
    // Placeholders: what stands in them is nobody's business here.
    let data: [(String, String)] = [
      ("ca.crt", frontend.certificateAuthority), ("namespace", name.namespace),
      ("token", frontend.token(of: account, secret: name.name)),
    ]
    var filled = document
    for (key, text) in data where document[path: "data", key] == nil {
      filled = filled.setting(["data", key], to: .string(Base64.encode(Array(text.utf8))))
    }
    let uid = account.uid
    let object = Object(filled, of: catalog[secrets]).withMetadata {
      $0.annotations[Self.uidAnnotation] = uid
    }
    _ = try? update(object, in: secrets, context: &context)
  }
}
