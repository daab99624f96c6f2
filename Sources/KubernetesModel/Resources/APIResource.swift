/// A resource as URLs name it: `pods`, `podcliques.grove.io`.
///
/// All versions of a resource share one of these, and one table in a store.
public struct GroupResource: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The API group; empty for the core group.
  public var group: String
  /// The plural name in URLs.
  public var resource: String

  /// A resource of a group.
  public init(group: String, resource: String) {
    self.group = group
    self.resource = resource
  }

  /// By group, then by name.
  public static func < (lhs: GroupResource, rhs: GroupResource) -> Bool {
    lhs.group == rhs.group ? lhs.resource < rhs.resource : lhs.group < rhs.group
  }

  /// `pods`, `podcliques.grove.io`: as messages name it.
  public var description: String { group.isEmpty ? resource : "\(resource).\(group)" }
}

/// One resource of the Kubernetes API in one version: all that discovery, URLs, messages and columns need to know of it.
///
/// ``APIResources`` holds the built-in ones; CustomResourceDefinitions add to them at run time.
public struct APIResource: Sendable, Equatable {
  /// An endpoint below an object: `status`, `scale`, `binding`.
  public struct Subresource: Sendable, Equatable {
    /// The last part of the URL.
    public var name: String
    /// What is read and written there; nil for the resource's own kind.
    public var kind: GroupVersionKind?
    /// The verbs, in the order that discovery lists them.
    public var verbs: [String]

    /// A subresource.
    public init(_ name: String, kind: GroupVersionKind? = nil, verbs: [String]) {
      self.name = name
      self.kind = kind
      self.verbs = verbs
    }
  }

  /// Where the scale subresource finds its numbers: JSON paths without conditions, such as `.spec.replicas`.
  public struct ScalePaths: Sendable, Equatable {
    /// The wanted number.
    public var specReplicas: String
    /// The observed number.
    public var statusReplicas: String
    /// The text of the label selector; nil when there is none.
    public var selector: String?

    /// The paths of a scale subresource.
    public init(
      specReplicas: String = ".spec.replicas", statusReplicas: String = ".status.replicas",
      selector: String? = nil
    ) {
      self.specReplicas = specReplicas
      self.statusReplicas = statusReplicas
      self.selector = selector
    }
  }

  /// A column of a table, as a CustomResourceDefinition describes it.
  public struct Column: Sendable, Equatable {
    /// The heading.
    public var name: String
    /// `integer`, `number`, `string`, `boolean` or `date`.
    public var type: String
    /// `name`, `int32` and the like; empty for none.
    public var format: String
    /// What is in the column, in words.
    public var description: String
    /// Where in the object it comes from.
    public var jsonPath: String
    /// 0 for columns that are always shown, above for those of `-o wide`.
    public var priority: Int32

    /// A column.
    public init(
      _ name: String, type: String, format: String = "", description: String = "", jsonPath: String,
      priority: Int32 = 0
    ) {
      self.name = name
      self.type = type
      self.format = format
      self.description = description
      self.jsonPath = jsonPath
      self.priority = priority
    }
  }

  /// How the API server treats objects of a resource.
  public struct Traits: OptionSet, Sendable {
    /// The flags.
    public let rawValue: UInt16

    /// The given flags.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `metadata.generation` counts the changes of the spec.
    public static let tracksGeneration = Traits(rawValue: 1)
    /// A DELETE answers with the object instead of a Status.
    public static let deleteAnswersObject = Traits(rawValue: 2)
    /// A PUT on nothing creates the object.
    public static let updateCreates = Traits(rawValue: 4)
    /// A PUT needs no resourceVersion.
    public static let updatesUnconditionally = Traits(rawValue: 8)
    /// A CustomResourceDefinition made it.
    public static let isCustom = Traits(rawValue: 16)
    /// Nothing is stored: the answer to a POST is all there is (reviews).
    public static let isTransient = Traits(rawValue: 32)
    /// A deletion without delay is two changes: the object is marked first.
    public static let deletesInTwoSteps = Traits(rawValue: 64)
    /// New objects keep the status they come with.
    public static let createsWithStatus = Traits(rawValue: 128)
  }

  /// Group, version and kind.
  public var type: GroupVersionKind
  /// The plural name in URLs.
  public var plural: String
  /// The name of one object.
  public var singular: String
  /// The kind of a list.
  public var listKind: String
  /// The names that kubectl also takes.
  public var shortNames: [String]
  /// The groups of resources it belongs to, such as `all`.
  public var categories: [String]
  /// Whether objects live in namespaces.
  public var isNamespaced: Bool
  /// The verbs, in the order that discovery lists them.
  public var verbs: [String]
  /// The endpoints below an object, in the order that discovery lists them.
  public var subresources: [Subresource]
  /// How the server treats the objects.
  public var traits: Traits
  /// Where the scale subresource finds its numbers; nil without one.
  public var scale: ScalePaths?
  /// The columns of a table that a CustomResourceDefinition asks for; built-in kinds have printers of their own.
  public var columns: [Column]
  /// The fields by which a CustomResourceDefinition allows to select: JSON paths.
  public var selectableFields: [String]

  /// A resource.
  public init(
    type: GroupVersionKind, plural: String, singular: String? = nil, listKind: String? = nil,
    shortNames: [String] = [], categories: [String] = [], isNamespaced: Bool = true,
    verbs: [String] = APIResource.allVerbs, subresources: [Subresource] = [], traits: Traits = [],
    scale: ScalePaths? = nil, columns: [Column] = [], selectableFields: [String] = []
  ) {
    self.type = type
    self.plural = plural
    self.singular = singular ?? type.kind.lowercased()
    self.listKind = listKind ?? "\(type.kind)List"
    self.shortNames = shortNames
    self.categories = categories
    self.isNamespaced = isNamespaced
    self.verbs = verbs
    self.subresources = subresources
    self.traits = traits
    self.scale = scale
    self.columns = columns
    self.selectableFields = selectableFields
  }

  /// What built-in resources can do, in the order that discovery lists it.
  public static let allVerbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  /// The API group; empty for the core group.
  public var group: String { type.group }
  /// The version.
  public var version: String { type.version }
  /// The kind.
  public var kind: String { type.kind }
  /// Group and version as manifests write them.
  public var apiVersion: String { type.apiVersion }
  /// The resource without its version.
  public var groupResource: GroupResource { GroupResource(group: group, resource: plural) }
  /// `Pod`, `PodClique.grove.io`: the kind in messages about invalid objects.
  public var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }
  /// The subresource of a name, if there is one.
  public func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }
  /// Whether the status has an endpoint of its own, so that other writes leave it alone.
  public var hasStatus: Bool { subresource("status") != nil }
}
