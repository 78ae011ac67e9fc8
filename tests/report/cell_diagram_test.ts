import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Cell } from "../../src/spaces/mod.ts";
import { describeCell, drawCell, renderCells } from "../../src/report/cell_diagram.ts";

/** A cell of no search space in particular, with two edges between the same states. */
const CELL: Cell = {
  name: "Some <cell>",
  states: [
    { name: "first", role: "input" },
    { name: "second", role: "input" },
    { name: "node 1", role: "inner" },
    { name: "node 2", role: "inner" },
    { name: "output", role: "output" },
  ],
  edges: [
    { from: 0, to: 2, label: "separable conv 3×3" },
    { from: 0, to: 2, label: "max pool 3×3" },
    { from: 2, to: 3, label: "skip" },
    { from: 1, to: 3, label: "dilated conv 5×5" },
    { from: 2, to: 4 },
    { from: 3, to: 4 },
  ],
};

interface Box {
  readonly style: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boxesOf(svg: string): Box[] {
  const boxes = svg.matchAll(
    /<g class="([^"]+)"><rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)"/g,
  );
  return [...boxes].map(([, style, ...numbers]) => {
    const [x, y, width, height] = numbers.map(Number) as [number, number, number, number];
    return { style: style!, left: x, top: y, right: x + width, bottom: y + height };
  });
}

/** First and last point of each edge. */
function edgesOf(svg: string): { style: string; ends: [number, number][] }[] {
  return [...svg.matchAll(/<g class="edge ([^"]+)"><path d="([^"]+)"/g)].map(([, style, d]) => {
    const numbers = d!.match(/-?[\d.]+/g)!.map(Number);
    return { style: style!, ends: [[numbers[0]!, numbers[1]!], [numbers.at(-2)!, numbers.at(-1)!]] };
  });
}

function isAt([x, y]: readonly [number, number], { left, right, top, bottom }: Box): boolean {
  const slack = 0.2;
  return x >= left - slack && x <= right + slack && y >= top - slack && y <= bottom + slack;
}

Deno.test("drawCell() puts each operation on an edge of its own that runs into and out of it", () => {
  for (const size of ["wide", "narrow"] as const) {
    const svg = drawCell(CELL, size);
    const operations = boxesOf(svg).filter(({ style }) => style.startsWith("operation"));
    assertEquals(operations.length, 4);
    const edges = edgesOf(svg);
    assertEquals(edges.length, 2 * 4 + 2);
    for (const box of operations) {
      assertEquals(edges.filter(({ ends }) => isAt(ends[1]!, box)).length, 1, "edges into an operation");
      assertEquals(edges.filter(({ ends }) => isAt(ends[0]!, box)).length, 1, "edges out of an operation");
    }
    assertEquals(edges.filter(({ style }) => style === "plain").length, 2);
  }
});

Deno.test("drawCell() covers no box with another, and frames all of them", () => {
  for (const size of ["wide", "narrow"] as const) {
    const svg = drawCell(CELL, size);
    const boxes = boxesOf(svg);
    assertEquals(boxes.length, 5 + 4);
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        assert(isApart, `${JSON.stringify(a)} covers ${JSON.stringify(b)}`);
      })
    );
    const [left, top, width, height] = /viewBox="([^"]+)"/.exec(svg)![1]!.split(" ").map(Number) as number[];
    for (const box of boxes) {
      assert(box.left >= left! && box.top >= top! && box.right <= left! + width! && box.bottom <= top! + height!);
    }
  }
});

Deno.test("drawCell() starts with the inputs, wherever they are read", () => {
  const inputs = boxesOf(drawCell(CELL)).filter(({ style }) => style === "state input");
  const others = boxesOf(drawCell(CELL)).filter(({ style }) => style !== "state input");
  assertEquals(inputs.length, 2);
  for (const { right } of inputs) assert(others.every(({ left }) => left > right));
});

Deno.test("drawCell() fits a phone with broken lines", () => {
  const [, , width] = /viewBox="([^"]+)"/.exec(drawCell(CELL, "narrow"))![1]!.split(" ").map(Number) as number[];
  assert(width! < 330, `${width} pixels`);
  assertStringIncludes(drawCell(CELL, "narrow"), ">separable</text>");
  assertStringIncludes(drawCell(CELL), ">separable conv 3×3</text>");
});

Deno.test("describeCell() words what is made of what, also for those who see no picture", () => {
  assertEquals(describeCell(CELL), [
    "node 1 = separable conv 3×3 of first + max pool 3×3 of first",
    "node 2 = skip of node 1 + dilated conv 5×5 of second",
    "output = node 1 + node 2",
  ]);
  const html = renderCells([CELL]);
  assertStringIncludes(html, `aria-label="Some &#60;cell&#62;: node 1 = separable conv`);
  assertStringIncludes(html, "<li>output = node 1 + node 2</li>");
  assertEquals(renderCells([]), "");
});
