internal import KubernetesModel

/// GET, LIST and WATCH.
extension KubernetesServer {
  // MARK: One object

  func get(_ target: Target) throws(StatusError) -> APIResponse {
    let request = target.request
    let form = try AnswerForm(
      accept: request.header("Accept"), includeObject: request.parameter("includeObject"))
    if let text = request.parameter("resourceVersion"), !text.isEmpty {
      guard let asked = Self.version(text) else { throw .internalError(Self.malformedVersion(text)) }
      if asked > version { throw .tooLargeVersion(asked, current: version) }
    }
    guard let object = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    if form.content == .metadata(isList: true) { throw .internalError("content is not a list") }
    return .document(200, show(object, as: target.id, in: form))
  }

  /// The number that a resource version is; nil for a text that is none.
  static func version(_ text: String) -> UInt64? {
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return UInt64(text)
  }

  static func malformedVersion(_ text: String) -> String {
    "resourceVersion: Invalid value: \(goQuoted(text)): strconv.ParseUint: parsing \(goQuoted(text)): "
      + "invalid syntax"
  }

  // MARK: Options of lists and watches

  /// What a list or watch asks for.
  struct ListOptions {
    var selection = Selection()
    var resourceVersion = ""
    var match = ""
    var limit: Int64 = 0
    var continueToken = ""
    var timeoutSeconds: Int64?
    var allowsBookmarks = false
    var sendsInitialEvents: Bool?
    /// The version as a number; nil when none is asked for.
    var version: UInt64?
  }

  func listOptions(_ target: Target) throws(StatusError) -> ListOptions {
    let request = target.request
    var options = ListOptions()
    options.resourceVersion = request.parameter("resourceVersion") ?? ""
    options.match = request.parameter("resourceVersionMatch") ?? ""
    options.limit = try integer("limit", request) ?? 0
    options.timeoutSeconds = try integer("timeoutSeconds", request)
    options.continueToken = request.parameter("continue") ?? ""
    options.allowsBookmarks = RequestPath.isTrue(request.parameter("allowWatchBookmarks"))
    options.sendsInitialEvents = request.parameter("sendInitialEvents").map { RequestPath.isTrue($0) }
    options.selection = try selection(target)
    let problems = problems(of: options, isWatch: target.path.verb == "watch")
    if !problems.isEmpty { throw .invalidOptions("ListOptions", problems) }
    return options
  }

  func integer(_ name: String, _ request: APIRequest) throws(StatusError) -> Int64? {
    guard let text = request.parameter(name), !text.isEmpty else { return nil }
    guard let number = Int64(text) else {
      throw .badRequest("strconv.ParseInt: parsing \(goQuoted(text)): invalid syntax")
    }
    return number
  }

  private func problems(of options: ListOptions, isWatch: Bool) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let (rule, path): (RuleID, FieldPath) = ("K-options", "resourceVersionMatch")
    if isWatch {
      if let sends = options.sendsInitialEvents {
        _ = sends
        if options.match != "NotOlderThan" {
          found.append(
            .forbidden(rule, path, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        }
      } else if !options.match.isEmpty {
        found.append(
          .forbidden(
            rule, path, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
      }
      if !options.continueToken.isEmpty {
        found.append(.forbidden(rule, path, "resourceVersionMatch is forbidden when continue is provided"))
      }
      return found
    }
    if options.sendsInitialEvents != nil {
      found.append(.forbidden(rule, "sendInitialEvents", "sendInitialEvents is forbidden for list"))
    }
    guard !options.match.isEmpty else { return found }
    if options.resourceVersion.isEmpty {
      found.append(
        .forbidden(rule, path, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
    }
    if !options.continueToken.isEmpty {
      found.append(.forbidden(rule, path, "resourceVersionMatch is forbidden when continue is provided"))
    }
    if options.match != "Exact", options.match != "NotOlderThan" {
      found.append(
        .notSupported(rule, path, .string(options.match), supported: ["Exact", "NotOlderThan", ""]))
    }
    if options.match == "Exact", options.resourceVersion == "0" {
      found.append(
        .forbidden(rule, path, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
    }
    return found
  }

  // MARK: Lists

  func list(_ target: Target) throws(StatusError) -> APIResponse {
    let request = target.request
    let options = try listOptions(target)
    let form = try AnswerForm(
      accept: request.header("Accept"), includeObject: request.parameter("includeObject"))
    let page = try page(target, options)
    if form.content == .metadata(isList: false) {
      let goType =
        target.isCustom
        ? "*unstructured.UnstructuredList" : "*\(target.resource.version).\(target.resource.listKind)"
      throw StatusError(
        code: 406, reason: "NotAcceptable",
        message: "you requested PartialObjectMetadata, but the requested object is a list (\(goType))")
    }
    return .document(200, show(page, as: target.id, in: form))
  }

  /// One page of a list.
  struct Page {
    var objects: [Object]
    var version: UInt64
    var continueToken = ""
    var remaining: Int?
  }

  func page(_ target: Target, _ options: ListOptions) throws(StatusError) -> Page {
    let store = stores[catalog.storage(of: target.id)]
    var asked: UInt64 = 0
    if !options.resourceVersion.isEmpty {
      guard let number = Self.version(options.resourceVersion) else {
        throw .badRequest("invalid resource version: \(Self.malformedVersion(options.resourceVersion))")
      }
      asked = number
    }
    var start: ObjectName?
    var at = version
    if !options.continueToken.isEmpty {
      let token = try ContinueToken(options.continueToken)
      start = token.start
      if !options.resourceVersion.isEmpty, options.resourceVersion != "0" {
        throw .badRequest("specifying resource version is not allowed when using continue")
      }
      // A token without a version goes on in what is now.
      at = token.version ?? version
    } else if asked > version {
      throw .tooLargeVersion(asked, current: version)
    } else if options.match == "Exact" {
      at = asked
    }
    let objects: SortedTable<ObjectName, Object>
    if at == version {
      objects = store.objects
    } else if let past = store.objects(at: at) {
      objects = past
    } else {
      var error = StatusError.expired(
        options.continueToken.isEmpty
          ? "The resourceVersion for the provided list is too old."
          : "The provided continue parameter is too old to display a consistent list result. You can start a new list "
            + "without the continue parameter, or use the continue token in this response to retrieve the remainder "
            + "of the results. Continuing with the provided token results in an inconsistent list - objects that were "
            + "created, modified, or deleted between the time the first chunk was returned and now may show up in the "
            + "list.")
      if let start { error.continueToken = ContinueToken(version: nil, start: start).text }
      throw error
    }
    return page(
      of: objects, at: at, from: start, target, options, ignoresLimit: options.resourceVersion == "0")
  }

  private func page(
    of objects: SortedTable<ObjectName, Object>, at version: UInt64, from start: ObjectName?,
    _ target: Target,
    _ options: ListOptions, ignoresLimit: Bool
  ) -> Page {
    let limit = ignoresLimit || options.limit <= 0 ? Int.max : Int(options.limit)
    var page = Page(objects: [], version: version)
    let first = start ?? ObjectName(namespace: target.name.namespace, name: "")
    var last: ObjectName?
    var isCut = false
    var others = 0
    for object in objects.elements(from: first) {
      let metadata = object.metadata
      if !target.name.namespace.isEmpty, metadata.namespace != target.name.namespace { break }
      if isCut {
        others += 1
        continue
      }
      guard options.selection.matches(object, target.resource) else { continue }
      if page.objects.count == limit {
        isCut = true
        others = 1
        continue
      }
      page.objects.append(object)
      last = ObjectName(metadata)
    }
    if isCut, let last {
      // The next page begins right behind the last name: a name with a zero byte is the next there could be.
      page.continueToken =
        ContinueToken(
          version: version, start: ObjectName(namespace: last.namespace, name: last.name + "\0")
        ).text
      if options.selection.isEverything { page.remaining = others }
    }
    return page
  }

  // MARK: Watches

  func watch(_ target: Target) throws(StatusError) -> APIResponse {
    let request = target.request
    let options = try listOptions(target)
    let form = try AnswerForm(
      accept: request.header("Accept"), includeObject: request.parameter("includeObject"))
    var asked: UInt64 = 0
    if !options.resourceVersion.isEmpty {
      guard let number = Self.version(options.resourceVersion) else {
        throw .internalError(Self.malformedVersion(options.resourceVersion))
      }
      asked = number
    }
    let store = stores[catalog.storage(of: target.id)]
    var cursor = WatchCursor(
      resource: target.id, namespace: target.name.namespace, selection: options.selection, form: form,
      version: version, pending: [], wantsBookmarks: options.allowsBookmarks,
      timeoutSeconds: options.timeoutSeconds)
    let sendsInitial = options.sendsInitialEvents ?? (asked == 0)
    if asked > version {
      // The server waits a while for the version to come, then gives up.
      cursor.pending = [
        WatchFrame(type: "ERROR", object: StatusError.tooLargeVersion(asked, current: version).value)
      ]
      cursor.end()
    } else if sendsInitial {
      cursor.pending = store.objects.lazy.filter { cursor.matches($0, self) }.map {
        frame("ADDED", $0, &cursor)
      }
      if options.allowsBookmarks, options.sendsInitialEvents == true || options.resourceVersion == "0" {
        cursor.pending.append(bookmark(for: cursor, endsInitialEvents: true))
      }
    } else if asked > 0 {
      if asked < store.historyStart {
        cursor.pending = [tooOld(asked, in: target.id)]
        cursor.end()
      } else {
        cursor = WatchCursor(
          resource: target.id, namespace: target.name.namespace, selection: options.selection, form: form,
          version: asked, pending: [], wantsBookmarks: options.allowsBookmarks,
          timeoutSeconds: options.timeoutSeconds)
      }
    }
    return APIResponse(
      status: 200, headers: [("Content-Type", "application/json")], body: .watch(cursor))
  }
}
