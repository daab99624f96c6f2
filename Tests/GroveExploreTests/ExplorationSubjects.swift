import GroveModel
import GroveReconcile
import KubernetesModel

@testable import GroveExplore
@testable import GroveSimulate

/// Small workloads to explore.
enum Subjects {
  static func clique(
    _ name: String, replicas: Int32, minAvailable: Int32? = nil, image: String = "nginx:v0"
  ) -> PodCliqueTemplateSpec {
    var clique = PodCliqueTemplateSpec(name: name)
    clique.spec.roleName = name
    clique.spec.replicas = replicas
    clique.spec.minAvailable = minAvailable
    clique.spec.podSpec.containers = [Container(name: "main", image: image)]
    return clique
  }

  static func podCliqueSet(
    _ name: String, _ cliques: [PodCliqueTemplateSpec], groups: [PodCliqueScalingGroupConfig] = []
  ) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = name
    set.metadata.namespace = "default"
    set.spec.replicas = 1
    set.spec.template.cliques = cliques
    set.spec.template.podCliqueScalingGroups = groups
    return set
  }

  static func subject(_ set: PodCliqueSet, nodes: Int = 2, defects: Defects = []) -> ExplorationSubject {
    var subject = ExplorationSubject(
      objects: [.podCliqueSet(set)], nodes: ExplorationSubject.nodes(nodes))
    subject.defects = defects
    return subject
  }

  /// One PodClique of some pods.
  static func single(replicas: Int32 = 2) -> PodCliqueSet {
    podCliqueSet("one", [clique("a", replicas: replicas, minAvailable: 1)])
  }

  /// A clique alone and a scaling group of three replicas, of which one is the base gang.
  static var demo: PodCliqueSet {
    podCliqueSet(
      "demo",
      [
        clique("fe", replicas: 3, minAvailable: 1), clique("x-fe", replicas: 1, image: "busybox:v0"),
        clique("ld", replicas: 1),
      ],
      groups: [
        PodCliqueScalingGroupConfig(name: "sg", cliqueNames: ["ld"], replicas: 3, minAvailable: 1)
      ])
  }
}
