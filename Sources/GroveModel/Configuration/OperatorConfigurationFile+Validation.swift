public import KubernetesModel

extension OperatorConfigurationFile {
  /// What is wrong with a defaulted configuration, in the operator's words and order (C-060…C-069), then what it
  /// would find out later or never (B-C05, B-C09).
  public func validate() -> [Diagnostic] {
    var found: [Diagnostic] = []
    found += check("C-060", "logLevel", logLevel, supported: ["debug", "info", "error"])
    found += check("C-060", "logFormat", logFormat, supported: ["json", "text"])
    found += checkScheduler()
    if leaderElection.enabled { found += checkLeaderElection() }
    if clientConnection.burst < 0 {
      // The field is called runtimeClientConnection; the operator says otherwise (B-C03).
      found.append(
        .invalid(
          "C-068", "clientConnection.burst", .integer(clientConnection.burst), "must be non-negative"))
    }
    found += checkControllers()
    return found + checkServer() + checkProfileSettings() + checkTopologySupport()
  }

  private func check(
    _ rule: RuleID, _ path: FieldPath, _ value: String, supported: [String]
  ) -> [Diagnostic] {
    guard !value.isBlank, !supported.contains(value) else { return [] }
    return [.notSupported(rule, path, .string(value), supported: supported)]
  }

  /// C-061…C-064.
  private func checkScheduler() -> [Diagnostic] {
    let path: FieldPath = "scheduler.profiles"
    let known = SchedulerBackend.allCases.map(\.rawValue)
    var found: [Diagnostic] = []
    if scheduler.profiles.isEmpty {
      found.append(.required("C-061", path, "at least one scheduler profile is required"))
    }
    var seen: Set<String> = []
    for (index, profile) in scheduler.profiles.enumerated() {
      let path = path[index].child("name")
      if profile.name.isBlank {
        found.append(.required("C-062", path, "scheduler profile name is required"))
      } else if !known.contains(profile.name) {
        found.append(.notSupported("C-062", path, .string(profile.name), supported: known))
      } else if !seen.insert(profile.name).inserted {
        found.append(.duplicate("C-062", path, .string(profile.name)))
      }
    }
    let fallback = SchedulerBackend.defaultScheduler.rawValue
    if !seen.contains(fallback) {
      found.append(
        .required("C-063", path, "the \(goQuoted(fallback)) scheduler profile is required"))
    }
    let defaultPath: FieldPath = "scheduler.defaultProfileName"
    let name = scheduler.defaultProfileName
    if name.isBlank {
      found.append(.required("C-064", defaultPath, "default scheduler profile name is required"))
    } else if !seen.contains(name) {
      found.append(
        .invalid(
          "C-064", defaultPath, .string(name), "default profile must be one of the configured profiles"))
    }
    return found
  }

  /// C-065…C-067.
  private func checkLeaderElection() -> [Diagnostic] {
    let path: FieldPath = "leaderElection"
    var found: [Diagnostic] = []
    for (name, duration) in [
      ("leaseDuration", leaderElection.leaseDuration), ("renewDeadline", leaderElection.renewDeadline),
      ("retryPeriod", leaderElection.retryPeriod),
    ] where duration <= .zero {
      found.append(
        .invalid("C-065", path.child(name), .string(duration.text), "must be greater than 0"))
    }
    if leaderElection.leaseDuration <= leaderElection.renewDeadline {
      // The value is that of the other field, as the operator has it (B-C03).
      found.append(
        .invalid(
          "C-066", path.child("leaseDuration"), .string(leaderElection.renewDeadline.text),
          "LeaseDuration must be greater than RenewDeadline"))
    }
    if leaderElection.resourceLock.isEmpty {
      found.append(.required("C-067", path.child("resourceLock"), "resourceLock is required"))
    }
    if leaderElection.resourceName.isEmpty {
      found.append(.required("C-067", path.child("resourceName"), "resourceName is required"))
    }
    return found
  }

  /// C-069.
  private func checkControllers() -> [Diagnostic] {
    let path: FieldPath = "controllers"
    return [
      ("podCliqueSet", controllers.podCliqueSet),
      ("podCliqueScalingGroup", controllers.podCliqueScalingGroup),
      ("podClique", controllers.podClique), ("podGang", controllers.podGang),
    ].compactMap { (name: String, syncs: Int32?) -> Diagnostic? in
      guard (syncs ?? 0) <= 0 else { return nil }
      return .invalid(
        "C-069", path.child(name).child("concurrentSyncs"), .integer(syncs), "must be greater than 0")
    }
  }

  /// Certificate mode and ports, which the operator finds out about when it starts to listen (B-C05).
  private func checkServer() -> [Diagnostic] {
    let path: FieldPath = "server"
    let mode = path.child("webhooks").child("certProvisionMode")
    var found: [Diagnostic] = []
    if !["auto", "manual"].contains(server.webhooks.certProvisionMode) {
      found.append(
        .notSupported(
          "W-B-C05", mode, .string(server.webhooks.certProvisionMode), supported: ["auto", "manual"]))
    }
    let ports: [(FieldPath, Int32?)] = [
      (path.child("webhooks").child("port"), server.webhooks.endpoint.port),
      (path.child("healthProbes").child("port"), server.healthProbes?.port),
      (path.child("metrics").child("port"), server.metrics?.port),
      ("debugging.pprofBindPort", debugging?.pprofBindPort),
    ]
    for (path, port) in ports {
      guard let port, port < 1 || port > 65535 else { continue }
      found.append(.invalid("W-B-C05", path, .integer(port), "must be between 1 and 65535"))
    }
    return found
  }

  /// The settings of profiles have a declared shape, although nothing reads them (C-047, B-C05).
  private func checkProfileSettings() -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, profile) in scheduler.profiles.enumerated() {
      guard let config = profile.config, let backend = SchedulerBackend(rawValue: profile.name) else {
        continue
      }
      let path = (("scheduler.profiles" as FieldPath)[index]).child("config")
      guard config.kind == .object else {
        found.append(
          .invalid("W-B-C05", path, .json(JSONWriter.string(config)), "must be an object"))
        continue
      }
      let fields = backend == .defaultScheduler ? ["gangScheduling"] : []
      guard backend == .defaultScheduler || backend == .kai else { continue }
      for member in config.members {
        if !fields.contains(member.name) {
          found.append(
            Diagnostic(
              rule: "W-B-C05", path: path.child(member.name).description, detail: "unknown field"))
        } else if member.value.booleanValue == nil {
          found.append(
            .invalid(
              "W-B-C05", path.child(member.name), .json(JSONWriter.string(member.value)),
              "must be true or false"))
        }
      }
    }
    return found
  }

  /// Topology constraints that no enabled scheduler would honour are dropped in silence (B-C09).
  private func checkTopologySupport() -> [Diagnostic] {
    guard topologyAwareSchedulingEnabled,
      !scheduler.profiles.contains(where: { SchedulerBackend(rawValue: $0.name)?.managesTopology ?? false })
    else { return [] }
    return [
      .invalid(
        "W-B-C09", "topologyAwareScheduling.enabled", .boolean(true),
        "no enabled scheduler profile implements topology-aware scheduling; add kai-scheduler to "
          + "scheduler.profiles")
    ]
  }
}
