public import KubernetesModel

/// A call to an admission webhook, as a value: whoever drives the server makes it and hands back the answer.
public struct WebhookCall: Sendable, Equatable {
  /// The name of the webhook in its configuration.
  public var webhook: String
  /// Where to send it: a URL, or the path below the service.
  public var url: String
  /// The certificate authorities to trust, in base64; empty for those of the system.
  public var caBundle: String
  /// How long to wait, in seconds.
  public var timeoutSeconds: Int64
  /// The `AdmissionReview`.
  public var review: Value

  /// A call.
  public init(webhook: String, url: String, caBundle: String = "", timeoutSeconds: Int64 = 10, review: Value)
  {
    self.webhook = webhook
    self.url = url
    self.caBundle = caBundle
    self.timeoutSeconds = timeoutSeconds
    self.review = review
  }
}

/// What came of a call.
public enum WebhookAnswer: Sendable, Equatable {
  /// An HTTP answer: the status code and the body.
  case response(code: Int, body: [UInt8])
  /// None, for a reason: `connection refused`, a timeout, an untrusted certificate.
  case failure(String)
}
