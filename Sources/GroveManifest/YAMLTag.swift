internal import CLibYAML

/// The tags of the YAML core schema, as far as JSON can express them.
enum YAMLTag {
  case string, integer, float, boolean, null, timestamp, merge, mapping, sequence
  /// `!`, which says no more than that the scalar is to be taken as if it were plain.
  case nonSpecific
  /// Everything else: `!!binary`, `!!set`, an application's own tags.
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
    default: self = .other
    }
  }

  /// Whether the tag may stand before a scalar.
  var isScalar: Bool {
    switch self {
    case .string, .integer, .float, .boolean, .null, .timestamp, .merge, .nonSpecific: true
    case .mapping, .sequence, .other: false
    }
  }

  /// The tag in its short form.
  static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>) -> String {
    let full = String(cString: pointer)
    return full.hasPrefix(prefix) ? "!!" + full.dropFirst(prefix.count) : full
  }

  /// What to say about a tag that is not accepted.
  static func unsupported(_ pointer: UnsafeMutablePointer<yaml_char_t>) -> String {
    "the tag \(text(pointer).prefix(64)) is not supported here"
  }
}
