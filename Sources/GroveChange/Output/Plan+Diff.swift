internal import GroveModel
public import KubernetesModel

extension Plan {
  /// The objects that change as a unified diff, without what only servers write (P-22).
  ///
  /// - Parameters:
  ///   - showsValues: whether values that look like secrets are shown (P-23).
  ///   - render: an object as text, such as YAML.
  public func diff(showsValues: Bool = false, render: (Value) -> String) -> String {
    let redaction = Redaction(showsValues: showsValues)
    var output = ""
    for object in sets.flatMap(\.objects) + objects where object.before != nil || object.after != nil {
      let (before, after) = redaction.pair(object.before, object.after)
      let hunks = LineDiff.hunks(Self.lines(before, render), Self.lines(after, render))
      if hunks.isEmpty { continue }
      let name =
        (object.key.namespace.isEmpty ? "" : "\(object.key.namespace)/") + object.key.shown
      output += "--- \(before == nil ? "/dev/null" : "old/\(name)")\n"
      output += "+++ \(after == nil ? "/dev/null" : "new/\(name)")\n"
      output += hunks.map { $0 + "\n" }.joined()
    }
    return output
  }

  private static func lines(_ value: Value?, _ render: (Value) -> String) -> [String] {
    guard let value else { return [] }
    var lines = render(value).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
