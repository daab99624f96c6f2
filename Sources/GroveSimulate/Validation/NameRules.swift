/// The formats that Kubernetes demands of names, with the texts in which it complains.
enum NameRules {
  /// What is wrong with a DNS label: up to 63 of `a-z`, `0-9` and inner `-`.
  static func label(_ text: String) -> [String] {
    var problems = tooLong(text, limit: 63)
    if !isLabel(text.utf8) {
      problems.append(
        isSubdomain(text)
          ? "must not contain dots"
          : """
          a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
          end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
          '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
          """)
    }
    return problems
  }

  /// What is wrong with a DNS subdomain: labels with dots between them, up to 253 bytes in all.
  static func subdomain(_ text: String) -> [String] {
    var problems = tooLong(text, limit: 253)
    if !isSubdomain(text) {
      problems.append(
        """
        a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
        start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
        '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
        """)
    }
    return problems
  }

  /// What is wrong with a DNS-1035 label, as Services have them: a DNS label that starts with a letter.
  static func serviceName(_ text: String) -> [String] {
    var problems = tooLong(text, limit: 63)
    if !isLabel(text.utf8) || text.utf8.first.map(isDigit) ?? true {
      problems.append(
        """
        a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
        character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation \
        is '[a-z]([-a-z0-9]*[a-z0-9])?')
        """)
    }
    return problems
  }

  /// What is wrong with a name that only has to fit into a URL, as Roles have them.
  static func pathSegment(_ text: String) -> [String] {
    if text == "." || text == ".." { return ["may not be '\(text)'"] }
    return ["/", "%"].filter { text.contains($0) }.map { "may not contain '\($0)'" }
  }

  /// What is wrong with the value of a label.
  static func labelValue(_ text: String) -> [String] {
    var problems = tooLong(text, limit: 63)
    if !text.isEmpty, !isQualifiedPart(text.utf8[...]) {
      problems.append(
        """
        a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start \
        and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
        validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
        """)
    }
    return problems
  }

  private static func tooLong(_ text: String, limit: Int) -> [String] {
    text.utf8.count > limit ? ["must be no more than \(limit) characters"] : []
  }

  private static func isLabel(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last, isLowerAlphanumeric(first), isLowerAlphanumeric(last)
    else { return false }
    return text.allSatisfy { isLowerAlphanumeric($0) || $0 == 0x2D }
  }

  private static func isSubdomain(_ text: String) -> Bool {
    text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
  }

  private static func isQualifiedPart(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last, isAlphanumeric(first), isAlphanumeric(last)
    else { return false }
    return text.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte >= 0x61 && byte <= 0x7A
  }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowerAlphanumeric(byte) || byte >= 0x41 && byte <= 0x5A
  }
}
