internal import KubernetesModel

/// POST, PUT, PATCH and DELETE.
extension KubernetesServer {
  // MARK: Options

  /// What a write asks for besides the object.
  func writeOptions(
    _ target: Target, _ kind: String, _ context: inout WriteContext
  ) throws(StatusError) -> FieldValidation {
    let request = target.request
    var problems: [Diagnostic] = []
    let rule: RuleID = "K-options"
    let dryRun = request.parameters("dryRun").filter { !$0.isEmpty }
    if !dryRun.isEmpty, dryRun != ["All"], dryRun.contains(where: { $0 != "All" }) {
      problems.append(
        .notSupported(rule, "dryRun", .strings(dryRun), supported: ["All"]))
    }
    let manager = request.parameter("fieldManager") ?? ""
    if manager.utf8.count > 128 {
      problems.append(.tooLong(rule, "fieldManager", maximumBytes: 128))
    }
    if let (position, odd) = manager.unicodeScalars.enumerated().first(where: { !$0.element.isPrintable }) {
      let digits = String(odd.value, radix: 16, uppercase: true)
      let code = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      problems.append(
        .invalid(
          rule, "fieldManager", .string(manager), "invalid character U+\(code) (at position \(position))"))
    }
    if kind == "PatchOptions" {
      let isApply = RequestBody.mediaType(request) == PatchForm.apply.rawValue
      if isApply, manager.isEmpty {
        problems.insert(.required(rule, "fieldManager", "is required for apply patch"), at: 0)
      }
      if !isApply, request.parameter("force") != nil {
        problems.insert(.forbidden(rule, "force", "may not be specified for non-apply patch"), at: 0)
      }
    }
    let validation = request.parameter("fieldValidation") ?? ""
    if !["", "Ignore", "Strict", "Warn"].contains(validation) {
      problems.append(
        .notSupported(
          rule, "fieldValidation", .string(validation), supported: ["", "Ignore", "Strict", "Warn"]))
    }
    if !problems.isEmpty { throw .invalidOptions(kind, problems) }
    context.isDryRun = !dryRun.isEmpty
    context.fieldManager = manager.isEmpty ? Self.defaultManager(request) : manager
    context.requestOptions = []
    if !dryRun.isEmpty { context.requestOptions.append(("dryRun", .array([.string("All")]))) }
    if !manager.isEmpty { context.requestOptions.append(("fieldManager", .string(manager))) }
    if !validation.isEmpty { context.requestOptions.append(("fieldValidation", .string(validation))) }
    return FieldValidation(rawValue: validation) ?? .warn
  }

  /// How unknown and repeated fields are treated.
  enum FieldValidation: String {
    case ignore = "Ignore"
    case strict = "Strict"
    case warn = "Warn"
  }

  /// Whom the books name when a request names nobody: the first part of the user agent.
  static func defaultManager(_ request: APIRequest) -> String {
    let agent = request.header("User-Agent") ?? ""
    let name = String(agent.prefix { $0 != "/" }.prefix(128))
    return name.isEmpty ? "unknown" : name
  }

  // MARK: Reading objects

  /// Reads, checks and completes the object that a request brings.
  func decode(
    _ target: Target, _ validation: FieldValidation, _ context: inout WriteContext
  ) throws(StatusError) -> Object {
    let resource = target.resource
    var body = try readObject(target.request, of: resource.kind)
    body.value = try checkKind(body.value, target, &context)
    return try complete(body, target, validation, &context)
  }

  /// Checks that a body is of the kind that the path is about.
  private func checkKind(
    _ value: Value, _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> Value {
    let resource = target.resource
    let (kind, apiVersion) = (value.text("kind"), value.text("apiVersion"))
    if target.isCustom {
      if kind.isEmpty {
        let text = String(decoding: target.request.body, as: UTF8.self)
        throw .badRequest(
          "the object provided is unrecognized (must be of type \(resource.kind)): Object 'Kind' is missing in "
            + "'\(text)' (\(Self.excerpt(target.request.body)))")
      }
      if apiVersion != resource.apiVersion {
        // Nothing is known of another version's fields.
        if apiVersion.hasPrefix("\(resource.group)/") {
          for name in value.members.map(\.name).sorted(by: { utf8Precedes($0, $1) })
          where !["apiVersion", "kind", "metadata"].contains(name) {
            context.warn("unknown field \"\(name)\"")
          }
        }
        throw .badRequest(
          "the API version in the data (\(apiVersion)) does not match the expected API version "
            + "(\(resource.apiVersion))")
      }
      if kind != resource.kind {
        throw .invalid(
          group: resource.group, kind: kind, value.text("metadata", "name"),
          [.invalid("K-kind", "kind", .string(kind), "must be \(resource.kind)")])
      }
      return value
    }
    guard value.kind == .object else { return value }
    let found = (kind.isEmpty ? resource.kind : kind, apiVersion.isEmpty ? resource.apiVersion : apiVersion)
    if found != (resource.kind, resource.apiVersion) {
      let version = String(found.1.split(separator: "/").last ?? "")
      let isKnown = APIResources.builtIn(apiVersion: found.1, kind: found.0) != nil
      throw .badRequest(
        "\(found.0) in version \(goQuoted(version)) cannot be handled as a \(resource.kind): "
          + (isKnown
            ? "converting (\(version).\(found.0)) to (\(Self.internalGroup(resource)).\(resource.kind)): unknown conversion"
            : "no kind \(goQuoted(found.0)) is registered for version \(goQuoted(found.1)) in scheme "
              + "\"pkg/api/legacyscheme/scheme.go:30\""))
    }
    return value.setting("kind", to: .string(resource.kind)).setting(
      "apiVersion", to: .string(resource.apiVersion))
  }

  private static func internalGroup(_ resource: APIResource) -> String {
    resource.group.isEmpty ? "core" : String(resource.group.prefix { $0 != "." })
  }

  /// Unknown and repeated fields, decoding errors, pruning and defaults.
  func complete(
    _ body: RequestBody, _ target: Target, _ validation: FieldValidation, _ context: inout WriteContext,
    isPatch: Bool = false
  ) throws(StatusError) -> Object {
    let resource = target.resource
    let prefix =
      "\(resource.kind) in version \(goQuoted(resource.version)) cannot be handled as a \(resource.kind): "
    if let complaint = decodingComplaint(body.value, target) {
      if isPatch { throw patchComplaint(body.value, complaint) }
      throw .badRequest(prefix + complaint)
    }
    let objections =
      body.duplicates.map { "duplicate field \"\($0)\"" }
      + unknownFields(in: body.value, target).map { "unknown field \"\($0)\"" }
    if !objections.isEmpty {
      switch validation {
      case .ignore: break
      case .warn: for objection in objections { context.warn(objection) }
      case .strict:
        let text = "strict decoding error: " + objections.joined(separator: ", ")
        if isPatch { throw patchComplaint(body.value, text) }
        throw .badRequest(prefix + text)
      }
    }
    return Object(completed(body.value, target), of: resource)
  }

  /// A patch led to an object that cannot be read.
  func patchComplaint(_ value: Value, _ complaint: String) -> StatusError {
    .invalidPatch([
      Diagnostic(
        rule: "K-patch", kind: .invalid, path: "patch", value: goQuoted(JSONWriter.string(value)),
        detail: complaint)
    ])
  }

  /// Checks that name and namespace of an object are those of the path.
  func checkPlace(
    _ metadata: ObjectMeta, _ target: Target, name: String?
  ) throws(StatusError) {
    if target.resource.isNamespaced, !metadata.namespace.isEmpty, metadata.namespace != target.name.namespace
    {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    guard let name else { return }
    if metadata.name.isEmpty {
      throw .badRequest(
        "the name of the object (\(name) based on URL) was undeterminable: name must be provided")
    }
    if metadata.name != name {
      throw .badRequest(
        "the name of the object (\(metadata.name)) does not match the name on the URL (\(name))")
    }
  }

  private func placed(_ object: Object, _ target: Target) -> Object {
    let namespace = target.name.namespace
    return object.metadata.namespace == namespace ? object : object.withMetadata { $0.namespace = namespace }
  }

  // MARK: The verbs

  mutating func create(_ target: Target, _ context: inout WriteContext) throws(StatusError) -> APIResponse {
    let form = try answerForm(target)
    let validation = try writeOptions(target, "CreateOptions", &context)
    var object = try decode(target, validation, &context)
    try checkPlace(object.metadata, target, name: nil)
    object = placed(object, target).withMetadata { $0.managedFields = [] }
    let created = try create(object, in: target.id, context: &context)
    return .document(201, show(created, as: target.id, in: form))
  }

  private func answerForm(_ target: Target) throws(StatusError) -> AnswerForm {
    try AnswerForm(
      accept: target.request.header("Accept"), includeObject: target.request.parameter("includeObject"))
  }

  mutating func update(_ target: Target, _ context: inout WriteContext) throws(StatusError) -> APIResponse {
    let form = try answerForm(target)
    let validation = try writeOptions(target, "UpdateOptions", &context)
    var object = try decode(target, validation, &context)
    try checkPlace(object.metadata, target, name: target.name.name)
    object = placed(object, target)
    let part = part(of: target)
    guard self.object(target.name, in: target.id) != nil else {
      guard target.resource.traits.contains(.updateCreates), target.path.subresource.isEmpty else {
        throw .notFound(target.groupResource, target.name.name)
      }
      let new = object.withMetadata {
        $0.managedFields = []
        $0.resourceVersion = ""
      }
      let created = try create(new, in: target.id, context: &context)
      return .document(201, show(created, as: target.id, in: form))
    }
    let asked = object.metadata.resourceVersion
    if !asked.isEmpty, Self.version(asked) == nil {
      throw .internalError("strconv.ParseUint: parsing \(goQuoted(asked)): invalid syntax")
    }
    if asked == "0" { object = object.withMetadata { $0.resourceVersion = "" } }
    if object.metadata.resourceVersion.isEmpty, !target.resource.traits.contains(.updatesUnconditionally) {
      throw .invalid(
        group: target.resource.group, kind: target.resource.plural, target.name.name,
        [.invalid("K-update", "metadata.resourceVersion", 0, "must be specified for an update")])
    }
    let submitted = object
    let stored = try update(
      target.name, in: target.id, part: part, uid: submitted.metadata.uid, context: &context
    ) { _ throws(StatusError) in submitted }
    return .document(200, show(stored, as: target.id, in: form))
  }

  func part(of target: Target) -> Part {
    switch target.path.subresource {
    case "": .main
    case "status": .status
    default: .other(target.path.subresource)
    }
  }

  // MARK: Deletion

  mutating func delete(_ target: Target, _ context: inout WriteContext) throws(StatusError) -> APIResponse {
    let form = try answerForm(target)
    let options = try deleteOptions(target, &context)
    let deletion = try delete(target.name, in: target.id, options: options, context: &context)
    let object = deletion.object
    if case .gone = deletion, !target.resource.traits.contains(.deleteAnswersObject) {
      return .document(200, Self.success(of: object, target))
    }
    return .document(200, show(object, as: target.id, in: form))
  }

  /// What is answered when an object is gone.
  private static func success(of object: Object, _ target: Target) -> Value {
    let details = StatusError.Details(
      name: object.metadata.name, group: target.resource.group, kind: target.resource.plural,
      uid: object.metadata.uid)
    return .object([
      "kind": .string("Status"), "apiVersion": .string("v1"), "metadata": .object([]),
      "status": .string("Success"), "details": details.value,
    ])
  }

  mutating func deleteCollection(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let form = try answerForm(target)
    let options = try deleteOptions(target, &context)
    var list = try listOptions(target)
    list.resourceVersion = ""
    let page = try page(target, list)
    for object in page.objects {
      do throws(StatusError) {
        try delete(
          ObjectName(object.metadata), in: target.id, options: options, context: &context, isCollection: true)
      } catch {
        // Somebody else was faster.
        if error.code != 404 { throw error }
      }
    }
    return .document(200, show(page, as: target.id, in: form))
  }

  private func deleteOptions(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> DeleteOptions {
    let request = target.request
    var document = Value.object([])
    if !request.body.isEmpty {
      let type = RequestBody.mediaType(request)
      guard RequestBody.objectTypes.contains(type) else {
        throw .unsupportedMediaType(RequestBody.objectTypes)
      }
      do throws(GoComplaint) {
        document = try readBody(request.body, type).value
      } catch {
        throw .badRequest("couldn't get version/kind; \(error.text)")
      }
      let kind = document.text("kind")
      if !kind.isEmpty, kind != "DeleteOptions" {
        throw .badRequest(
          "no kind \(goQuoted(kind)) is registered for version \(goQuoted(document.text("apiVersion"))) in scheme "
            + "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"")
      }
    }
    var members = document.members.filter { $0.name != "kind" && $0.name != "apiVersion" }
    if request.body.isEmpty {
      if let policy = request.parameter("propagationPolicy") {
        members.append(("propagationPolicy", .string(policy)))
      }
      if let seconds = try integer("gracePeriodSeconds", request) {
        members.append(("gracePeriodSeconds", .integer(seconds)))
      }
      if let orphan = request.parameter("orphanDependents") {
        members.append(("orphanDependents", .boolean(RequestPath.isTrue(orphan))))
      }
    }
    let dryRunQuery = request.parameters("dryRun").filter { !$0.isEmpty }
    if !dryRunQuery.isEmpty, document["dryRun"] == nil {
      members.append(("dryRun", .array(dryRunQuery.map { .string($0) })))
    }
    return try Self.deleteOptions(members, &context)
  }

  /// Reads and checks the options of a deletion.
  static func deleteOptions(
    _ members: [(name: String, value: Value)], _ context: inout WriteContext
  ) throws(StatusError) -> DeleteOptions {
    let document = Value.object(members.map { ($0.name, $0.value) })
    var options = DeleteOptions()
    var problems: [Diagnostic] = []
    let rule: RuleID = "K-options"
    options.gracePeriodSeconds = document["gracePeriodSeconds"]?.integerValue
    options.uid = document[path: "preconditions", "uid"]?.stringValue
    options.resourceVersion = document[path: "preconditions", "resourceVersion"]?.stringValue
    let policy = document["propagationPolicy"]?.stringValue
    let orphan = document["orphanDependents"]?.booleanValue
    if let policy, orphan != nil {
      problems.append(
        .invalid(
          rule, "propagationPolicy", .string(policy),
          "orphanDependents and deletionPropagation cannot be both set"))
    }
    if let policy {
      options.propagation = DeleteOptions.Propagation(rawValue: policy)
      if options.propagation == nil {
        problems.append(
          .notSupported(
            rule, "propagationPolicy", .string(policy),
            supported: ["Foreground", "Background", "Orphan", "nil"]))
      }
    } else if let orphan {
      options.propagation = orphan ? .orphan : .background
    }
    let dryRun = document["dryRun"]?.strings ?? []
    if dryRun.contains(where: { $0 != "All" }) {
      problems.append(.notSupported(rule, "dryRun", .strings(dryRun), supported: ["All"]))
    }
    if !problems.isEmpty { throw .invalidOptions("DeleteOptions", problems) }
    context.isDryRun = !dryRun.isEmpty
    context.deleteOptions = .object(
      [("kind", .string("DeleteOptions")), ("apiVersion", .string("meta.k8s.io/v1"))]
        + members.map { ($0.name, $0.value) })
    return options
  }
}

extension Unicode.Scalar {
  /// Whether Go would print the character as it is.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: value == 0x20
    default: true
    }
  }
}
