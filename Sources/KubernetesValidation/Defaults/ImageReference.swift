/// References to images, as far as pulling depends on them.
enum ImageReference {
  /// When an image is pulled unless said otherwise: always if its tag is `latest` or it has neither tag nor digest, else
  /// if the node does not have it. A reference that is none counts as having a tag.
  static func pullPolicy(of image: String) -> String {
    guard let tag = tag(of: image), tag == "latest" else { return "IfNotPresent" }
    return "Always"
  }

  /// The tag of a well-formed reference, `latest` when there is neither tag nor digest, and empty with a digest only.
  static func tag(of image: String) -> String? {
    var name = image[...]
    var hasDigest = false
    if let at = name.lastIndex(of: "@") {
      hasDigest = true
      name = name[..<at]
    }
    var tag: Substring?
    let lastSlash = name.lastIndex(of: "/")
    if let colon = name.lastIndex(of: ":"), lastSlash.map({ colon > $0 }) ?? true {
      tag = name[name.index(after: colon)...]
      name = name[..<colon]
    }
    guard isName(name) else { return nil }
    if let tag {
      let isTag =
        (1...128).contains(tag.utf8.count) && tag.utf8.first != 0x2E && tag.utf8.first != 0x2D
        && tag.utf8.allSatisfy { $0.isAlphanumeric || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F }
      return isTag ? String(tag) : nil
    }
    return hasDigest ? "" : "latest"
  }

  /// `registry/path/name`, where everything but the registry is in lower case.
  private static func isName(_ name: Substring) -> Bool {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first else { return false }
    let isRegistry =
      parts.count > 1
      && (first.contains(".") || first.contains(":") || first == "localhost"
        || first.utf8.contains { $0 >= 0x41 && $0 <= 0x5A })
    if isRegistry { parts.removeFirst() }
    return parts.allSatisfy { part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return first.isLowercaseAlphanumeric && last.isLowercaseAlphanumeric
        && part.utf8.allSatisfy { $0.isLowercaseAlphanumeric || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F }
    }
  }
}
