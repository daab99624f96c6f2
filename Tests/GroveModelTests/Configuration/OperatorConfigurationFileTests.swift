import GroveAdmission
import GroveManifest
import GroveModel
import KubernetesModel
import Testing

extension [Diagnostic] {
  /// The texts of the errors.
  fileprivate var texts: [String] { errors.map(\.message) }
}

@Suite("The operator's configuration file")
struct OperatorConfigurationFileTests {
  private static let header =
    "apiVersion: operator.config.grove.io/v1alpha1\nkind: OperatorConfiguration\n"

  private func load(_ yaml: String) throws -> (file: OperatorConfigurationFile, diagnostics: [Diagnostic]) {
    let tape = try YAMLReader.read(OperatorConfigurationFileTests.header + yaml)
    return OperatorConfigurationFile.load(Value(tape: tape, index: tape.roots[0]), source: "config.yaml")
  }

  private func texts(_ yaml: String) throws -> [String] { try load(yaml).diagnostics.texts }

  @Test("Defaults (C-020…C-048)")
  func defaults() throws {
    let (file, diagnostics) = try load("")
    #expect(diagnostics.isEmpty)
    #expect(file.clientConnection.qps == 100)  // C-020
    #expect(file.clientConnection.burst == 120)  // C-021
    #expect(file.clientConnection.contentType == "")  // C-022
    #expect(!file.leaderElection.enabled)  // C-023
    #expect(file.leaderElection.leaseDuration == .seconds(15))  // C-024
    #expect(file.leaderElection.renewDeadline == .seconds(10))
    #expect(file.leaderElection.retryPeriod == .seconds(2))
    #expect(file.leaderElection.resourceLock == "leases")  // C-025
    #expect(file.leaderElection.resourceName == "grove-operator-leader-election")
    #expect(file.leaderElection.resourceNamespace == "")  // C-026
    #expect(file.server.webhooks.endpoint == .init(bindAddress: "", port: 2750))  // C-027
    #expect(file.server.webhooks.serverCertDir == "/etc/grove-operator/webhook-certs")  // C-028
    #expect(file.server.webhooks.secretName == "grove-webhook-server-cert")  // C-029
    #expect(file.server.webhooks.certProvisionMode == "auto")  // C-030
    #expect(file.server.healthProbes?.port == 2751)  // C-031
    #expect(file.server.metrics?.port == 2752)  // C-032
    #expect(file.debugging == nil)  // C-033
    #expect(file.controllers.podCliqueSet == 10)  // C-036
    #expect(file.controllers.podClique == 10)  // C-037
    #expect(file.controllers.podCliqueScalingGroup == 5)  // C-038
    #expect(file.controllers.podGang == 5)  // C-039
    #expect(file.logLevel == "info")  // C-040
    #expect(file.logFormat == "json")  // C-041
    #expect(file.authorizer == .init())  // C-042
    #expect(!file.topologyAwareSchedulingEnabled)  // C-043
    #expect(!file.autoMNNVLEnabled)  // C-044
    #expect(file.scheduler.profiles.map(\.name) == ["default-scheduler"])  // C-045
    #expect(file.scheduler.defaultProfileName == "default-scheduler")  // C-048
    #expect(file.defaulted() == file)
    let debugging = try load("debugging: {}\n").file.debugging
    #expect(debugging?.enableProfiling == nil)  // C-034
    #expect(debugging?.pprofBindHost == "127.0.0.1")  // C-035
    #expect(debugging?.pprofBindPort == 2753)
  }

  @Test("Everything that can be given is read (C-020…C-048)")
  func decoding() throws {
    let (file, diagnostics) = try load(
      """
      runtimeClientConnection: {qps: 12.5, burst: 7, contentType: a, acceptContentTypes: b}
      leaderElection:
        enabled: true
        leaseDuration: 1m
        renewDeadline: 40s
        retryPeriod: 5s
        resourceLock: leases
        resourceName: lock
        resourceNamespace: ns
      server:
        webhooks: {bindAddress: 1.2.3.4, port: 9443, serverCertDir: /c, secretName: s, certProvisionMode: manual}
        healthProbes: {bindAddress: h, port: 1}
        metrics: {port: 2}
      debugging: {enableProfiling: true, pprofBindHost: 0.0.0.0, pprofBindPort: 3}
      controllers:
        podCliqueSet: {concurrentSyncs: 1}
        podClique: {concurrentSyncs: 2}
        podCliqueScalingGroup: {concurrentSyncs: 3}
        podGang: {concurrentSyncs: 4}
      logLevel: debug
      logFormat: text
      authorizer:
        enabled: true
        exemptServiceAccountUserNames: [eve, mallory]
        reconcilerServiceAccountUserName: rendered-by-the-chart
      topologyAwareScheduling: {enabled: true}
      network: {autoMNNVLEnabled: true}
      scheduler:
        profiles:
        - {name: kai-scheduler, config: {}}
        - {name: default-scheduler, config: {gangScheduling: true}}
        defaultProfileName: kai-scheduler

      """)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")  // B-C04: the chart's key is tolerated
    #expect(
      file.clientConnection
        == {
          var connection = OperatorConfigurationFile.ClientConnection()
          connection.qps = 12.5
          connection.burst = 7
          connection.contentType = "a"
          connection.acceptContentTypes = "b"
          return connection
        }())
    #expect(file.leaderElection.enabled)
    #expect(file.leaderElection.leaseDuration == .minutes(1))
    #expect(file.leaderElection.renewDeadline == .seconds(40))
    #expect(file.leaderElection.retryPeriod == .seconds(5))
    #expect(file.leaderElection.resourceName == "lock")
    #expect(file.leaderElection.resourceNamespace == "ns")
    #expect(file.server.webhooks.endpoint.bindAddress == "1.2.3.4")
    #expect(file.server.webhooks.endpoint.port == 9443)
    #expect(file.server.webhooks.serverCertDir == "/c")
    #expect(file.server.webhooks.secretName == "s")
    #expect(file.server.webhooks.certProvisionMode == "manual")
    #expect(file.server.healthProbes == .init(bindAddress: "h", port: 1))
    #expect(file.server.metrics?.port == 2)
    #expect(file.debugging?.enableProfiling == true)
    #expect(file.debugging?.pprofBindHost == "0.0.0.0")
    #expect(file.debugging?.pprofBindPort == 3)
    #expect(file.controllers.podCliqueSet == 1)
    #expect(file.controllers.podClique == 2)
    #expect(file.controllers.podCliqueScalingGroup == 3)
    #expect(file.controllers.podGang == 4)
    #expect(file.logLevel == "debug")
    #expect(file.logFormat == "text")
    #expect(file.authorizer.enabled)
    #expect(file.authorizer.exemptServiceAccountUserNames == ["eve", "mallory"])
    let configuration = file.operatorConfiguration(initContainerImage: nil, operatorVersion: "v9")
    #expect(configuration.schedulerProfiles == [.kai, .defaultScheduler])
    #expect(configuration.defaultScheduler == .kai)
    #expect(configuration.topologyAwareSchedulingEnabled)
    #expect(configuration.autoMNNVLEnabled)
    #expect(configuration.initContainerImage == nil)
    #expect(configuration.operatorVersion == "v9")
    let authorizer = file.authorizer(operatorNamespace: "ns", operatorServiceAccount: "sa")
    #expect(authorizer?.operatorUserName == "system:serviceaccount:ns:sa")
    #expect(authorizer?.exemptUserNames == ["eve", "mallory"])
  }

  @Test("Presets are what the recordings ran with")
  func presets() throws {
    func configuration(_ yaml: String) throws -> OperatorConfiguration {
      try load(yaml).file.operatorConfiguration()
    }
    #expect(try configuration("") == .defaultSchedulerOnly)
    #expect(
      try configuration(
        "scheduler: {profiles: [{name: default-scheduler}, {name: kai-scheduler}], "
          + "defaultProfileName: kai-scheduler}\ntopologyAwareScheduling: {enabled: true}\n")
        == .kaiWithTopology)
    #expect(try configuration("network: {autoMNNVLEnabled: true}\n") == .autoMNNVL)
  }

  @Test("Unknown fields and wrong types are errors with a place (B-C04, C-005)")
  func strictness() throws {
    let found = try load(
      """
      logLevels: debug
      server: {webhooks: {prot: 1, port: "9443"}}
      controllers: []
      leaderElection: {leaseDuration: 15}
      scheduler: {profiles: {name: x}}
      authorizer: {exemptServiceAccountUserNames: [1]}

      """
    ).diagnostics
    #expect(
      found.map { "\($0.rule) \($0.message)" } == [
        "W-B-C04 logLevels: unknown field",
        "C-005 leaderElection.leaseDuration: Invalid value: 15: must be a string",
        "W-B-C04 server.webhooks.prot: unknown field",
        "C-005 server.webhooks.port: Invalid value: \"9443\": must be an integer of 32 bits",
        "C-005 controllers: Invalid value: []: must be an object",
        "C-005 authorizer.exemptServiceAccountUserNames[0]: Invalid value: 1: must be a string",
        "C-005 scheduler.profiles: Invalid value: {\"name\":\"x\"}: must be a list",
      ])
    #expect(found[0].location == SourceLocation(file: "config.yaml", line: 3, column: 12))
    #expect(found[0].hint?.contains("logLevel,") == true)
    let tape = try JSONReader.read("{\"apiVersion\": \"v1\"}")
    #expect(
      OperatorConfigurationFile.load(Value(tape: tape, index: tape.roots[0])).diagnostics.texts == [
        "apiVersion: Invalid value: \"v1\": must be \"operator.config.grove.io/v1alpha1\"",
        "kind: Required value: must be \"OperatorConfiguration\"",
      ])
    #expect(!OperatorConfigurationFile.load(.string("x")).diagnostics.isEmpty)
  }

  @Test("Logging (C-060)")
  func logging() throws {
    #expect(
      try texts("logLevel: trace\nlogFormat: xml\n") == [
        "logLevel: Unsupported value: \"trace\": supported values: \"debug\", \"info\", \"error\"",
        "logFormat: Unsupported value: \"xml\": supported values: \"json\", \"text\"",
      ])
  }

  @Test("Schedulers (C-045, C-061…C-064)")
  func schedulers() throws {
    #expect(
      try texts("scheduler: {profiles: [{name: ''}, {name: x}, {name: volcano}, {name: volcano}]}\n") == [
        "scheduler.profiles[0].name: Required value: scheduler profile name is required",
        "scheduler.profiles[1].name: Unsupported value: \"x\": supported values: \"kai-scheduler\", "
          + "\"default-scheduler\", \"volcano\", \"lpx-scheduler\"",
        "scheduler.profiles[3].name: Duplicate value: \"volcano\"",
      ])
    #expect(
      try texts("scheduler: {defaultProfileName: volcano}\n") == [
        "scheduler.defaultProfileName: Invalid value: \"volcano\": default profile must be one of the configured profiles"
      ])
    // The scheduler of Kubernetes is appended.
    #expect(
      try load("scheduler: {profiles: [{name: volcano}]}\n").file.scheduler.profiles.map(\.name) == [
        "volcano", "default-scheduler",
      ])
    // What defaulting prevents.
    #expect(
      OperatorConfigurationFile().validate().texts.prefix(3) == [
        "scheduler.profiles: Required value: at least one scheduler profile is required",
        "scheduler.profiles: Required value: the \"default-scheduler\" scheduler profile is required",
        "scheduler.defaultProfileName: Required value: default scheduler profile name is required",
      ])
  }

  @Test("Leader election (C-065…C-067), checked when enabled (C-070), with upstream's value (B-C03)")
  func leaderElection() throws {
    let bad = "leaseDuration: 5s, renewDeadline: 10s, retryPeriod: -1s"
    #expect(
      try texts("leaderElection: {enabled: true, \(bad)}\n") == [
        "leaderElection.retryPeriod: Invalid value: \"-1s\": must be greater than 0",
        "leaderElection.leaseDuration: Invalid value: \"10s\": LeaseDuration must be greater than RenewDeadline",
      ])
    #expect(try texts("leaderElection: {\(bad)}\n").isEmpty)
    var file = OperatorConfigurationFile().defaulted()
    file.leaderElection.enabled = true
    file.leaderElection.resourceLock = ""
    file.leaderElection.resourceName = ""
    #expect(
      file.validate().texts == [
        "leaderElection.resourceLock: Required value: resourceLock is required",
        "leaderElection.resourceName: Required value: resourceName is required",
      ])
  }

  @Test("Client and controllers (C-068, C-069), with upstream's path (B-C03)")
  func limits() throws {
    #expect(
      try texts("runtimeClientConnection: {burst: -1}\n") == [
        "clientConnection.burst: Invalid value: -1: must be non-negative"
      ])
    #expect(
      try texts("controllers: {podGang: {concurrentSyncs: 0}, podClique: {concurrentSyncs: -1}}\n") == [
        "controllers.podClique.concurrentSyncs: Invalid value: -1: must be greater than 0",
        "controllers.podGang.concurrentSyncs: Invalid value: 0: must be greater than 0",
      ])
  }

  @Test("What the operator would find out late or never (B-C05, B-C09)")
  func late() throws {
    #expect(
      try texts(
        """
        server: {webhooks: {certProvisionMode: magic, port: 70000}, metrics: {port: -1}}
        debugging: {pprofBindPort: 0}
        scheduler: {profiles: [{name: default-scheduler, config: {gang: true, gangScheduling: maybe}}]}
        topologyAwareScheduling: {enabled: true}

        """) == [
          "server.webhooks.certProvisionMode: Unsupported value: \"magic\": supported values: \"auto\", \"manual\"",
          "server.webhooks.port: Invalid value: 70000: must be between 1 and 65535",
          "server.metrics.port: Invalid value: -1: must be between 1 and 65535",
          "debugging.pprofBindPort: Invalid value: 0: must be between 1 and 65535",
          "scheduler.profiles[0].config.gang: unknown field",
          "scheduler.profiles[0].config.gangScheduling: Invalid value: \"maybe\": must be true or false",
          "topologyAwareScheduling.enabled: Invalid value: true: no enabled scheduler profile implements "
            + "topology-aware scheduling; add kai-scheduler to scheduler.profiles",
        ])
  }
}
