extension OperatorConfiguration {
  /// The operator's own defaults: the scheduler of Kubernetes only, no topology, no MNNVL.
  public static let defaultSchedulerOnly = OperatorConfiguration()

  /// KAI Scheduler by default, topology constraints honoured.
  public static let kaiWithTopology: OperatorConfiguration = {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = [.defaultScheduler, .kai]
    configuration.defaultScheduler = .kai
    configuration.topologyAwareSchedulingEnabled = true
    return configuration
  }()

  /// The scheduler of Kubernetes only, with ComputeDomains for multi-node NVLink.
  public static let autoMNNVL: OperatorConfiguration = {
    var configuration = OperatorConfiguration()
    configuration.autoMNNVLEnabled = true
    return configuration
  }()
}
