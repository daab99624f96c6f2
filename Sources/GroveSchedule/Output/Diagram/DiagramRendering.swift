/// Puts the elements of a picture together.
struct DiagramRendering {
  private let diagram: ClusterDiagram
  private let model: DiagramModel
  private let scale: DiagramScale
  private var root: DiagramBox
  private let legendTop = 82.0
  private let margin = 24.0

  /// Fills of gangs, all light enough for dark letters.
  static let palette = [
    "#7cc4fa", "#ffb55a", "#7ddba0", "#f49ac2", "#c3a6ff", "#ffe066", "#66d9d2", "#ff9184", "#b9cf8f",
    "#d9b38c",
  ]
  private static let legendLimit = 24

  init(_ diagram: ClusterDiagram, _ model: DiagramModel) {
    self.diagram = diagram
    self.model = model
    scale = DiagramScale(model)
    root = DiagramBox(model.machines, levels: diagram.drawnLevels[...])
    root.place(x: margin, y: 0, scale, maximumWidth: scale.pageWidth - 2 * margin)
  }

  /// The document.
  var document: String {
    var legend = ""
    let top = writeLegend(to: &legend)
    let width = max(root.width + 2 * margin, 720)
    var moved = root
    moved.place(x: margin, y: top, scale, maximumWidth: scale.pageWidth - 2 * margin)
    let height = top + moved.height + margin
    var body = DiagramBody(model, scale)
    body.draw(moved)
    let size = "\(SVGText.number(width)) \(SVGText.number(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(SVGText.number(width))" \
      height="\(SVGText.number(height))" role="img" aria-labelledby="title desc">
      <title id="title">\(SVGText.escaped(diagram.title))</title>
      <desc id="desc">\(SVGText.escaped(diagram.subtitle))</desc>
      \(style)
      <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
      <path class="hatch" d="M0 0v6"/></pattern></defs>
      <rect class="page" width="100%" height="100%"/>
      <text class="title" x="\(SVGText.number(margin))" y="38">\(SVGText.escaped(diagram.title))</text>
      <text class="subtitle" x="\(SVGText.number(margin))" y="60">\(SVGText.escaped(diagram.subtitle))</text>
      \(legend)\(body.elements)</svg>

      """
  }

  private var style: String {
    var gangs = ""
    for (index, color) in Self.palette.enumerated() { gangs += ".g\(index){fill:\(color)}" }
    let small = SVGText.number(scale.fontSize)
    return """
      <style>
      svg{--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#afb8c1;--box:#d0d7de;--d1:#f6f8fa;--d2:#fff;--other:#c4cbd3;\
      --bad:#b42318;color-scheme:light dark}
      @media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9ba5b0;--line:#57606a;--box:#30363d;\
      --d1:#161b22;--d2:#0d1117;--other:#57606a;--bad:#ff9184}}
      text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12px;fill:var(--ink)}
      .mono,.cell{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
      .cell.unlit{fill:var(--ink)}.mono{font-size:10px;fill:var(--soft)}.cell{font-size:9px;fill:#10151b;text-anchor:middle}
      .title{font-size:20px;font-weight:600}.subtitle{font-size:14px;fill:var(--soft)}
      .name{font-size:\(small)px;font-weight:600}.count{font-size:\(small)px;fill:var(--soft);text-anchor:end}
      .sum{font-size:\(small)px;fill:var(--soft)}.bad{fill:var(--bad)}
      .page{fill:var(--page)}.hatch{stroke:var(--soft);stroke-width:1.6}
      .b0{fill:var(--d1);stroke:var(--box)}.b1{fill:var(--d2);stroke:var(--box)}
      .free{fill:none;stroke:var(--line);stroke-width:\(scale.hasLetters ? "1" : "0.5")}
      .gone{fill:var(--bad)}.other{fill:var(--other)}.off{fill:url(#hatch);opacity:.55}.down{fill:none;stroke:var(--bad);stroke-width:1.2}
      \(gangs)
      </style>
      """
  }

  // MARK: Legend

  /// Writes the legend and gives the place below it.
  private func writeLegend(to text: inout String) -> Double {
    var (x, y) = (margin, legendTop)
    let right = max(root.width + 2 * margin, 720) - margin
    func item(_ swatch: String?, _ label: String, number: String? = nil, style: String = "") {
      let needed = (swatch == nil ? 0 : 28) + Double(label.count) * 6.9 + 18
      if x > margin, x + needed > right {
        x = margin
        y += 22
      }
      let (left, top) = (SVGText.number(x), SVGText.number(y))
      if let swatch {
        text += "<rect class=\"\(swatch)\" x=\"\(left)\" y=\"\(top)\" "
        text += "width=\"\(swatch == "gone" ? 3 : 22)\" height=\"15\"/>"
      }
      if let number {
        text += "<text class=\"cell\(style)\" x=\"\(SVGText.number(x + 11))\" "
        text += "y=\"\(SVGText.number(y + 11))\">\(number)</text>"
      }
      text += "<text x=\"\(SVGText.number(swatch == nil ? x : x + 28))\" y=\"\(SVGText.number(y + 12))\">"
      text += "\(SVGText.escaped(label))</text>\n"
      x += needed
    }
    let shown = model.entries.prefix(Self.legendLimit)
    for (index, entry) in shown.enumerated() {
      let isThere = entry.placed > 0
      item(
        isThere ? "g\(index % Self.palette.count)" : "free",
        "\(entry.name)  \(entry.placed)/\(entry.all)\(entry.hasPlace ? "" : ": no place")",
        number: String(index + 1), style: isThere ? "" : " unlit")
    }
    if model.entries.count > shown.count {
      item(nil, "and \(model.entries.count - shown.count) more, in the same colours again")
    }
    (x, y) = (margin, y + 24)
    item("free", "free; a cell is \(model.unit)")
    if model.machines.contains(where: { $0.cells.contains(.other) }) { item("other", "other pods") }
    if model.machines.contains(where: { $0.state == .cordoned }) { item("off", "cordoned or left out") }
    if model.machines.contains(where: { $0.state == .failed }) { item("down", "not ready") }
    if model.machines.contains(where: { $0.evicted > 0 }) { item("gone", "pods had to leave") }
    let letters = model.letters.prefix(12).map { "\($0.letter) \($0.role)" }.joined(separator: ", ")
    if scale.hasLetters, !letters.isEmpty {
      item(nil, "\(letters)\(scale.smallCount > 0 ? "; round: pods that take no cell" : "")")
    } else if !scale.hasLetters {
      item(nil, "below each group, the cells of each gang")
    }
    return y + 34
  }
}
