internal import CLibYAML
internal import KubernetesModel

extension TapeComposer {
  mutating func define(_ name: UnsafeMutablePointer<yaml_char_t>, _ target: Target) -> Int {
    anchorNames[String(cString: name)] = anchors.count
    anchors.append(target)
    return anchors.count - 1
  }

  mutating func alias(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    let mark = event.pointee.start_mark
    let name = event.pointee.data.alias.anchor.map { String(cString: $0) } ?? ""
    guard let anchor = anchorNames[name] else {
      throw failure(.badAlias, "the alias *\(name) refers to no anchor", at: mark)
    }
    let parent = frames.last
    let isKey = parent.map { $0.isMapping && $0.expectsKey } ?? false
    switch anchors[anchor] {
    case .open: throw failure(.badAlias, "the anchor &\(name) contains itself", at: mark)
    case .container(let node, let height):
      if isKey { throw failure(.syntax, "a mapping or a list cannot be a key", at: mark) }
      guard builder.depth + height <= limits.depth else {
        throw failure(.tooDeep, "nested deeper than \(limits.depth) levels", at: mark)
      }
      if parent?.isMerge == true, builder.node(at: node).kind != .object { throw mergeFailure(at: mark) }
      try repeatNodes(at: node, mark)
      completeValue(height: height)
    case .scalar(let meaning, let bytes, let node):
      if isKey {
        try scalarKey(meaning, bytes, at: mark)
      } else {
        if parent?.isMerge == true { throw mergeFailure(at: mark) }
        if let node { try repeatNodes(at: node, mark) } else { try scalarValue(meaning, bytes, at: mark) }
        completeValue(height: 0)
      }
    }
  }

  mutating func repeatNodes(at node: Int, _ mark: yaml_mark_t) throws(ReadError) {
    let end = Int(builder.node(at: node).next)
    aliasNodes += end - node
    guard aliasNodes <= limits.aliasNodes else {
      throw failure(.tooLarge, "aliases expand to more than \(limits.aliasNodes) nodes", at: mark)
    }
    let shift = builder.count - node
    var next = firstMergeKey(from: node)
    while next < mergeKeys.count, mergeKeys[next] < end {
      mergeKeys.append(mergeKeys[next] + shift)
      next += 1
    }
    aliasBytes += builder.repeatValue(at: node)
    try checkAliasBytes(mark)
  }

  /// A long text that is repeated often costs nothing here, but whoever writes it out again pays in full.
  mutating func checkAliasBytes(_ mark: yaml_mark_t) throws(ReadError) {
    let allowed = limits.aliasNodes.multipliedReportingOverflow(by: 256).partialValue
    guard aliasBytes <= max(allowed, 1 << 20) else {
      throw failure(.tooLarge, "aliases expand to more than \(allowed) bytes of text", at: mark)
    }
  }

  /// The position in `mergeKeys` of the first one at or after a node.
  func firstMergeKey(from node: Int) -> Int {
    var low = 0
    var high = mergeKeys.count
    while low < high {
      let middle = (low + high) / 2
      if mergeKeys[middle] < node { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func scalarKey(
    _ meaning: PlainScalar, _ bytes: [UInt8], at mark: yaml_mark_t
  ) throws(ReadError) {
    aliasBytes += bytes.count
    try checkAliasBytes(mark)
    try bytes.withUnsafeBufferPointer { (text) throws(ReadError) in
      try key(meaning, text, mayMerge: false, anchor: nil, at: mark)
    }
  }

  mutating func scalarValue(
    _ meaning: PlainScalar, _ bytes: [UInt8], at mark: yaml_mark_t
  ) throws(ReadError) {
    aliasBytes += bytes.count
    try checkAliasBytes(mark)
    try bytes.withUnsafeBufferPointer { (text) throws(ReadError) in
      try value(meaning, text, at: mark)
    }
  }
}
