import GroveModel
import KubernetesModel
import Testing

@testable import GroveSimulate

@Suite("The table of resources")
struct ResourceTableTests {
  @Test("the simulated API server treats built-in kinds as the table says")
  func agreement() throws {
    var count = 0
    for kind in ResourceKind.allCases {
      guard let known = APIResources.builtIn(apiVersion: kind.apiVersion, kind: kind.kind) else { continue }
      count += 1
      #expect(kind.group == known.group, "\(kind.kind)")
      #expect(kind.plural == known.plural, "\(kind.kind)")
      #expect(kind.hasStatusSubresource == known.hasStatus, "\(kind.kind)")
      #expect(kind.tracksGeneration == known.traits.contains(.tracksGeneration), "\(kind.kind)")
    }
    #expect(count > 8)
  }
}
