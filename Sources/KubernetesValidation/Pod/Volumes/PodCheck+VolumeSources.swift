internal import KubernetesModel

/// Sources of volumes that need more than a name or two.
extension PodCheck {
  private static let hostPathTypes = [
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
  ]

  mutating func check(_ source: HostPathVolumeSource, _ path: @autoclosure () -> FieldPath) {
    if source.path.isEmpty { return findings.required(.volume, path().child("path")) }
    checkNoBacksteps(.volume, source.path, path().child("path"))
    if let type = source.type, !Self.hostPathTypes.contains(type) {
      findings.notSupported(.volume, path().child("type"), type, supported: Self.hostPathTypes)
    }
  }

  mutating func check(_ source: ISCSIVolumeSource, _ path: @autoclosure () -> FieldPath) {
    need(source.targetPortal, path().child("targetPortal"))
    if source.iqn.isEmpty {
      findings.required(.volume, path().child("iqn"))
    } else if let fault = ISCSINameForm.fault(source.iqn) {
      findings.invalid(.volume, path().child("iqn"), .string(source.iqn), fault)
    }
    findings.checkRange(.volume, Int64(source.lun), 0...255, path().child("lun"))
    if source.chapAuthDiscovery || source.chapAuthSession, source.secretRef == nil {
      findings.required(.volume, path().child("secretRef"))
    }
    if let name = source.initiatorName, let fault = ISCSINameForm.fault(name) {
      findings.invalid(.volume, path().child("initiatorname"), .string(name), fault)
    }
  }

  mutating func check(_ source: FlockerVolumeSource, _ path: @autoclosure () -> FieldPath) {
    switch (source.datasetName.isEmpty, source.datasetUUID.isEmpty) {
    case (true, true):
      findings.required(.volume, path(), "one of datasetName and datasetUUID is required")
    case (false, false):
      findings.invalid(
        .volume, path(), "resource", "datasetName and datasetUUID can not be specified simultaneously")
    default: break
    }
    if source.datasetName.utf8.contains(0x2F) {
      findings.invalid(
        .volume, path().child("datasetName"), .string(source.datasetName), "must not contain '/'")
    }
  }

  mutating func check(_ source: QuobyteVolumeSource, _ path: @autoclosure () -> FieldPath) {
    let form = "must be a host:port pair or multiple pairs separated by commas"
    if source.registry.isEmpty {
      findings.required(.volume, path().child("registry"), form)
    } else if source.tenant.utf8.count >= 65 {
      findings.required(
        .volume, path().child("tenant"), "must be a UUID and may not exceed a length of 64 characters")
    } else {
      for pair in source.registry.split(separator: ",", omittingEmptySubsequences: false)
      where !HostPortForm.isValid(pair) {
        findings.invalid(.volume, path().child("registry"), .string(source.registry), form)
      }
    }
    need(source.volume, path().child("volume"))
  }

  mutating func check(_ source: FCVolumeSource, _ path: @autoclosure () -> FieldPath) {
    switch (source.targetWWNs.isEmpty, source.wwids.isEmpty) {
    case (true, true):
      findings.required(
        .volume, path().child("targetWWNs"), "must specify either targetWWNs or wwids, but not both")
    case (false, false):
      findings.invalid(
        .volume, path().child("targetWWNs"), .strings(source.targetWWNs),
        "targetWWNs and wwids can not be specified simultaneously")
    default: break
    }
    guard !source.targetWWNs.isEmpty else { return }
    if let lun = source.lun {
      findings.checkRange(.volume, Int64(lun), 0...255, path().child("lun"))
    } else {
      findings.required(.volume, path().child("lun"), "lun is required if targetWWNs is specified")
    }
  }

  mutating func check(_ source: FlexVolumeSource, _ path: @autoclosure () -> FieldPath) {
    need(source.driver, path().child("driver"))
    for key in source.options.keys {
      let domain =
        "." + (key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? "")
      let lowercase = domain.lowercased()
      if lowercase.hasSuffix(".kubernetes.io") || lowercase.hasSuffix(".k8s.io") {
        findings.invalid(
          .volume, path().child("options")[key], .string(key),
          "kubernetes.io and k8s.io namespaces are reserved")
      }
    }
  }

  mutating func check(_ source: AzureDiskVolumeSource, _ path: @autoclosure () -> FieldPath) {
    need(source.diskName, path().child("diskName"))
    need(source.diskURI, path().child("diskURI"))
    if let mode = source.cachingMode, !["None", "ReadOnly", "ReadWrite"].contains(mode) {
      findings.notSupported(
        .volume, path().child("cachingMode"), mode, supported: ["None", "ReadOnly", "ReadWrite"])
    }
    guard let kind = source.kind else { return }
    if !["Dedicated", "Managed", "Shared"].contains(kind) {
      findings.notSupported(
        .volume, path().child("kind"), kind, supported: ["Dedicated", "Managed", "Shared"])
    }
    let (prefix, form) =
      kind == "Managed"
      ? (
        "/subscriptions/",
        "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
      ) : ("https://", "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd")
    if !source.diskURI.hasPrefix(prefix) {
      findings.notSupported(
        .volume, path().child("diskURI"), source.diskURI, supported: [form], isPlainString: true)
    }
  }

  mutating func check(_ source: StorageOSVolumeSource, _ path: @autoclosure () -> FieldPath) {
    if source.volumeName.isEmpty {
      findings.required(.volume, path().child("volumeName"))
    } else {
      findings.checkDNSLabel(.volume, source.volumeName, path().child("volumeName"))
    }
    if !source.volumeNamespace.isEmpty {
      findings.checkDNSLabel(.volume, source.volumeNamespace, path().child("volumeNamespace"))
    }
    need(source.secretRef, path().child("secretRef"))
  }

  mutating func check(_ source: CSIVolumeSource, _ path: @autoclosure () -> FieldPath) {
    need(source.driver, path().child("driver"))
    if source.driver.utf8.count > 63 { findings.tooLong(.volume, path().child("driver"), maximumBytes: 63) }
    findings.object(
      .volume, NameSyntax.dnsSubdomainObjections(source.driver.lowercased()), to: source.driver,
      path().child("driver"))
    guard let secret = source.nodePublishSecretRef else { return }
    if secret.name.isEmpty {
      findings.required(.volume, path().child("nodePublishSecretRef").child("name"))
    } else {
      findings.checkDNSSubdomain(.volume, secret.name, path().child("name"))
    }
  }
}

/// Names of iSCSI nodes, in one of three forms.
enum ISCSINameForm {
  /// What is wrong with a name, if anything.
  static func fault(_ name: String) -> String? {
    let bytes = Array(name.utf8)
    if name.hasPrefix("iqn") { return isQualified(bytes) ? nil : "must be valid format" }
    if name.hasPrefix("eui") { return isHexadecimal(name, 16) ? nil : "must be valid format" }
    if name.hasPrefix("naa") { return isHexadecimal(name, 32) ? nil : "must be valid format" }
    return "must be valid format starting with iqn, eui, or naa"
  }

  /// `eui.` or `naa.` with a fixed number of letters and digits.
  private static func isHexadecimal(_ name: String, _ count: Int) -> Bool {
    let rest = name.dropFirst(4)
    return name.unicodeScalars.count == count + 4 && rest.utf8.allSatisfy { $0.isAlphanumeric }
  }

  /// `iqn.2001-04.com.example:storage`, anywhere in the text as long as it goes to its end.
  private static func isQualified(_ bytes: [UInt8]) -> Bool {
    let prefix = Array("iqn.".utf8)
    for start in bytes.indices where bytes[start...].starts(with: prefix) {
      let rest = bytes[(start + 4)...]
      guard rest.count > 8 else { return false }
      let date = Array(rest.prefix(8))
      guard date[0..<4].allSatisfy(\.isDigit), date[4] == 0x2D, date[5..<7].allSatisfy(\.isDigit),
        date[7] == 0x2E
      else { continue }
      let tail = rest.dropFirst(8)
      guard let colon = tail.firstIndex(of: 0x3A), colon > tail.startIndex else { continue }
      let domain = tail[..<colon]
      let name = tail[(colon + 1)...]
      let forbidden = Array(",;*&$| \t\n\u{C}\r".utf8)
      if domain.allSatisfy({ $0.isAlphanumeric || $0 == 0x2D || $0 == 0x2E }), !name.isEmpty,
        name.allSatisfy({ !forbidden.contains($0) })
      {
        return true
      }
    }
    return false
  }
}

/// `host:port`, as Go's `net.SplitHostPort` takes it.
enum HostPortForm {
  static func isValid(_ pair: Substring) -> Bool {
    let bytes = Array(pair.utf8)
    guard let colon = bytes.lastIndex(of: 0x3A) else { return false }
    var (open, close) = (0, 0)
    if bytes.first == 0x5B {
      guard let end = bytes.firstIndex(of: 0x5D), end + 1 == colon else { return false }
      (open, close) = (1, end + 1)
    } else if bytes[..<colon].contains(0x3A) {
      return false
    }
    return !bytes[open...].contains(0x5B) && !bytes[close...].contains(0x5D)
  }
}
