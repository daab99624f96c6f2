internal import KubernetesModel

/// Values as the API server prints them in messages: its own types as JSON, with the names that they have in Go.
enum GoText {
  static func text(_ value: String?) -> String { value.map { jsonString($0, escapesHTML: true) } ?? "null" }

  static func claim(_ claim: PodResourceClaim) -> FieldValue {
    .json(
      #"{"Name":\#(text(claim.name)),"ResourceClaimName":\#(text(claim.resourceClaimName)),"#
        + #""ResourceClaimTemplateName":\#(text(claim.resourceClaimTemplateName))}"#)
  }

  static func profile(_ profile: SeccompProfile) -> String {
    #"{"Type":\#(text(profile.type)),"LocalhostProfile":\#(text(profile.localhostProfile))}"#
  }

  private static func profile(_ profile: AppArmorProfile) -> String {
    #"{"Type":\#(text(profile.type)),"LocalhostProfile":\#(text(profile.localhostProfile))}"#
  }

  private static func list(_ texts: [String]) -> String {
    texts.isEmpty ? "null" : FieldValue.strings(texts).text
  }

  private static func number(_ value: Int64?) -> String { value.map { String($0) } ?? "null" }
  private static func flag(_ value: Bool?) -> String { value.map { String($0) } ?? "null" }

  static func context(_ context: SecurityContext) -> FieldValue {
    var parts: [String] = []
    parts.append(
      #""Capabilities":"#
        + (context.capabilities.map { #"{"Add":\#(list($0.add)),"Drop":\#(list($0.drop))}"# } ?? "null"))
    parts.append(#""Privileged":"# + flag(context.privileged))
    parts.append(
      #""SELinuxOptions":"#
        + (context.seLinuxOptions.map {
          #"{"User":\#(text($0.user)),"Role":\#(text($0.role)),"Type":\#(text($0.type)),"Level":\#(text($0.level))}"#
        } ?? "null"))
    parts.append(
      #""WindowsOptions":"#
        + (context.windowsOptions.map {
          #"{"GMSACredentialSpecName":\#(text($0.gmsaCredentialSpecName)),"#
            + #""GMSACredentialSpec":\#(text($0.gmsaCredentialSpec)),"#
            + #""RunAsUserName":\#(text($0.runAsUserName)),"HostProcess":\#(flag($0.hostProcess))}"#
        } ?? "null"))
    parts.append(#""RunAsUser":"# + number(context.runAsUser))
    parts.append(#""RunAsGroup":"# + number(context.runAsGroup))
    parts.append(#""RunAsNonRoot":"# + flag(context.runAsNonRoot))
    parts.append(#""ReadOnlyRootFilesystem":"# + flag(context.readOnlyRootFilesystem))
    parts.append(#""AllowPrivilegeEscalation":"# + flag(context.allowPrivilegeEscalation))
    parts.append(#""ProcMount":"# + text(context.procMount))
    parts.append(#""SeccompProfile":"# + (context.seccompProfile.map { profile($0) } ?? "null"))
    parts.append(#""AppArmorProfile":"# + (context.appArmorProfile.map { profile($0) } ?? "null"))
    return .json("{" + parts.joined(separator: ",") + "}")
  }

  static func selector(_ selector: LabelSelector) -> String { JSONWriter.string(Value(encoding: selector)) }

  static func bundle(_ bundle: ClusterTrustBundleProjection) -> FieldValue {
    .json(
      #"{"Name":\#(text(bundle.name)),"SignerName":\#(text(bundle.signerName)),"#
        + #""LabelSelector":\#(bundle.labelSelector.map { selector($0) } ?? "null"),"#
        + #""Optional":\#(flag(bundle.optional)),"Path":\#(text(bundle.path))}"#)
  }
}

extension GoText {
  static func term(_ term: NodeSelectorTerm) -> String {
    #"{"MatchExpressions":\#(requirements(term.matchExpressions)),"#
      + #""MatchFields":\#(requirements(term.matchFields))}"#
  }

  private static func requirements(_ list: [NodeSelectorRequirement]) -> String {
    if list.isEmpty { return "null" }
    let texts = list.map {
      #"{"Key":\#(text($0.key)),"Operator":\#(text($0.operator)),"#
        + #""Values":\#($0.values.isEmpty ? "null" : FieldValue.strings($0.values).text)}"#
    }
    return "[" + texts.joined(separator: ",") + "]"
  }
}
