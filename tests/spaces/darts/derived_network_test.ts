import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine, ProgramBuilder, type Tensor } from "../../../src/engine/mod.ts";
import { initialiseNetwork } from "../../../src/network/mod.ts";
import { buildDerivedNetwork, costOfDerivedNetwork } from "../../../src/spaces/mod.ts";
import { lowerDerivedNetwork } from "../../../src/spaces/darts/derived_network.ts";
import { checkGenotype, type DartsGenotype, randomGenotype } from "../../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import { tinyBatch, tinyTask } from "../../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });
const SPACE = makeDartsSpace({ channels: 4, cells: 3, classes: 3, inputChannels: 1, height: 12, width: 12 });

/** One state read twice by one node, a skipped node, a partial concatenation, none. */
const AWKWARD: DartsGenotype = checkGenotype({
  normal: [
    ["avg_pool_3x3", 0],
    ["avg_pool_3x3", 0],
    ["skip_connect", 1],
    ["skip_connect", 1],
    ["sep_conv_5x5", 2],
    ["none", 0],
    ["dil_conv_5x5", 4],
    ["max_pool_3x3", 3],
  ],
  normal_concat: [5, 4],
  reduce: [
    ["skip_connect", 0],
    ["skip_connect", 1],
    ["max_pool_3x3", 0],
    ["skip_connect", 2],
    ["sep_conv_3x3", 1],
    ["avg_pool_3x3", 1],
    ["skip_connect", 3],
    ["skip_connect", 3],
  ],
  reduce_concat: [2, 4, 5],
});

Deno.test("buildDerivedNetwork() compiles any architecture and holds the tensors that costOfDerivedNetwork() lists", () => {
  for (const genotype of [AWKWARD, ...Array.from({ length: 10 }, (_, seed) => randomGenotype(seed))]) {
    for (const auxiliaryWeight of [0, 0.4]) {
      const options = { space: SPACE, genotype, auxiliaryWeight };
      const network = engine.compile(buildDerivedNetwork(options), { batch: 2 });
      const names = network.parameters.map(({ name }) => name);
      assertEquals(names, costOfDerivedNetwork(options).tensors.map(({ name }) => name));
      assertEquals(names.includes("auxiliary_head.classifier.bias"), auxiliaryWeight > 0);
      assertEquals(network.mixingCount, 0);
      network.free();
    }
  }
});

Deno.test("buildDerivedNetwork() learns", () => {
  const task = tinyTask(engine, { height: 12, width: 12 });
  const batch = tinyBatch(task, 0, 48);
  for (const genotype of [AWKWARD, randomGenotype(1)]) {
    const network = engine.compile(buildDerivedNetwork({ space: SPACE, genotype, auxiliaryWeight: 0.4 }), {
      batch: 48,
    });
    initialiseNetwork(network, 1);
    const losses = Array.from({ length: 12 }, () => {
      const { loss } = network.backward(batch, { weightGradients: true });
      network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
      return loss;
    });
    assert(losses.at(-1)! < 0.5 * losses[0]!, `losses ${losses}`);
    network.free();
  }
});

Deno.test("buildDerivedNetwork() drops paths in training only, and never a plain skip", () => {
  const task = tinyTask(engine, { height: 12, width: 12 });
  const batch = tinyBatch(task, 0, 16);
  const losses = (genotype: DartsGenotype, training: boolean) => {
    const network = engine.compile(buildDerivedNetwork({ space: SPACE, genotype }), { batch: 16 });
    initialiseNetwork(network, 1);
    const run = (dropPath: number) => network.forward(batch, { training, dropPath, statisticsMomentum: 0 }).loss;
    const result = [run(0), run(0.5)];
    network.free();
    return result;
  };
  const [whole, dropped] = losses(randomGenotype(1), true);
  assertNotEquals(whole, dropped);
  const [evaluated, same] = losses(randomGenotype(1), false);
  assertEquals(evaluated, same);
});

Deno.test("lowerDerivedNetwork() marks every term for drop-path but plain skips", () => {
  const seen: [boolean | undefined, string][] = [];
  class Recorder extends ProgramBuilder {
    override combine(terms: { x: Tensor; mix?: number; dropPath?: boolean }[]): Tensor {
      for (const { dropPath, x } of terms) seen.push([dropPath, `${x.height}x${x.width}`]);
      return super.combine(terms);
    }
  }
  const builder = new Recorder({ height: 12, width: 12, channels: 1 });
  lowerDerivedNetwork(builder, { space: makeDartsSpace({ ...SPACE, cells: 3 }), genotype: AWKWARD });
  // The normal cell: two poolings; two plain skips; a convolution (none has no term); a convolution and a pooling.
  assertEquals(seen.slice(0, 7).map(([dropPath]) => dropPath), [true, true, false, false, true, true, true]);
  // A reduction: factorised skips from its inputs are dropped, plain ones from its nodes are not.
  assertEquals(seen.slice(7, 15).map(([dropPath]) => dropPath), [true, true, true, false, true, true, false, false]);
});

Deno.test("lowerDerivedNetwork() pools a state once for all genes that ask for the same pooling", () => {
  const pooled: string[] = [];
  class Recorder extends ProgramBuilder {
    override pool(x: Tensor, o: Parameters<ProgramBuilder["pool"]>[1]): Tensor {
      pooled.push(`${o.kind} of ${x.id} by ${o.stride}`);
      return super.pool(x, o);
    }
  }
  const builder = new Recorder({ height: 12, width: 12, channels: 1 });
  lowerDerivedNetwork(builder, { space: makeDartsSpace({ ...SPACE, cells: 3 }), genotype: AWKWARD });
  assertEquals(new Set(pooled).size, pooled.length);
  // Cells are normal, reduce, reduce; a normal one has two poolings of different states, a reduction two as well.
  assertEquals(pooled.map((name) => name.split(" ")[0]), ["average", "max", "max", "average", "max", "average"]);
});

Deno.test("buildDerivedNetwork() refuses an architecture of another number of nodes", () => {
  assertThrows(
    () => buildDerivedNetwork({ space: SPACE, genotype: randomGenotype(1, 3) }),
    RangeError,
    "Cannot build network: genotype has 3 nodes a cell, expected 4 as in the space",
  );
});
