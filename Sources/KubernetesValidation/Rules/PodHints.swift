public import KubernetesModel

/// Advice for what people get wrong in pods.
public enum PodHints {
  /// What to do about a finding of ``PodValidation``, where there is something to say beyond its text.
  public static func hint(for diagnostic: Diagnostic) -> String? {
    switch diagnostic.rule {
    case PodRule.resources.id: return resourceHint(diagnostic)
    case PodRule.handler.id where diagnostic.detail == "must specify a handler type":
      let isProbe = diagnostic.path.hasSuffix("Probe")
      return isProbe
        ? "give one of exec, httpGet, tcpSocket and grpc" : "give one of exec, httpGet, tcpSocket and sleep"
    case PodRule.image.id where diagnostic.kind == .required:
      return "give the image that the container runs"
    case PodRule.port.id where diagnostic.path.hasSuffix(".name"):
      return "names of ports are short: http, grpc, metrics"
    case PodRule.mount.id where diagnostic.kind == .notFound:
      return "add a volume of this name to spec.volumes, or put right the one that is there"
    case PodRule.privileged.id:
      return "an API server without --allow-privileged refuses it; most clusters have the flag"
    case PodRule.toleration.id where diagnostic.detail.hasPrefix("value must be empty"):
      return "leave the value out, or use operator Equal"
    default: break
    }
    if diagnostic.kind == .notSupported { return nearestHint(diagnostic) }
    return nameHint(diagnostic)
  }

  private static func resourceHint(_ diagnostic: Diagnostic) -> String? {
    if diagnostic.detail.hasPrefix("Limit must be set") {
      return "give the amount under limits; the request follows from it"
    }
    if diagnostic.detail.hasPrefix("must be equal to") {
      return "give the amount under limits only; the request follows from it"
    }
    guard diagnostic.kind == .invalid, diagnostic.detail.hasPrefix("must be a standard resource") else {
      return nil
    }
    let name = text(diagnostic.value)
    if ["gpu", "gpus", "nvidia-gpu", "nvidia"].contains(name.lowercased()) {
      return "did you mean nvidia.com/gpu?"
    }
    let near = nearest(to: name, among: ["cpu", "memory", "ephemeral-storage"])
    return near.map { "did you mean \($0)?" } ?? "resources of others have a domain: example.com/\(name)"
  }

  /// For a value that is none of a few: the one that was meant.
  private static func nearestHint(_ diagnostic: Diagnostic) -> String? {
    let listed = diagnostic.detail.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    return nearest(to: text(diagnostic.value), among: listed).map { "did you mean \($0)?" }
  }

  /// For a name that is none: one that is.
  private static func nameHint(_ diagnostic: Diagnostic) -> String? {
    guard diagnostic.kind == .invalid, diagnostic.detail.contains("RFC 1123 label"),
      diagnostic.value?.first == "\""
    else { return nil }
    var name = text(diagnostic.value).lowercased().map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    while name.first == "-" { name.removeFirst() }
    while name.last == "-" { name.removeLast() }
    return name.isEmpty || name.count > 63 ? nil : "for example \(String(name))"
  }

  private static func text(_ value: String?) -> String {
    guard let value, value.count >= 2, value.first == "\"", value.last == "\"" else { return value ?? "" }
    return String(value.dropFirst().dropLast())
  }

  /// The closest of some words, if it is close: at most two letters differ, apart from case.
  static func nearest(to word: String, among words: [String]) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in words where !candidate.isEmpty {
      let distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
      if distance < (best?.distance ?? 3), distance * 2 < max(candidate.count, 2) {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if abs(a.count - b.count) > 2 { return 3 }
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
