/// Draws boxes, nodes and cells; everything of one look becomes one path.
struct DiagramBody {
  private let model: DiagramModel
  private let scale: DiagramScale
  /// Outlines of boxes by depth: those inside lie above those around them.
  private var boxes: [RectanglePath] = []
  private var gangs: [RectanglePath]
  private var free = RectanglePath()
  private var other = RectanglePath()
  private var off = RectanglePath()
  private var down = RectanglePath()
  private var evicted = RectanglePath()
  private var texts = ""

  init(_ model: DiagramModel, _ scale: DiagramScale) {
    self.model = model
    self.scale = scale
    gangs = Array(repeating: RectanglePath(), count: DiagramRendering.palette.count)
  }

  /// What was drawn, back to front.
  var elements: String {
    var result = ""
    for (depth, path) in boxes.enumerated() { result += path.element("b\(depth % 2)") }
    result += other.element("other")
    for (index, path) in gangs.enumerated() { result += path.element("g\(index)") }
    result += free.element("free") + off.element("off") + down.element("down") + evicted.element("gone")
    return result + texts
  }

  /// Draws a box and all inside.
  mutating func draw(_ box: DiagramBox) {
    if box.depth > 0 {
      while boxes.count < box.depth { boxes.append(RectanglePath()) }
      boxes[box.depth - 1].add(box.x, box.y, box.width, box.height)
      heading(box)
    }
    for child in box.children { draw(child) }
    guard box.children.isEmpty else { return }
    for node in box.nodes { draw(node, box.corner(of: node, scale)) }
    if !scale.hasLetters, box.depth > 0 { summary(box) }
  }

  // MARK: Texts

  private mutating func text(_ style: String, _ x: Double, _ y: Double, _ content: String) {
    guard !content.isEmpty else { return }
    texts += "<text class=\"\(style)\" x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\">"
    texts += "\(SVGText.escaped(content))</text>\n"
  }

  /// The domain's name, and how many of its cells are taken.
  private mutating func heading(_ box: DiagramBox) {
    var (taken, all) = (0, 0)
    for node in box.nodes {
      taken += model.machines[node].cells.count { $0 != .free }
      all += model.machines[node].cells.count + model.machines[node].hidden
    }
    let room = Int((box.width - 2 * scale.padding) / (scale.fontSize * 0.58))
    let baseline = box.y + scale.heading * 0.68
    let full = box.domain.isEmpty || box.name.hasPrefix(box.domain) ? box.name : "\(box.domain) \(box.name)"
    // The name matters most: what does not fit is left out of the rest first.
    let counts = ["\(taken)/\(all)", "\(taken)", ""]
    let name =
      [full, box.name].first { name in counts.contains { name.count + $0.count < room } } ?? box.name
    let count = counts.first { name.count + $0.count < room } ?? ""
    text("name", box.x + scale.padding, baseline, SVGText.shortened(name, to: max(room, 0)))
    text("count", box.x + box.width - scale.padding, baseline, count)
  }

  /// How many cells each gang has in a box, as `1:8 2:4`.
  private mutating func summary(_ box: DiagramBox) {
    var counts: [Int: Int] = [:]
    for node in box.nodes {
      for case .taken(let gang, _) in model.machines[node].cells { counts[gang, default: 0] += 1 }
    }
    let room = Int((box.width - 2 * scale.padding) / (scale.fontSize * 0.58))
    var line = ""
    for gang in counts.keys.sorted() {
      let part = "\(line.isEmpty ? "" : " ")\(gang + 1):\(counts[gang] ?? 0)"
      if line.count + part.count > room {
        if line.count < room { line += "…" }
        break
      }
      line += part
    }
    text("sum", box.x + scale.padding, box.y + box.height - scale.padding - 1, line)
  }

  // MARK: Nodes

  private mutating func draw(_ node: Int, _ corner: (x: Double, y: Double)) {
    let machine = model.machines[node]
    let left = corner.x + scale.nameWidth
    let step = scale.cellWidth + scale.cellGap
    if scale.nameWidth > 0 {
      let style = machine.state == .failed ? "mono bad" : "mono"
      text(style, corner.x, corner.y + scale.cellHeight * 0.74, machine.label)
    }
    var letters: [(x: Double, text: String)] = []
    for (index, cell) in machine.cells.enumerated() {
      let x = left + Double(index) * step
      switch cell {
      case .free: free.add(x + 0.5, corner.y + 0.5, scale.cellWidth - 1, scale.cellHeight - 1)
      case .other: other.add(x, corner.y, scale.cellWidth, scale.cellHeight)
      case .taken(let gang, let letter):
        gangs[gang % gangs.count].add(x, corner.y, scale.cellWidth, scale.cellHeight)
        letters.append((x + scale.cellWidth / 2, gang < 99 ? "\(gang + 1)\(letter)" : letter))
      }
    }
    let width = max(Double(machine.cells.count) * step - scale.cellGap, scale.cellWidth)
    switch machine.state {
    case .usable: break
    case .cordoned: off.add(left, corner.y, width, scale.cellHeight)
    case .failed:
      down.add(left, corner.y, width, scale.cellHeight)
      down.addCross(left, corner.y, width, scale.cellHeight)
    }
    if machine.evicted > 0 {
      let bar = scale.hasLetters ? 3.0 : 2.0
      evicted.add(left - bar - 1, corner.y, bar, scale.cellHeight)
    }
    guard scale.hasLetters else { return }
    for (x, letter) in letters { text("cell", x, corner.y + scale.cellHeight * 0.72, letter) }
    small(machine, corner)
  }

  /// Pods that take no cell, round; when there are too many, the last place has their number.
  private mutating func small(_ machine: DiagramModel.Machine, _ corner: (x: Double, y: Double)) {
    let size = scale.smallSize
    for (index, cell) in machine.small.enumerated() {
      guard index < scale.smallCount, case .taken(let gang, let letter) = cell else { break }
      let x = corner.x + scale.nameWidth + scale.cellsWidth + 4 + Double(index) * (size + 2) + size / 2
      let y = corner.y + scale.cellHeight / 2
      gangs[gang % gangs.count].addCircle(x, y, size / 2)
      let isLast = index == scale.smallCount - 1 && machine.small.count > scale.smallCount
      let content = isLast ? "+\(machine.small.count - scale.smallCount + 1)" : "\(letter)"
      text("cell", x, corner.y + scale.cellHeight * 0.72, content)
    }
  }
}
