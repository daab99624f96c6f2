internal import GroveModel
internal import KubernetesModel
internal import KubernetesSchema

/// What the API server leaves out of an object because the CustomResourceDefinition does not have it.
enum Pruning {
  /// The set without unknown fields, and without the metadata of embedded templates, whose schema lists no
  /// fields (api.md 1.2).
  static func pruned(_ podCliqueSet: PodCliqueSet) -> PodCliqueSet {
    var result = withoutUnknownFields(podCliqueSet)
    for index in result.spec.template.resourceClaimTemplates.indices {
      result.spec.template.resourceClaimTemplates[index].templateSpec.metadata = ObjectMeta()
    }
    for clique in result.spec.template.cliques.indices {
      let volumes = result.spec.template.cliques[clique].spec.podSpec.volumes
      for index in volumes.indices {
        guard var claim = volumes[index].ephemeral?.volumeClaimTemplate, !claim.metadata.isZero else {
          continue
        }
        claim.metadata = ObjectMeta()
        result.spec.template.cliques[clique].spec.podSpec.volumes[index].ephemeral?.volumeClaimTemplate =
          claim
      }
    }
    return result
  }

  /// The object as the API server reads it where it has nulls: those of fields that cannot be null are gone. An object without nulls is returned as it is.
  static func withoutNulls(_ podCliqueSet: PodCliqueSet) -> PodCliqueSet {
    let value = Value(encoding: podCliqueSet)
    guard (0..<value.tape.count).contains(where: { value.tape[$0].kind == .null }),
      let schema = StructuralSchema.grove(.podCliqueSet)
    else { return podCliqueSet }
    let read = schema.withoutNulls(value)
    var decoder = TapeDecoder(read.tape, reportsUnknownFields: false)
    return decoder.decode(at: read.index)
  }

  /// The object without fields that its types do not have, at any depth.
  ///
  /// Decoding what was encoded finds them; an object without any is returned as it is.
  static func withoutUnknownFields<T: TapeCodable>(_ object: T) -> T {
    let value = Value(encoding: object)
    var decoder = TapeDecoder(value.tape)
    _ = decoder.decode(T.self, at: value.index)
    var unknown: Set<Int> = []
    for issue in decoder.issues where issue.kind == .unknownField { unknown.insert(issue.node) }
    guard !unknown.isEmpty else { return object }
    let pruned = without(unknown, value)
    var second = TapeDecoder(pruned.tape)
    return second.decode(T.self, at: pruned.index)
  }

  /// The value without the members whose key nodes are listed.
  private static func without(_ keys: Set<Int>, _ value: Value) -> Value {
    switch value.kind {
    case .object:
      return .object(
        value.members.filter { !keys.contains($0.value.index - 1) }.map { ($0.name, without(keys, $0.value)) }
      )
    case .array: return .array(value.elements.map { without(keys, $0) })
    default: return value
    }
  }
}
