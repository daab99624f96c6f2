import KubernetesModel

/// Answers of which a recording keeps only a part.
enum Partial {
  /// What of an answer a recording kept.
  static func reduced(_ actual: Value, to recorded: Value) -> Value {
    switch recorded.kind {
    case .object:
      return .object(
        actual.members.compactMap { member in
          recorded[member.name].map { (member.name, reduced(member.value, to: $0)) }
        })
    case .array:
      let wanted = recorded.elements
      // Elements that can be told apart are looked up; of others the order counts.
      guard actual.kind == .array, let key = identity(of: wanted) else {
        return .array(
          zip(actual.elements, wanted).map { reduced($0, to: $1) }
            + (actual.elements.count < wanted.count ? [] : []))
      }
      return .array(
        wanted.compactMap { element in
          actual.elements.first { key($0) == key(element) }.map { reduced($0, to: element) }
        })
    default: return actual
    }
  }

  /// How the elements of a list are told apart.
  private static func identity(of elements: [Value]) -> ((Value) -> String)? {
    let ways: [(Value) -> String] = [
      { element in
        guard let namespace = element["metadata"]?["namespace"]?.stringValue else { return "" }
        return namespace + "/" + (element["metadata"]?["name"]?.stringValue ?? "")
      },
      { $0["metadata"]?["name"]?.stringValue ?? "" },
      { $0["name"]?.stringValue ?? "" }, { $0["resource"]?.stringValue ?? "" },
      { $0["groupVersion"]?.stringValue ?? "" }, { $0["version"]?.stringValue ?? "" },
      { $0.stringValue ?? "" },
    ]
    return ways.first { way in
      let names = elements.map(way)
      return !names.contains("") && Set(names).count == names.count
    }
  }

  /// A list that was read while a controller worked: its version has no fixed place.
  static func withoutListVersion(_ list: Value) -> Value {
    .object(
      list.members.map { member in
        guard member.name == "metadata" else { return (member.name, member.value) }
        return (
          "metadata",
          .object(member.value.members.filter { $0.name != "resourceVersion" }.map { ($0.name, $0.value) })
        )
      })
  }

  /// A list with its items by namespace and name.
  static func sorted(_ list: Value) -> Value {
    guard let items = list["items"]?.elements else { return list }
    func key(_ item: Value) -> String {
      (item["metadata"]?["namespace"]?.stringValue ?? "") + "/"
        + (item["metadata"]?["name"]?.stringValue ?? "")
    }
    // Names that the server made differ: such lists stay in their order.
    if items.contains(where: { key($0).contains("<") }) { return list }
    let ordered = items.enumerated().sorted {
      key($0.element) == key($1.element) ? $0.offset < $1.offset : key($0.element) < key($1.element)
    }.map(\.element)
    return .object(list.members.map { ($0.name, $0.name == "items" ? .array(ordered) : $0.value) })
  }
}
