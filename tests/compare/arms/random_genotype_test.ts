import { assertEquals } from "@std/assert";
import { randomGenotypeArm } from "../../../src/compare/arms/random_genotype.ts";
import type { TrainOptions } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("random-genotype trains for all epochs, with an entry's sizes", async () => {
  const { command, budgetEpochs, options } = await planned(randomGenotypeArm);
  const { architecture, sizes, training } = options as TrainOptions;
  assertEquals([command, budgetEpochs, training.epochs, training.inherit], ["train", 0, 8, "none"]);
  assertEquals([architecture, sizes], [{ genotype: "random" }, { space: "darts", channels: 4, cells: 3, nodes: 4 }]);
});
