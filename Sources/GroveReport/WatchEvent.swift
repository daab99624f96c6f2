internal import GroveModel
public import GroveReconcile
internal import GroveSimulate
public import KubernetesModel

extension Change {
  /// The change as the event that a watch of the Kubernetes API delivers:
  /// `{"type":"ADDED|MODIFIED|DELETED","object":{…}}`.
  public var watchEvent: Value {
    let type = old == nil ? "ADDED" : new == nil ? "DELETED" : "MODIFIED"
    return .object([("type", .string(type)), ("object", (new ?? old)?.value ?? .null)])
  }
}
