import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ENGINE_FLAGS,
  LEARNING_FLAGS,
  OUTPUT_FLAGS,
  RUN_FLAGS,
  SEARCH_FLAGS,
  SIZE_FLAGS,
} from "../../src/cli/common_flags.ts";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { readValue } from "../../src/cli/flag_values.ts";
import { nestValues } from "../../src/cli/setting_paths.ts";

Deno.test("common flags hold every flag of the contract", () => {
  const all = { ...SEARCH_FLAGS, ...ENGINE_FLAGS, ...OUTPUT_FLAGS, ...RUN_FLAGS, ...SIZE_FLAGS };
  const contract = "seed threads batch channels cells space method memory build out resume json quiet verbose".split(
    " ",
  );
  for (const name of contract) assert(name in all, name);
});

Deno.test("every command but those that print a script for a shell knows --json, --quiet and --verbose", () => {
  const others = COMMANDS.filter(({ name }) => !name.startsWith("completion "));
  for (const { name, flags } of others) for (const flag of Object.keys(OUTPUT_FLAGS)) assert(flag in flags, name);
});

Deno.test("all that learns has the same flags of what is minimised, how images are varied and which weights count", () => {
  const learning = [
    "pretrain",
    "search",
    "transfer",
    "traditional",
    "train",
    "zoo derive",
    "compare",
    "demo",
    "pareto",
  ];
  const having = COMMANDS.filter(({ flags }) => Object.keys(LEARNING_FLAGS).every((flag) => flag in flags));
  assertEquals(having.map(({ name }) => name).toSorted(), learning.toSorted());
  const values = { labelSmoothing: 0.1, augment: "photo", mixup: 0.2, cutmix: 1, weightsMean: 0.999 };
  assertEquals(nestValues({ flags: LEARNING_FLAGS, operands: undefined }, { values }), {
    loss: { labelSmoothing: 0.1 },
    variation: { augment: "photo", mixup: 0.2, cutmix: 1 },
    weights: { mean: 0.999 },
  });
});

Deno.test("flags of learning refuse what is out of range and what is no number", () => {
  const wrong: Record<string, string[]> = {
    "label-smoothing": ["-0.1", "1", "NaN", ""],
    augment: ["foto", "0.4"],
    mixup: ["-1", "2.1", "Infinity"],
    cutmix: ["3", "half"],
    "weights-mean": ["1", "-0.5", "NaN"],
  };
  for (const [flag, values] of Object.entries(wrong)) {
    for (const value of values) assertThrows(() => readValue(LEARNING_FLAGS[flag]!, value), Error, "expected", flag);
  }
});
