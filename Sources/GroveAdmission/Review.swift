public import GroveModel
public import KubernetesModel
public import KubernetesSchema

/// What the API server and Grove's webhooks make of a submitted object.
public struct Review: Sendable {
  /// The steps of a request, in order. Each is taken only when those before it found no error, except that unknown
  /// fields do not keep the later steps from being tried.
  public enum Stage: Sendable, Equatable {
    /// Strict decoding: no unknown fields.
    case strictDecoding
    /// Decoding into Go's types, by the defaulting webhook.
    case typedDecoding
    /// The schema of the CustomResourceDefinition and its CEL rules.
    case schema
    /// The validating webhook.
    case webhook
    /// The API server's own checks on objects of built-in kinds.
    case validation
  }

  /// The object as it would be stored; nil when it is refused.
  public var object: Resource?
  /// The first step that refuses the object; nil when it is accepted.
  public var refusedBy: Stage?
  /// Fields that no type has.
  public var unknownFields: [UnknownField] = []
  /// Values of the wrong type, by node of the submitted value's tape.
  public var issues: [DecodingIssue] = []
  /// What schema and webhooks found, warnings included.
  public var diagnostics: [Diagnostic] = []
  /// What kubectl would print of the refusal, from the server's words on; nil when the object is accepted.
  public var serverAnswer: String?

  /// Whether the object would be stored.
  public var isAccepted: Bool { refusedBy == nil }
}

extension Admission {
  /// Takes a submitted object through the steps of a create or update request.
  ///
  /// - Parameters:
  ///   - value: the object as submitted.
  ///   - kind: one of the kinds that Swift Grove knows by type. Kinds that are not Grove's are decoded only.
  ///   - old: for an update, the stored object.
  ///   - defaultNamespace: the namespace of objects that name none.
  /// - Complexity: O(nodes in the value).
  public func review(
    _ value: Value, as kind: ResourceKind, old: Resource? = nil, defaultNamespace: String = "default"
  ) -> Review {
    guard let schema = StructuralSchema.grove(kind) else { return decode(value, as: kind, defaultNamespace) }
    var review = Review()
    review.unknownFields = schema.unknownFields(in: value)
    if let answer = schema.strictDecodingMessage(for: review.unknownFields) {
      review.refuse(.strictDecoding, answer)
    }
    var probe = TapeDecoder(value.tape, reportsUnknownFields: false)
    _ = Resource(kind, from: value.index, in: &probe)
    review.issues = probe.issues
    if !review.issues.isEmpty {
      let text = SchemaTable.grove.goDecodingMessage(
        forFirstOf: review.issues, in: value.tape, root: value.index, type: kind.rawValue)
      review.refuse(.typedDecoding, Self.denial(by: Self.defaultingWebhook(kind), text ?? ""))
      return review
    }
    let admitted = StructuralSchema.withoutStatus(schema.admitted(value))
    var decoder = TapeDecoder(admitted.tape, reportsUnknownFields: false)
    var object = Resource(kind, from: admitted.index, in: &decoder)
    if !kind.isClusterScoped, object.metadata.namespace.isEmpty {
      object.metadata.namespace = defaultNamespace
    }
    if case .podCliqueSet(let set) = object { object = .podCliqueSet(`default`(set)) }

    let found = schema.validate(mutated(object, admitted), old: old?.value)
    review.diagnostics += found
    if !found.errors.isEmpty {
      review.refuse(.schema, Self.invalid(kind, object.metadata.name, found.errors))
      return review
    }
    let denials = validate(object, old: old)
    review.diagnostics += denials
    if !denials.errors.isEmpty {
      review.refuse(.webhook, Self.denial(by: Self.validatingWebhook(kind), denials.aggregateMessage))
      return review
    }
    if review.isAccepted { review.object = object }
    return review
  }

  /// What the schema is checked against: what the defaulting webhook wrote, or for kinds without one, what was sent.
  private func mutated(_ object: Resource, _ admitted: Value) -> Value {
    guard case .podCliqueSet = object else { return admitted }
    // The webhook makes the list of cliques anew, so it alone is never null.
    let written = GoJSON.value(
      object.value, type: object.kind.rawValue, in: .grove, submitted: admitted, remade: ["cliques"])
    return written ?? admitted
  }

  private func validate(_ object: Resource, old: Resource?) -> [Diagnostic] {
    switch (object, old) {
    case (.podCliqueSet(let set), .podCliqueSet(let stored)): validate(update: set, from: stored)
    case (.podCliqueSet(let set), _): validate(create: set)
    case (.clusterTopologyBinding(let binding), .clusterTopologyBinding(let stored)):
      validate(binding, old: stored)
    case (.clusterTopologyBinding(let binding), _): validate(binding, old: nil)
    default: []
    }
  }

  /// Kinds of others: their types are known, and the rules of some.
  private func decode(_ value: Value, as kind: ResourceKind, _ defaultNamespace: String) -> Review {
    var review = Review()
    var decoder = TapeDecoder(value.tape)
    var object = Resource(kind, from: value.index, in: &decoder)
    if !kind.isClusterScoped, object.metadata.namespace.isEmpty {
      object.metadata.namespace = defaultNamespace
    }
    review.issues = decoder.issues
    if review.issues.isEmpty {
      review.diagnostics = builtInFindings(object)
      if review.diagnostics.errors.isEmpty {
        review.object = object
      } else {
        review.refuse(.validation, Self.invalid(kind, object.metadata.name, review.diagnostics.errors))
      }
    } else {
      review.refuse(
        review.issues.contains { $0.kind != .unknownField } ? .typedDecoding : .strictDecoding,
        "strict decoding error")
    }
    return review
  }

  private func builtInFindings(_ object: Resource) -> [Diagnostic] {
    switch object {
    case .pod(let pod): validate(create: pod)
    case .service(let service): validate(create: service)
    case .horizontalPodAutoscaler(let autoscaler): validate(create: autoscaler)
    default: []
    }
  }

  // MARK: Texts

  private static func defaultingWebhook(_ kind: ResourceKind) -> String {
    kind == .podCliqueSet ? "pcs.defaulting.webhooks.grove.io" : validatingWebhook(kind)
  }

  private static func validatingWebhook(_ kind: ResourceKind) -> String {
    kind == .clusterTopologyBinding
      ? "clustertopology.validating.webhooks.grove.io" : "pcs.validating.webhooks.grove.io"
  }

  private static func denial(by webhook: String, _ text: String) -> String {
    "admission webhook \"\(webhook)\" denied the request: \(text)"
  }

  /// The schema's findings as kubectl lists them.
  private static func invalid(_ kind: ResourceKind, _ name: String, _ errors: [Diagnostic]) -> String {
    var texts: [String] = []
    for error in errors where !texts.contains(error.message) { texts.append(error.message) }
    let list = texts.count == 1 ? texts[0] : "\n" + texts.map { "* \($0)" }.joined(separator: "\n")
    return "The \(kind.kind) \"\(name)\" is invalid: \(list)"
  }
}

extension Review {
  fileprivate mutating func refuse(_ stage: Stage, _ answer: String) {
    guard refusedBy == nil else { return }
    refusedBy = stage
    serverAnswer = answer
  }
}
