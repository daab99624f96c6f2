import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// The tables of the observed state, against plain collections.
struct StateTests {
  /// Numbers that look random and are the same every time.
  private struct Sequence: RandomNumberGenerator {
    var state: UInt64 = 42
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test func sortedTableAgainstDictionary() {
    var numbers = Sequence()
    var table = SortedTable<String, Int>()
    var dictionary: [String: Int] = [:]
    var copies: [(SortedTable<String, Int>, [String: Int])] = []
    for step in 0..<6_000 {
      let key = "k\(Int.random(in: 0..<900, using: &numbers))"
      switch Int.random(in: 0..<4, using: &numbers) {
      case 0:
        table[key] = nil
        dictionary[key] = nil
      case 1:
        table.modify(key, default: 0) {
          $0 += 1
          return $0 % 5 != 0
        }
        let value = (dictionary[key] ?? 0) + 1
        dictionary[key] = value % 5 == 0 ? nil : value
      default:
        table[key] = step
        dictionary[key] = step
      }
      #expect(table[key] == dictionary[key])
      if step % 1_000 == 0 { copies.append((table, dictionary)) }
    }
    copies.append((table, dictionary))
    for (table, dictionary) in copies {
      #expect(table.count == dictionary.count)
      #expect(Array(table) == dictionary.sorted { $0.key < $1.key }.map(\.value))
    }
  }

  /// The pods of each PodGang are those that a look at all pods would find.
  @Test func gangMembersAgainstAllPods() {
    var numbers = Sequence()
    var state = ObservedState()
    var pods: [String: Pod] = [:]
    for _ in 0..<4_000 {
      let name = "p\(Int.random(in: 0..<200, using: &numbers))"
      if Int.random(in: 0..<5, using: &numbers) == 0 {
        state.remove(ObjectKey(.pod, namespace: "ns", name: name))
        pods[name] = nil
        continue
      }
      var pod = Pod()
      pod.metadata = ObjectMeta(name: name, namespace: "ns", uid: name)
      let owner = Int.random(in: 0..<5, using: &numbers)
      if owner > 0 {
        pod.metadata.ownerReferences = [
          OwnerReference(
            apiVersion: "grove.io/v1alpha1", kind: "PodClique", name: "c\(owner / 2)", uid: "c\(owner)",
            controller: true)
        ]
      }
      pod.metadata.labels = Labels.common("demo")
      pod.metadata.labels[LabelKey.podGang] = "g\(Int.random(in: 0..<3, using: &numbers))"
      pod.status.phase = ["Pending", "Running", "Failed", "Succeeded"].randomElement(using: &numbers) ?? ""
      if Int.random(in: 0..<6, using: &numbers) == 0 { pod.metadata.deletionTimestamp = Timestamp() }
      state.insert(.pod(pod))
      pods[name] = pod
    }
    let set = ObjectName(namespace: "ns", name: "demo")
    for owner in 1..<5 {
      var podClique = PodClique()
      podClique.metadata = ObjectMeta(
        name: "c\(owner / 2)", namespace: "ns", uid: "c\(owner)", labels: Labels.common("demo"))
      state.insert(.podClique(podClique))
      let index = PodCliqueIndex(state.podCliques.family(set), state.gangMembers.family(set))
      let active = pods.values.filter {
        $0.metadata.controller?.uid == "c\(owner)" && !$0.metadata.isTerminating && !$0.isFinished
      }
      for gang in 0..<3 {
        let expected = active.filter { $0.metadata.labels[LabelKey.podGang] == "g\(gang)" }
          .map(\.metadata.name).sorted()
        let found = index["c\(owner / 2)"]?.pods(in: "g\(gang)")
        #expect(found?.assigned.map(\.name) == expected)
        #expect(found?.count == active.count)
      }
      #expect(index["c9"]?.podClique.name == nil)
    }
    for name in pods.keys.sorted() { state.remove(ObjectKey(.pod, namespace: "ns", name: name)) }
    #expect(state.gangMembers.family(set).isEmpty)
  }

  @Test func indexesFollowObjects() {
    var state = ObservedState()
    var service = Service()
    service.metadata = ObjectMeta(name: "a", namespace: "ns", labels: Labels.common("demo"))
    service.metadata.ownerReferences = [
      OwnerReference(apiVersion: "grove.io/v1alpha1", kind: "PodCliqueSet", uid: "one", controller: true)
    ]
    state.insert(.service(service))
    let copy = state
    #expect(state.services.controlled(by: "one").count == 1)
    #expect(state.services.family(ObjectName(namespace: "ns", name: "demo")).count == 1)
    service.metadata.ownerReferences[0].uid = "two"
    service.metadata.labels = Labels.common("other")
    state.insert(.service(service))
    #expect(state.services.controlled(by: "one").isEmpty)
    #expect(state.services.controlled(by: "two").count == 1)
    #expect(state.services.family(ObjectName(namespace: "ns", name: "demo")).isEmpty)
    state.remove(ObjectKey(.service, namespace: "ns", name: "a"))
    #expect(state.resources.isEmpty)
    #expect(copy.services.controlled(by: "one").count == 1)
  }
}
