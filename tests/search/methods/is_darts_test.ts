import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { cosinePlan, initialiseNetwork } from "../../../src/network/mod.ts";
import { BilevelSearch, type BilevelSettings, DARTS_SETTINGS, type EpochEnd } from "../../../src/search/mod.ts";
import { createIsDarts } from "../../../src/search/methods/is_darts.ts";
import { rowsOf } from "../../../src/search/methods/rows.ts";
import { buildSupernet, costOfSupernet, groupsOf, makeSpace, type Space } from "../../../src/spaces/mod.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";
import { tinySearch } from "../_tiny_search.ts";
import { MOMENT, waves } from "./_moments.ts";

const NB201 = makeSpace({ name: "nasbench201", classes: 10, inputChannels: 1, height: 8, width: 8 });

/** Candidates of the fullest place after every epoch, when the metric grows with the index. */
function shrinkThrough(space: Space, planned: number): { held: number[]; space: Space; measured: number } {
  let measured = 0;
  const held: number[] = [];
  for (let epochs = 1; epochs <= planned; epochs++) {
    const method = createIsDarts(space);
    const end: EpochEnd = { epochs, planned, space };
    const count = groupsOf(space).exists.length;
    const metric = () => {
      measured++;
      return Float64Array.from({ length: count }, (_, i) => 1 + i);
    };
    const alpha = method.measure!(new Float32Array(count), end, metric) ?? new Float32Array(count);
    space = method.shrink!(alpha, end) ?? space;
    held.push(Math.max(...rowsOf(groupsOf(space)).map((row) => row.held.length)));
  }
  return { held, space, measured };
}

Deno.test("is-darts lets a candidate of each place go as its paper does: four times, two epochs apart, one before the end", () => {
  const { held, space, measured } = shrinkThrough(NB201, 30);
  assertEquals(held, [...Array(22).fill(5), 4, 4, 3, 3, 2, 2, 1, 1]);
  assertEquals(measured, 4);
  // The smallest metric of a row is that of its first operation.
  assertEquals((space as Space & { candidates: string[][] }).candidates, Array(6).fill(["none"]));
});

Deno.test("is-darts gives up more at a time in a search that is short, and chooses by the metric in one of a single epoch", () => {
  assertEquals(shrinkThrough(NB201, 3).held, [2, 1, 1]);
  const metric = () => Float64Array.from({ length: 30 }, (_, i) => i % 5 === 3 ? 1 : i % 5 === 0 ? Infinity : 7);
  const method = createIsDarts(NB201);
  const alpha = method.measure!(new Float32Array(30), { epochs: 1, planned: 1, space: NB201 }, metric)!;
  assertEquals([alpha[0], alpha[3], alpha[4]], [-60, 0, Math.fround(-Math.log(7))]);
  const strengths = method.strengths(alpha);
  for (const { start } of rowsOf(groupsOf(NB201))) {
    assert([0, 1, 2, 4].every((other) => strengths[start + other]! < strengths[start + 3]!));
  }
});

Deno.test("is-darts weighs every candidate by the number of operations, however many are left, and compares all of a node", () => {
  const { space } = shrinkThrough(TINY_SPACE, 2);
  for (const  of of[TINY_SPACE, space]) {
    const groups = groupsOf(of);
    const { weights, gradient } = createIsDarts(of).mix(waves(80), MOMENT);
    weights.forEach((weight, i) => assertEquals(weight, groups.exists[i] ? 1 / 8 : 0));
    assertEquals(gradient(waves(80)), new Float32Array(80));
    const strengths = createIsDarts(of).strengths(waves(80));
    const rows = rowsOf(groups);
    for (const sum of new Set(groups.sums)) {
      const held = rows.filter((_, row) => groups.sums[row] === sum).flatMap((row) => row.held);
      assertAlmostEquals(held.reduce((total, i) => total + strengths[i]!, 0), 1, 1e-6);
      const [a, b] = [held[0]!, held.at(-1)!];
      assertAlmostEquals(Math.log(strengths[a]! / strengths[b]!), waves(80)[a]! - waves(80)[b]!, 1e-5);
    }
  }
});

Deno.test("terms are measured to the same bits by any number of threads, and a pass that measures changes nothing", async () => {
  const found: Float32Array[] = [];
  for (const threads of [1, 3]) {
    const engine = await Engine.start({ build: "strict", threads });
    const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 8 });
    initialiseNetwork(network, 1);
    network.setMixing(new Float32Array(80).fill(1 / 8));
    const batch = tinyBatch(tinyTask(engine), 0, 7);
    const means = network.read(network.buffers[0]!.name);
    const options = { training: true, statisticsMomentum: 0 };
    const plain = network.forward(batch, options);
    assertEquals(network.forward(batch, { ...options, measuresTerms: true }), plain);
    found.push(network.termImportance());
    assertEquals(network.read(network.buffers[0]!.name), means);
    network.free();
    engine.close();
  }
  assertEquals(found[0], found[1]);
  const none = rowsOf(groupsOf(TINY_SPACE)).map(({ start }) => start);
  found[0]!.forEach((value, i) => assertEquals(value === Infinity, none.includes(i)));
});

Deno.test("a search by is-darts takes no step of alpha, and ends in a supernet that is smaller", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const method = createIsDarts(TINY_SPACE);
  const settings: BilevelSettings = { ...DARTS_SETTINGS, batch: 8 };
  const plan = cosinePlan({ epochs: 3, first: 0.025, last: 0.001 });
  const options = tinySearch(engine, { method, settings, plan });
  let { network } = options;
  const rebuild = (space: Space) => {
    network.free();
    network = engine.compile(buildSupernet(space), { batch: 8 });
    return { network, method: createIsDarts(space) };
  };
  const search = new BilevelSearch({ ...options, rebuild });
  const before = costOfSupernet(search.space).multiplyAdds;
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) assertEquals(search.takeStep().alphaLoss, undefined);
    search.finishEpoch();
  }
  assertLess(costOfSupernet(search.space).multiplyAdds, before / 3);
  const held = rowsOf(groupsOf(search.space)).map((row) => row.held.length);
  assertEquals(held, Array(10).fill(2));
  network.free();
  engine.close();
});
