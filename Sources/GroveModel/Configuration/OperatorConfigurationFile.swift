public import KubernetesModel

/// The operator's configuration file: `operator.config.grove.io/v1alpha1`, kind `OperatorConfiguration`
/// (C-020…C-048).
///
/// ``load(_:source:)`` does all three steps: decoding, defaulting, validation. Of the result,
/// ``operatorConfiguration(initContainerImage:operatorVersion:)`` is what reconcile and admission look at.
///
/// ```swift
/// let (file, diagnostics) = OperatorConfigurationFile.load(value, source: "config.yaml")
/// guard diagnostics.errors.isEmpty else { … }
/// let configuration = file.operatorConfiguration()
/// ```
public struct OperatorConfigurationFile: Sendable, Equatable {
  /// Group and version in the file.
  public static let apiVersion = "operator.config.grove.io/v1alpha1"
  /// The kind in the file.
  public static let kind = "OperatorConfiguration"

  /// `runtimeClientConnection`: how the operator talks to the API server.
  public var clientConnection = ClientConnection()
  /// `leaderElection`.
  public var leaderElection = LeaderElection()
  /// `server`: what the operator listens on.
  public var server = Server()
  /// `debugging`; nil turns profiling off.
  public var debugging: Debugging?
  /// `controllers`: how many objects of a kind are worked on at a time.
  public var controllers = Controllers()
  /// `logLevel`: `debug`, `info` or `error` (C-040).
  public var logLevel = ""
  /// `logFormat`: `json` or `text` (C-041).
  public var logFormat = ""
  /// `authorizer`: protection of what the operator made (C-042).
  public var authorizer = AuthorizerSettings()
  /// `topologyAwareScheduling.enabled` (C-043).
  public var topologyAwareSchedulingEnabled = false
  /// `network.autoMNNVLEnabled` (C-044).
  public var autoMNNVLEnabled = false
  /// `scheduler` (C-045, C-047, C-048).
  public var scheduler = Scheduler()

  /// A file with nothing in it.
  public init() {}

  /// How the operator talks to the API server (C-020…C-022).
  public struct ClientConnection: Sendable, Equatable {
    /// Requests per second; 100 unless given.
    public var qps = 0.0
    /// Requests at once above that; 120 unless given.
    public var burst: Int32 = 0
    /// The content type of requests.
    public var contentType = ""
    /// The content types accepted in answers.
    public var acceptContentTypes = ""

    /// Nothing given.
    public init() {}
  }

  /// How several operator processes agree on one that works (C-023…C-026).
  public struct LeaderElection: Sendable, Equatable {
    /// Whether there is an election.
    public var enabled = false
    /// How long a leader that stays silent is waited for; 15s unless given.
    public var leaseDuration = Duration.zero
    /// How long the leader tries to stay leader; 10s unless given.
    public var renewDeadline = Duration.zero
    /// How long to wait between tries; 2s unless given.
    public var retryPeriod = Duration.zero
    /// The kind of object that is the lock; `leases` unless given.
    public var resourceLock = ""
    /// The name of the lock; `grove-operator-leader-election` unless given.
    public var resourceName = ""
    /// The namespace of the lock; empty for the operator's own.
    public var resourceNamespace = ""

    /// Nothing given.
    public init() {}
  }

  /// What the operator listens on (C-027…C-032).
  public struct Server: Sendable, Equatable {
    /// The webhooks.
    public var webhooks = Webhooks()
    /// `/healthz` and `/readyz`, port 2751 unless given; nil until defaulted.
    public var healthProbes: Endpoint?
    /// Metrics, port 2752 unless given; nil until defaulted.
    public var metrics: Endpoint?

    /// Nothing given.
    public init() {}
  }

  /// An address to listen on.
  public struct Endpoint: Sendable, Equatable {
    /// The address; empty for all.
    public var bindAddress = ""
    /// The port.
    public var port: Int32 = 0

    /// An address to listen on.
    public init(bindAddress: String = "", port: Int32 = 0) {
      self.bindAddress = bindAddress
      self.port = port
    }
  }

  /// Where the webhooks listen and where their certificate comes from (C-027…C-030).
  public struct Webhooks: Sendable, Equatable {
    /// Address and port; 2750 unless given.
    public var endpoint = Endpoint()
    /// The folder of `tls.crt` and `tls.key`; `/etc/grove-operator/webhook-certs` unless given.
    public var serverCertDir = ""
    /// The Secret with the certificate; `grove-webhook-server-cert` unless given.
    public var secretName = ""
    /// `auto` or `manual`; `auto` unless given.
    public var certProvisionMode = ""

    /// Nothing given.
    public init() {}
  }

  /// Profiling (C-033…C-035).
  public struct Debugging: Sendable, Equatable {
    /// Whether profiles are served.
    public var enableProfiling: Bool?
    /// The host; `127.0.0.1` unless given.
    public var pprofBindHost: String?
    /// The port; 2753 unless given.
    public var pprofBindPort: Int32?

    /// Nothing given.
    public init() {}
  }

  /// How many objects of a kind are worked on at a time (C-036…C-039); nil until defaulted.
  public struct Controllers: Sendable, Equatable {
    /// PodCliqueSets; 10 unless given.
    public var podCliqueSet: Int32?
    /// PodCliques; 10 unless given.
    public var podClique: Int32?
    /// PodCliqueScalingGroups; 5 unless given.
    public var podCliqueScalingGroup: Int32?
    /// PodGangs; 5 unless given.
    public var podGang: Int32?

    /// Nothing given.
    public init() {}
  }

  /// Protection of what the operator made (C-042).
  public struct AuthorizerSettings: Sendable, Equatable {
    /// Whether the webhook is registered.
    public var enabled = false
    /// Users that may do what the operator may.
    public var exemptServiceAccountUserNames: [String] = []

    /// Nothing given.
    public init() {}
  }

  /// The scheduler backends (C-045, C-047, C-048).
  public struct Scheduler: Sendable, Equatable {
    /// The enabled backends.
    public var profiles: [Profile] = []
    /// The backend of pods that name none; `default-scheduler` unless given.
    public var defaultProfileName = ""

    /// Nothing given.
    public init() {}
  }

  /// One scheduler backend.
  public struct Profile: Sendable, Equatable {
    /// The name of the backend.
    public var name: String
    /// Settings of the backend, which the operator accepts and never reads (C-047).
    public var config: Value?

    /// A backend.
    public init(name: String, config: Value? = nil) {
      self.name = name
      self.config = config
    }
  }
}

extension OperatorConfigurationFile {
  /// Decodes, defaults and validates a configuration.
  ///
  /// - Parameters:
  ///   - value: the document.
  ///   - source: what the document is called in the locations of diagnostics.
  /// - Returns: the configuration with all defaults, and everything that is wrong with it. Where something is
  ///   wrong, the default stands in.
  public static func load(
    _ value: Value, source: String? = nil
  ) -> (file: OperatorConfigurationFile, diagnostics: [Diagnostic]) {
    let (decoded, issues) = decode(value, source: source)
    let file = decoded.defaulted()
    return (file, issues + file.validate())
  }

  /// What reconcile and admission look at.
  ///
  /// - Parameters:
  ///   - initContainerImage: `GROVE_INIT_CONTAINER_IMAGE` (C-010); nil when it is unset.
  ///   - operatorVersion: the operator's version (C-014).
  public func operatorConfiguration(
    initContainerImage: String? = "grove-initc", operatorVersion: String = "v0.1.0-dev"
  ) -> OperatorConfiguration {
    let file = defaulted()
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = file.scheduler.profiles.compactMap {
      SchedulerBackend(rawValue: $0.name)
    }
    configuration.defaultScheduler =
      SchedulerBackend(rawValue: file.scheduler.defaultProfileName) ?? .defaultScheduler
    configuration.topologyAwareSchedulingEnabled = file.topologyAwareSchedulingEnabled
    configuration.autoMNNVLEnabled = file.autoMNNVLEnabled
    configuration.initContainerImage = initContainerImage
    configuration.operatorVersion = operatorVersion
    return configuration
  }
}
