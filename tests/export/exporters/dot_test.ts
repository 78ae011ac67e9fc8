import { assertEquals } from "@std/assert";
import { dotExporter } from "../../../src/export/exporters/dot.ts";
import { makeSpace, randomGenotype } from "../../../src/spaces/mod.ts";
import { DEFAULT_REQUEST } from "../../../src/export/exporters/exporter.ts";
import { toyModel } from "../_model.ts";

const write = (...changes: Partial<ReturnType<typeof toyModel>>[]) =>
  String(dotExporter.write(Object.assign(toyModel(), ...changes), DEFAULT_REQUEST));

Deno.test("dot draws each cell as a cluster, an operation on every edge", () => {
  assertEquals(
    write(),
    `digraph genotype {
  rankdir=LR;
  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica];
  edge [fontname=Helvetica, fontsize=11];
  subgraph cluster_0 {
    label="Ladder";
    cell0_0 [label="stem", fillcolor=lightgrey];
    cell0_1 [label="step 1"];
    cell0_2 [label="step 2"];
    cell0_3 [label="step 3"];
    cell0_0 -> cell0_1 [label="convolution"];
    cell0_1 -> cell0_2 [label="skip"];
    cell0_2 -> cell0_3 [label="average"];
  }
}
`,
  );
});

Deno.test("dot escapes what would end a text", () => {
  const text = write({ genotype: { steps: ['a "b" \\'] } });
  assertEquals(/\[label=("a.*)\];/.exec(text)![1], '"a \\"b\\" \\\\"');
});

Deno.test("dot keeps the states of two cells apart", () => {
  const space = makeSpace({ name: "darts", classes: 2, inputChannels: 1, height: 9, width: 9 });
  const text = write({ space, genotype: randomGenotype(1, space) });
  const states = Array.from(text.matchAll(/^ {4}(cell\d_\d) \[/gm), ([, state]) => state!);
  assertEquals([states.length, new Set(states).size], [14, 14]);
  const ends = Array.from(text.matchAll(/(cell\d)_\d -> (cell\d)_\d/g), ([, from, to]) => from === to);
  // Two cells of four nodes: two edges into each node, and one from each node to the output.
  assertEquals(ends, Array<boolean>(2 * (8 + 4)).fill(true));
});
