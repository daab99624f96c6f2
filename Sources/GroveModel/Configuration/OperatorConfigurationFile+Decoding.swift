public import KubernetesModel

extension OperatorConfigurationFile {
  /// Reads a configuration as it is written. Fields that do not exist are errors, except the one key that the
  /// Helm chart renders although no version reads it (B-C04).
  ///
  /// - Parameters:
  ///   - value: the document.
  ///   - source: what the document is called in the locations of diagnostics.
  public static func decode(
    _ value: Value, source: String? = nil
  ) -> (file: OperatorConfigurationFile, diagnostics: [Diagnostic]) {
    var decoder = ConfigurationDecoder(source: source)
    var file = OperatorConfigurationFile()
    let root = decoder.object(
      value, at: "",
      fields: [
        "apiVersion", "kind", "runtimeClientConnection", "leaderElection", "server", "debugging",
        "controllers",
        "logLevel", "logFormat", "authorizer", "topologyAwareScheduling", "network", "scheduler",
      ])
    decoder.require(root, "apiVersion", apiVersion)
    decoder.require(root, "kind", kind)
    decoder.read(root, "logLevel", &file.logLevel)
    decoder.read(root, "logFormat", &file.logFormat)
    file.clientConnection.read(root, &decoder)
    file.leaderElection.read(root, &decoder)
    file.server.read(root, &decoder)
    if root["debugging"] != nil {
      var debugging = Debugging()
      let fields = decoder.object(
        root, "debugging", fields: ["enableProfiling", "pprofBindHost", "pprofBindPort"])
      debugging.enableProfiling = decoder.optional(fields, "enableProfiling")
      debugging.pprofBindHost = decoder.optional(fields, "pprofBindHost")
      debugging.pprofBindPort = decoder.optional(fields, "pprofBindPort")
      file.debugging = debugging
    }
    file.controllers.read(root, &decoder)
    file.authorizer.read(root, &decoder)
    let topology = decoder.object(root, "topologyAwareScheduling", fields: ["enabled"])
    decoder.read(topology, "enabled", &file.topologyAwareSchedulingEnabled)
    let network = decoder.object(root, "network", fields: ["autoMNNVLEnabled"])
    decoder.read(network, "autoMNNVLEnabled", &file.autoMNNVLEnabled)
    file.scheduler.read(root, &decoder)
    return (file, decoder.diagnostics)
  }
}

extension OperatorConfigurationFile.ClientConnection {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(
      root, "runtimeClientConnection", fields: ["qps", "burst", "contentType", "acceptContentTypes"])
    decoder.read(fields, "qps", &qps)
    decoder.read(fields, "burst", &burst)
    decoder.read(fields, "contentType", &contentType)
    decoder.read(fields, "acceptContentTypes", &acceptContentTypes)
  }
}

extension OperatorConfigurationFile.LeaderElection {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(
      root, "leaderElection",
      fields: [
        "enabled", "leaseDuration", "renewDeadline", "retryPeriod", "resourceLock", "resourceName",
        "resourceNamespace",
      ])
    decoder.read(fields, "enabled", &enabled)
    decoder.read(fields, "leaseDuration", &leaseDuration)
    decoder.read(fields, "renewDeadline", &renewDeadline)
    decoder.read(fields, "retryPeriod", &retryPeriod)
    decoder.read(fields, "resourceLock", &resourceLock)
    decoder.read(fields, "resourceName", &resourceName)
    decoder.read(fields, "resourceNamespace", &resourceNamespace)
  }
}

extension OperatorConfigurationFile.Server {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(root, "server", fields: ["webhooks", "healthProbes", "metrics"])
    let hooks = decoder.object(
      fields, "webhooks",
      fields: ["bindAddress", "port", "serverCertDir", "secretName", "certProvisionMode"])
    decoder.read(hooks, "bindAddress", &webhooks.endpoint.bindAddress)
    decoder.read(hooks, "port", &webhooks.endpoint.port)
    decoder.read(hooks, "serverCertDir", &webhooks.serverCertDir)
    decoder.read(hooks, "secretName", &webhooks.secretName)
    decoder.read(hooks, "certProvisionMode", &webhooks.certProvisionMode)
    healthProbes = endpoint(fields, "healthProbes", &decoder)
    metrics = endpoint(fields, "metrics", &decoder)
  }

  private func endpoint(
    _ fields: ConfigurationObject, _ name: String, _ decoder: inout ConfigurationDecoder
  ) -> OperatorConfigurationFile.Endpoint? {
    guard fields[name] != nil else { return nil }
    var endpoint = OperatorConfigurationFile.Endpoint()
    let fields = decoder.object(fields, name, fields: ["bindAddress", "port"])
    decoder.read(fields, "bindAddress", &endpoint.bindAddress)
    decoder.read(fields, "port", &endpoint.port)
    return endpoint
  }
}

extension OperatorConfigurationFile.Controllers {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(
      root, "controllers", fields: ["podCliqueSet", "podClique", "podCliqueScalingGroup", "podGang"])
    podCliqueSet = syncs(fields, "podCliqueSet", &decoder)
    podClique = syncs(fields, "podClique", &decoder)
    podCliqueScalingGroup = syncs(fields, "podCliqueScalingGroup", &decoder)
    podGang = syncs(fields, "podGang", &decoder)
  }

  private func syncs(
    _ fields: ConfigurationObject, _ name: String, _ decoder: inout ConfigurationDecoder
  ) -> Int32? {
    decoder.optional(decoder.object(fields, name, fields: ["concurrentSyncs"]), "concurrentSyncs")
  }
}

extension OperatorConfigurationFile.AuthorizerSettings {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(
      root, "authorizer",
      fields: ["enabled", "exemptServiceAccountUserNames", "reconcilerServiceAccountUserName"])
    decoder.read(fields, "enabled", &enabled)
    for (element, path) in decoder.elements(fields, "exemptServiceAccountUserNames") {
      decoder.value(element, at: path).map { exemptServiceAccountUserNames.append($0) }
    }
  }
}

extension OperatorConfigurationFile.Scheduler {
  fileprivate mutating func read(_ root: ConfigurationObject, _ decoder: inout ConfigurationDecoder) {
    let fields = decoder.object(root, "scheduler", fields: ["profiles", "defaultProfileName"])
    decoder.read(fields, "defaultProfileName", &defaultProfileName)
    for (element, path) in decoder.elements(fields, "profiles") {
      let fields = decoder.object(element, at: path, fields: ["name", "config"])
      var profile = OperatorConfigurationFile.Profile(name: "")
      decoder.read(fields, "name", &profile.name)
      profile.config = fields["config"]?.detached()
      profiles.append(profile)
    }
  }
}
