import Foundation
import KubernetesModel
import Testing

/// What Kubernetes' own code makes of quantities, durations, times, selectors and names (`scalars.jsonl`).
@Suite(.enabled(if: Oracle.isPresent("scalars"), Oracle.absence))
struct ScalarOracleTests {
  private func questions(_ kind: String) throws -> [Value] {
    let found = try Oracle.lines("scalars").filter { $0["kind"]?.stringValue == kind }
    try #require(!found.isEmpty)
    return found
  }

  private func text(_ question: Value) -> String { question["in"]?["text"]?.stringValue ?? "" }

  @Test func quantities() throws {
    for question in try questions("quantity") {
      // Where Go's 64 bits wrap round we compute exactly (docs/deviations.md).
      if question["large"]?.booleanValue == true { continue }
      let text = text(question)
      let quantity = try? Quantity(parsing: text)
      guard let out = question["out"] else {
        #expect(quantity == nil, "\(text) is an error")
        continue
      }
      guard let quantity else {
        // A number without a digit, which Go reads as zero by accident.
        #expect(!text.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }, "\(text) is a quantity")
        continue
      }
      let other = try Quantity(parsing: question["in"]?["other"]?.stringValue ?? "")
      let factor = question["in"]?["mul"]?.integerValue ?? 1
      var found: [String: String] = [:]
      found["canonical"] = quantity.canonicalText
      // Go keeps the text of a quantity that it takes for canonical.
      let kept = quantity.goLayout.cachedText
      found["string"] = kept.isEmpty ? quantity.canonicalText : kept
      found["format"] = quantity.format.rawValue
      found["value"] = String(quantity.value)
      found["milli"] = String(quantity.milliValue)
      found["sign"] = String(quantity.signum)
      found["add"] = (quantity + other).canonicalText
      found["sub"] = (quantity - other).canonicalText
      found["cmp"] = quantity < other ? "-1" : quantity == other ? "0" : "1"
      found["mul"] = (quantity * factor).canonicalText
      found["neg"] = (-quantity).canonicalText
      for (name, value) in out.members where name != "json" {
        // No suffix fits 10²¹: we write an exponent, Go leaves it out (docs/deviations.md).
        if let text = found[name], text.hasSuffix("e21") { continue }
        #expect(found[name] == value.scalarText, "\(name) of \(text) with \(other.text) and \(factor)")
      }
    }
  }

  @Test func durations() throws {
    for question in try questions("duration") {
      let duration = try? Duration(parsing: text(question))
      #expect((duration == nil) == (question["out"] == nil), "\(text(question))")
      guard let out = question["out"], let duration else { continue }
      #expect(String(duration.nanoseconds) == out["ns"]?.scalarText, "\(text(question))")
      #expect(duration.text == out["text"]?.stringValue, "\(text(question))")
    }
  }

  @Test func times() throws {
    for question in try questions("time") {
      let text = text(question)
      let time = try? Timestamp(parsing: text)
      #expect((time == nil) == (question["out"] == nil), "\(text)")
      guard let out = question["out"], let time else { continue }
      #expect(String(time.secondsSince1970) == out["s"]?.scalarText, "\(text)")
      #expect(String(time.nanoseconds) == out["n"]?.scalarText, "\(text)")
      // Go writes its zero time as null.
      if time == .min { continue }
      #expect(time.text == out["text"]?.stringValue, "\(text)")
    }
  }

  @Test func microTimes() throws {
    for question in try questions("microtime") {
      let text = text(question)
      let time = try? MicroTime(parsing: text)
      #expect((time == nil) == (question["out"] == nil), "\(text)")
      guard let out = question["out"], let time else { continue }
      #expect(time.text == out["text"]?.stringValue, "\(text)")
    }
  }

  @Test func integersOrStrings() throws {
    for question in try questions("intOrString") {
      let text = text(question)
      let value = IntOrString(parsing: text)
      let total = Int(try #require(question["in"]?["total"]?.integerValue))
      let out = try #require(question["out"])
      #expect(value.description == out["desc"]?.stringValue, "\(text)")
      #expect(String(value.intValue) == out["int"]?.scalarText, "\(text)")
      let up = try? value.scaled(to: total, rounding: .up)
      #expect(up.map { String($0) } == out["up"]?.scalarText, "\(text) of \(total)")
      let down = try? value.scaled(to: total, rounding: .down)
      #expect(down.map { String($0) } == out["down"]?.scalarText, "\(text) of \(total)")
    }
  }

  @Test func selectors() throws {
    for question in try questions("selector") {
      let text = text(question)
      let selector = try? LabelRequirements(parsing: text)
      #expect((selector == nil) == (question["out"] == nil), "\(text)")
      guard let out = question["out"], let selector else { continue }
      #expect(selector.description == out["string"]?.stringValue, "\(text)")
      var labels: StringMap<String> = [:]
      for (key, value) in question["in"]?["labels"]?.members ?? [] { labels[key] = value.stringValue }
      #expect(selector.matches(labels) == out["matches"]?.booleanValue, "\(text)")
    }
  }

  @Test func names() throws {
    let forms: [(name: String, objections: (String) -> [String])] = [
      ("dnsLabel", NameSyntax.dnsLabelObjections), ("dnsSubdomain", NameSyntax.dnsSubdomainObjections),
      ("qualifiedName", NameSyntax.qualifiedNameObjections),
      ("labelValue", NameSyntax.labelValueObjections),
      ("envVarName", NameSyntax.environmentNameObjections),
      ("relaxedEnvVarName", NameSyntax.relaxedEnvironmentNameObjections),
    ]
    for question in try questions("name") {
      let text = text(question)
      for form in forms {
        let expected = question["out"]?[form.name]?.elements.compactMap(\.stringValue) ?? []
        #expect(form.objections(text) == expected, "\(form.name) \(text.debugDescription)")
      }
    }
  }
}

/// The questions and answers in `../shared/oracle`, where they are there.
private enum Oracle {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/oracle")
  static let absence: Comment = "no oracle beside the package (../shared/oracle)"

  static func isPresent(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent("\(name).jsonl").path)
  }

  static func lines(_ name: String) throws -> [Value] {
    let data = try Data(contentsOf: root.appendingPathComponent("\(name).jsonl"))
    let tape = try [UInt8](data).withUnsafeBufferPointer { (text) throws(ReadError) in
      try JSONReader.read(text)
    }
    return tape.roots.map { Value(tape: tape, index: $0) }
  }
}
