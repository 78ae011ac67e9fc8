import { graphlib, layout } from "@dagrejs/dagre";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { curveBasis, line } from "d3-shape";
import { coordinate, escapeHtml } from "./html.ts";

/** An architecture as far as a picture of it goes: see docs/formats.md. */
export interface GenotypeLike {
  /** Operations of the cells that keep the size, with the states that they read; two a node. */
  readonly normal: readonly (readonly [operation: string, from: number])[];
  /** States that make up their output. */
  readonly normal_concat: readonly number[];
  /** Operations of the cells that halve the size. */
  readonly reduce: readonly (readonly [operation: string, from: number])[];
  /** States that make up their output. */
  readonly reduce_concat: readonly number[];
}

const NODE_HEIGHT = 30;
const LABEL_HEIGHT = 16;
const CHARACTER_WIDTH = 6.8;
const MARGIN = 8;
/** How much wider than it is laid out a wide page shows a picture. */
const MAGNIFICATION = 1.4;
const OUTPUT = "c_{k}";

/**
 * Draws one type of cell as a graph: its two inputs, its nodes and its output, with an operation on every edge.
 *
 * @param genotype The architecture.
 * @param type Which of its cells.
 * @returns An SVG element.
 */
export function drawCell(genotype: GenotypeLike, type: "normal" | "reduce"): string {
  const genes = genotype[type];
  const concat = genotype[`${type}_concat`];
  const names = ["c_{k-2}", "c_{k-1}", ...Array.from({ length: genes.length / 2 }, (_, node) => String(node))];
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 26, edgesep: 10, marginx: MARGIN, marginy: MARGIN });
  for (const name of [...names, OUTPUT]) graph.setNode(name, { width: name.length > 2 ? 54 : 34, height: NODE_HEIGHT });
  genes.forEach(([operation, from], position) => {
    if (operation === "none") return;
    const label = { label: operation, width: operation.length * CHARACTER_WIDTH, height: LABEL_HEIGHT, labelpos: "c" };
    graph.setEdge(names[from]!, names[2 + Math.floor(position / 2)]!, label, String(position));
  });
  for (const state of concat) graph.setEdge(names[state]!, OUTPUT, { width: 0, height: 0 }, `output ${state}`);
  layout(graph);
  // Labels come last: an edge must not run over the label of another.
  const edges: PlacedEdge[] = graph.edges().map((edge) => graph.edge(edge));
  const frame = frameOf(graph.graph(), edges);
  return [
    `<svg class="cell" viewBox="${frame.map(coordinate).join(" ")}" style="max-width:${
      coordinate(frame[2] * MAGNIFICATION)
    }px" role="img" aria-label="${type} cell">`,
    `<defs><marker id="arrow-${type}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path class="arrow" d="M0,0.5L8,4L0,7.5z"/></marker></defs>`,
    ...edges.map((edge) => drawEdge(edge, type)),
    ...edges.map(drawLabel),
    ...graph.nodes().map((name) => drawNode(name, graph.node(name))),
    "</svg>",
  ].join("\n");
}

interface PlacedEdge {
  points: { x: number; y: number }[];
  x?: number;
  y?: number;
  width?: number;
  label?: string;
}

/** Left, top, width and height of the picture: the layout's own size leaves edges out that run around its nodes. */
function frameOf(size: { width?: number | undefined; height?: number | undefined }, edges: readonly PlacedEdge[]) {
  const xs = [
    0,
    size.width ?? 0,
    ...edges.flatMap(({ points }) => points.flatMap(({ x }) => [x - MARGIN, x + MARGIN])),
  ];
  const ys = [
    0,
    size.height ?? 0,
    ...edges.flatMap(({ points }) => points.flatMap(({ y }) => [y - MARGIN, y + MARGIN])),
  ];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top] as const;
}

function drawEdge(edge: PlacedEdge, type: string): string {
  const path = line<{ x: number; y: number }>().x(({ x }) => x).y(({ y }) => y).curve(curveBasis);
  const style = edge.label === undefined ? "edge output" : "edge";
  return `<path class="${style}" d="${path(edge.points)}" marker-end="url(#arrow-${type})"/>`;
}

function drawLabel({ label, x = 0, y = 0, width = 0 }: PlacedEdge): string {
  if (label === undefined) return "";
  return `<g class="label ${kindOf(label)}"><rect x="${coordinate(x - width / 2 - 4)}" y="${
    coordinate(y - LABEL_HEIGHT / 2)
  }" width="${coordinate(width + 8)}" height="${LABEL_HEIGHT}" rx="8"/><text x="${coordinate(x)}" y="${
    coordinate(y)
  }" dy="0.35em" text-anchor="middle">${escapeHtml(label)}</text></g>`;
}

/** Groups of operations share a colour. */
function kindOf(operation: string): string {
  if (operation.includes("pool")) return "pool";
  return operation.startsWith("skip") ? "skip" : "conv";
}

function drawNode(name: string, { x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  const subscript = /^c_\{(.+)\}$/.exec(name)?.[1];
  const text = subscript === undefined
    ? name
    : `c<tspan class="subscript" dy="4">${escapeHtml(subscript.replace("-", "−"))}</tspan>`;
  return `<g class="node${subscript === undefined ? "" : " state"}"><rect x="${coordinate(x - width / 2)}" y="${
    coordinate(y - height / 2)
  }" width="${width}" height="${height}" rx="7"/><text x="${coordinate(x)}" y="${
    coordinate(y)
  }" dy="0.35em" text-anchor="middle">${text}</text></g>`;
}
