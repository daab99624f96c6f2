internal import GroveModel
internal import KubernetesModel

/// Why a write of a pass is not made.
enum WriteError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another object controls the live one.
  case owned(object: ObjectName, controller: OwnerReference)
  /// An object of that name exists that nobody made for this owner (B-R06).
  case foreign(kind: String, object: ObjectName, owner: String)
  /// The API refused the write in an earlier attempt at the pass.
  case refused(String)

  /// Whether the name is taken by an object that is not ours.
  var isNameConflict: Bool {
    switch self {
    case .owned, .foreign: true
    case .refused: false
    }
  }

  var description: String {
    switch self {
    case .owned(let object, let controller):
      "Object \(object) is already owned by another \(controller.kind) controller \(controller.name)"
    case .foreign(let kind, let object, let owner):
      "\(kind) \(object) already exists and does not belong to \(owner)"
    case .refused(let message): message
    }
  }
}

extension KubernetesObject {
  /// Checks that the object may be changed for an owner: the owner controls it, or nobody does and it is labelled
  /// for the owner's PodCliqueSet (R-004, B-R06).
  func checkOwnership(by owner: OwnerReference, family: String?) throws(WriteError) {
    let name = ObjectName(metadata)
    if let controller = metadata.controller {
      if controller.uid != owner.uid { throw .owned(object: name, controller: controller) }
      return
    }
    guard let family else { return }
    guard metadata.labels[LabelKey.partOf] == family,
      metadata.labels[LabelKey.managedBy] == GroveName.operatorName
    else { throw .foreign(kind: Self.kind, object: name, owner: "\(owner.kind) \(owner.name)") }
  }
}
