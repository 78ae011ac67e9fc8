import { assertEquals, assertRejects } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { UsageError } from "../../src/cli/flags.ts";
import { readStudy } from "../../src/cli/study_file.ts";

async function read(text: string) {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, text);
    return (await readStudy(path, COMMANDS)).study;
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a study is read with the names of flags in either form", async () => {
  const study = await read(`
    command: transfer
    settings: {epochs: 2, time-limit: 10m}
    grid: {target: [uci-digits], learningRate: [0.05, 0.1]}
    paired: {image: [16, 32], trainBatch: [32, 64]}
    random: {count: 3, flags: {dropPath: {from: 0, to: 0.3}, alphaLearningRate: {from: 1e-4, to: 0.1, scale: log}, augment: [flip, light]}}
    repeats: 2
    constraints: [{if: {image: 32}, then: {learningRate: {to: 0.05}}}, {not: {augment: [light], image: 16}}]
    halving: {from: 2}
  `);
  assertEquals(study.settings, { epochs: 2, timeLimit: 600 });
  assertEquals(study.grid, { target: ["uci-digits"], learningRate: [0.05, 0.1] });
  assertEquals(study.random!.flags.dropPath, { from: 0, to: 0.3, scale: "linear", isWhole: false });
  assertEquals(study.constraints[0], { if: { image: [32] }, then: { learningRate: { to: 0.05 } } });
  assertEquals(study.halving, { metric: "validAccuracy", from: 2, factor: 3 });
});

Deno.test("what is wrong with a study is said in a line", async () => {
  const cases: [string, string][] = [
    ["[]", "it holds a list, expected a study"],
    ["command: tranfer", `command is "tranfer": expected one of`],
    ["command: tranfer", "(did you mean transfer?)"],
    ["command: eval", `command is "eval": expected one of`],
    ["{command: search, grids: {}}", "unknown part grids (did you mean grid?)"],
    ["{command: search, grid: {learninRate: [1]}}", "unknown setting learninRate (did you mean learningRate?)"],
    ["{command: search, grid: {epochs: [1, zwei]}}", `epochs is "zwei": expected a whole number from 1`],
    ["{command: search, grid: {epochs: 1}}", "grid.epochs is 1, expected a list"],
    ["{command: search, grid: {epochs: []}}", "grid.epochs is empty"],
    ["{command: search, settings: {out: runs/a}}", "out is no setting of a trial"],
    ["{command: search, settings: {epochs: 1}, grid: {epochs: [2]}}", "epochs is in settings and in grid"],
    ["{command: search, repeats: 2, grid: {seed: [1]}}", "repeats and grid.seed both give seeds"],
    ["{command: search, repeats: 0}", "repeats is 0, expected a whole number from 1 to 1000"],
    ["{command: search, paired: {epochs: [1, 2], batch: [8]}}", "epochs has 2, batch has 1: expected as many of each"],
    ["{command: search, random: {count: 2, flags: {learningRate: {from: 0, to: 1, scale: log}}}}", "begins at 0"],
    ["{command: search, constraints: [{if: {epochs: 1}}]}", "constraints[0] has if, expected if and then, or not"],
    ["{command: search, halving: {metric: speed}}", `halving.metric is "speed"`],
    ["{command: search, repeats: 1000, random: {count: 1000, flags: {epochs: [1]}}}", "it has 1,000,000 trials"],
  ];
  for (const [text, words] of cases) await assertRejects(() => read(text), UsageError, words);
});
