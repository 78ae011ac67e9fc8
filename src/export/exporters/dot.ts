import { type Cell, cellsOf } from "../../spaces/mod.ts";
import type { Exporter } from "./exporter.ts";

/** The architecture as a graph in the language of Graphviz: a cluster a cell, an operation on every edge. */
export const dotExporter: Exporter = {
  name: "dot",
  describe: "the cells of the architecture as a Graphviz graph, to be drawn with dot",
  extension: "dot",
  write: ({ genotype, space }) =>
    [
      "digraph genotype {",
      "  rankdir=LR;",
      '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica];',
      "  edge [fontname=Helvetica, fontsize=11];",
      ...cellsOf(genotype, space.name).flatMap(drawCell),
      "}",
      "",
    ].join("\n"),
};

/** Names of states are those of the picture, which two cells share; their identifiers are of the cell. */
function drawCell({ name, states, edges }: Cell, cell: number): string[] {
  const idOf = (state: number) => `cell${cell}_${state}`;
  return [
    `  subgraph cluster_${cell} {`,
    `    label=${quote(name)};`,
    ...states.map(({ name, role }, state) =>
      `    ${idOf(state)} [label=${quote(name)}${role === "inner" ? "" : ", fillcolor=lightgrey"}];`
    ),
    ...edges.map(({ from, to, label }) =>
      `    ${idOf(from)} -> ${idOf(to)}${label === undefined ? "" : ` [label=${quote(label)}]`};`
    ),
    "  }",
  ];
}

/** A string of the language: only quotation marks and backslashes have a meaning in it. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
