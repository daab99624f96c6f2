/// A day of the Gregorian calendar, extended backwards before its introduction.
struct CivilDate: Sendable, Hashable {
  var year: Int
  /// 1 … 12.
  var month: Int
  /// 1 … 31.
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  // Both directions count in years that start on 1 March, so that the leap day is the last one, and in
  // cycles of 400 such years, which all have 146,097 days. 1 March 0000 is 719,468 days before 1970.

  /// The number of days from 1 January 1970.
  var daysSince1970: Int {
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let shiftedYear = month > 2 ? year : year - 1
    let cycle = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfCycle = shiftedYear - cycle * 400
    let dayOfYear = (shiftedMonth * 153 + 2) / 5 + day - 1
    return cycle * 146_097 + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - 719_468
  }

  /// The day that is so many days after 1 January 1970.
  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfCycle = shifted - cycle * 146_097
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100)
    let shiftedMonth = (dayOfYear * 5 + 2) / 153
    day = dayOfYear - (shiftedMonth * 153 + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfCycle + cycle * 400 + (month > 2 ? 0 : 1)
  }

  /// The number of days in a month.
  static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
