internal import KubernetesModel

extension BuiltInPrinters {
  private static let images = ["Containers", "Images", "Selector"]

  private static func counts(_ object: Value, _ names: String...) -> [Value] {
    names.map { name in
      let parts = name.split(separator: ".").map(String.init)
      return Cell.count(number(object, parts[0], parts[1]))
    }
  }

  private static func wide(_ object: Value) -> [Value] {
    containers(object) + [.string(selector(object["spec"]?["selector"]))]
  }

  private static func wanted(_ object: Value) -> Int {
    object["spec"]?["replicas"] == nil ? 1 : number(object, "spec", "replicas")
  }

  static let workloads: [String: Printer] = [
    "Deployment": Printer(
      group: "apps", columns: columns("Ready", "Up-to-date", "Available", "Age", wide: images)
    ) { object, now in
      [.string("\(number(object, "status", "readyReplicas"))/\(wanted(object))")]
        + counts(object, "status.updatedReplicas", "status.availableReplicas") + [Cell.age(object, now)]
        + wide(object)
    },
    "ReplicaSet": Printer(
      group: "apps", columns: columns("Desired", "Current", "Ready", "Age", wide: images)
    ) { object, now in
      [Cell.count(wanted(object))] + counts(object, "status.replicas", "status.readyReplicas")
        + [Cell.age(object, now)] + wide(object)
    },
    "StatefulSet": Printer(
      group: "apps", columns: columns("Ready", "Age", wide: ["Containers", "Images"])
    ) { object, now in
      [.string("\(number(object, "status", "readyReplicas"))/\(wanted(object))"), Cell.age(object, now)]
        + containers(object)
    },
    "DaemonSet": Printer(
      group: "apps",
      columns: columns(
        "Desired", "Current", "Ready", "Up-to-date", "Available", "Node Selector", "Age", wide: images)
    ) { object, now in
      counts(
        object, "status.desiredNumberScheduled", "status.currentNumberScheduled", "status.numberReady",
        "status.updatedNumberScheduled", "status.numberAvailable")
        + [.string(labels(object["spec"]?["template"]?["spec"]?["nodeSelector"])), Cell.age(object, now)]
        + wide(object)
    },
    "Job": Printer(
      group: "batch", columns: columns("Status", "Completions", "Duration", "Age", wide: images)
    ) { job, now in
      let succeeded = number(job, "status", "succeeded")
      let completions: String
      if job["spec"]?["completions"]?.integerValue != nil {
        completions = "\(succeeded)/\(number(job, "spec", "completions"))"
      } else {
        let parallelism = number(job, "spec", "parallelism")
        completions = parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
      }
      return [
        .string(jobStatus(job)), .string(completions), .string(jobDuration(job, now)), Cell.age(job, now),
      ]
        + wide(job)
    },
    "CronJob": Printer(
      group: "batch",
      columns: columns("Schedule", "Timezone", "Suspend", "Active", "Last Schedule", "Age", wide: images)
    ) { job, now in
      let last = job["status"]?["lastScheduleTime"]?.stringValue
      let template = job["spec"]?["jobTemplate"] ?? .object([])
      let suspended = job["spec"]?["suspend"]?.booleanValue
      return [
        .string(text(job, "spec", "schedule")), .string(Cell.orNone(text(job, "spec", "timeZone"))),
        .string(suspended.map { $0 ? "True" : "False" } ?? "<unset>"),
        Cell.count(list(job, "status", "active").count),
        .string(last.map { Cell.age(of: $0, now) } ?? "<none>"),
        Cell.age(job, now),
      ] + containers(template) + [.string(selector(template["spec"]?["selector"]))]
    },
    "HorizontalPodAutoscaler": Printer(
      group: "autoscaling",
      columns: columns("Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age")
    ) { scaler, now in
      let spec = scaler["spec"]
      return [
        .string("\(text(spec, "scaleTargetRef", "kind"))/\(text(spec, "scaleTargetRef", "name"))"),
        .string(MetricCells.text(scaler)), .string(spec?["minReplicas"]?.scalarText ?? "<unset>"),
        Cell.count(number(spec, "maxReplicas")), Cell.count(number(scaler, "status", "currentReplicas")),
        Cell.age(scaler, now),
      ]
    },
    "PodDisruptionBudget": Printer(
      group: "policy", columns: columns("Min Available", "Max Unavailable", "Allowed Disruptions", "Age")
    ) { budget, now in
      [
        .string(budget["spec"]?["minAvailable"]?.scalarText ?? "N/A"),
        .string(budget["spec"]?["maxUnavailable"]?.scalarText ?? "N/A"),
        Cell.count(number(budget, "status", "disruptionsAllowed")), Cell.age(budget, now),
      ]
    },
  ]

  private static func jobStatus(_ job: Value) -> String {
    func holds(_ type: String) -> Bool {
      list(job, "status", "conditions").contains { text($0, "type") == type && text($0, "status") == "True" }
    }
    if holds("Complete") { return "Complete" }
    if holds("Failed") { return "Failed" }
    if job["metadata"]?["deletionTimestamp"] != nil { return "Terminating" }
    if holds("Suspended") { return "Suspended" }
    if holds("FailureTarget") { return "FailureTarget" }
    if holds("SuccessCriteriaMet") { return "SuccessCriteriaMet" }
    return "Running"
  }

  private static func jobDuration(_ job: Value, _ now: Timestamp) -> String {
    guard let start = Timestamp(text(job, "status", "startTime")) else { return "" }
    return ((Timestamp(text(job, "status", "completionTime")) ?? now) - start).ageText
  }
}

/// The targets of an autoscaler: `cpu: <unknown>/80%`.
enum MetricCells {
  static func text(_ scaler: Value) -> String {
    let metrics = scaler["spec"]?["metrics"]?.elements ?? []
    let current = scaler["status"]?["currentMetrics"]?.elements ?? []
    guard !metrics.isEmpty else {
      guard let target = scaler["spec"]?["targetCPUUtilizationPercentage"]?.scalarText else {
        return "<none>"
      }
      let now = scaler["status"]?["currentCPUUtilizationPercentage"]?.scalarText
      return "cpu: \(now.map { "\($0)%" } ?? "<unknown>")/\(target)%"
    }
    let texts = metrics.enumerated().map { index, metric in
      one(metric, index < current.count ? current[index] : .null)
    }
    return texts.prefix(2).joined(separator: ", ") + (texts.count > 2 ? " + \(texts.count - 2) more..." : "")
  }

  private static func one(_ metric: Value, _ status: Value) -> String {
    let sources = [
      "Resource": "resource", "ContainerResource": "containerResource", "Pods": "pods",
      "Object": "object", "External": "external",
    ]
    guard let source = sources[metric["type"]?.stringValue ?? ""], let part = metric[source] else {
      return "<unknown type>"
    }
    let target = part["target"] ?? .null
    let now = status[source]?["current"]
    let isResource = source == "resource" || source == "containerResource"
    let prefix = isResource ? "\(part["name"]?.stringValue ?? ""): " : ""
    if let average = target["averageValue"]?.scalarText {
      let mark = source == "external" || source == "object" ? " (avg)" : ""
      return "\(prefix)\(now?["averageValue"]?.scalarText ?? "<unknown>")/\(average)\(mark)"
    }
    if isResource {
      let wanted = target["averageUtilization"]?.scalarText.map { "\($0)%" } ?? "<auto>"
      return "\(prefix)\(now?["averageUtilization"]?.scalarText.map { "\($0)%" } ?? "<unknown>")/\(wanted)"
    }
    return "\(now?["value"]?.scalarText ?? "<unknown>")/\(target["value"]?.scalarText ?? "<auto>")"
  }
}
