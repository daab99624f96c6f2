internal import GroveSimulate

/// How a report looks.
enum ReportStyle {
  /// Patterns that the drawings of a page share.
  static let patterns = """
    <svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>\
    <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="2.2" height="5"/></pattern>\
    <pattern id="cut" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <rect class="cut-line" width="1.2" height="6"/></pattern></defs></svg>
    """

  /// The style sheet.
  static let css = """
    :root {
      --page: #fbfbfd; --card: #ffffff; --text: #1b1f27; --soft: #5b6472; --edge: #dfe3ea; --grid: #e9ecf1;
      --accent: #3a54c4; --gated: #98a1b0; --pending: #c98a00; --starting: #6db3ee; --running: #2c6fd1;
      --ready: #1f8f5a; --failed: #cf3430; --terminating: #8a5cc7; --enough: #4bb184; --few: #e6b450;
      --short: #f6d5d3; --short-line: #d6605c; --wanted: #eef1f5; --chip-text: #14181f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #12151b; --card: #1a1e26; --text: #e7eaf0; --soft: #9aa4b4; --edge: #2e3542; --grid: #262c37;
        --accent: #8ea2ff; --gated: #7c8797; --pending: #e0a92e; --starting: #4b8fc9; --running: #5b9bff;
        --ready: #3fbf83; --failed: #ff6b66; --terminating: #b08be8; --enough: #2f8f63; --few: #a67a1f;
        --short: #4a2426; --short-line: #d6605c; --wanted: #222834; --chip-text: #0f1318;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 76rem; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
    }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
    h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
    code, time, .pod, .node, .count { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    code, time { font-size: .9em; }
    small, .note, .facts, footer { color: var(--soft); }
    .facts b { font-weight: 600; color: var(--text); }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
    .cards div { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: .7rem .9rem; }
    .cards dt { color: var(--soft); font-size: .82rem; }
    .cards dd { margin: 0; font-size: 1.45rem; font-weight: 600; font-variant-numeric: tabular-nums; }
    .cards small { font-size: .8rem; font-weight: 400; }
    .steps { list-style: none; counter-reset: step; margin: 1.1rem 0 .4rem; padding: 0; }
    .steps li { counter-increment: step; display: flex; gap: .6rem; align-items: baseline; margin: .2rem 0; }
    .steps li::before {
      content: counter(step); flex: none; width: 1.4em; height: 1.4em; line-height: 1.4em; text-align: center;
      border-radius: 50%; background: var(--accent); color: var(--page); font-size: .8rem; font-weight: 600;
    }
    .steps time { flex: none; min-width: 4rem; color: var(--soft); }
    .steps code { overflow-wrap: anywhere; }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 0 0 .8rem; padding: 0; list-style: none;
      font-size: .85rem; color: var(--soft); }
    .legend svg { vertical-align: -2px; }
    .scroll { overflow-x: auto; }
    .chart { min-width: 46rem; background: var(--card); border: 1px solid var(--edge); border-radius: 12px;
      padding: .5rem 1rem 1rem; }
    .chart svg { display: block; width: 100%; height: auto; }
    .axis { border-bottom: 1px solid var(--edge); }
    figure { margin: .9rem 0 0; }
    figure.group { margin-top: 1.4rem; }
    figure.member { margin-left: 0; }
    figcaption { font-size: .85rem; color: var(--soft); margin-bottom: .15rem; }
    figcaption b { color: var(--text); font-weight: 600; }
    figure.group figcaption { border-top: 1px solid var(--edge); padding-top: .5rem; }
    svg text { fill: var(--text); font-size: 11px; }
    svg .tick, svg .cut-text { text-anchor: middle; fill: var(--soft); font-size: 10.5px; }
    svg .cut-text { font-style: italic; font-size: 9px; }
    svg .count { font-size: 14px; font-weight: 600; }
    svg .note, svg .node { fill: var(--soft); font-size: 10px; }
    svg .node { text-anchor: end; }
    svg .pod { font-size: 10.5px; }
    svg .suffix { fill: var(--soft); }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .step { fill: var(--accent); }
    .step-number { fill: var(--page) !important; text-anchor: middle; font-weight: 600; }
    .step-line { stroke: var(--accent); stroke-width: 1; stroke-dasharray: 2 3; opacity: .7; }
    .cut { fill: url(#cut); opacity: .5; }
    .cut-line { fill: var(--soft); }
    .gated { fill: var(--gated); } .pending { fill: var(--pending); } .starting { fill: var(--starting); }
    .running { fill: var(--running); } .ready { fill: var(--ready); } .failed { fill: var(--failed); }
    .terminating { fill: var(--terminating); } .enough { fill: var(--enough); } .few { fill: var(--few); }
    .wanted { fill: var(--wanted); } .short { fill: url(#hatch); }
    .hatch-ground { fill: var(--short); } .hatch-line { fill: var(--short-line); opacity: .55; }
    .minimum { stroke: var(--text); stroke-width: 1.3; stroke-dasharray: 4 2.5; }
    table { border-collapse: collapse; width: 100%; font-size: .86rem; background: var(--card); }
    th, td { text-align: left; vertical-align: top; padding: .38rem .65rem; border-bottom: 1px solid var(--edge); }
    thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    tbody th { font-weight: 500; white-space: nowrap; }
    td time { white-space: nowrap; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .meter { display: inline-block; min-width: 6.5rem; padding: 0 .35rem; border-radius: 4px;
      background: linear-gradient(90deg, color-mix(in srgb, var(--enough) 45%, transparent) var(--share),
        var(--wanted) var(--share)); }
    .placement td { white-space: nowrap; }
    .placement .chips { line-height: 1.9; width: 60%; white-space: normal; }
    .chip { display: inline-block; padding: 0 .5rem; border-radius: 999px; font-size: .8rem; line-height: 1.55;
      color: var(--chip-text); white-space: nowrap; }
    .faint { opacity: .5; outline: 1px dashed var(--soft); }
    .c0 { background: #8fc7f5; } .c1 { background: #f7bd7f; } .c2 { background: #9ed9a5; } .c3 { background: #f2a7b3; }
    .c4 { background: #c6b3ee; } .c5 { background: #e6d06f; } .c6 { background: #82d5d1; } .c7 { background: #d3bca6; }
    .warning td { background: color-mix(in srgb, var(--pending) 16%, transparent); }
    details { margin: .5rem 0; }
    td details { margin: .15rem 0 0; }
    summary { cursor: pointer; }
    td summary { color: var(--soft); }
    td ul { margin: .3rem 0; padding-left: 1.1rem; }
    summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    footer { margin-top: 3rem; font-size: .82rem; }
    @media print { body { max-width: none; } .chart, table, .cards div { break-inside: avoid; } }

    """
}
