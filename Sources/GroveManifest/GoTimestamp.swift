/// The date and time texts that go-yaml v2 takes for timestamps.
enum GoTimestamp {
  /// Whether a text is one of: a date; a date and a time apart by spaces, without a zone; RFC 3339 with `T` or `t`.
  ///
  /// Months, days, hours, minutes and seconds may have one digit; the year has four.
  static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 8, text[4] == 0x2D else { return false }
    var year = 0
    for index in 0..<4 {
      guard text[index] &- 0x30 <= 9 else { return false }
      year = year * 10 + Int(text[index] - 0x30)
    }
    var scanner = Scanner(text: text, position: 5)
    guard let month = scanner.number(), month >= 1, month <= 12, scanner.skip(0x2D),
      let day = scanner.number(), day >= 1, day <= days(inMonth: month, of: year)
    else { return false }
    if scanner.isAtEnd { return true }
    if scanner.skip(0x54) || scanner.skip(0x74) {
      return scanner.timeOfDay() && scanner.zone() && scanner.isAtEnd
    }
    guard scanner.skip(0x20) else { return false }
    while scanner.skip(0x20) {}
    return scanner.timeOfDay() && scanner.isAtEnd
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private struct Scanner {
    let text: UnsafeBufferPointer<UInt8>
    var position: Int

    var isAtEnd: Bool { position == text.count }

    private func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- 0x30 <= 9 }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard position < text.count, text[position] == byte else { return false }
      position += 1
      return true
    }

    /// A number of one or two digits.
    mutating func number() -> Int? {
      guard isDigit(position) else { return nil }
      var value = Int(text[position] - 0x30)
      position += 1
      if isDigit(position) {
        value = value * 10 + Int(text[position] - 0x30)
        position += 1
      }
      return value
    }

    /// Hours, minutes and seconds, with an optional fraction of a second.
    mutating func timeOfDay() -> Bool {
      guard let hour = number(), hour < 24, skip(0x3A), let minute = number(), minute < 60, skip(0x3A),
        let second = number(), second < 60
      else { return false }
      if position < text.count, text[position] == 0x2E || text[position] == 0x2C, isDigit(position + 1) {
        position += 1
        while isDigit(position) { position += 1 }
      }
      return true
    }

    /// `Z`, or a sign, two digits of hours, a colon and two digits of minutes.
    mutating func zone() -> Bool {
      if skip(0x5A) { return true }
      guard skip(0x2B) || skip(0x2D), isDigit(position), isDigit(position + 1) else { return false }
      guard let hours = number(), hours <= 24, skip(0x3A), isDigit(position), isDigit(position + 1)
      else { return false }
      guard let minutes = number() else { return false }
      return minutes <= 60
    }
  }
}
