import { graphlib, layout } from "@dagrejs/dagre";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { curveBasis, line } from "d3-shape";
import type { Cell, CellState } from "../spaces/mod.ts";
import { coordinate, escapeHtml } from "./html.ts";

const NODE_HEIGHT = 30;
const LABEL_HEIGHT = 16;
const CHARACTER_WIDTH = 6.8;
const MARGIN = 8;
/** How much wider than it is laid out a wide page shows a picture. */
const MAGNIFICATION = 1.4;

/**
 * Draws a cell as a graph: its inputs, its nodes and its output, with an operation on every edge.
 *
 * @param cell What it is made of.
 * @param id Tells it apart from other pictures of the page.
 * @returns An SVG element.
 */
export function drawCell(cell: Cell, id: string): string {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 26, edgesep: 10, marginx: MARGIN, marginy: MARGIN });
  cell.states.forEach(({ name }, state) =>
    graph.setNode(`${state}`, { width: name.length * CHARACTER_WIDTH + 16, height: NODE_HEIGHT })
  );
  cell.edges.forEach(({ from, to, label }, position) => {
    const size = { width: (label?.length ?? 0) * CHARACTER_WIDTH, height: label === undefined ? 0 : LABEL_HEIGHT };
    graph.setEdge(`${from}`, `${to}`, label === undefined ? size : { ...size, label, labelpos: "c" }, `${position}`);
  });
  layout(graph);
  // Labels come last: an edge must not run over the label of another.
  const edges: PlacedEdge[] = graph.edges().map((edge) => graph.edge(edge));
  const frame = frameOf(graph.graph(), edges);
  return [
    `<svg class="cell" viewBox="${frame.map(coordinate).join(" ")}" style="max-width:${
      coordinate(frame[2] * MAGNIFICATION)
    }px" role="img" aria-label="${escapeHtml(cell.name)}">`,
    `<defs><marker id="arrow-${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path class="arrow" d="M0,0.5L8,4L0,7.5z"/></marker></defs>`,
    ...edges.map((edge) => drawEdge(edge, id)),
    ...edges.map(drawLabel),
    ...graph.nodes().map((state) => drawNode(cell.states[Number(state)]!, graph.node(state))),
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

function drawEdge(edge: PlacedEdge, id: string): string {
  const path = line<{ x: number; y: number }>().x(({ x }) => x).y(({ y }) => y).curve(curveBasis);
  const style = edge.label === undefined ? "edge output" : "edge";
  return `<path class="${style}" d="${path(edge.points)}" marker-end="url(#arrow-${id})"/>`;
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

function drawNode({ name, role }: CellState, place: { x: number; y: number; width: number; height: number }): string {
  const { x, y, width, height } = place;
  return `<g class="node${role === "inner" ? "" : " state"}"><rect x="${coordinate(x - width / 2)}" y="${
    coordinate(y - height / 2)
  }" width="${width}" height="${height}" rx="7"/><text x="${coordinate(x)}" y="${
    coordinate(y)
  }" dy="0.35em" text-anchor="middle">${escapeHtml(name)}</text></g>`;
}
