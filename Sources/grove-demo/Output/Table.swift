/// Text in columns, as kubectl prints it: headings in capitals, three spaces between columns.
struct Table {
  var headings: [String]
  /// Which columns hold numbers and stand to the right.
  var numeric: Set<Int> = []
  var rows: [[String]] = []

  init(_ headings: [String], numeric: Set<Int> = []) {
    self.headings = headings
    self.numeric = numeric
  }

  /// The lines of the table, without trailing blanks.
  var text: String {
    var widths = headings.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    var text = ""
    for row in [headings] + rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += numeric.contains(column) ? padding + cell : cell + padding
        if column < row.count - 1 { line += "   " }
      }
      while line.hasSuffix(" ") { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}
