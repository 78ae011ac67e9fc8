import { graphlib, layout, type Point } from "@dagrejs/dagre";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { curveMonotoneX, curveMonotoneY, line } from "d3-shape";
import type { Cell } from "../spaces/mod.ts";
import { coordinate, escapeHtml } from "./html.ts";
import { wrapWords } from "./words.ts";

/** From left to right, or from top to bottom. */
type Direction = "LR" | "TB";

const CHARACTER_WIDTH = 6.4;
const LINE_HEIGHT = 14;
const MARGIN = 4;
/** Characters of a line where there is little room. */
const SHORT_LINE = 10;
/** Where all inputs hang, so that they stand at the beginning. */
const ROOT = "root";

/**
 * Renders the cells of an architecture: pictures for wide pages and for phones, and the same in words.
 *
 * @param cells The cells.
 * @returns HTML elements; an empty text for no cells.
 */
export function renderCells(cells: readonly Cell[]): string {
  if (cells.length === 0) return "";
  const figures = cells.map((cell) =>
    `<figure class="panel"><figcaption>${escapeHtml(cell.name)}</figcaption>${drawCell(cell, "wide")}${
      drawCell(cell, "narrow")
    }<details><summary>In words</summary><ul>${
      describeCell(cell).map((phrase) => `<li>${escapeHtml(phrase)}</li>`).join("")
    }</ul></details></figure>`
  );
  return `<div class="cells">${figures.join("\n")}</div>`;
}

/**
 * Draws a cell as a graph. Each operation is a box that its own edge runs into and out of, so that none can be taken for
 * another's.
 *
 * @param cell The cell.
 * @param size For wide pages it runs from left to right; for phones in whichever direction is narrower, with broken lines.
 * @returns An SVG element.
 */
export function drawCell(cell: Cell, size: "wide" | "narrow" = "wide"): string {
  const isNarrow = size === "narrow";
  const drawings = (isNarrow ? ["LR", "TB"] as const : ["LR"] as const)
    .map((direction) => layOut(cell, direction, isNarrow ? SHORT_LINE : Infinity));
  const { direction, boxes, segments, frame } = drawings.reduce((a, b) => b.frame[2] < a.frame[2] ? b : a);
  const words = `${cell.name}: ${describeCell(cell).join("; ")}`;
  return [
    `<svg class="cell ${size}" viewBox="${frame.map(coordinate).join(" ")}" width="${
      coordinate(frame[2] * (isNarrow ? 1 : 1.15))
    }" role="img" aria-label="${escapeHtml(words)}">`,
    // What comes later lies on top: no edge covers a box.
    ...segments.map((segment) => drawSegment(segment, direction)),
    ...boxes.map(drawBox),
    "</svg>",
  ].join("\n");
}

/**
 * Words a cell, for those who do not see its picture.
 *
 * @param cell The cell.
 * @returns A phrase for each state that is made inside or leaves the cell.
 */
export function describeCell({ states, edges }: Cell): string[] {
  return states.flatMap(({ name }, index) => {
    const parts = edges.filter(({ to }) => to === index).map(({ from, label }) =>
      label === undefined ? states[from]!.name : `${label} of ${states[from]!.name}`
    );
    return parts.length === 0 ? [] : [`${name} = ${parts.join(" + ")}`];
  });
}

interface Box {
  readonly lines: readonly string[];
  readonly style: string;
  readonly width: number;
  readonly height: number;
  x?: number;
  y?: number;
}

interface Segment {
  readonly style: string;
  readonly hasArrow: boolean;
  readonly weight?: number;
  points?: Point[];
}

interface Layout {
  readonly direction: Direction;
  readonly boxes: readonly Box[];
  readonly segments: readonly Segment[];
  /** Left, top, width and height of all that is drawn. */
  readonly frame: readonly [number, number, number, number];
}

function layOut(cell: Cell, direction: Direction, longestLine: number): Layout {
  const graph = graphOf(cell, direction, longestLine);
  layout(graph);
  const boxes = graph.nodes().filter((name) => name !== ROOT).map((name) => graph.node(name));
  const segments = graph.edges().filter(({ v }) => v !== ROOT).map((edge) => ({
    ...graph.edge(edge),
    points: attach(graph.edge(edge).points ?? [], graph.node(edge.v), graph.node(edge.w), direction),
  }));
  return { direction, boxes, segments, frame: frameOf(boxes, segments) };
}

function graphOf({ states, edges }: Cell, direction: Direction, longestLine: number) {
  const graph = new graphlib.Graph<object, Box, Segment>({ multigraph: true });
  const spacing = direction === "LR" ? { nodesep: 12, ranksep: 22 } : { nodesep: 7, ranksep: 24 };
  graph.setGraph({ rankdir: direction, edgesep: 9, ...spacing });
  graph.setNode(ROOT, { lines: [], style: "", width: 0, height: 0 });
  states.forEach(({ name, role }, index) => {
    graph.setNode(String(index), boxOf(name, `state ${role}`, longestLine));
    if (role === "input") graph.setEdge(ROOT, String(index), { style: "", hasArrow: false, weight: 100 }, "root");
  });
  edges.forEach(({ from, to, label }, index) => {
    if (label === undefined) {
      graph.setEdge(String(from), String(to), { style: "plain", hasArrow: true }, String(index));
      return;
    }
    const style = kindOf(label);
    const operation = `operation ${index}`;
    graph.setNode(operation, boxOf(label, `operation ${style}`, longestLine));
    graph.setEdge(String(from), operation, { style, hasArrow: false }, "in");
    graph.setEdge(operation, String(to), { style, hasArrow: true, weight: 2 }, "out");
  });
  return graph;
}

function boxOf(text: string, style: string, longestLine: number): Box {
  const lines = wrapWords(text, longestLine);
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH + 14;
  return { lines, style, width, height: lines.length * LINE_HEIGHT + 8 };
}

/** Lets an edge leave the middle of a box's far side and arrive at the middle of the next one's near side. */
function attach(points: readonly Point[], from: Box, to: Box, direction: Direction): Point[] {
  const [{ x: x0 = 0, y: y0 = 0 }, { x: x1 = 0, y: y1 = 0 }] = [from, to];
  const isAcross = direction === "LR";
  const start = isAcross ? { x: x0 + from.width / 2, y: y0 } : { x: x0, y: y0 + from.height / 2 };
  const end = isAcross ? { x: x1 - to.width / 2, y: y1 } : { x: x1, y: y1 - to.height / 2 };
  const isBetween = ({ x, y }: Point) => isAcross ? x > start.x && x < end.x : y > start.y && y < end.y;
  return [start, ...points.slice(1, -1).filter(isBetween), end];
}

function frameOf(boxes: readonly Box[], segments: readonly Segment[]): Layout["frame"] {
  const points = segments.flatMap(({ points = [] }) => points);
  const xs = [
    ...boxes.flatMap(({ x = 0, width }) => [x - width / 2, x + width / 2]),
    ...points.map(({ x }) => x),
  ];
  const ys = [
    ...boxes.flatMap(({ y = 0, height }) => [y - height / 2, y + height / 2]),
    ...points.map(({ y }) => y),
  ];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return [left, top, Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN - top];
}

function drawSegment({ points = [], style, hasArrow }: Segment, direction: Direction): string {
  const path = line<Point>().x(({ x }) => x).y(({ y }) => y)
    .curve(direction === "LR" ? curveMonotoneX : curveMonotoneY);
  const arrow = hasArrow ? drawArrow(points.at(-1)!, direction) : "";
  return `<g class="edge ${style}"><path d="${path(points)}"/>${arrow}</g>`;
}

function drawArrow({ x, y }: Point, direction: Direction): string {
  const [back, side] = direction === "LR" ? [[-8, 0], [0, 4]] : [[0, -8], [4, 0]];
  const corners = [
    [x, y],
    [x + back[0]! - side[0]!, y + back[1]! - side[1]!],
    [x + back[0]! + side[0]!, y + back[1]! + side[1]!],
  ];
  return `<path class="arrow" d="M${corners.map((corner) => corner.map(coordinate).join(",")).join("L")}z"/>`;
}

function drawBox({ lines, style, x = 0, y = 0, width, height }: Box): string {
  const text = lines.map((line, i) => {
    const at = y + (i - (lines.length - 1) / 2) * LINE_HEIGHT;
    return `<text x="${coordinate(x)}" y="${coordinate(at)}" dy="0.35em" text-anchor="middle">${
      escapeHtml(line)
    }</text>`;
  });
  return `<g class="${style}"><rect x="${coordinate(x - width / 2)}" y="${coordinate(y - height / 2)}" width="${
    coordinate(width)
  }" height="${coordinate(height)}" rx="${style.startsWith("operation") ? 11 : 4}"/>${text.join("")}</g>`;
}

/** Groups of operations share a colour. */
function kindOf(operation: string): string {
  if (operation.includes("pool")) return "pool";
  return /skip|identity/.test(operation) ? "skip" : "conv";
}
