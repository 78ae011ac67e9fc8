/** Number of colours that curves have; further arms start over. */
export const COLOR_COUNT = 8;

// Okabe and Ito's colours, which people with colour blindness can tell apart, darkened or lightened for the ground.
const LIGHT = ["#0072b2", "#c74f00", "#00805c", "#a3498c", "#8f6a00", "#3385bd", "#555555", "#6e5a00"];
const DARK = ["#56b4e9", "#f0853b", "#2fc79a", "#e39cc8", "#e6b422", "#8fd0f5", "#bbbbbb", "#f0e442"];

function colors(palette: readonly string[]): string {
  return palette.map((color, i) => `--color${i}:${color};`).join("");
}

const FONT = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`;

const GROUND = `
:root{color-scheme:light dark;--ground:#ffffff;--panel:#f7f8fa;--line:#e1e5ea;--strong:#c3c9d2;--text:#1a1e24;--faint:#59616d;
--conv:#e1eef9;--conv-line:#0072b2;--pool:#fcefd8;--pool-line:#96690a;--skip:#def2e8;--skip-line:#00805c;
--note:#fff4e0;--note-line:#d98a00;${colors(LIGHT)}}
@media (prefers-color-scheme:dark){:root{--ground:#13161a;--panel:#1b1f25;--line:#30363f;--strong:#4b535f;--text:#e8ebef;
--faint:#a2abb8;--conv:#17324b;--conv-line:#56b4e9;--pool:#42340f;--pool-line:#e6b422;--skip:#153a2b;--skip-line:#2fc79a;
--note:#33270d;--note-line:#e6a93a;${colors(DARK)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1160px;padding:40px 24px 48px;background:var(--ground);color:var(--text);
font:15px/1.5 ${FONT}}`;

const TEXT = `
.title{margin:0 0 4px;color:var(--faint);font-size:15px}
h1{font-size:clamp(25px,3.6vw,38px);line-height:1.18;letter-spacing:-.012em;margin:0 0 16px;max-width:30em;font-weight:700;
text-wrap:balance}
h2{font-size:19px;margin:40px 0 10px}
h3{font-size:13px;margin:0 0 4px;color:var(--faint);font-weight:600}
.lede{margin:0 0 6px;max-width:48em;font-size:16px}
.note{margin:-4px 0 12px;max-width:62em;color:var(--faint);font-size:14px}
.warning code{white-space:nowrap}
.warning{margin:14px 0;padding:10px 14px;max-width:52em;background:var(--note);border-left:4px solid var(--note-line);
border-radius:4px}
.next{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 14px;margin:16px 0 0}
.next h2{font-size:14px;margin:0;color:var(--faint);font-weight:600}
code,pre{font:13px/1.6 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
footer{margin-top:48px;color:var(--faint);font-size:13px}
details{margin-top:10px;font-size:14px}
summary{cursor:pointer;color:var(--faint)}
details ul{margin:6px 0 0;padding-left:18px}`;

const BOXES = `
.panel{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:0;min-width:0}
figcaption{font-weight:600;margin:0 0 8px}
.unit{font-weight:400;color:var(--faint);font-size:13px;margin-left:8px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;margin:28px 0 0}
.figure{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 14px;display:flex;
flex-direction:column-reverse;justify-content:flex-end}
.figure dd{margin:0;font-size:22px;font-weight:650;line-height:1.3;white-space:nowrap;font-variant-numeric:tabular-nums}
.figure dt{color:var(--faint);font-size:13px;line-height:1.35}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
.grid2>*{min-width:0}
.cells{display:grid;gap:16px}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 10px;padding:0;list-style:none}
.legend li{display:flex;align-items:center;gap:7px}
.legend .key{width:30px;height:12px;flex:none}
.legend .key:not([class*=color]){color:var(--faint)}`;

const TABLES = `
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
tr:last-child>*{border-bottom:0}
tr>:last-child{padding-right:0}
thead th{color:var(--faint);font-size:13px;vertical-align:bottom}
.pairs th{color:var(--faint);width:46%}
.list tbody th{font-weight:600}
td.right,th.right{text-align:right}
td{font-variant-numeric:tabular-nums}
.pairs td{overflow-wrap:anywhere}
td.right,td.short{white-space:nowrap;overflow-wrap:normal}
.list tbody th{white-space:nowrap}
.panel:has(>table){overflow-x:auto}
.dense{font-size:14px}.dense thead th{font-size:12.5px}
h3.target{font-size:17px;color:var(--text);margin:26px 0 6px}
.grid2+.panel{margin-top:16px}
.group+.group{margin-top:18px}`;

const DRAWINGS = `
svg.chart,svg.cell,svg.leads{display:block;width:100%;height:auto;margin:0 auto}
svg.cell{width:auto;max-width:100%}
svg.chart.wide{max-width:640px}svg.leads.wide{max-width:860px}
svg.narrow{display:none!important}
svg text{font:12px ${FONT};fill:var(--text)}
svg .tick{fill:var(--faint);font-size:11.5px;font-variant-numeric:tabular-nums}
svg .heading{fill:var(--faint);font-size:11.5px;font-weight:600}
svg .halo,.outlier-value,.mark text{paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--line)}
.axis,.zero{stroke:var(--strong)}
.zero{stroke-width:2}
.one{fill:currentColor;opacity:.55}
.leads .value{font-weight:650;font-variant-numeric:tabular-nums}
.divider{stroke:var(--strong);stroke-width:1.5;stroke-dasharray:2 3}
.timeline .divider{stroke:currentColor;opacity:.75}
.rule{stroke:var(--faint);stroke-dasharray:1 4;stroke-width:1.5;stroke-linecap:round}
.curve{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.dashed{stroke-dasharray:4 4;stroke-width:1.5}
.band{fill:currentColor;opacity:.13;stroke:none}
.dot{fill:var(--panel);stroke:currentColor;stroke-width:1.8}
.dot.small{fill:currentColor;stroke:none}
.solid,.mark path,.outlier path{fill:currentColor;stroke:none}
.mark .leader{fill:none;stroke:currentColor;stroke-width:1}
.mark text{font-weight:650;font-size:12px}
svg .label{fill:currentColor;font-weight:650}
svg .outlier-value{font-size:11px}
.stretch{fill:currentColor;opacity:.3}
.stretch.second{opacity:.13}
${Array.from({ length: COLOR_COUNT }, (_, i) => `.color${i}{color:var(--color${i})}`).join("")}
.edge{color:var(--faint)}
.edge.conv{color:var(--conv-line)}.edge.pool{color:var(--pool-line)}.edge.skip{color:var(--skip-line)}
.edge path{fill:none;stroke:currentColor;stroke-width:1.5}
.edge.plain path{stroke-dasharray:3 3;stroke-width:1.2}
.edge .arrow{fill:currentColor;stroke:none}
.operation rect{stroke-width:1.2}
.operation.conv rect{fill:var(--conv);stroke:var(--conv-line)}
.operation.pool rect{fill:var(--pool);stroke:var(--pool-line)}
.operation.skip rect{fill:var(--skip);stroke:var(--skip-line)}
.operation text{font-size:11.5px}
.state rect{fill:var(--ground);stroke:var(--text);stroke-width:1.2}
.state text{font-size:11.5px;font-weight:600}
.state.input rect,.state.output rect{fill:var(--text)}
.state.input text,.state.output text{fill:var(--ground)}`;

const TESTS = `
.grid2.below{margin-top:16px;align-items:start}
.gallery.panel{padding:16px}
.below td:last-child{white-space:nowrap}
.below .list tbody th{white-space:normal}
.legend.words{font-size:13px;color:var(--faint)}
.bar{fill:currentColor}
.sure{fill:none;stroke:currentColor;stroke-width:3.5;stroke-linecap:round;paint-order:stroke}
.count{fill:var(--faint);fill-opacity:.55}
.ideal{fill:none;stroke:var(--text);stroke-width:1.4;stroke-dasharray:5 4}
.alpha .ground{fill:var(--ground);stroke:var(--line)}
.alpha .shade{fill:currentColor;shape-rendering:crispEdges}
.alpha .hint{fill:transparent}
.alpha .chosen{fill:none;stroke:var(--text);stroke-width:1.6}
.confusion .ground{fill:var(--ground);stroke:var(--strong)}
.confusion g rect{fill:currentColor}
svg .number{font-size:12px;font-variant-numeric:tabular-nums}
svg .number.light{fill:var(--ground);font-weight:600}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:18px 16px;list-style:none;font-size:13px;
line-height:1.4}
.gallery li{display:flex;flex-direction:column;gap:7px;min-width:0;overflow-wrap:anywhere}
.gallery img,.gallery .missing{width:100%;aspect-ratio:1;object-fit:contain;border-radius:6px;background:var(--ground);
border:1px solid var(--line);image-rendering:pixelated}
.gallery .missing{display:grid;place-items:center;color:var(--faint)}
.gallery b{font-weight:650}`;

const PICTURES = `
.strip{margin:0 0 10px;padding:10px 14px;overflow-x:auto}
.strip img,.twin img{display:block;border-radius:4px}
.twins{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:12px}
.twin{padding:10px 14px}
.twin>.unit{margin:0 0 6px}
.pictures{display:flex;flex-wrap:wrap;gap:12px}
.pictures figure{margin:0;width:136px}
.pictures img{width:100%;height:auto}
.pictures figcaption{font-weight:400;font-size:12px;line-height:1.35;margin:4px 0 0;overflow-wrap:anywhere}
svg.bars .tick{paint-order:stroke;stroke:var(--panel);stroke-width:3px}`;

const PHONE = `
@media (max-width:560px){
body{padding:22px 12px 36px}
.panel{padding:12px 11px}
svg.wide{display:none!important}
svg.chart.narrow,svg.cell.narrow,svg.leads.narrow{display:block!important}
.figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
.figure{padding:8px 11px}.figure dd{font-size:19px}
.cards thead{display:none}
.cards,.cards tbody,.cards tr,.cards th,.cards td{display:block;width:auto}
.cards tr{padding:8px 0;border-bottom:1px solid var(--line)}
.cards tr:last-child{border-bottom:0}
.cards th,.cards td{border:0;padding:2px 0;text-align:left!important}
.cards td{text-align:right!important}
.cards td{display:flex;justify-content:space-between;gap:16px;white-space:normal}
.cards td.right{white-space:normal}
.cards td::before{content:attr(data-label);color:var(--faint)}
.cards td:empty{display:none}
}
@media print{body{max-width:none;padding:0}.panel,.figure{break-inside:avoid}}`;

/** Style of the report, for light and dark screens, for phones and for print. */
export const STYLE = [GROUND, TEXT, BOXES, TABLES, DRAWINGS, TESTS, PICTURES, PHONE].join("").trim();
