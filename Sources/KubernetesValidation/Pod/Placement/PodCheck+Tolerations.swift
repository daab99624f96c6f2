internal import KubernetesModel

extension PodCheck {
  mutating func checkTolerations(_ tolerations: [Toleration], _ path: @autoclosure () -> FieldPath) {
    for (index, toleration) in tolerations.enumerated() { check(toleration, path()[index]) }
  }

  private mutating func check(_ toleration: Toleration, _ path: @autoclosure () -> FieldPath) {
    if !toleration.key.isEmpty {
      findings.checkQualifiedName(.toleration, toleration.key, path().child("key"))
    } else if toleration.operator != "Exists" {
      findings.invalid(
        .toleration, path().child("operator"), .named(toleration.operator),
        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
    }
    if toleration.tolerationSeconds != nil, toleration.effect != "NoExecute" {
      findings.invalid(
        .toleration, path().child("effect"), .named(toleration.effect),
        "effect must be 'NoExecute' when `tolerationSeconds` is set")
    }
    checkOperator(of: toleration, path())
    switch toleration.effect {
    case "", "NoSchedule", "PreferNoSchedule", "NoExecute": break
    default:
      findings.notSupported(
        .toleration, path().child("effect"), toleration.effect,
        supported: ["NoSchedule", "PreferNoSchedule", "NoExecute"])
    }
  }

  private mutating func checkOperator(of toleration: Toleration, _ path: @autoclosure () -> FieldPath) {
    switch toleration.operator {
    case "", "Equal":
      let objections = NameSyntax.labelValueObjections(toleration.value)
      if !objections.isEmpty {
        findings.invalid(
          .toleration, path().child("operator"), .string(toleration.value), objections.joined(separator: ";"))
      }
    case "Exists":
      if !toleration.value.isEmpty {
        findings.invalid(
          .toleration, path().child("operator"), .string(toleration.value),
          "value must be empty when `operator` is 'Exists'")
      }
    case "Lt", "Gt":
      guard options.allowsComparingTolerations else {
        return findings.notSupported(
          .toleration, path().child("operator"), toleration.operator,
          supported: ["Equal", "Exists", "Lt", "Gt"])
      }
      if Int64(toleration.value).map({ String($0) == toleration.value }) != true {
        findings.invalid(
          .toleration, path().child("value"), .string(toleration.value),
          "must be a valid integer when `operator` is 'Lt' or 'Gt'")
      }
    default:
      findings.notSupported(
        .toleration, path().child("operator"), toleration.operator,
        supported: options.allowsComparingTolerations
          ? ["Equal", "Exists", "Lt", "Gt"] : ["Equal", "Exists"])
    }
  }
}
