import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { State } from "../../src/network/mod.ts";
import { type Genotype } from "../../src/spaces/mod.ts";
import { countMixing, makeDartsSpace, mixingIndex, PRIMITIVES } from "../../src/spaces/darts/space.ts";
import { mixedState } from "../../src/stages/mixed_state.ts";
import { createMethod } from "../../src/search/mod.ts";

Deno.test("mixedState() adds the shares that alpha stands for, and leaves the rest of the state alone", () => {
  const space = makeDartsSpace({ nodes: 1, cells: 3, channels: 4 });
  const genotype: Genotype = {
    normal: [["dil_conv_3x3", 0], ["dil_conv_5x5", 1]],
    normal_concat: [2],
    reduce: [["max_pool_3x3", 0], ["dil_conv_5x5", 1]],
    reduce_concat: [2],
  };
  const [one, other] = [["dil_conv_3x3", 0], ["dil_conv_5x5", 1]] as const;
  const place = ([operation, edge]: typeof one | typeof other) =>
    mixingIndex(space, "normal", edge, PRIMITIVES.indexOf(operation));
  const alpha = new Float32Array(countMixing(space));
  // Against seven zeros on its edge: shares of 3/10 and 1/8 of the two edges.
  alpha[place(one)] = Math.log(3);
  const prefix = ([operation, edge]: typeof one | typeof other) =>
    `cells.0._ops.${edge}._ops.${PRIMITIVES.indexOf(operation)}.op.3`;
  const state: State = new Map([one, other].flatMap((gene) =>
    [
      [`${prefix(gene)}.running_mean`, { shape: [4], data: new Float32Array(4) }],
      [`${prefix(gene)}.running_var`, { shape: [4], data: new Float32Array(4).fill(1) }],
    ] as const
  ));
  const mixed = mixedState({ state, alpha, space }, { genotype, method: createMethod("darts", space), seed: 0 });
  for (const [name, tensor] of state) assertEquals(mixed.get(name), tensor);
  assertEquals(mixed.size, state.size + 4);
  const gain = (gene: typeof one | typeof other) => mixed.get(`${prefix(gene)}.weight`)!.data as Float32Array;
  for (const value of gain(one)) assertAlmostEquals(value, 0.3 / 0.425, 1e-6);
  for (const value of gain(other)) assertAlmostEquals(value, 0.125 / 0.425, 1e-6);
  assertEquals(mixed.get(`${prefix(one)}.bias`)!.data, new Float32Array(4));
});
