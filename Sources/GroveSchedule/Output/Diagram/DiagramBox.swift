/// A domain of the picture, with the domains or nodes inside, and where it is.
struct DiagramBox {
  /// Domain name of its level, such as `rack`; empty for the whole cluster.
  var domain: String
  /// Its name without what the domain around it is called.
  var name: String
  /// How deep it is; 0 for the whole cluster.
  var depth: Int
  /// Positions of its nodes in the model.
  var nodes: Range<Int>
  var children: [DiagramBox] = []
  /// How many rows its nodes stand in, side by side in columns; for boxes without children.
  var rows = 0
  var x = 0.0
  var y = 0.0
  var width = 0.0
  var height = 0.0
}

extension DiagramBox {
  /// The whole cluster; nodes are sorted by their paths.
  ///
  /// - Parameter levels: the levels that are drawn, by their positions in paths.
  init(_ machines: [DiagramModel.Machine], levels: ArraySlice<(index: Int, domain: String)>) {
    self.init(domain: "", name: "", depth: 0, nodes: 0..<machines.count)
    children = Self.split(machines, 0..<machines.count, levels, depth: 1, around: "")
    if children.isEmpty, machines.count > DiagramScale.letteredNodes {
      // Without domains, neighbours are put together, so that there is something to write numbers below.
      children = stride(from: 0, to: machines.count, by: Self.chunk).map { start in
        DiagramBox(
          domain: "", name: machines[start].label + " …", depth: 1,
          nodes: start..<min(start + Self.chunk, machines.count))
      }
    }
  }

  /// How many nodes make a box where there are no domains.
  private static let chunk = 24

  private static func split(
    _ machines: [DiagramModel.Machine], _ range: Range<Int>,
    _ levels: ArraySlice<(index: Int, domain: String)>, depth: Int, around: String
  ) -> [DiagramBox] {
    guard let level = levels.first else { return [] }
    var boxes: [DiagramBox] = []
    var start = range.lowerBound
    for position in range {
      let value = machines[position].path[level.index]
      let isLast = position + 1 == range.upperBound
      if !isLast, machines[position + 1].path[level.index] == value { continue }
      var box = DiagramBox(
        domain: level.domain, name: shortened(value, around), depth: depth, nodes: start..<(position + 1))
      box.children = split(machines, box.nodes, levels.dropFirst(), depth: depth + 1, around: value)
      boxes.append(box)
      start = position + 1
    }
    return boxes
  }

  /// A name without the name of the domain around it in front: `r1` for `z0-b0-r1` in `z0-b0`.
  private static func shortened(_ name: String, _ around: String) -> String {
    guard !name.isEmpty else { return "(none)" }
    guard !around.isEmpty, name.hasPrefix(around), name.count > around.count else { return name }
    let rest = name.dropFirst(around.count)
    guard let first = rest.first, "-._/".contains(first), rest.count > 1 else { return name }
    return String(rest.dropFirst())
  }

  // MARK: Places

  /// Gives the box and all inside their places, the box itself with its corner at the given point.
  mutating func place(x: Double, y: Double, _ scale: DiagramScale, maximumWidth: Double) {
    self.x = x
    self.y = y
    let padding = depth == 0 ? 0 : scale.padding
    let heading = depth == 0 ? 0 : scale.heading
    if children.isEmpty {
      placeNodes(scale, padding, heading, maximumWidth)
      return
    }
    var (left, top, row) = (x + padding, y + heading, 0.0)
    var right = left
    for index in children.indices {
      children[index].place(x: left, y: top, scale, maximumWidth: maximumWidth - 2 * padding)
      if left > x + padding, left + children[index].width > x + maximumWidth - padding {
        left = x + padding
        top += row + scale.gap
        row = 0
        children[index].place(x: left, y: top, scale, maximumWidth: maximumWidth - 2 * padding)
      }
      row = max(row, children[index].height)
      right = max(right, left + children[index].width)
      left += children[index].width + scale.gap
    }
    width = max(right + padding - x, scale.minimumWidth)
    height = top + row + padding - y
  }

  private mutating func placeNodes(
    _ scale: DiagramScale, _ padding: Double, _ heading: Double, _ maximumWidth: Double
  ) {
    let most = max(1, Int((maximumWidth - 2 * padding + scale.gap) / (scale.rowWidth + scale.gap)))
    // Racks stand upright; what is no rack fills the width.
    let wanted = depth == 0 ? most : (nodes.count + scale.rackRows - 1) / scale.rackRows
    let columns = max(1, min(most, wanted, nodes.count))
    rows = (nodes.count + columns - 1) / columns
    let summary = depth == 0 ? 0 : scale.summary
    width = max(
      Double(columns) * (scale.rowWidth + scale.gap) - scale.gap + 2 * padding, scale.minimumWidth)
    height = heading + Double(rows) * scale.rowHeight + summary + padding
  }

  /// The corner of a node.
  func corner(of node: Int, _ scale: DiagramScale) -> (x: Double, y: Double) {
    let (padding, heading) = depth == 0 ? (0, 0) : (scale.padding, scale.heading)
    let position = node - nodes.lowerBound
    return (
      x + padding + Double(position / max(rows, 1)) * (scale.rowWidth + scale.gap),
      y + heading + Double(position % max(rows, 1)) * scale.rowHeight
    )
  }
}

/// How large things are, in pixels; small for large clusters.
struct DiagramScale {
  var cellWidth: Double
  var cellHeight: Double
  var cellGap: Double
  var padding: Double
  var gap: Double
  /// Height of the line with a domain's name.
  var heading: Double
  /// Height of the line below the nodes with numbers of gangs; 0 where cells have letters.
  var summary: Double
  var fontSize: Double
  /// Width for names of nodes; 0 where they have none.
  var nameWidth: Double
  /// Places for pods that take no cell.
  var smallCount: Int
  /// The widest row of cells.
  var cellCount: Int
  /// How high a rack is before its nodes stand in two columns.
  var rackRows: Int
  var pageWidth: Double

  var hasLetters: Bool { summary == 0 }
  var rowHeight: Double { cellHeight + cellGap + (hasLetters ? 2 : 0) }
  var smallSize: Double { cellHeight - 2 }
  var cellsWidth: Double { Double(cellCount) * (cellWidth + cellGap) }
  var rowWidth: Double {
    nameWidth + cellsWidth + (smallCount > 0 ? 4 + Double(smallCount) * (smallSize + 2) : 0)
  }
  var minimumWidth: Double { hasLetters ? 96 : 0 }

  init(_ model: DiagramModel) {
    let count = model.machines.count
    cellCount = model.machines.lazy.map(\.cells.count).max() ?? 0
    if count <= Self.letteredNodes {
      (cellWidth, cellHeight, cellGap, padding, gap, heading, summary, fontSize) = (
        20, 15, 2, 10, 12, 26, 0, 11
      )
      let longest = model.machines.lazy.map(\.label.count).max() ?? 0
      nameWidth = Double(longest) * 6.05 + 8
      smallCount = min(model.machines.lazy.map(\.small.count).max() ?? 0, Self.smallLimit)
      rackRows = 18
      pageWidth = 1240
    } else if count <= 2_500 {
      (cellWidth, cellHeight, cellGap, padding, gap, heading, summary, fontSize) = (7, 7, 1, 6, 6, 16, 12, 9)
      (nameWidth, smallCount, rackRows, pageWidth) = (0, 0, 24, 1600)
    } else {
      (cellWidth, cellHeight, cellGap, padding, gap, heading, summary, fontSize) = (5, 4, 1, 4, 4, 12, 9, 7)
      (nameWidth, smallCount, rackRows, pageWidth) = (0, 0, 32, 2400)
    }
  }

  /// In how large a cluster nodes have names and cells have letters.
  static let letteredNodes = 256
  /// How many pods without a cell are shown one by one.
  static let smallLimit = 4
}
