import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { summarisePublished } from "../../src/compare/published_runs.ts";
import { parseGenotype } from "../../src/spaces/nasbench201/genotype.ts";
import { parsePublishedTable } from "../../src/spaces/mod.ts";

const CELLS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3"].map((operation) =>
  `|${operation}~0|+|none~0|none~1|+|none~0|none~1|none~2|`
);
/** Published of these cells in turn: 10, 50, 70 and 90 % on CIFAR-10, half of it on CIFAR-100. */
const TABLE = parsePublishedTable(
  [
    "CIFAR10TestAccuracy200Epochs,CIFAR100TestAccuracy200Epochs,ImageNetTestAccuracy200Epochs,ArchitectureString",
    ...CELLS.map((cell, i) => `${[10, 50, 70, 90][i]},${[5, 25, 35, 45][i]},1,${cell}`),
    "",
  ].join("\n"),
  "nasbench201",
);

/** A run that would have derived these cells after 1, 2 … epochs. */
function run(group: string, seed: number, cells: readonly number[]) {
  const history = cells.map((cell, i) => ({
    epoch: i + 1,
    genotype: parseGenotype(CELLS[cell]!),
    seconds: 10 * (i + 1),
  }));
  return { group, pair: `hands, seed ${seed}`, history };
}

Deno.test("summarisePublished() looks cells up epoch by epoch and pairs groups by data and seed", () => {
  const runs = [
    ...[[2, 3], [3, 3], [3, 3]].map((cells, seed) => run("both", seed, cells)),
    ...[[0, 1], [1, 1], [0, 3], [0, 0]].map((cells, seed) => run("none", seed, cells)),
  ];
  const options = { table: TABLE, dataset: "cifar10", epochs: [1, 5, undefined] } as const;
  const { groups, pairs } = summarisePublished(runs, options);
  assertEquals(groups.map(({ group, runs }) => [group, runs]), [["both", 3], ["none", 4]]);
  const [after1, after5, last] = groups[0]!.epochs;
  assertAlmostEquals(after1!.accuracy.mean!, 250 / 3, 1e-12);
  assertAlmostEquals(after1!.regret.mean!, 20 / 3, 1e-12);
  // A run that ended earlier keeps its last cell.
  assertEquals([after5!.accuracy.mean, after5!.seconds.mean, last!.regret.mean], [90, 20, 0]);
  assertEquals(pairs.map(({ epoch, count, better, worse }) => [epoch, count, better, worse]), [
    [1, 3, 3, 0],
    [5, 3, 2, 0],
    [undefined, 3, 2, 0],
  ]);
  assertAlmostEquals(pairs[0]!.mean!, (60 + 40 + 80) / 3, 1e-12);
  assertEquals(pairs[0]!.p, 2 / 8);
  const hundred = summarisePublished(runs, { ...options, dataset: "cifar100" });
  assertAlmostEquals(hundred.groups[1]!.epochs[0]!.regret.mean!, 45 - 10, 1e-12);
});

Deno.test("summarisePublished() compares nothing that shares no pair, and names what the table lacks", () => {
  const options = { table: TABLE, dataset: "cifar10", epochs: [undefined] } as const;
  assertEquals(summarisePublished([run("both", 0, [1]), run("none", 1, [1])], options).pairs, []);
  const stranger = {
    ...run("both", 0, [1]),
    history: [{
      epoch: 1,
      seconds: 1,
      genotype: parseGenotype("|none~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|"),
    }],
  };
  assertThrows(() => summarisePublished([stranger], options), RangeError, "the table has 4 others");
});
