internal import KubernetesModel

/// What a check has found so far.
///
/// Checks pass paths on as autoclosures, so a path is put together only when something is wrong with what it leads to:
/// of the hundreds of fields of an ordinary pod nothing is.
struct Findings {
  private(set) var all: [Diagnostic] = []

  var isEmpty: Bool { all.isEmpty }
  var count: Int { all.count }

  mutating func add(_ diagnostic: Diagnostic) { all.append(diagnostic) }
  mutating func add(_ diagnostics: [Diagnostic]) { all += diagnostics }

  mutating func required(_ rule: PodRule, _ path: FieldPath, _ detail: String = "") {
    add(.required(rule.id, path, detail))
  }

  mutating func invalid(_ rule: PodRule, _ path: FieldPath, _ value: FieldValue, _ detail: String) {
    add(.invalid(rule.id, path, value, detail))
  }

  mutating func forbidden(_ rule: PodRule, _ path: FieldPath, _ detail: String) {
    add(.forbidden(rule.id, path, detail))
  }

  mutating func duplicate(_ rule: PodRule, _ path: FieldPath, _ value: FieldValue) {
    add(.duplicate(rule.id, path, value))
  }

  mutating func notFound(_ rule: PodRule, _ path: FieldPath, _ value: FieldValue, _ detail: String = "") {
    var diagnostic = Diagnostic.notFound(rule.id, path, value)
    diagnostic.detail = detail
    add(diagnostic)
  }

  mutating func tooLong(_ rule: PodRule, _ path: FieldPath, maximumBytes: Int) {
    add(.tooLong(rule.id, path, maximumBytes: maximumBytes))
  }

  mutating func tooMany(_ rule: PodRule, _ path: FieldPath, count: Int, limit: Int) {
    add(.tooMany(rule.id, path, count: count, limit: limit))
  }

  /// A value that is not one of a few. Most such values have a type of their own in Kubernetes, which shows in how odd
  /// ones are printed.
  mutating func notSupported(
    _ rule: PodRule, _ path: FieldPath, _ value: String, supported: [String], isPlainString: Bool = false
  ) {
    add(.notSupported(rule.id, path, isPlainString ? .string(value) : .named(value), supported: supported))
  }

  /// Reports every objection to a text.
  mutating func object(
    _ rule: PodRule, _ objections: [String], to text: String, _ path: @autoclosure () -> FieldPath
  ) {
    for objection in objections { invalid(rule, path(), .string(text), objection) }
  }
}

extension Findings {
  // MARK: Forms of names

  mutating func checkDNSLabel(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    object(rule, NameSyntax.dnsLabelObjections(text), to: text, path())
  }

  mutating func checkDNSSubdomain(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    object(rule, NameSyntax.dnsSubdomainObjections(text), to: text, path())
  }

  mutating func checkQualifiedName(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    object(rule, NameSyntax.qualifiedNameObjections(text), to: text, path())
  }

  mutating func checkLabelValue(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    object(rule, NameSyntax.labelValueObjections(text), to: text, path())
  }

  /// Keys and values of a map that is compared with labels.
  mutating func checkLabels(
    _ rule: PodRule, _ labels: StringMap<String>, _ path: @autoclosure () -> FieldPath
  ) {
    for (key, value) in labels {
      checkQualifiedName(rule, key, path())
      checkLabelValue(rule, value, path())
    }
  }

  mutating func checkAddress(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    object(rule, AddressForm.objections(text), to: text, path())
  }

  // MARK: Numbers

  mutating func checkNotNegative(_ rule: PodRule, _ number: Int64, _ path: @autoclosure () -> FieldPath) {
    if number < 0 { invalid(rule, path(), .integer(number), "must be greater than or equal to 0") }
  }

  mutating func checkRange(
    _ rule: PodRule, _ number: Int64, _ range: ClosedRange<Int64>, _ path: @autoclosure () -> FieldPath
  ) {
    if !range.contains(number) {
      invalid(rule, path(), .integer(number), Self.outside(range))
    }
  }

  static func outside(_ range: ClosedRange<Int64>) -> String {
    "must be between \(range.lowerBound) and \(range.upperBound), inclusive"
  }

  mutating func checkPort(_ rule: PodRule, _ port: IntOrString, _ path: @autoclosure () -> FieldPath) {
    switch port {
    case .int(let number): checkRange(rule, Int64(number), 1...65_535, path())
    case .string(let name): object(rule, PortNameForm.objections(name), to: name, path())
    }
  }

  /// Permission bits of a file.
  mutating func checkMode(_ mode: Int32?, _ path: @autoclosure () -> FieldPath) {
    if let mode, !(0...0o777).contains(mode) {
      invalid(
        .volume, path(), .integer(Int64(mode)), "must be a number between 0 and 0777 (octal), both inclusive")
    }
  }
}
