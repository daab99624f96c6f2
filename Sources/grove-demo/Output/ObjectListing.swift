internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// How objects are printed, with kubectl's words.
enum ListingFormat: String, ExpressibleByArgument, CaseIterable {
  case wide
  case name
  case yaml
  case json
  case jsonl
}

/// Objects as `kubectl get` prints them.
struct ObjectListing {
  /// The objects of each kind that was asked for, in that order.
  var kinds: [(kind: ResourceKind, objects: [Resource])] = []
  /// Whether a table of one kind names the kind as well.
  var namesKinds: Bool { kinds.count > 1 }
  /// Whether tables have a column for the namespace, even when all objects are in one.
  var showsNamespaces = false

  /// The objects of a cluster.
  ///
  /// - Parameters:
  ///   - wanted: the kinds, in order.
  ///   - names: the names, or none for all.
  ///   - selector: the labels to look for.
  ///   - state: the cluster.
  init(_ wanted: [ResourceKind], names: [String] = [], selector: LabelSelector?, in state: ObservedState) {
    kinds = wanted.map { kind in
      let objects = state.resources(of: kind).filter {
        (names.isEmpty || names.contains($0.metadata.name)) && selector?.matches($0.metadata.labels) ?? true
      }
      return (kind, objects)
    }
  }

  /// All objects in order.
  var objects: [Resource] { kinds.flatMap(\.objects) }

  /// The table or tables, or the objects in another format; empty when there are none and the format is a table.
  func text(_ format: ListingFormat?, now: Timestamp, isSingle: Bool = false) -> [UInt8] {
    var text: [UInt8] = []
    switch format {
    case nil: return Array(tables(isWide: false, now).utf8)
    case .wide: return Array(tables(isWide: true, now).utf8)
    case .name:
      for object in objects { text += Array("\(object.kind.outputName)/\(object.metadata.name)\n".utf8) }
    case .jsonl: ObjectOutput.writeJSONLines(objects.map(\.value), to: &text)
    case .json, .yaml:
      let values = objects.map(\.value)
      let value = isSingle && values.count == 1 ? values[0] : ObjectOutput.list(of: values)
      if format == .yaml {
        YAMLWriter.write(value, to: &text)
      } else {
        JSONWriter.write(value, to: &text, options: .init(indent: 4))
        text.append(0x0A)
      }
    }
    return text
  }

  private func tables(isWide: Bool, _ now: Timestamp) -> String {
    var namespaces: Set<String> = []
    for object in objects where !object.kind.isClusterScoped { namespaces.insert(object.metadata.namespace) }
    let showsNamespaces = showsNamespaces || namespaces.count > 1
    let tables = kinds.compactMap { kind, objects -> String? in
      if objects.isEmpty { return nil }
      let columns = PrinterColumns(kind, isWide: isWide)
      let hasNamespace = showsNamespaces && !kind.isClusterScoped
      var table = Table((hasNamespace ? ["NAMESPACE"] : []) + columns.headings)
      for object in objects {
        var row = columns.row(object, now: now)
        if namesKinds { row[0] = "\(kind.outputName)/\(row[0])" }
        table.rows.append((hasNamespace ? [object.metadata.namespace] : []) + row)
      }
      return table.text
    }
    return tables.joined(separator: "\n")
  }
}

/// Events as `kubectl get events` prints them.
enum EventListing {
  static func table(_ records: [EventRecord], now: Timestamp) -> String {
    var table = Table(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])
    for record in records {
      let event = record.event
      table.rows.append([
        seen(record, now), event.severity.rawValue, event.reason,
        "\(event.subject.kind.kind.lowercased())/\(event.subject.name)", event.message,
      ])
    }
    return table.text
  }

  private static func seen(_ record: EventRecord, _ now: Timestamp) -> String {
    let last = (now - record.lastTime).ageText
    return record.count > 1 ? "\(last) (x\(record.count) over \((now - record.firstTime).ageText))" : last
  }

  /// An event in the form of the API, without what only a cluster would make up.
  static func value(_ record: EventRecord) -> Value {
    let (event, subject) = (record.event, record.event.subject)
    var about: [(String, Value)] = [
      ("apiVersion", .string(subject.kind.apiVersion)), ("kind", .string(subject.kind.kind)),
      ("name", .string(subject.name)),
    ]
    if !subject.namespace.isEmpty { about.append(("namespace", .string(subject.namespace))) }
    return .object([
      ("apiVersion", .string("v1")), ("kind", .string("Event")), ("count", .integer(Int64(record.count))),
      ("firstTimestamp", .string(record.firstTime.text)), ("involvedObject", .object(about)),
      ("lastTimestamp", .string(record.lastTime.text)), ("message", .string(event.message)),
      ("reason", .string(event.reason)), ("source", .object(["component": .string(event.source)])),
      ("type", .string(event.severity.rawValue)),
    ])
  }
}
