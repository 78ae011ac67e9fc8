import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { Engine, type Network, SLOT } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import {
  BilevelSearch,
  type BilevelSettings,
  DARTS_SETTINGS,
  meanOfScores,
  OperationStopper,
} from "../../src/search/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { tinySearch } from "./_tiny_search.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

/** A supernet, and what lays gradients into it of which those of some operations have a cosine of their own, the others 1. */
function prepare() {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 1 });
  network.initialise(1);
  network.vectors.copy(SLOT.values, SLOT.gradients);
  const lay = (stopper: OperationStopper, cosines: Record<string, number>) => {
    for (const { name } of network.parameters) {
      const operation = Object.keys(cosines).find((prefix) => name.startsWith(`${prefix}.`));
      const value = network.read(name);
      network.write(name, value.map((x) => x * (cosines[operation ?? ""] ?? 1)), stopper.slot);
    }
    return stopper.compare();
  };
  return { network, lay };
}

const [DEAF, FICKLE, CALM] = ["cells.0._ops.0._ops.4", "cells.1._ops.2._ops.7", "cells.1._ops.2._ops.6"] as const;

Deno.test("OperationStopper stops the operations whose mean cosine over its steps is too small, and these alone", () => {
  const { network, lay } = prepare();
  const stopper = new OperationStopper(network, TINY_SPACE, { steps: 3, threshold: 0.3 });
  // A cosine has the sign of the gradient and not its length: the means are -1, 1/3 and 1.
  assertEquals(lay(stopper, { [DEAF]: -5, [FICKLE]: -0.1 }), false);
  assertEquals(lay(stopper, { [DEAF]: -0.1, [CALM]: 7 }), false);
  const { steps, sums, stopped } = stopper.state();
  assertEquals([steps, stopped], [2, []]);
  [[DEAF, -2], [FICKLE, 0], [CALM, 2]].forEach(([name, sum]) => assertAlmostEquals(sums[name!]!, Number(sum), 1e-9));
  assertEquals(lay(stopper, { [DEAF]: -1 }), true);
  assertEquals([stopper.stopped, stopper.state()], [[DEAF], { steps: 0, sums: {}, stopped: [DEAF] }]);
  const names = network.parameters.map(({ name }) => name).filter((name) => name.startsWith(`${DEAF}.`));
  assertEquals([names.length > 1, stopper.parameters], [true, names]);

  // What has stopped has no score, and what agreed with itself in one window may stop in another.
  for (const last of [false, false, true]) assertEquals(lay(stopper, { [FICKLE]: -1 }), last);
  assertEquals(stopper.stopped, [DEAF, FICKLE]);
  network.free();
});

Deno.test("OperationStopper goes on from a state, as far as the supernet has its operations", () => {
  const { network, lay } = prepare();
  const begin = () => new OperationStopper(network, TINY_SPACE, { steps: 2, threshold: 0.3 });
  const [whole, first, later] = [begin(), begin(), begin()];
  for (const stopper of [whole, first]) for (let i = 0; i < 3; i++) lay(stopper, { [i < 2 ? DEAF : CALM]: -1 });
  const { sums, ...state } = first.state();
  const more = { ...state, sums: { ...sums, gone: -2 }, stopped: [...state.stopped, "cells.9._ops.0._ops.4"] };
  later.restore(JSON.parse(JSON.stringify(more)));
  assertEquals([later.state(), later.parameters], [whole.state(), whole.parameters]);
  assertEquals([lay(later, { [CALM]: -1 }), lay(whole, { [CALM]: -1 })], [true, true]);
  assertEquals([later.stopped, whole.stopped], [[DEAF, CALM], [DEAF, CALM]]);
  later.restore(undefined);
  assertEquals(later.state(), begin().state());
  network.free();
});

Deno.test("meanOfScores() takes the mean of scores, and what half have stopped has stopped", () => {
  const states = [
    { steps: 2, sums: { a: 0.5, b: 1, c: -1 }, stopped: ["d", "e"] },
    { steps: 2, sums: { a: 1, b: 0, d: 0.25 }, stopped: ["c", "e"] },
    { steps: 2, sums: { a: 0, b: 2, c: 0, d: 0.75 }, stopped: ["e"] },
  ];
  assertEquals(meanOfScores(states), { steps: 2, sums: { a: 0.5, b: 1, c: -0.5, d: 0.5 }, stopped: ["e"] });
  assertEquals(meanOfScores(states.slice(0, 2)).stopped.toSorted(), ["c", "d", "e"]);
  assertEquals(meanOfScores([states[0]!]), states[0]!);
  // Where all have just judged there are no sums.
  const judged = [["a"], []].map((stopped) => ({ steps: 0, sums: {}, stopped }));
  assertEquals(meanOfScores([...judged, judged[1]!]), { steps: 0, sums: {}, stopped: [] });
});

function search(changes: Partial<BilevelSettings>) {
  const options = tinySearch(engine, { settings: { ...DARTS_SETTINGS, batch: 8, ...changes } });
  return { search: new BilevelSearch(options), network: options.network };
}

function readAll(network: Network) {
  return network.parameters.map(({ name }) => [name, network.read(name), network.read(name, "momentum")] as const);
}

for (const order of [1, 2] as const) {
  Deno.test(`weights of operations that have stopped rest, all others and alpha learn on, in order ${order}`, () => {
    // No cosine is 2: all stop in the second step.
    const { search: stopping, network } = search({ order, operationStopping: { steps: 2, threshold: 2 } });
    const { search: plain, network: other } = search({ order });
    assertEquals(stopping.takeStep(), plain.takeStep());
    assertEquals([readAll(network), stopping.alpha], [readAll(other), plain.alpha]);
    assertEquals([stopping.trace().stopped, plain.trace().stopped], [0, undefined]);
    const [before, alpha] = [readAll(network), stopping.alpha];
    const report = stopping.takeStep();
    const { gradientNorm, ...figures } = plain.takeStep();
    assertEquals(report, { ...figures, gradientNorm: report.gradientNorm });
    assert(report.gradientNorm < gradientNorm, "the norm is that of what learns");
    const after = readAll(network);
    before.forEach(([name, values, momentum], i) => {
      const rests = name.includes("._ops.");
      (rests ? assertEquals : assertNotEquals)(after[i]![1], values, name);
      (rests ? assertEquals : assertNotEquals)(after[i]![2], momentum, name);
    });
    assertNotEquals(stopping.alpha, alpha);
    const { stopped } = stopping.state().stopping!;
    assertEquals([stopping.trace().stopped, new Set(stopped).size], [stopped.length, stopped.length]);
    network.free();
    other.free();
  });
}

Deno.test("steps in which alpha rests, or weights learn along a path, tell nothing of the operations", () => {
  const stepsOf = (changes: Partial<BilevelSettings>) => {
    const { search: stopping, network } = search({ ...changes, operationStopping: { steps: 20, threshold: 0 } });
    for (let step = 0; step < 4; step++) stopping.takeStep();
    network.free();
    return stopping.state().stopping!.steps;
  };
  assertEquals([stepsOf({}), stepsOf({ alphaEvery: 3 }), stepsOf({ pathShare: 0.5 })], [4, 2, 2]);
});
