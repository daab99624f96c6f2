internal import KubernetesModel

/// Columns of the resources that pods ask for.
///
/// What no pod asks for has no column, however many resources nodes offer.
struct ResourceTable: Sendable {
  static let cpu = 0
  static let memory = 1
  static let ephemeralStorage = 2
  static let pods = 3
  static let limit = 1024

  private(set) var names = ["cpu", "memory", "ephemeral-storage", "pods"]
  private var columns: [String: Int] = ["cpu": 0, "memory": 1, "ephemeral-storage": 2, "pods": 3]

  /// The columns in byte order of their names: their numbers tell what was asked for first, which must not show.
  private(set) var columnsByName = [0, 2, 1, 3]

  var count: Int { names.count }

  func column(of name: String) -> Int? { columns[name] }

  mutating func add(_ name: String) -> Int {
    if let column = columns[name] { return column }
    columns[name] = names.count
    names.append(name)
    let place = columnsByName.firstIndex { isByteOrdered(name, names[$0]) } ?? columnsByName.count
    columnsByName.insert(names.count - 1, at: place)
    return names.count - 1
  }

  /// Whether kube-scheduler counts a resource: those of nodes, extended ones, huge pages and attachable volumes.
  static func isCounted(_ name: String) -> Bool {
    if ["cpu", "memory", "ephemeral-storage", "pods"].contains(name) { return true }
    return name.utf8.contains(UInt8(ascii: "/")) || name.hasPrefix("hugepages-")
      || name.hasPrefix("attachable-volumes-")
  }

  /// The amount in the unit of a resource: thousandths for cpu, whole units for the rest (S-001).
  ///
  /// What is finer is rounded up, as the API server and kube-scheduler do.
  static func amount(_ quantity: Quantity, of resource: String) throws(AmountProblem) -> Int64 {
    if quantity.signum < 0 { throw .negative }
    let isCPU = resource == "cpu"
    let amount = isCPU ? quantity.milliValue : quantity.value
    if amount > largestAmount { throw .tooLarge }
    return amount
  }

  /// 2⁵⁸, a quarter of an exbibyte: sums of a few such amounts do not overflow.
  static let largestAmount: Int64 = 1 << 58

  /// The quantity of an amount, for output.
  static func quantity(_ amount: Int64, of resource: String) -> Quantity {
    if resource == "cpu" { return Quantity(milli: amount) }
    let isBinary =
      resource == "memory" || resource == "ephemeral-storage" || resource.hasPrefix("hugepages-")
    guard isBinary, amount != 0, amount % 1024 == 0 else { return Quantity(amount) }
    let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    var rest = amount
    var unit = 0
    while rest % 1024 == 0, unit + 1 < suffixes.count {
      rest /= 1024
      unit += 1
    }
    return (try? Quantity(parsing: "\(rest)\(suffixes[unit])")) ?? Quantity(amount)
  }
}

/// Why a quantity cannot be an amount of a resource.
enum AmountProblem: Error {
  case negative
  case tooLarge

  var text: String {
    switch self {
    case .negative: "is negative"
    case .tooLarge: "is larger than 2⁵⁸"
    }
  }
}
