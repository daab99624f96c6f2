import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

@Suite("Commands as users type them")
struct ClusterCommandTests {
  /// A set with two cliques, a pod of it, and two nodes.
  private static let state: ObservedState = {
    var set = PodCliqueSet()
    set.metadata.name = "web"
    set.metadata.namespace = "default"
    for name in ["front", "back"] {
      var clique = PodCliqueTemplateSpec()
      clique.name = name
      var (container, sidecar) = (Container(), Container())
      (container.name, container.image) = ("main", "nginx:1")
      (sidecar.name, sidecar.image) = ("log", "log:1")
      clique.spec.podSpec.containers = [container, sidecar]
      set.spec.template.cliques.append(clique)
    }
    var pod = Pod()
    pod.metadata.name = "web-0-front-x7k2p"
    pod.metadata.namespace = "default"
    pod.metadata.labels = ["app": "web"]
    pod.spec.hostname = "web-0-front-0"
    pod.spec.nodeName = "n1"
    var (first, second) = (Node(), Node())
    first.metadata.name = "n1"
    second.metadata.name = "n2"
    return ObservedState([.podCliqueSet(set), .pod(pod), .node(first), .node(second)])
  }()

  private static let set = ObjectKey(.podCliqueSet, namespace: "default", name: "web")
  private static let pod = ObjectName(namespace: "default", name: "web-0-front-x7k2p")

  private func actions(_ line: String) throws -> [ClusterAction] {
    try ClusterCommand(parsing: line).actions(in: Self.state)
  }

  @Test func kubectlsWaysOfNamingObjectsAllWork() throws {
    for line in [
      "scale pcs web --replicas=3", "scale pcs/web --replicas 3",
      "kubectl scale podcliquesets web --replicas=3",
      "scale --replicas=3 PodCliqueSet web", "scale podcliqueset.grove.io/web --replicas=3",
      "scale pcs 'web' -n default --replicas=\"3\"",
    ] {
      #expect(try actions(line) == [.scale(Self.set, replicas: 3)], "\(line)")
    }
  }

  @Test func everyVerbBecomesItsAction() throws {
    let podKey = ObjectKey(.pod, namespace: "default", name: Self.pod.name)
    #expect(try actions("cordon n1 n2") == [.cordon("n1"), .cordon("n2")])
    #expect(try actions("uncordon node/n1") == [.uncordon("n1")])
    #expect(try actions("drain n1") == [.cordon("n1"), .delete(podKey)])
    #expect(try actions("fail-node n2") == [.failNode("n2")])
    #expect(try actions("recover-node n2") == [.recoverNode("n2")])
    #expect(try actions("kill-pod web-0-front-0") == [.killPod(Self.pod)])
    #expect(
      try actions("crash web-0-front-0 main --exit-code=137")
        == [.crashContainer(pod: Self.pod, container: "main", exitCode: 137)])
    #expect(try actions("set-ready pod/web-0-front-x7k2p false") == [.setReady(pod: Self.pod, false)])
    #expect(
      try actions("delete pods -l app=web --grace-period=0") == [.delete(podKey, gracePeriodSeconds: 0)])
    #expect(try actions("delete pods -l app=other").isEmpty)
    #expect(
      try actions("delete pcs web --cascade=orphan") == [.delete(Self.set, propagation: .orphan)])
    #expect(
      try actions("annotate pcs web a=b c-")
        == [
          .patch(
            Self.set,
            .object(["metadata": .object(["annotations": .object([("a", .string("b")), ("c", .null)])])]))
        ])
    let patch = try actions(#"patch pcs web --type=merge -p '{"spec":{"replicas":2}}'"#)
    #expect(patch == [.patch(Self.set, .object(["spec": .object(["replicas": .integer(2)])]))])
    #expect(try ClusterCommand(parsing: "wait 30s").verb == .wait(.seconds(30)))
    #expect(
      try ClusterCommand(parsing: "apply -f a.yaml -f b.yaml").verb == .apply(files: ["a.yaml", "b.yaml"]))
  }

  @Test func imagesAndVariablesAreSetInTheTemplate() throws {
    func cliques(_ line: String) throws -> [PodCliqueTemplateSpec] {
      guard case .patch(let key, let patch)? = try actions(line).first else { return [] }
      #expect(key == Self.set)
      let list = try #require(patch["spec"]?["template"]?["cliques"])
      return list.elements.map { value in
        var decoder = TapeDecoder(value.tape)
        return decoder.decode(at: value.index)
      }
    }
    func images(_ line: String) throws -> [[String]] {
      try cliques(line).map { $0.spec.podSpec.containers.map(\.image) }
    }
    #expect(
      try images("set image pcs/web front/main=nginx:2") == [["nginx:2", "log:1"], ["nginx:1", "log:1"]])
    #expect(try images("set image pcs web */log=log:2") == [["nginx:1", "log:2"], ["nginx:1", "log:2"]])
    #expect(try images("set image pcs/web back=a:1") == [["nginx:1", "log:1"], ["a:1", "a:1"]])
    let changed = try cliques("set env pcs/web -c back/main MODE=fast")
    #expect(changed[1].spec.podSpec.containers[0].env.map(\.value) == ["fast"])
    #expect(changed[0].spec.podSpec.containers.allSatisfy { $0.env.isEmpty })
    #expect(throws: ClusterCommandError.self) { try images("set image pcs/web middle=a:1") }
  }

  @Test(
    "what is wrong is said",
    arguments: [
      ("scal pcs web --replicas=1", "did you mean 'scale'?"), ("", "a command is missing"),
      ("scale pcs web", "--replicas=N is missing"), ("scale pcs --replicas=1", "the name is missing"),
      ("scale pcs web --replicas=many", "--replicas=many is not a whole number"),
      ("delete gadgets x", "doesn't have a resource type \"gadgets\""),
      ("wait soon", "'soon' is no duration"), ("patch pcs web -p '{'", "-p:"),
      ("delete pod 'x", "the quote ' is not closed"), ("cordon n1 --dry-run=client", "no flag --dry-run"),
      ("set-ready p maybe", "neither true nor false"), ("apply", "apply needs -f FILE"),
    ])
  func errors(_ line: String, _ expected: String) {
    let error = #expect(throws: ClusterCommandError.self) { try ClusterCommand(parsing: line) }
    #expect(error?.message.contains(expected) == true, "\(line): \(error?.message ?? "")")
  }

  @Test func namesThatDoNotExistAreNotFound() throws {
    let error = #expect(throws: ClusterCommandError.self) { try actions("scale pcs wep --replicas=1") }
    #expect(error?.message == "podcliquesets.grove.io \"wep\" not found; did you mean \"web\"?")
  }

  @Test("every kind goes by its names", arguments: ResourceKind.allCases)
  func names(_ kind: ResourceKind) {
    for name in [kind.kind, kind.kind.lowercased(), kind.outputName] + kind.shortNames {
      #expect(ResourceKind.named(name).contains(kind), "\(name)")
    }
    #expect(ResourceKind.named("po") == [.pod])
    #expect(ResourceKind.named("nonsense").isEmpty)
  }
}
