import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectNetwork } from "../../src/network/mod.ts";
import { BilevelSearch, createDarts } from "../../src/search/mod.ts";
import { MeanOfParts } from "../../src/rounds/mean_of_parts.ts";
import { tinySearch } from "../search/_tiny_search.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const method = createDarts(TINY_SPACE);

/** What worker `index` of two comes to after a step. */
function partOf(index: number) {
  const options = tinySearch(engine, { shard: { index, of: 2 } });
  const settings = { ...options.settings, weightsMean: 0.9 };
  const search = new BilevelSearch({ ...options, settings });
  search.takeStep();
  const { tensors, progress } = search.save();
  const all = new Map([...collectNetwork(options.network, search.clock.batchesTracked), ...tensors]);
  options.network.free();
  return { tensors: all, progress };
}

const parts = [partOf(0), partOf(1)] as const;
type Part = typeof parts[number];
const numbers = ({ tensors }: Part, name: string) => [...tensors.get(name)!.data as Float32Array];

/** Puts parts together; gives all tensors of the mean by their names in a part, and its search. */
function meanOf(added: readonly Part[]) {
  const { network } = tinySearch(engine);
  const before = [...network.read(network.parameters[0]!.name)];
  const mean = new MeanOfParts(network, { count: added.length, hasMean: true });
  for (const part of added) mean.add(part, method);
  const { weights, search } = mean.finish(0);
  assertEquals([...network.read(network.parameters[0]!.name)], before, "the old weights are back");
  const tensors = new Map<string, number[]>();
  for (const { name } of network.parameters) {
    tensors.set(name, [...network.read(name, weights)]);
    tensors.set(`momentum.${name}`, [...network.read(name, "momentum")]);
    tensors.set(`weights_mean.${name}`, [...search.mean!.get(name)!.data as Float32Array]);
  }
  for (const { name } of network.buffers) tensors.set(name, [...network.read(name)]);
  mean.free();
  network.free();
  return { tensors, search };
}

Deno.test("MeanOfParts is the mean of weights, momentum, exponential means, statistics and alpha, and the sum of counts", () => {
  const { tensors, search } = meanOf(parts);
  for (const [name, found] of tensors) {
    const [first, second] = parts.map((part) => numbers(part, name));
    found.forEach((value, i) => assertAlmostEquals(value, (first![i]! + second![i]!) / 2, 1e-6, name));
  }
  const { name } = method.parameters[0]!;
  const alphas = parts.map((part) => numbers(part, name));
  assertAlmostEquals(search.alpha[0]!, (alphas[0]![0]! + alphas[1]![0]!) / 2, 1e-7);
  const [first, second] = parts.map(({ progress }) => progress);
  assertEquals(search.tally.count, first!.tally.count + second!.tally.count);
  assertEquals(search.batchesTracked, first!.batchesTracked + second!.batchesTracked);
});

Deno.test("MeanOfParts of one part is that part, bit for bit", () => {
  const { tensors, search } = meanOf([parts[1]]);
  for (const [name, found] of tensors) assertEquals(found, numbers(parts[1], name), name);
  assertEquals(search.tally, parts[1].progress.tally);
});

Deno.test("MeanOfParts refuses a part of another network", () => {
  const { network } = tinySearch(engine);
  const mean = new MeanOfParts(network, { count: 1, hasMean: false });
  const [[name]] = parts[0].tensors as unknown as [[string]];
  const tensors = new Map([...parts[0].tensors].filter(([other]) => other !== name));
  assertThrows(() => mean.add({ ...parts[0], tensors }, method), RangeError, `${name} is missing`);
  mean.free();
  network.free();
});
