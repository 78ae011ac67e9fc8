import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork, type State } from "../../src/network/mod.ts";
import { initialAlpha, registerMethod, Supernet } from "../../src/search/mod.ts";
import { countMixing, makeDartsSpace, mixingIndex, PRIMITIVES } from "../../src/spaces/darts/space.ts";
import { buildSupernet, type Genotype, pruneSpace } from "../../src/spaces/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { BETAS, PRUNING } from "./methods/_toys.ts";
import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";

registerMethod(BETAS);
registerMethod(PRUNING);

Deno.test("Supernet.stateFor() adds the shares that alpha stands for, and leaves the rest of the state alone", () => {
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
  const mixed = Supernet.of("darts", { state, alpha, space }).stateFor(genotype, 0);
  for (const [name, tensor] of state) assertEquals(mixed.get(name), tensor);
  assertEquals(mixed.size, state.size + 4);
  const gain = (gene: typeof one | typeof other) => mixed.get(`${prefix(gene)}.weight`)!.data as Float32Array;
  for (const value of gain(one)) assertAlmostEquals(value, 0.3 / 0.425, 1e-6);
  for (const value of gain(other)) assertAlmostEquals(value, 0.125 / 0.425, 1e-6);
  assertEquals(mixed.get(`${prefix(one)}.bias`)!.data, new Float32Array(4));
});

Deno.test("Supernet.blank() starts as a search from scratch, with all that its method learns", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const blank = Supernet.blank("betas", TINY_SPACE, { engine, seed: 3 });
  assertEquals([blank.alpha.length, blank.state.size, blank.space], [80 + 10, 0, TINY_SPACE]);
  assertEquals(blank.alpha, initialAlpha(engine, blank.method.parameters, 3));
  assertEquals([blank.mixing(0).length, blank.strengths().length], [80, 80]);
  engine.close();
});

Deno.test("Supernet.genotype() is that of its strengths, within a limit if there is one", () => {
  const alpha = Float32Array.from({ length: 80 }, (_, i) => Math.sin(1 + i * i));
  const supernet = Supernet.of("darts", { space: TINY_SPACE, alpha, state: new Map() });
  const [free, bound] = [supernet.genotype(), supernet.genotype(1300)];
  assertEquals(free, supernet.with({ alpha: alpha.slice() }).genotype());
  assertNotEquals(bound, free);
});

Deno.test("Supernet.within() keeps what a pruned space holds, and what the method remembers", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
  initialiseNetwork(network, 1);
  const alpha = Float32Array.from({ length: 80 }, (_, i) => Math.sin(1 + i * i));
  const whole = Supernet.of("pruning", {
    space: TINY_SPACE,
    alpha,
    state: collectState(network),
    remembered: { begun: 4 },
  });
  const pruned = whole.within(pruneSpace(TINY_SPACE, whole.strengths(), 1));
  assertEquals([pruned.alpha, pruned.method.state()], [alpha, { begun: 4 }]);
  const names = buildSupernet(pruned.space).parameters.map(({ name }) => name);
  assertEquals(names.every((name) => pruned.state.get(name) === whole.state.get(name)), true);
  assertEquals(
    [...pruned.state.keys()].filter((name) => name.endsWith("weight")).sort(),
    names.filter((name) => name.endsWith("weight")).sort(),
  );
  engine.close();
});
