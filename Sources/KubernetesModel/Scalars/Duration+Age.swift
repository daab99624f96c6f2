extension Duration {
  /// The span as kubectl prints ages: `0s`, `119s`, `2m`, `9m59s`, `10m`, `179m`, `3h`, `7h59m`, `47h`, `7d23h`, `8d`,
  /// `2y`, `7y364d`.
  ///
  /// The longer the span, the fewer digits; a little less than nothing is `0s`, and anything below is `<invalid>`.
  public var ageText: String {
    let seconds = nanoseconds / 1_000_000_000
    if seconds < -1 { return "<invalid>" }
    if seconds < 0 { return "0s" }
    if seconds < 2 * 60 { return "\(seconds)s" }
    let minutes = seconds / 60
    if minutes < 10 { return Self.age(minutes, "m", seconds % 60, "s") }
    if minutes < 3 * 60 { return "\(minutes)m" }
    let hours = minutes / 60
    if hours < 8 { return Self.age(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    let days = hours / 24
    if days < 8 { return Self.age(days, "d", hours % 24, "h") }
    if days < 2 * 365 { return "\(days)d" }
    if days < 8 * 365 { return Self.age(days / 365, "y", days % 365, "d") }
    return "\(days / 365)y"
  }

  private static func age(_ count: Int64, _ unit: String, _ rest: Int64, _ smaller: String) -> String {
    rest == 0 ? "\(count)\(unit)" : "\(count)\(unit)\(rest)\(smaller)"
  }
}
