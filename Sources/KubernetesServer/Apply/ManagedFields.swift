internal import KubernetesModel

/// Who writes fields: one entry of `managedFields` is kept for each.
public struct FieldManagerID: Hashable, Comparable, Sendable {
  /// The name: `kubectl-client-side-apply`.
  public var name: String
  /// Whether the fields were applied; otherwise they were written.
  public var isApply: Bool
  /// The version in which the object was written; empty for appliers, who have one entry for all versions.
  public var apiVersion: String
  /// The subresource that was written; empty for the object itself.
  public var subresource: String

  /// The manager as messages name it: `"tester" using grove.io/v1alpha1`.
  public var description: String {
    var text = jsonString(name)
    if !subresource.isEmpty { text += " with subresource \(jsonString(subresource))" }
    return isApply ? text : "\(text) using \(apiVersion)"
  }

  private var order: [String] { [name, isApply ? "Apply" : "Update", apiVersion, subresource] }

  /// By name, operation, version and subresource.
  public static func < (first: FieldManagerID, second: FieldManagerID) -> Bool {
    for (a, b) in zip(first.order, second.order) where a != b {
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    return false
  }
}

/// The books of `managedFields`.
struct ManagedFields: Sendable {
  struct Entry: Sendable {
    var apiVersion: String
    var time: String?
    var fields: FieldSet
  }

  private(set) var entries: [FieldManagerID: Entry] = [:]

  var isEmpty: Bool { entries.isEmpty }

  /// Managers in order.
  var managers: [FieldManagerID] { entries.keys.sorted() }

  subscript(manager: FieldManagerID) -> Entry? {
    get { entries[manager] }
    set { entries[manager] = newValue }
  }

  init() {}

  /// Reads the list; nil when an entry is not what it should be.
  init?(_ list: Value?) {
    for entry in list?.elements ?? [] {
      let operation = entry["operation"]?.stringValue ?? ""
      guard operation == "Apply" || operation == "Update" else { return nil }
      guard (entry["fieldsType"]?.stringValue ?? "FieldsV1") == "FieldsV1" else { return nil }
      guard let fields = FieldSet(entry["fieldsV1"] ?? .object([])) else { return nil }
      let apiVersion = entry["apiVersion"]?.stringValue ?? ""
      let id = FieldManagerID(
        name: entry["manager"]?.stringValue ?? "", isApply: operation == "Apply",
        apiVersion: operation == "Apply" ? "" : apiVersion,
        subresource: entry["subresource"]?.stringValue ?? "")
      entries[id] = Entry(apiVersion: apiVersion, time: entry["time"]?.stringValue, fields: fields)
    }
  }

  /// The list as objects have it: appliers first, then by time, manager, version and subresource.
  var value: Value {
    let sorted = entries.sorted { first, second in
      if first.key.isApply != second.key.isApply { return first.key.isApply }
      let (a, b) = (Self.seconds(first.value.time), Self.seconds(second.value.time))
      return a != b ? a < b : first.key < second.key
    }
    return .array(
      sorted.map { id, entry in
        var members: [(String, Value)] = [
          ("manager", .string(id.name)), ("operation", .string(id.isApply ? "Apply" : "Update")),
          ("apiVersion", .string(entry.apiVersion)),
        ]
        if let time = entry.time { members.append(("time", .string(time))) }
        members += [("fieldsType", .string("FieldsV1")), ("fieldsV1", entry.fields.value)]
        if !id.subresource.isEmpty { members.append(("subresource", .string(id.subresource))) }
        return .object(members)
      })
  }

  static func seconds(_ time: String?) -> Int64 { time.flatMap { Timestamp($0) }?.secondsSince1970 ?? 0 }

  /// Puts the two oldest writers of a version together, again and again, until there are no more than ten.
  mutating func limitWriters() {
    let limit = 10
    let writers = entries.filter { !$0.key.isApply }.sorted { first, second in
      let (a, b) = (Self.seconds(first.value.time), Self.seconds(second.value.time))
      return a != b ? a < b : first.key < second.key
    }
    var excess = writers.count - limit
    var firsts: [String: FieldManagerID] = [:]
    for (id, entry) in writers {
      guard excess > 0 else { return }
      guard let first = firsts[entry.apiVersion] else {
        firsts[entry.apiVersion] = id
        continue
      }
      let bucket = FieldManagerID(
        name: "ancient-changes", isApply: false, apiVersion: entry.apiVersion, subresource: "")
      if entries[bucket] == nil {
        entries[bucket] = entries[first]
        if first != bucket { entries[first] = nil }
      }
      let merged = entry.fields.union(entries[bucket]?.fields ?? FieldSet())
      entries[bucket] = Entry(apiVersion: entry.apiVersion, time: entry.time, fields: merged)
      if id != bucket { entries[id] = nil }
      excess -= 1
    }
  }
}
