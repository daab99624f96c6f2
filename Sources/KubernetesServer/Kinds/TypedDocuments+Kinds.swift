internal import KubernetesModel
internal import KubernetesValidation

extension Value {
  /// The value read as a type. What does not fit is left at its zero.
  func decoded<Type: TapeCodable>(as type: Type.Type = Type.self) -> Type {
    var decoder = TapeDecoder(tape, reportsUnknownFields: false)
    return decoder.decode(at: index)
  }

  /// A pod, or a template of pods, with what pods have by default.
  func withPodDefaults() -> Value {
    guard let document = self["spec"], document.kind == .object else { return self }
    var spec = document.decoded(as: PodSpec.self)
    PodDefaults.apply(&spec)
    return setting("spec", to: Value(encoding: spec))
  }
}
