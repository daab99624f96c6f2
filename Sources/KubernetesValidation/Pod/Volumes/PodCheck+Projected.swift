internal import KubernetesModel

/// Projected volumes: several sources in one directory.
extension PodCheck {
  mutating func check(_ projected: ProjectedVolumeSource, _ path: @autoclosure () -> FieldPath) {
    findings.checkMode(projected.defaultMode, path().child("defaultMode"))
    var taken: Set<String> = []
    for (index, source) in projected.sources.enumerated() {
      let place = path().child("sources")[index]
      var count = 0
      if let secret = source.secret {
        count += 1
        need(secret.name, place.child("secret").child("name"))
        checkItems(secret.items, place.child("secret").child("items"))
        for item in secret.items where !item.path.isEmpty {
          claim(item.path, &taken, telling: secret.name, path())
        }
      }
      if let configMap = source.configMap {
        count += 1
        need(configMap.name, place.child("configMap").child("name"))
        checkItems(configMap.items, place.child("configMap").child("items"))
        for item in configMap.items where !item.path.isEmpty {
          claim(item.path, &taken, telling: configMap.name, path())
        }
      }
      if let downwardAPI = source.downwardAPI {
        count += 1
        for file in downwardAPI.items {
          check(file, place.child("downwardAPI"))
          if !file.path.isEmpty { claim(file.path, &taken, telling: file.path, path()) }
        }
      }
      if let token = source.serviceAccountToken {
        count += 1
        check(token, place.child("serviceAccountToken"), path())
      }
      if let bundle = source.clusterTrustBundle {
        count += 1
        check(bundle, place.child("clusterTrustBundle"))
        claim(bundle.path, &taken, telling: bundle.path, path())
      }
      if let certificate = source.podCertificate {
        count += 1
        check(certificate, &taken, place.child("podCertificate"), path())
      }
      if count > 1 {
        findings.forbidden(.volume, place, "may not specify more than 1 volume type per source")
      }
    }
  }

  /// Two sources cannot write the same file.
  private mutating func claim(
    _ file: String, _ taken: inout Set<String>, telling text: String, _ path: @autoclosure () -> FieldPath
  ) {
    if !taken.insert(file).inserted {
      findings.invalid(.volume, path(), .string(text), "conflicting duplicate paths")
    }
  }

  private mutating func check(
    _ token: ServiceAccountTokenProjection, _ path: FieldPath, _ volume: @autoclosure () -> FieldPath
  ) {
    let expiration = token.expirationSeconds ?? 0
    if expiration < 600 {
      findings.invalid(
        .volume, path.child("expirationSeconds"), .integer(expiration),
        "may not specify a duration less than 10 minutes")
    }
    if expiration > 1 << 32 {
      findings.invalid(
        .volume, path.child("expirationSeconds"), .integer(expiration),
        "may not specify a duration larger than 2^32 seconds")
    }
    if token.path.isEmpty {
      findings.required(.volume, volume().child("path"))
    } else {
      checkFilePath(.volume, token.path, volume().child("path"))
    }
  }

  private mutating func check(_ bundle: ClusterTrustBundleProjection, _ path: FieldPath) {
    switch (bundle.name, bundle.signerName) {
    case (.some, .some):
      findings.invalid(.volume, path, GoText.bundle(bundle), "only one of name and signerName may be used")
    case (.some(let name), nil):
      if name.isEmpty { findings.required(.volume, path.child("name"), "must be a valid object name") }
      for objection in TrustBundleNameForm.objections(name) {
        findings.invalid(
          .volume, path.child("name"), .string(name), "not a valid clustertrustbundlename: \(objection)")
      }
      if let selector = bundle.labelSelector {
        findings.invalid(
          .volume, path.child("labelSelector"), .json(GoText.selector(selector)),
          "labelSelector must be unset if name is specified")
      }
    case (nil, .some(let signer)):
      if signer.isEmpty {
        findings.required(.volume, path.child("signerName"), "must be a valid signer name")
      }
      checkSigner(signer, path.child("signerName"))
      checkSelector(.volume, bundle.labelSelector, path.child("labelSelector"))
    case (nil, nil):
      findings.required(.volume, path, "either name or signerName must be specified")
    }
    need(bundle.path, path.child("path"))
    checkFilePath(.volume, bundle.path, path.child("path"))
  }

  private static let keyTypes = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"]

  private mutating func check(
    _ certificate: PodCertificateProjection, _ taken: inout Set<String>, _ path: FieldPath,
    _ volume: @autoclosure () -> FieldPath
  ) {
    checkSigner(certificate.signerName, path.child("signerName"))
    if !Self.keyTypes.contains(certificate.keyType) {
      findings.notSupported(
        .volume, path.child("keyType"), certificate.keyType, supported: Self.keyTypes, isPlainString: true)
    }
    if let seconds = certificate.maxExpirationSeconds {
      let place = path.child("maxExpirationSeconds")
      let domain = certificate.signerName.split(separator: "/").first ?? ""
      let limit: Int32 =
        domain == "kubernetes.io" || domain.hasSuffix(".kubernetes.io") ? 86_400 : 7_862_400
      if seconds < 3600 {
        findings.invalid(
          .volume, place, .integer(Int64(seconds)), "if provided, maxExpirationSeconds must be >= 3600")
      }
      if seconds > limit {
        findings.invalid(
          .volume, place, .integer(Int64(seconds)), "if provided, maxExpirationSeconds must be <= \(limit)")
      }
    }
    let files = [
      ("credentialBundlePath", certificate.credentialBundlePath), ("keyPath", certificate.keyPath),
      ("certificateChainPath", certificate.certificateChainPath),
    ]
    for (field, file) in files where !file.isEmpty {
      checkFilePath(.volume, file, path.child(field))
      claim(file, &taken, telling: file, volume())
    }
    if files.allSatisfy({ $0.1.isEmpty }) {
      findings.required(
        .volume, path, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")
    }
  }

  /// A signer of certificates: `example.com/name`.
  private mutating func checkSigner(_ name: String, _ path: FieldPath) {
    if name.isEmpty { findings.required(.volume, path) }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      return findings.invalid(
        .volume, path, .string(name),
        "must be a fully qualified domain and path of the form 'example.com/signer-name'")
    }
    if parts[0].utf8.count > 253 { findings.tooLong(.volume, path, maximumBytes: 253) }
    let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let label = labels.first(where: { !NameSyntax.dnsLabelObjections($0).isEmpty }) {
      for objection in NameSyntax.dnsLabelObjections(label) {
        findings.invalid(
          .volume, path, .string(parts[0]), "validating label \(goQuoted(label)): \(objection)")
      }
    }
    if labels.count < 2 {
      findings.invalid(
        .volume, path, .string(parts[0]), "should be a domain with at least two segments separated by dots")
    }
    let names = parts[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let label = names.first(where: { !NameSyntax.dnsSubdomainObjections($0).isEmpty }) {
      for objection in NameSyntax.dnsSubdomainObjections(label) {
        findings.invalid(
          .volume, path, .string(parts[1]), "validating label \(goQuoted(label)): \(objection)")
      }
    }
    if name.utf8.count > 571 { findings.tooLong(.volume, path, maximumBytes: 571) }
  }
}

/// Names of trust bundles: a DNS subdomain, after the signer's name and a colon if there is a signer.
enum TrustBundleNameForm {
  static func objections(_ name: String) -> [String] {
    guard let colon = name.lastIndex(of: ":") else { return NameSyntax.dnsSubdomainObjections(name) }
    // The part before the last colon is the signer, so what is after it is all there is left to check.
    if colon == name.startIndex {
      return ["ClusterTrustBundle without signer name must not have \":\" in its name"]
    }
    if name[..<colon].contains("/") {
      let signer = String(name[..<colon].map { $0 == ":" ? "/" : $0 })
      let prefix = String(name[..<colon].map { $0 == "/" ? ":" : $0 }) + ":"
      return ["ClusterTrustBundle for signerName \(signer) must be named with prefix \(prefix)"]
    }
    return NameSyntax.dnsSubdomainObjections(String(name[name.index(after: colon)...]))
  }
}
