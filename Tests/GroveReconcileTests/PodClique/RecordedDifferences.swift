import GroveModel
import KubernetesModel

extension RecordedState {
  /// What differs between an object of ours and the recorded one, apart from what the API server fills in.
  static func differences(_ ours: Value, _ theirs: Value, path: String = "") -> [String] {
    if ours == theirs || isEmpty(ours) && theirs.isNull { return [] }
    if ours.kind == .object, theirs.kind == .object {
      var result: [String] = []
      // What is not compared: uids are masked, and creation ignores status.
      let isCompared = { (name: String) in name != "uid" && !(path.isEmpty && name == "status") }
      for member in ours.members where isCompared(member.name) {
        guard let other = theirs[member.name] else {
          if !isEmpty(member.value) { result.append("\(path).\(member.name) is ours only") }
          continue
        }
        result += differences(member.value, other, path: path + "." + member.name)
      }
      for member in theirs.members where ours[member.name] == nil && isCompared(member.name) {
        if path.hasSuffix("resources"), member.name == "requests", ours["limits"]?.count == member.value.count
        {
          continue
        }
        if serverDefaults[member.name]?.contains(text(member.value)) ?? isEmpty(member.value) { continue }
        result.append("\(path).\(member.name) is theirs only: \(text(member.value))")
      }
      return result
    }
    if ours.kind == .array, theirs.kind == .array, ours.count == theirs.count {
      return zip(ours.elements, theirs.elements).flatMap { differences($0, $1, path: path + "[]") }
    }
    if let left = ours.scalarText, let right = theirs.scalarText, let left = try? Quantity(parsing: left),
      let right = try? Quantity(parsing: right), left == right
    {
      return []
    }
    return ["\(path): \(text(ours)) is theirs \(text(theirs))"]
  }

  private static func isEmpty(_ value: Value) -> Bool {
    (value.kind == .object || value.kind == .array) && value.count == 0
  }

  private static func text(_ value: Value) -> String {
    value.scalarText ?? "{\(value.members.map { $0.name + text($0.value) })\(value.elements.map(text))}"
  }

  /// What the API server fills in when an object does not say.
  private static let serverDefaults: [String: Set<String>] = [
    "allocationMode": ["ExactCount"],
    "apiVersion": ["v1"],
    "count": ["1"],
    "defaultMode": ["420"],
    "dnsPolicy": ["ClusterFirst"],
    "enableServiceLinks": ["true"],
    "imagePullPolicy": ["Always", "IfNotPresent"],
    "protocol": ["TCP"],
    "serviceAccount": ["default"],
    "schedulerName": ["default-scheduler"],
    "terminationMessagePath": ["/dev/termination-log"],
    "terminationMessagePolicy": ["File"],
  ]
}
