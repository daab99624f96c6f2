import KubernetesModel
import Testing

@testable import GroveAdmission
@testable import GroveModel

@Suite("Rules of cliques")
struct CliqueRuleTests {
  private let admission = Admission()
  private let path = "spec.template.cliques"

  @Test("No cliques (A-080): the collected errors, where the webhook panics (B-A03)")
  func none() {
    #expect(
      admission.refusals {
        $0.spec.replicas = -1
        $0.spec.template.cliques = []
        $0.spec.template.podCliqueScalingGroups = []
      } == [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "\(path): Required value: at least one PodClique must be defined",
      ])
  }

  @Test("A set that nobody defaulted has errors, not a crash (B-A03)")
  func undefaulted() {
    var sent = Sample.sent {
      $0.spec.template.cliques[0].spec.autoScalingConfig = AutoScalingConfig(maxReplicas: 1)
    }
    sent.spec.template.cliques[0].spec.minAvailable = nil
    let found = admission.validate(create: sent)
    #expect(found.contains { $0.rule == "A-087" && $0.kind == .required })
    #expect(found.contains { $0.rule == "A-091" && $0.kind == .required })
    #expect(!admission.validate(create: PodCliqueSet()).errors.isEmpty)
    #expect(!admission.validate(update: PodCliqueSet(), from: Sample.set()).errors.isEmpty)
  }

  @Test("Names (A-081, A-082)")
  func names() {
    #expect(
      admission.refusals { $0.spec.template.cliques[0].name = " " } == [
        "\(path)[0].name: Required value: field cannot be empty"
      ])
    #expect(
      admission.refusals { $0.spec.template.cliques[0].name = "A" } == [
        "\(path)[0].name: Invalid value: \"A\": invalid PodCliqueTemplateSpec name, must be a valid DNS subdomain"
      ])
    let long = String(repeating: "x", count: 43)
    let detail =
      "combined resource name length 46 exceeds 45-character limit required for pod naming. Consider shortening: "
      + "PodCliqueSet 'set' or PodClique '\(long)'"
    #expect(
      admission.refusals { $0.spec.template.cliques[0].name = long } == [
        "\(path)[0].name: Invalid value: \"\(long)\": \(detail)",
        "metadata.name: Invalid value: \"set\": \(detail)",
      ])
    #expect(admission.refusals { $0.spec.template.cliques[0].name = String(long.dropLast()) }.isEmpty)
  }

  @Test("Labels and annotations (A-083)")
  func labels() {
    let found = admission.validate(
      create: Sample.set {
        $0.spec.template.cliques[0].labels["ok"] = "not ok!"
        $0.spec.template.cliques[0].annotations["a/b/c"] = ""
      }
    ).errors
    #expect(found.map(\.path) == ["\(path)[0].labels", "\(path)[0].annotations"])
    #expect(found.rules == ["A-083", "A-083"])
    #expect(
      found[1].message
        == "\(path)[0].annotations: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric "
        + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
        + "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with "
        + "an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")
  }

  @Test("Duplicate names and roles (A-085)")
  func duplicates() {
    #expect(
      admission.refusals { $0.spec.template.cliques[1].spec.roleName = "role-a" } == [
        "\(path).roleName: Duplicate value: [\"role-a\"]"
      ])
    let found = admission.refusals { $0.spec.template.cliques[2].name = "a" }
    #expect(found.contains("\(path).name: Duplicate value: [\"a\"]"))
  }

  @Test("Replicas and minAvailable (A-086, A-087)")
  func size() {
    #expect(
      admission.refusals { $0.spec.template.cliques[0].spec.replicas = -2 } == [
        "\(path)[0].spec.replicas: Invalid value: -2: must be greater than 0",
        "\(path)[0].spec.minAvailable: Invalid value: 1: minAvailable must not be greater than replicas",
      ])
    #expect(
      admission.refusals { $0.spec.template.cliques[0].spec.minAvailable = 0 } == [
        "\(path)[0].spec.minAvailable: Invalid value: 0: must be greater than 0"
      ])
    #expect(
      admission.refusals { $0.spec.template.cliques[0].spec.minAvailable = 3 } == [
        "\(path)[0].spec.minAvailable: Invalid value: 3: minAvailable must not be greater than replicas"
      ])
  }

  @Test("startsAfter (A-088…A-090), with Explicit only")
  func startsAfter() {
    func found(_ type: CliqueStartupType, _ dependencies: [[String]]) -> [String] {
      admission.refusals {
        $0.spec.template.cliqueStartupType = type
        for (index, names) in dependencies.enumerated() {
          $0.spec.template.cliques[index].spec.startsAfter = names
        }
      }
    }
    #expect(
      found(.explicit, [[" "], ["b"], ["a", "a"]]) == [
        "\(path)[0].spec.startsAfter: Required value: clique dependency must not be empty",
        "\(path)[1].spec.startsAfter: Invalid value: \"b\": clique dependency cannot refer to itself",
        "\(path)[2].spec.startsAfter: Duplicate value: [\"a\"]",
        "\(path).startsAfter: Invalid value: \" \": unknown clique names found, all clique dependencies must be "
          + "defined as cliques",
      ])
    #expect(
      found(.explicit, [["zz", "yy"]]) == [
        "\(path).startsAfter: Invalid value: \"yy,zz\": unknown clique names found, all clique dependencies must be "
          + "defined as cliques"
      ])
    #expect(
      found(.explicit, [["b"], ["c"], ["a"]]) == [
        "\(path): Invalid value: [[\"a\",\"b\",\"c\"]]: clique must not have circular dependencies"
      ])
    #expect(found(.explicit, [[], ["a"], ["a", "b"]]).isEmpty)
    #expect(found(.inOrder, [["zz"], ["b"], ["a", "a"]]).isEmpty)
  }

  @Test("Autoscaling (A-091, A-092)")
  func autoScaling() {
    func found(_ config: AutoScalingConfig) -> [String] {
      admission.refusals {
        $0.spec.template.cliques[0].spec.minAvailable = 2
        $0.spec.template.cliques[0].spec.autoScalingConfig = config
      }
    }
    let config = "\(path)[0].spec.autoScalingConfig"
    #expect(
      found(AutoScalingConfig(minReplicas: 1, maxReplicas: 3)) == [
        "\(config).minReplicas: Invalid value: 1: must be greater than or equal to podCliqueSpec.minAvailable"
      ])
    #expect(
      found(AutoScalingConfig(minReplicas: 3, maxReplicas: 1)) == [
        "\(config).maxReplicas: Invalid value: 1: must be greater than or equal to podCliqueSpec.minReplicas",
        "\(config).maxReplicas: Invalid value: 1: must be greater than or equal to replicas",
      ])
    #expect(found(AutoScalingConfig(minReplicas: 2, maxReplicas: 2)).isEmpty)
  }

  @Test("Scheduler names (A-093)")
  func schedulers() {
    let path = "\(path).spec.podSpec.schedulerName"
    let found = admission.validate(
      create: Sample.set { $0.spec.template.cliques[1].spec.podSpec.schedulerName = "volcano" }
    )
    #expect(
      found.texts == [
        "\(path): Invalid value: \"default-scheduler, volcano\": the schedulerName for all pods have to be the same"
      ])
    let second = admission.validate(
      create: Sample.set {
        for index in 0..<3 { $0.spec.template.cliques[index].spec.podSpec.schedulerName = "volcano" }
      }
    ).errors
    #expect(second.rules == ["A-093", "A-330"])
    #expect(
      second[0].message
        == "\(path): Invalid value: \"volcano\": schedulerName must be an enabled scheduler backend; this scheduler "
        + "is not enabled in OperatorConfiguration")
    #expect(second[0].hint == "enabled: default-scheduler")
  }

  @Test("Restart policy (A-120): a warning with a reason only (B-A05)")
  func restartPolicy() {
    func found(_ policy: String) -> [Diagnostic] {
      admission.validate(
        create: Sample.set { $0.spec.template.cliques[0].spec.podSpec.restartPolicy = policy })
    }
    #expect(found("Always").isEmpty)
    #expect(found("").isEmpty)
    for policy in ["Never", "OnFailure"] {
      #expect(found(policy).rules == ["A-120"])
      #expect(found(policy)[0].severity == .warning)
      #expect(
        found(policy)[0].serverMessage == "restartPolicy will be ignored, it will be set to Always")
    }
  }

  @Test("topologySpreadConstraints and nodeName on creation (A-121, A-122)")
  func placement() {
    let spec = "\(path)[0].spec.podSpec.spec"
    let change: (inout PodCliqueSet) -> Void = {
      $0.spec.template.cliques[0].spec.podSpec.nodeName = "n"
      $0.spec.template.cliques[0].spec.podSpec.topologySpreadConstraints = [
        TopologySpreadConstraint(maxSkew: 1, topologyKey: "k", whenUnsatisfiable: "DoNotSchedule")
      ]
    }
    #expect(
      admission.refusals(change) == [
        "\(spec).topologySpreadConstraints: Invalid value: [{\"maxSkew\":1,\"topologyKey\":\"k\","
          + "\"whenUnsatisfiable\":\"DoNotSchedule\"}]: must not be set",
        "\(spec).nodeName: Invalid value: \"n\": must not be set",
      ])
    #expect(
      admission.refusals {
        $0.spec.template.cliques[0].spec.podSpec.preserved.markEmpty(FieldSymbols.topologySpreadConstraints)
      } == ["\(spec).topologySpreadConstraints: Invalid value: []: must not be set"])
    #expect(admission.updateRefusals(change).isEmpty)
  }

  @Test("Environment (A-123, A-124)")
  func environment() {
    let shape =
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must "
      + "not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation "
      + "is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
    let containers = "\(path)[0].spec.podSpec.spec.containers[0].env"
    #expect(
      admission.refusals {
        $0.spec.template.cliques[0].spec.podSpec.containers[0].env = ["1A", ".", "..", "..a", "A", "A", "_x"]
          .map {
            EnvVar(name: $0)
          }
        $0.spec.template.cliques[0].spec.podSpec.initContainers = [
          Container(name: "i", env: [EnvVar(name: "é")])
        ]
      } == [
        "\(containers)[0].name: Invalid value: \"1A\": \(shape)",
        "\(containers)[1].name: Invalid value: \".\": must not be '.'",
        "\(containers)[2].name: Invalid value: \"..\": must not be '..'",
        "\(containers)[3].name: Invalid value: \"..a\": must not start with '..'",
        "\(containers): Duplicate value: [\"A\"]",
        "\(path)[0].spec.podSpec.spec.initContainers[0].env[0].name: Invalid value: \"é\": \(shape)",
      ])
  }
}

@Suite("Dependency graph")
struct DependencyGraphTests {
  @Test("Components are those of a brute-force search (A-090)")
  func components() {
    // Every graph of four cliques.
    let names = ["a", "b", "c", "d"]
    for bits in 0..<(1 << 16) where bits % 7 == 0 {
      let edges = names.indices.map { from in names.indices.filter { bits >> (from * 4 + $0) & 1 == 1 } }
      var reaches = edges.map { Set($0) }
      for _ in names {
        for from in names.indices { for via in reaches[from] { reaches[from].formUnion(reaches[via]) } }
      }
      var expected: [[String]] = []
      for first in names.indices {
        let group = names.indices.filter {
          $0 == first || (reaches[first].contains($0) && reaches[$0].contains(first))
        }
        if group.count > 1, group[0] == first { expected.append(group.map { names[$0] }) }
      }
      let graph = DependencyGraph(names.indices.map { (names[$0], edges[$0].map { names[$0] }) })
      #expect(graph.cycles == expected, "graph \(bits)")
    }
  }

  @Test("A chain of 20,000 cliques needs no deep stack")
  func chain() {
    let count = 20_000
    var cliques = (0..<count).map { ("c\($0)", $0 == 0 ? [] : ["c\($0 - 1)"]) }
    #expect(DependencyGraph(cliques).cycles.isEmpty)
    cliques[0].1 = ["c\(count - 1)"]
    #expect(DependencyGraph(cliques).cycles.map(\.count) == [count])
  }
}
