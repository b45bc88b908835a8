"""The page's style sheet: one set of names, two sets of colours."""

STYLE = """
:root { color-scheme: light dark; --page: #fbfbfa; --card: #ffffff; --ink: #1b1f24; --soft: #5c6570; --faint: #e4e6e8;
  --ours: #1d64d8; --dear: #c2500a; --rival: #77808a; --plain: #2f3a45; --band: #1d64d81f;
  --good: #18794e; --bad: #b42318; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171a; --card: #1c2024; --ink: #e8eaed; --soft: #9ba4ae; --faint: #31373d;
    --ours: #6aa5ff; --dear: #f59a56; --rival: #98a1ab; --plain: #cdd3d9; --band: #6aa5ff26;
    --good: #5fcf97; --bad: #ff8577; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 40px 20px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 22px; margin: 48px 0 4px; } h3 { font-size: 18px; margin: 0 0 6px; }
p { margin: 8px 0; max-width: 74ch; } .soft { color: var(--soft); }
.lead { font-size: 19px; border-left: 4px solid var(--ours); padding: 2px 0 2px 16px; margin: 22px 0; }
.warn { border-left: 4px solid var(--dear); padding: 2px 0 2px 16px; }
.card { background: var(--card); border: 1px solid var(--faint); border-radius: 10px; padding: 20px 22px;
  margin: 20px 0; }
.card > p { font-size: 15px; color: var(--soft); }
svg { width: 100%; height: auto; display: block; margin-top: 12px;
  font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft);
  border-bottom: 1px solid var(--faint); padding: 6px 10px 6px 0; }
td { border-bottom: 1px solid var(--faint); padding: 6px 14px 6px 0; vertical-align: top; }
tr:last-child td { border-bottom: 0; } .right { text-align: right; white-space: nowrap; } .keep { white-space: nowrap; }
code { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; white-space: nowrap; }
.reached { color: var(--good); font-weight: 600; } .missed { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; font-size: 14px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
text { fill: var(--ink); } .tick, .axis { fill: var(--soft); font-size: 12px; } .name { font-size: 13px; }
.heading { font-weight: 600; font-size: 13px; } .value { font-size: 12.5px; font-variant-numeric: tabular-nums; }
.strong { font-weight: 600; } text.ours { fill: var(--ours); } text.dear { fill: var(--dear); }
.grid { stroke: var(--faint); stroke-width: 1; } .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 4; }
.band { fill: var(--band); } .crossing { fill: var(--ink); }
.curve { fill: none; stroke-width: 2.5; } .range { stroke-width: 2; opacity: 0.55; } .sample { opacity: 0.35; }
.bar { opacity: 0.22; } .median { stroke: var(--card); stroke-width: 1.5; }
.curve.ours, .range.ours { stroke: var(--ours); } .curve.dear, .range.dear { stroke: var(--dear); }
.range.rival { stroke: var(--rival); } .range.plain { stroke: var(--plain); }
.bar.ours, .median.ours, .sample.ours { fill: var(--ours); }
.bar.dear, .median.dear, .sample.dear { fill: var(--dear); }
.bar.rival, .median.rival, .sample.rival { fill: var(--rival); }
.bar.plain, .median.plain, .sample.plain { fill: var(--plain); }
"""
