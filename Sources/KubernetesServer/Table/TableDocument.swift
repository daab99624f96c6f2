public import KubernetesModel

/// The document forms that clients ask for with `as=…` in Accept: tables and bare metadata (V-12).
public enum TableDocument {
  /// How much of its object a row carries.
  public enum Inclusion: Sendable, Equatable {
    /// Its metadata.
    case metadata
    /// All of it.
    case object
    /// Nothing.
    case none

    /// Reads `includeObject`; empty means the metadata.
    ///
    /// - Throws: ``PatchError`` with the server's words for anything else.
    public init(parsing text: String) throws(PatchError) {
      switch text {
      case "", "Metadata": self = .metadata
      case "Object": self = .object
      case "None": self = .none
      default:
        throw PatchError(
          code: 400, reason: "BadRequest",
          message:
            "Unable to convert to Table as requested: includeObject: Invalid value: \(jsonString(text)): "
            + "must be 'Metadata', 'Object', 'None', or empty")
      }
    }
  }

  /// A `Table` of objects.
  ///
  /// - Parameters:
  ///   - objects: the objects, one for each row.
  ///   - layout: the columns.
  ///   - metadata: the metadata of the list, or the `resourceVersion` of the one object.
  ///   - includes: what rows carry.
  ///   - version: `v1` or `v1beta1`.
  ///   - hasColumns: whether the columns are described; events of a watch after the first do without.
  ///   - now: what ages are counted to.
  public static func table(
    _ objects: [Value], _ layout: TableLayout, metadata: Value, includes: Inclusion = .metadata,
    version: String = "v1",
    hasColumns: Bool = true, now: Timestamp
  ) -> Value {
    .object([
      "kind": .string("Table"), "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
      "columnDefinitions": hasColumns ? .array(layout.columns.map(\.value)) : .null,
      "rows": .array(
        objects.map { object in
          var row: [(String, Value)] = [("cells", .array(layout.cells(object, now: now)))]
          if let condition = completion(object) { row.append(("conditions", .array([condition]))) }
          switch includes {
          case .metadata: row.append(("object", partial(object, version: version)))
          case .object: row.append(("object", object))
          case .none: row.append(("object", .null))
          }
          return .object(row)
        }),
    ])
  }

  /// `PartialObjectMetadata` of an object.
  public static func partial(_ object: Value, version: String = "v1") -> Value {
    .object([
      "kind": .string("PartialObjectMetadata"), "apiVersion": .string("meta.k8s.io/\(version)"),
      "metadata": object["metadata"] ?? .object([]),
    ])
  }

  /// `PartialObjectMetadataList` of objects.
  public static func partialList(_ objects: [Value], metadata: Value, version: String = "v1") -> Value {
    .object([
      "kind": .string("PartialObjectMetadataList"), "apiVersion": .string("meta.k8s.io/\(version)"),
      "metadata": metadata, "items": .array(objects.map { partial($0, version: version) }),
    ])
  }

  /// Rows of pods that have ended say so.
  private static func completion(_ object: Value) -> Value? {
    guard object["kind"]?.stringValue == "Pod", object["apiVersion"]?.stringValue == "v1" else { return nil }
    let phase = object["status"]?["phase"]?.stringValue
    guard phase == "Succeeded" || phase == "Failed" else { return nil }
    return .object([
      "type": .string("Completed"), "status": .string("True"), "reason": .string(phase ?? ""),
      "message": .string(
        phase == "Failed" ? "The pod failed." : "The pod has completed successfully."),
    ])
  }
}
