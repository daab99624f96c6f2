public import GroveModel

/// A column of `kubectl get`.
public struct PrinterColumn: Sendable, Equatable {
  /// What is in a column.
  public enum Format: String, Sendable, Equatable {
    /// A whole number.
    case integer
    /// Text.
    case string
    /// A time, shown as an age.
    case date
  }

  /// The heading.
  public var name: String
  /// What is in it.
  public var format: Format
  /// Where in the object it comes from, as a JSON path.
  public var jsonPath: String
  /// 0 for columns that are always shown, 1 for those of `-o wide`.
  public var priority: Int

  /// A column.
  public init(_ name: String, _ format: Format, _ jsonPath: String, priority: Int = 0) {
    self.name = name
    self.format = format
    self.jsonPath = jsonPath
    self.priority = priority
  }
}

/// How one of Grove's kinds is installed in a cluster (A-430 to A-434).
public struct CustomResource: Sendable, Equatable {
  /// The kind.
  public var kind: ResourceKind
  /// The name in URLs: `podcliquesets`.
  public var plural: String
  /// The short name in kubectl: `pcs`.
  public var shortName: String
  /// Where the scale subresource finds the label selector; nil when there is no scale subresource.
  public var scaleSelectorPath: String?
  /// The columns of `kubectl get`.
  public var columns: [PrinterColumn]

  /// The API group.
  public var group: String { String(kind.apiVersion.prefix { $0 != "/" }) }
  /// The name of one object in URLs: `podcliqueset`.
  public var singular: String { kind.kind.lowercased() }
  /// The kind of a list of objects.
  public var listKind: String { "\(kind.kind)List" }
  /// The name of the CustomResourceDefinition: `podcliquesets.grove.io`.
  public var definitionName: String { "\(plural).\(group)" }

  /// All of Grove's kinds: those that users write first.
  public static let all = [
    podCliqueSet, podClique, podCliqueScalingGroup, clusterTopologyBinding, podGang,
  ]

  private static let age = PrinterColumn("Age", .date, ".metadata.creationTimestamp")
  private static let breached = PrinterColumn(
    "MinBreached", .string, #".status.conditions[?(@.type=="MinAvailableBreached")].status"#, priority: 1)
  private static let progress = ".status.updateProgress"

  private static let podCliqueSet = CustomResource(
    kind: .podCliqueSet, plural: "podcliquesets", shortName: "pcs",
    scaleSelectorPath: ".status.hpaPodSelector",
    columns: [
      PrinterColumn("Replicas", .integer, ".spec.replicas"),
      PrinterColumn("Available", .integer, ".status.availableReplicas"),
      PrinterColumn("Updated", .integer, ".status.updatedReplicas"),
      PrinterColumn("PCLQs-Updated", .integer, "\(progress).updatedPodCliquesCount"),
      PrinterColumn("PCLQs-Total", .integer, "\(progress).totalPodCliquesCount"),
      PrinterColumn("PCSGs-Updated", .integer, "\(progress).updatedPodCliqueScalingGroupsCount"),
      PrinterColumn("PCSGs-Total", .integer, "\(progress).totalPodCliqueScalingGroupsCount"),
      age,
    ])

  private static let podClique = CustomResource(
    kind: .podClique, plural: "podcliques", shortName: "pclq", scaleSelectorPath: ".status.hpaPodSelector",
    columns: [
      PrinterColumn("MinAvail", .integer, ".spec.minAvailable"),
      PrinterColumn("Replicas", .integer, ".spec.replicas"),
      PrinterColumn("Ready", .integer, ".status.readyReplicas"),
      PrinterColumn("Scheduled", .integer, ".status.scheduledReplicas"),
      PrinterColumn("Updated", .integer, ".status.updatedReplicas"),
      PrinterColumn("Gated", .integer, ".status.scheduleGatedReplicas", priority: 1),
      breached,
      age,
    ])

  private static let podCliqueScalingGroup = CustomResource(
    kind: .podCliqueScalingGroup, plural: "podcliquescalinggroups", shortName: "pcsg",
    scaleSelectorPath: ".status.selector",
    columns: [
      PrinterColumn("MinAvail", .integer, ".spec.minAvailable"),
      PrinterColumn("Replicas", .integer, ".spec.replicas"),
      PrinterColumn("Available", .integer, ".status.availableReplicas"),
      PrinterColumn("Scheduled", .integer, ".status.scheduledReplicas"),
      PrinterColumn("Updated", .integer, ".status.updatedReplicas"),
      PrinterColumn("PCLQs-Updated", .integer, "\(progress).updatedPodCliquesCount"),
      PrinterColumn("PCLQs-Total", .integer, "\(progress).totalPodCliquesCount"),
      breached,
      age,
    ])

  private static let clusterTopologyBinding = CustomResource(
    kind: .clusterTopologyBinding, plural: "clustertopologybindings", shortName: "ct",
    columns: [PrinterColumn("Domains", .string, ".spec.levels[*].domain"), age])

  private static let podGang = CustomResource(
    kind: .podGang, plural: "podgangs", shortName: "pg",
    columns: [PrinterColumn("Phase", .string, ".status.phase"), age])
}
