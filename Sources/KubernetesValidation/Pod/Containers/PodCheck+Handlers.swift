internal import KubernetesModel

/// Probes and lifecycle hooks.
extension PodCheck {
  mutating func checkHandlers(
    of container: Container, _ path: @autoclosure () -> FieldPath, system: PodOS?
  ) {
    if let lifecycle = container.lifecycle { check(lifecycle, path().child("lifecycle"), system: system) }
    if let probe = container.livenessProbe {
      check(probe, path().child("livenessProbe"))
      checkSingleSuccess(probe, path().child("livenessProbe"))
    }
    if let probe = container.readinessProbe {
      check(probe, path().child("readinessProbe"))
      if let period = probe.terminationGracePeriodSeconds {
        findings.invalid(
          .handler, path().child("readinessProbe").child("terminationGracePeriodSeconds"), .integer(period),
          "must not be set for readinessProbes")
      }
    }
    if let probe = container.startupProbe {
      check(probe, path().child("startupProbe"))
      checkSingleSuccess(probe, path().child("startupProbe"))
    }
  }

  private mutating func checkSingleSuccess(_ probe: Probe, _ path: @autoclosure () -> FieldPath) {
    if probe.successThreshold != 1 {
      findings.invalid(
        .handler, path().child("successThreshold"), .integer(Int64(probe.successThreshold)), "must be 1")
    }
  }

  private mutating func check(_ probe: Probe, _ path: @autoclosure () -> FieldPath) {
    checkHandler(
      exec: probe.exec, http: probe.httpGet, tcp: probe.tcpSocket, grpc: probe.grpc, sleep: nil, path())
    findings.checkNotNegative(
      .handler, Int64(probe.initialDelaySeconds), path().child("initialDelaySeconds"))
    findings.checkNotNegative(.handler, Int64(probe.timeoutSeconds), path().child("timeoutSeconds"))
    findings.checkNotNegative(.handler, Int64(probe.periodSeconds), path().child("periodSeconds"))
    findings.checkNotNegative(.handler, Int64(probe.successThreshold), path().child("successThreshold"))
    findings.checkNotNegative(.handler, Int64(probe.failureThreshold), path().child("failureThreshold"))
    if let period = probe.terminationGracePeriodSeconds, period <= 0 {
      findings.invalid(
        .handler, path().child("terminationGracePeriodSeconds"), .integer(period), "must be greater than 0")
    }
  }

  private mutating func check(
    _ lifecycle: Lifecycle, _ path: @autoclosure () -> FieldPath, system: PodOS?
  ) {
    if let hook = lifecycle.postStart { check(hook, path().child("postStart")) }
    if let hook = lifecycle.preStop { check(hook, path().child("preStop")) }
    guard let signal = lifecycle.stopSignal else { return }
    guard let system else {
      return findings.forbidden(
        .handler, path().child("stopSignal"), "may not be set for containers with empty `spec.os.name`")
    }
    let supported = system.name == "windows" ? StopSignal.windows : StopSignal.linux
    if !supported.contains(signal) {
      findings.notSupported(.handler, path().child("stopSignal"), signal, supported: supported)
    }
  }

  private mutating func check(_ hook: LifecycleHandler, _ path: @autoclosure () -> FieldPath) {
    checkHandler(
      exec: hook.exec, http: hook.httpGet, tcp: hook.tcpSocket, grpc: nil, sleep: hook.sleep, path())
  }

  /// Exactly one handler, the first of those given being the one that is looked at.
  private mutating func checkHandler(
    exec: ExecAction?, http: HTTPGetAction?, tcp: TCPSocketAction?, grpc: GRPCAction?, sleep: SleepAction?,
    _ path: @autoclosure () -> FieldPath
  ) {
    var count = 0
    func isFirst(_ field: String, _ findings: inout Findings) -> Bool {
      count += 1
      if count == 1 { return true }
      findings.forbidden(.handler, path().child(field), "may not specify more than 1 handler type")
      return false
    }
    if let exec, isFirst("exec", &findings), exec.command.isEmpty {
      findings.required(.handler, path().child("exec").child("command"))
    }
    if let http, isFirst("httpGet", &findings) { check(http, path().child("httpGet")) }
    if let tcp, isFirst("tcpSocket", &findings) {
      findings.checkPort(.handler, tcp.port, path().child("tcpSocket").child("port"))
    }
    if let grpc, isFirst("grpc", &findings) {
      findings.checkPort(.handler, .int(grpc.port), path().child("grpc").child("port"))
    }
    if let sleep, isFirst("sleep", &findings), let gracePeriod,
      sleep.seconds < 0 || sleep.seconds > gracePeriod
    {
      findings.invalid(
        .handler, path().child("sleep"), .integer(sleep.seconds),
        "must be non-negative and less than terminationGracePeriodSeconds (\(gracePeriod))")
    }
    if count == 0 { findings.required(.handler, path(), "must specify a handler type") }
  }

  private mutating func check(_ http: HTTPGetAction, _ path: @autoclosure () -> FieldPath) {
    if http.path.isEmpty { findings.required(.handler, path().child("path")) }
    findings.checkPort(.handler, http.port, path().child("port"))
    if http.scheme != "HTTP", http.scheme != "HTTPS" {
      findings.notSupported(.handler, path().child("scheme"), http.scheme, supported: ["HTTP", "HTTPS"])
    }
    for header in http.httpHeaders {
      findings.object(
        .handler, HeaderNameForm.objections(header.name), to: header.name, path().child("httpHeaders"))
    }
  }
}

/// The signals that a container can be stopped with.
enum StopSignal {
  static let windows = ["SIGKILL", "SIGTERM"]
  static let linux: [String] =
    ([
      "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT",
      "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV",
      "SIGSTKFLT",
      "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1",
      "SIGUSR2",
      "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ", "SIGRTMIN", "SIGRTMAX",
    ] + (1...15).map { "SIGRTMIN+\($0)" } + (1...14).map { "SIGRTMAX-\($0)" }).sorted {
      utf8Precedes($0, $1)
    }
}
