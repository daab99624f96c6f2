internal import GroveModel
internal import KubernetesModel
internal import KubernetesSchema

/// Values in the messages of the webhook, which quotes them as Go's `json.Marshal` writes them.
enum GoOrderedJSON {
  /// The spec of a PodCliqueSet.
  static func goJSON(of spec: PodCliqueSetSpec) -> String {
    GoJSON.string(Value(encoding: spec), type: "PodCliqueSetSpec", in: .grove) ?? "null"
  }

  /// A list of objects of a type of the schema table.
  static func text<Element: TapeCodable>(_ list: [Element], ofType type: String) -> String {
    GoJSON.string(list.map { Value(encoding: $0) }, type: type, in: .grove) ?? "null"
  }
}
