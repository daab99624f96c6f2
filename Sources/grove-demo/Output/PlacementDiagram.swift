internal import GroveSchedule

extension PlacementReport {
  /// `-o svg`: the cluster as a picture.
  var diagram: String { "" }
}
