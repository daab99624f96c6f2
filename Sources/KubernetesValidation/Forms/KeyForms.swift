/// Keys of ConfigMaps and Secrets: at most 253 of `A-Za-z0-9-_.`, not beginning with two dots.
enum DataKeyForm {
  static func objections(_ key: String) -> [String] {
    var objections = key.utf8.count > 253 ? ["must be no more than 253 characters"] : []
    let isPlain =
      !key.isEmpty
      && key.utf8.allSatisfy { $0.isAlphanumeric || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    if !isPlain {
      objections.append(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
          + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
    }
    if key == "." {
      objections.append("must not be '.'")
    } else if key == ".." {
      objections.append("must not be '..'")
    } else if key.hasPrefix("..") {
      objections.append("must not start with '..'")
    }
    return objections
  }
}

/// Names of environment variables: anything printable of ASCII but `=`.
enum VariableNameForm {
  static func objections(_ name: String) -> [String] {
    if name.isEmpty { return ["environment variable name must be non-empty"] }
    if name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x3D }) { return [] }
    return [
      "a valid environment variable name must consist only of printable ASCII characters other than '='"
    ]
  }
}

/// Names of HTTP headers.
enum HeaderNameForm {
  static func objections(_ name: String) -> [String] {
    if !name.isEmpty, name.utf8.allSatisfy({ $0.isAlphanumeric || $0 == 0x2D }) { return [] }
    return [
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
        + "validation is '[-A-Za-z0-9]+')"
    ]
  }
}

/// Domains that are searched for names: DNS subdomains whose labels may have underscores, also as first letter.
enum SearchDomainForm {
  static func objections(_ domain: String) -> [String] {
    var objections = domain.utf8.count > 253 ? ["must be no more than 253 characters"] : []
    let isPlain = domain.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
      let rest = label.first == 0x5F ? label.dropFirst() : label
      guard let first = rest.first, let last = rest.last else { return false }
      return first.isLowercaseAlphanumeric && last.isLowercaseAlphanumeric
        && rest.allSatisfy { $0.isLowercaseAlphanumeric || $0 == 0x2D || $0 == 0x5F }
    }
    if !isPlain {
      objections.append(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
          + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
          + "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')")
    }
    return objections
  }
}

/// Names of kernel parameters, with dots or slashes between their parts.
enum SysctlNameForm {
  static func isValid(_ name: String) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    return name.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F }.allSatisfy { part in
      guard let first = part.first, let last = part.last else { return false }
      return first.isLowercaseAlphanumeric && last.isLowercaseAlphanumeric
        && part.allSatisfy { $0.isLowercaseAlphanumeric || $0 == 0x2D || $0 == 0x5F }
    }
  }

  /// The kernel namespace that a parameter belongs to, for those that have one of their own.
  enum Namespace { case network, ipc, other }

  static func namespace(_ name: String) -> Namespace {
    // A name whose first separator is a slash has slashes for dots and dots for slashes.
    var name = name
    let first = name.utf8.first { $0 == 0x2E || $0 == 0x2F }
    if first == 0x2F {
      name = String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
    if name.hasPrefix("net.") { return .network }
    if name == "kernel.sem" || name.hasPrefix("kernel.shm") || name.hasPrefix("kernel.msg")
      || name.hasPrefix("fs.mqueue.")
    {
      return .ipc
    }
    return .other
  }
}

extension UInt8 {
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLowercaseAlphanumeric: Bool { isDigit || (self >= 0x61 && self <= 0x7A) }
  var isAlphanumeric: Bool { isLowercaseAlphanumeric || (self >= 0x41 && self <= 0x5A) }
}
