public import KubernetesModel
internal import KubernetesSchema

/// A column of a `Table`.
public struct TableColumn: Sendable, Equatable {
  /// The heading.
  public var name: String
  /// `string`, `integer`, `number`, `boolean` or `date`.
  public var type: String
  /// `name` for the name of the object; otherwise empty or an OpenAPI format.
  public var format: String
  /// What is in it.
  public var description: String
  /// 0 for columns that are always shown, above for those of `-o wide`.
  public var priority: Int

  /// A column.
  public init(
    _ name: String, type: String = "string", format: String = "", description: String = "", priority: Int = 0
  ) {
    self.name = name
    self.type = type
    self.format = format
    self.description = description
    self.priority = priority
  }

  /// The first column of every table.
  static let nameColumn = TableColumn(
    "Name", format: "name", description: "The name, unique among objects of its kind.")

  var value: Value {
    .object([
      "name": .string(name), "type": .string(type), "format": .string(format),
      "description": .string(description),
      "priority": .integer(Int64(priority)),
    ])
  }
}

/// The columns of a kind, and the cells of its objects.
public struct TableLayout: Sendable {
  /// The columns, the name first.
  public let columns: [TableColumn]
  private let row: @Sendable (Value, Timestamp) -> [Value]

  init(_ columns: [TableColumn], _ row: @escaping @Sendable (Value, Timestamp) -> [Value]) {
    self.columns = columns
    self.row = row
  }

  /// The cells of an object, one for each column.
  ///
  /// - Parameter now: what ages are counted to.
  public func cells(_ object: Value, now: Timestamp) -> [Value] { row(object, now) }

  /// The columns of a built-in kind; name and time of creation for one that has no printer.
  public static func builtIn(_ kind: GroupVersionKind) -> TableLayout {
    guard let printer = BuiltInPrinters.all[kind.kind], printer.group == kind.group else {
      return TableLayout([.nameColumn, TableColumn("Created At", type: "date")]) { object, _ in
        [Cell.name(object), Cell.creation(object)]
      }
    }
    return TableLayout([.nameColumn] + printer.columns) { object, now in
      let cells = printer.cells(object, now)
      // Events keep their name for last.
      return kind.kind == "Event" ? cells : [Cell.name(object)] + cells
    }
    .withoutLeadingName(kind.kind == "Event")
  }

  private func withoutLeadingName(_ drops: Bool) -> TableLayout {
    drops ? TableLayout(Array(columns.dropFirst()), row) : self
  }

  /// The columns that a CustomResourceDefinition asks for (`additionalPrinterColumns`); name and age without any.
  public static func custom(_ definitions: [Value]) -> TableLayout {
    var columns = [TableColumn.nameColumn]
    var paths: [(path: JSONPath?, type: String)] = []
    let age: [Value] = [
      .object([
        "name": .string("Age"), "type": .string("date"), "jsonPath": .string(".metadata.creationTimestamp"),
      ])
    ]
    for definition in definitions.isEmpty ? age : definitions {
      let type = definition["type"]?.stringValue ?? "string"
      let path = definition["jsonPath"]?.stringValue ?? ""
      let description = definition["description"]?.stringValue ?? ""
      columns.append(
        TableColumn(
          definition["name"]?.stringValue ?? "", type: type, format: definition["format"]?.stringValue ?? "",
          description: description.isEmpty
            ? "Custom resource definition column (in JSONPath format): \(path)" : description,
          priority: Int(definition["priority"]?.integerValue ?? 0)))
      paths.append((JSONPath(path), type))
    }
    return TableLayout(columns) { [paths] object, now in
      [Cell.name(object)]
        + paths.map { path, type in
          path?.results(in: object).first.map { Cell.custom($0, type: type, now: now) } ?? .null
        }
    }
  }
}

/// Makers of cells.
enum Cell {
  static func text(_ text: String) -> Value { .string(text) }
  static func count(_ count: Int) -> Value { .integer(Int64(count)) }
  static func name(_ object: Value) -> Value { .string(object["metadata"]?["name"]?.stringValue ?? "") }

  static func creation(_ object: Value) -> Value {
    .string(object["metadata"]?["creationTimestamp"]?.stringValue ?? "<unknown>")
  }

  static func age(_ object: Value, _ now: Timestamp) -> Value {
    .string(age(of: object["metadata"]?["creationTimestamp"]?.stringValue, now))
  }

  /// How long ago a time was; `<unknown>` without one.
  static func age(of time: String?, _ now: Timestamp) -> String {
    guard let time, let then = Timestamp(time) else { return "<unknown>" }
    return (now - then).ageText
  }

  static func orNone(_ text: String?) -> String { (text ?? "").isEmpty ? "<none>" : text ?? "" }

  /// One result of a column's path. A value of another type than the column's is no value.
  static func custom(_ value: Value, type: String, now: Timestamp) -> Value {
    if value.isNull { return .null }
    switch type {
    case "integer":
      if value.kind == .integer { return value }
      return value.kind == .float
        ? value.doubleValue.flatMap { Int64(exactly: $0.rounded(.towardZero)) }.map { .integer($0) } ?? .null
        : .null
    case "number": return value.kind == .integer || value.kind == .float ? value : .null
    case "boolean": return value.kind == .boolean ? value : .null
    case "date":
      guard let text = value.stringValue else { return .null }
      return .string(Timestamp(text).map { (now - $0).ageText } ?? "<invalid>")
    default: return .string(value.scalarText ?? JSONWriter.string(value))
    }
  }
}
