internal import CLibYAML

/// The tags of the YAML core schema, as far as JSON can express them.
enum YAMLTag {
  case string, integer, float, boolean, null, timestamp, merge, mapping, sequence, binary
  /// `!`, which makes a scalar text.
  case nonSpecific
  /// Everything else: `!!set`, an application's own tags. kubectl takes no notice of them.
  case other

  private static let prefix = "tag:yaml.org,2002:"

  /// Recognises a tag in its full form, as libyaml delivers it.
  init(_ pointer: UnsafeMutablePointer<yaml_char_t>) {
    switch Self.text(pointer) {
    case "!": self = .nonSpecific
    case "!!str": self = .string
    case "!!int": self = .integer
    case "!!float": self = .float
    case "!!bool": self = .boolean
    case "!!null": self = .null
    case "!!timestamp": self = .timestamp
    case "!!merge": self = .merge
    case "!!map": self = .mapping
    case "!!seq": self = .sequence
    case "!!binary": self = .binary
    default: self = .other
    }
  }

  /// Whether the tag says of a mapping or a list no more than what it is.
  var isOfContainers: Bool { self == .mapping || self == .sequence || self == .nonSpecific }

  /// The tag in its short form.
  static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>) -> String {
    let full = String(cString: pointer)
    return full.hasPrefix(prefix) ? "!!" + full.dropFirst(prefix.count) : full
  }
}
