internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// The objects of a cluster by the set that they were made for.
struct FamilyIndex {
  /// The pods of each set, in order.
  private var pods: [ObjectName: [Pod]] = [:]
  /// The other objects of each set, itself among them.
  private var others: [ObjectName: [Resource]] = [:]

  init(_ objects: [Resource]) {
    for object in objects {
      guard let set = object.owningSet else { continue }
      if case .pod(let pod) = object {
        pods[set, default: []].append(pod)
      } else {
        others[set, default: []].append(object)
      }
    }
  }

  /// The pods of a set.
  func pods(of set: ObjectName) -> [Pod] { pods[set] ?? [] }

  /// The objects of a set except pods.
  func objects(of set: ObjectName) -> [Resource] { others[set] ?? [] }
}
