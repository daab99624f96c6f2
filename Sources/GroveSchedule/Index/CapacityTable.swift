internal import KubernetesModel

/// What nodes offer, by number: most nodes of a cluster offer the same.
struct CapacityTable: Sendable {
  /// Amounts by resource, in order of names, and the set of extended resources among them.
  struct Capacity: Sendable {
    var amounts: [(resource: String, amount: Int64)]
    var deviceSet: Int32

    func amount(of resource: String) -> Int64 {
      for entry in amounts where entry.resource == resource { return entry.amount }
      return 0
    }
  }

  private(set) var capacities: [Capacity] = []
  /// Sets of extended resources that some node offers; the first is empty.
  private(set) var deviceSets: [[String]] = [[]]
  private var deviceSetNumbers: [[String]: Int] = [[]: 0]
  private var keys = ByteKeyTable()

  mutating func intern(_ allocatable: StringMap<Quantity>) throws(QuantityProblem) -> Int {
    var key = ByteKey()
    key.map(allocatable)
    if let known = keys.find(key) { return known }
    var amounts: [(resource: String, amount: Int64)] = []
    var devices: [String] = []
    for (resource, quantity) in allocatable {
      do {
        let amount = try ResourceTable.amount(quantity, of: resource)
        amounts.append((resource, amount))
        if amount > 0 && Self.isDevice(resource) { devices.append(resource) }
      } catch {
        throw QuantityProblem(resource: resource, text: quantity.text, problem: error)
      }
    }
    let deviceSet: Int
    if let known = deviceSetNumbers[devices] {
      deviceSet = known
    } else {
      deviceSet = deviceSets.count
      deviceSets.append(devices)
      deviceSetNumbers[devices] = deviceSet
    }
    capacities.append(Capacity(amounts: amounts, deviceSet: Int32(deviceSet)))
    return keys.add(key)
  }

  /// Whether a resource is an extended one, such as `nvidia.com/gpu`.
  static func isDevice(_ resource: String) -> Bool {
    resource.utf8.contains(UInt8(ascii: "/")) && !resource.hasPrefix("kubernetes.io/")
  }
}

/// A quantity that is no amount.
struct QuantityProblem: Error {
  var resource: String
  var text: String
  var problem: AmountProblem
}
