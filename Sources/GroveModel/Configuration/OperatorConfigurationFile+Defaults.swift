internal import KubernetesModel

extension OperatorConfigurationFile {
  /// The configuration with the operator's defaults, which are not those of the Helm chart (C-020…C-048, B-C06).
  ///
  /// Defaulting twice changes nothing.
  public func defaulted() -> OperatorConfigurationFile {
    var result = self
    fill(&result.logLevel, "info")
    fill(&result.logFormat, "json")
    if result.clientConnection.qps == 0 { result.clientConnection.qps = 100 }
    fill(&result.clientConnection.burst, 120)
    fill(&result.leaderElection.leaseDuration, .seconds(15))
    fill(&result.leaderElection.renewDeadline, .seconds(10))
    fill(&result.leaderElection.retryPeriod, .seconds(2))
    fill(&result.leaderElection.resourceLock, "leases")
    fill(&result.leaderElection.resourceName, "grove-operator-leader-election")
    result.server = server.defaulted()
    if var debugging = result.debugging {
      debugging.pprofBindHost = debugging.pprofBindHost ?? "127.0.0.1"
      debugging.pprofBindPort = debugging.pprofBindPort ?? 2753
      result.debugging = debugging
    }
    result.controllers.podCliqueSet = controllers.podCliqueSet ?? 10
    result.controllers.podClique = controllers.podClique ?? 10
    result.controllers.podCliqueScalingGroup = controllers.podCliqueScalingGroup ?? 5
    result.controllers.podGang = controllers.podGang ?? 5
    let fallback = SchedulerBackend.defaultScheduler.rawValue
    if !result.scheduler.profiles.contains(where: { $0.name == fallback }) {
      result.scheduler.profiles.append(Profile(name: fallback))
    }
    fill(&result.scheduler.defaultProfileName, fallback)
    return result
  }
}

extension OperatorConfigurationFile.Server {
  fileprivate func defaulted() -> OperatorConfigurationFile.Server {
    var result = self
    fill(&result.webhooks.endpoint.port, 2750)
    fill(&result.webhooks.serverCertDir, "/etc/grove-operator/webhook-certs")
    fill(&result.webhooks.secretName, "grove-webhook-server-cert")
    fill(&result.webhooks.certProvisionMode, "auto")
    var probes = healthProbes ?? .init()
    fill(&probes.port, 2751)
    result.healthProbes = probes
    var metrics = metrics ?? .init()
    fill(&metrics.port, 2752)
    result.metrics = metrics
    return result
  }
}

/// Replaces a zero value.
private func fill<T: TapeCodable>(_ value: inout T, _ replacement: T) {
  if value.isZero { value = replacement }
}
