internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioRun {
  /// `kubectl label`: nodes get labels by their place in the selection, or lose them.
  mutating func label(_ selector: NodeSelector, _ edits: [NodeLabelEdit], _ rejection: [String]?) {
    var place = 0
    forEach(selector) { run, name in
      let labels = edits.map { edit in
        (edit.key, edit.value.map { Value.string($0.text(number: place, name: name)) } ?? .null)
      }
      let patch = Value.object([("metadata", .object([("labels", .object(labels))]))])
      run.perform(.patch(ObjectKey(.node, namespace: "", name: name), patch), rejection)
      place += 1
    }
  }
}
