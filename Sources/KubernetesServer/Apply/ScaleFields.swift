public import KubernetesModel

/// The books of the scale subresource: `spec.replicas` of a Scale is one field of the object behind it.
public enum ScaleFields {
  private static let replicas: [PathElement] = [.field("spec"), .field("replicas")]
  private static let apiVersion = "autoscaling/v1"

  /// The `managedFields` of the Scale of an object.
  ///
  /// - Parameters:
  ///   - parent: the `managedFields` of the object.
  ///   - path: where the object keeps the number: `.spec.replicas`.
  ///   - version: the object's `apiVersion`.
  public static func scaleEntries(of parent: Value?, path: String, version: String) -> Value {
    guard let books = ManagedFields(parent) else { return .array([]) }
    var scale = ManagedFields()
    for manager in books.managers {
      guard var entry = books[manager], entry.apiVersion == version, entry.fields.contains(steps(path)) else {
        continue
      }
      entry.fields = FieldSet([replicas])
      entry.apiVersion = apiVersion
      var id = manager
      if !id.isApply { id.apiVersion = apiVersion }
      scale[id] = entry
    }
    return scale.value
  }

  /// The `managedFields` of the object after its Scale was written.
  public static func parentEntries(of parent: Value?, scale: Value?, path: String, version: String) -> Value {
    let books = ManagedFields(parent) ?? ManagedFields()
    var writers = ManagedFields(scale) ?? ManagedFields()
    var result = ManagedFields()
    for manager in books.managers {
      guard var entry = books[manager], entry.apiVersion == version else { continue }
      if entry.fields.contains(steps(path)) {
        var id = manager
        if !id.isApply { id.apiVersion = apiVersion }
        if writers[id] != nil {
          writers[id] = nil
        } else {
          // Whoever wrote the Scale has taken it over.
          entry.fields = entry.fields.subtracting(FieldSet([steps(path)]))
        }
      }
      if !entry.fields.isEmpty { result[manager] = entry }
    }
    for manager in writers.managers where writers[manager]?.fields.contains(replicas) == true {
      var id = manager
      if !id.isApply { id.apiVersion = version }
      // The object's books have no time for it, as upstream.
      result[id] = .init(apiVersion: version, time: books[id]?.time, fields: FieldSet([steps(path)]))
    }
    return result.value
  }

  private static func steps(_ path: String) -> [PathElement] {
    path.split(separator: ".").map { .field(String($0)) }
  }
}
