internal import KubernetesModel

/// Host names and how names are resolved.
extension PodCheck {
  mutating func checkHostnames(_ spec: PodSpec, _ path: FieldPath) {
    if !spec.hostname.isEmpty { findings.checkDNSLabel(.name, spec.hostname, path.child("hostname")) }
    if !spec.subdomain.isEmpty { findings.checkDNSLabel(.name, spec.subdomain, path.child("subdomain")) }
    for (index, alias) in spec.hostAliases.enumerated() {
      let place = path.child("hostAliases")[index]
      findings.checkAddress(.name, alias.ip, place.child("ip"))
      for (position, name) in alias.hostnames.enumerated() {
        findings.checkDNSSubdomain(.name, name, place.child("hostnames")[position])
      }
    }
    guard let override = spec.hostnameOverride else { return }
    let place = path.child("hostnameOverride")
    if spec.setHostnameAsFQDN == true {
      findings.forbidden(.name, place, "may not be specified when `setHostnameAsFQDN` is true")
    }
    if spec.hostNetwork {
      findings.forbidden(.name, place, "may not be specified when `hostNetwork` is true")
    }
    if override.utf8.count > 64 { findings.tooLong(.name, place, maximumBytes: 64) }
    findings.checkDNSSubdomain(.name, override, place)
  }

  mutating func checkNameResolution(_ spec: PodSpec, _ path: FieldPath) {
    if spec.dnsPolicy == "None" {
      guard let config = spec.dnsConfig else {
        findings.required(
          .name, path.child("dnsConfig"), "must provide `dnsConfig` when `dnsPolicy` is None")
        return
      }
      if config.nameservers.isEmpty {
        findings.required(
          .name, path.child("dnsConfig").child("nameservers"),
          "must provide at least one DNS nameserver when `dnsPolicy` is None")
        return
      }
    }
    guard let config = spec.dnsConfig else { return }
    let path = path.child("dnsConfig")
    if config.nameservers.count > 3 {
      findings.invalid(
        .name, path.child("nameservers"), .strings(config.nameservers),
        "must not have more than 3 nameservers")
    }
    for (index, server) in config.nameservers.enumerated() {
      findings.checkAddress(.name, server, path.child("nameservers")[index])
    }
    checkSearches(config.searches, path.child("searches"))
    for (index, option) in config.options.enumerated() where option.name.isEmpty {
      findings.required(.name, path.child("options")[index], "must not be empty")
    }
  }

  private mutating func checkSearches(_ searches: [String], _ path: FieldPath) {
    if searches.count > 32 {
      findings.invalid(.name, path, .strings(searches), "must not have more than 32 search paths")
    }
    // Spaces between them count.
    if searches.reduce(searches.count - 1, { $0 + $1.utf8.count }) > 2048 {
      findings.invalid(
        .name, path, .strings(searches),
        "must not have more than 2048 characters (including spaces) in the search list")
    }
    for (index, search) in searches.enumerated() where search != "." {
      let domain = search.hasSuffix(".") ? String(search.dropLast()) : search
      findings.object(.name, SearchDomainForm.objections(domain), to: domain, path[index])
    }
  }
}
