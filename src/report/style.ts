/** Number of colours that curves have; further arms start over. */
export const COLOR_COUNT = 8;

// Okabe and Ito's colours, which people with colour blindness can tell apart, darkened or lightened for the ground.
const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b0569a", "#b8860b", "#3b8fc4", "#555555", "#8a6d00"];
const DARK = ["#56b4e9", "#f0853b", "#2fc79a", "#e39cc8", "#e6b422", "#8fd0f5", "#bbbbbb", "#f0e442"];

function colors(palette: readonly string[]): string {
  return palette.map((color, i) => `--color${i}:${color};`).join("");
}

/** Style of the report, for light and dark screens and for print. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#ffffff;--panel:#f6f7f9;--line:#dde1e7;--text:#1b1f24;--faint:#616975;
--conv:#e2eefa;--pool:#fdf0da;--skip:#e3f4ea;${colors(LIGHT)}}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1c2026;--line:#343a43;--text:#e7eaee;--faint:#9aa3af;
--conv:#1d3a55;--pool:#4d3c17;--skip:#1c4430;${colors(DARK)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1160px;padding:32px 24px 64px;background:var(--ground);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 20px}
h2{font-size:18px;margin:36px 0 12px}
h3{font-size:15px;margin:0 0 8px;color:var(--faint);font-weight:600}
.figures{display:flex;flex-wrap:wrap;gap:12px}
.figure{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:10px 16px;min-width:130px}
.figure b{display:block;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
.figure span{color:var(--faint);font-size:13px}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 16px;overflow-x:auto}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;margin:0 0 10px;padding:0;list-style:none;color:var(--faint)}
.legend i{display:inline-block;width:22px;height:0;border-top:3px solid currentColor;border-radius:2px;
vertical-align:middle;margin-right:7px}
.legend i.dashes{border-top-style:dashed}
.legend span{color:var(--text)}
svg{display:block;width:100%;height:auto;margin:0 auto}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--text)}
svg .title{font-size:14px;font-weight:600}
svg .tick{fill:var(--faint);font-variant-numeric:tabular-nums}
.grid{stroke:var(--line)}
.axis{stroke:var(--faint)}
.curve{fill:none;stroke:currentColor;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.band{fill:currentColor;opacity:.14;stroke:none}
.dashed{stroke-dasharray:5 5;stroke-width:1.6;opacity:.75}
.chart circle{fill:var(--panel);stroke:currentColor;stroke-width:2}
${Array.from({ length: COLOR_COUNT }, (_, i) => `.color${i}{color:var(--color${i})}`).join("")}
.cells{display:grid;gap:16px}
.edge{fill:none;stroke:var(--faint);stroke-width:1.4}
.edge.output{stroke-dasharray:3 4}
.arrow{fill:var(--faint)}
.node rect{fill:var(--ground);stroke:var(--text);stroke-width:1.4}
.node.state rect{fill:var(--text)}
.node.state text{fill:var(--ground)}
.node text{font-size:14px;font-weight:600}
svg .subscript{font-size:10px}
.label rect{stroke:var(--line)}
.label.conv rect{fill:var(--conv)}.label.pool rect{fill:var(--pool)}.label.skip rect{fill:var(--skip)}
.label text{font-size:11.5px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child>*{border-bottom:0}
thead th,tbody th{font-weight:500;color:var(--faint)}
td.right,th.right{text-align:right}
td{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
thead~tbody td,tbody th{overflow-wrap:normal}
thead~tbody td.right{white-space:nowrap}
details{margin-top:14px}
summary{cursor:pointer;color:var(--faint)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0 0;font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace}
@media print{body{max-width:none;padding:0}.panel,.figure{break-inside:avoid}}
`.trim();
