/// Why a text is not a name of some sort, in the words of Kubernetes. No reasons: it is one.
enum NameRules {
  /// Names of most objects: lower case, dots and dashes, at most 253 characters.
  ///
  /// - Parameter isPrefix: whether letters follow, so that the text may end with a dash.
  static func subdomain(_ text: String, isPrefix: Bool = false) -> [String] {
    var reasons = tooLong(text, 253)
    let name = isPrefix ? maskingLastDash(text) : text
    if !name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel) {
      reasons.append(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
          + "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation "
          + #"is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#)
    }
    return reasons
  }

  /// Namespaces and parts of domain names: lower case and dashes, at most 63 characters.
  static func label(_ text: String) -> [String] {
    var reasons = tooLong(text, 63)
    if !isLabel(text.utf8[...]) {
      reasons.append(
        text.utf8.contains(UInt8(ascii: "."))
          ? "must not contain dots"
          : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
            + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
            + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")
    }
    return reasons
  }

  /// Keys of labels and annotations, and finalizers: a name, with an optional domain before it.
  static func qualifiedName(_ text: String) -> [String] {
    var reasons: [String] = []
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let name: Substring
    switch parts.count {
    case 1: name = parts[0]
    case 2:
      name = parts[1]
      if parts[0].isEmpty {
        reasons.append("prefix part must be non-empty")
      } else {
        reasons += subdomain(String(parts[0])).map { "prefix part \($0)" }
      }
    default:
      return [
        "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
          + "an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
          + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
          + "(e.g. 'example.com/MyName')"
      ]
    }
    if name.isEmpty {
      reasons.append("name part must be non-empty")
    } else if name.utf8.count > 63 {
      reasons.append("name part must be no more than 63 characters")
    }
    if !isName(name.utf8) {
      reasons.append(
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
          + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
          + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")
    }
    return reasons
  }

  /// Values of labels: a name or nothing.
  static func labelValue(_ text: String) -> [String] {
    var reasons = tooLong(text, 63)
    if !text.isEmpty, !isName(text.utf8[...]) {
      reasons.append(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
          + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
          + "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")
    }
    return reasons
  }

  private static func tooLong(_ text: String, _ most: Int) -> [String] {
    text.utf8.count > most ? ["must be no more than \(most) characters"] : []
  }

  private static func maskingLastDash(_ text: String) -> String {
    text.utf8.count > 1 && text.hasSuffix("-") ? text.dropLast() + "a" : text
  }

  private static func isLabel(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
      && text.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isName(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.allSatisfy {
        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
      }
  }

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 26
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowerAlphanumeric(byte) || byte &- UInt8(ascii: "A") < 26
  }
}
