public import KubernetesModel

/// What the API server does with objects of a custom resource: it refuses unknown fields, prunes, fills in
/// defaults, and validates against the schema and its CEL rules.
///
/// The texts, their order and their aggregation are those of Kubernetes 1.36. Where the server iterates over
/// a Go map, its order changes from run to run; here fields come in the order of their declaration.
///
/// For a PodCliqueSet the server calls the mutating webhook between ``admitted(_:)`` and
/// ``validate(_:old:file:)``; what it validates is what Go wrote, see ``GoJSON``.
public struct StructuralSchema: Sendable {
  /// What a finding is about, for choosing its rule id.
  public struct Subject: Sendable, Equatable {
    /// Which check found it.
    public enum Check: Sendable, Equatable {
      /// A field that the schema does not have.
      case unknownField
      /// The value of a field: its type, presence, length, pattern and so on.
      case value
      /// The keys of a list map, or the elements of a list set.
      case listKey
      /// A validation rule in CEL.
      case rule
      /// Name, labels and the rest of the metadata.
      case metadata
      /// The numbers that the scale subresource shows.
      case scale
    }

    /// Which check found it.
    public var check: Check
    /// The type of the schema table that has the field or the rule.
    public var type: String
    /// The path of the field.
    public var path: String
  }

  /// Which id the findings get.
  public typealias RuleChoice = @Sendable (Subject) -> RuleID

  /// The table with the type and all it refers to.
  public let table: SchemaTable
  /// The name of the type.
  public let typeName: String
  /// Whether objects live in namespaces.
  public let isNamespaced: Bool
  /// Whether `.spec.replicas` and `.status.replicas` are shown by the scale subresource.
  public let hasScale: Bool

  let root: Int
  let metadataType: Int
  let metadataField: Int?
  let rule: RuleChoice

  /// The schema of a kind in a table; nil when the table has no such type.
  ///
  /// - Parameters:
  ///   - table: the table with the type and all it refers to.
  ///   - type: the name of the type in the table, such as `PodCliqueSet`.
  ///   - isNamespaced: whether objects live in namespaces.
  ///   - hasScale: whether there is a scale subresource over `.spec.replicas` and `.status.replicas`.
  ///   - rule: chooses the rule id of a finding.
  public init?(
    _ table: SchemaTable, type: String, isNamespaced: Bool = true, hasScale: Bool = false,
    rule: @escaping RuleChoice = { _ in "schema" }
  ) {
    guard let root = table.storage.index(of: type) else { return nil }
    self.table = table
    self.typeName = type
    self.isNamespaced = isNamespaced
    self.hasScale = hasScale
    self.root = root
    self.rule = rule
    let storage = table.storage
    metadataType = storage.index(of: "ObjectMeta") ?? -1
    let metadataType = metadataType
    metadataField = storage.types[root].fields.first {
      storage.fields[$0].leaf == .object && Int(storage.fields[$0].type) == metadataType
    }
  }

  /// Whether the schema has validation rules anywhere.
  public var hasRules: Bool { table.storage.types[root].hasRulesBelow }

  // MARK: Positions

  /// A place in the schema: a field, or the inside of its lists and maps.
  struct Place {
    var leaf: SchemaTable.Leaf
    var wraps: UInt8
    /// The type of an object, or -1 for an object whose fields the schema does not list.
    var type: Int
    /// The field, or -1 at the root.
    var field: Int

    @inline(__always)
    var wrap: SchemaTable.Wrap { SchemaTable.Wrap(rawValue: wraps & 3) ?? .none }

    /// The place inside a list or map.
    @inline(__always)
    var inside: Place {
      var inner = self
      inner.wraps >>= 2
      inner.field = -1
      return inner
    }

    /// Whether it is an object with fields.
    @inline(__always)
    var isObject: Bool { leaf == .object && wraps & 3 == 0 }
  }

  var rootPlace: Place { Place(leaf: .object, wraps: 0, type: root, field: -1) }

  @inline(__always)
  func place(ofField index: Int) -> Place {
    let field = table.storage.fields[index]
    var type = Int(field.type)
    // Metadata below the root is an object without fields: the generator of the CRDs does not go into it.
    if field.leaf == .object, type == metadataType { type = -1 }
    return Place(leaf: field.leaf, wraps: field.wraps, type: type, field: index)
  }

  /// The fields of an object at a place.
  @inline(__always)
  func fields(at place: Place) -> Range<Int> {
    place.isObject && place.type >= 0 ? table.storage.types[place.type].fields : 0..<0
  }

  /// The field of an object at a place with the name of a key node, if the schema has it.
  @inline(__always)
  func field(at place: Place, key: TapeNode) -> Int? {
    guard place.isObject, place.type >= 0, key.symbol != 0 else { return nil }
    return table.storage.field(key.symbol, of: place.type)
  }
}
