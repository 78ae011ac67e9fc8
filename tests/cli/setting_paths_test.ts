import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { flattenValues, nameSetting, nestValues, pathsByFlag, type SettingTable } from "../../src/cli/setting_paths.ts";
import { COMPARE_DEFAULTS } from "../../src/compare/mod.ts";
import {
  DERIVE_DEFAULTS,
  PRETRAIN_DEFAULTS,
  SEARCH_DEFAULTS,
  TRADITIONAL_DEFAULTS,
  TRAIN_DEFAULTS,
  TRANSFER_DEFAULTS,
} from "../../src/pipelines/mod.ts";

const TABLE: SettingTable = {
  flags: {
    data: { kind: "text", path: "data", help: "" },
    "learning-rate": { kind: "number", path: "search.learningRate", from: 0, to: 1, help: "" },
    epochs: { kind: "integer", path: "search.epochs", from: 1, to: 9, help: "" },
    quiet: { kind: "switch", help: "" },
  },
  operands: { name: "NAME", least: 0, most: 1, path: "entry.name" },
};

Deno.test("nestValues() puts the settings among the values into their groups, and flattenValues() takes them out", () => {
  const given = { values: { data: "x", learningRate: 0.5, quiet: true }, operands: ["few"] };
  const nested = { data: "x", search: { learningRate: 0.5 }, entry: { name: "few" } };
  assertEquals(nestValues(TABLE, given), nested);
  assertEquals(flattenValues(TABLE, { ...nested, search: { learningRate: 0.5, depth: 3 } }), {
    values: { data: "x", learningRate: 0.5 },
    operands: ["few"],
    unknown: ["search.depth"],
  });
});

Deno.test("nameSetting() calls a setting as the user types it", () => {
  const names = ["search.learningRate", "data", "entry.name", "search.depth"].map((path) => nameSetting(TABLE, path));
  assertEquals(names, ["--learning-rate", "--data", "NAME", "search.depth"]);
});

Deno.test("no two flags of a command have the same path", () => {
  for (const command of COMMANDS) {
    const paths = [...pathsByFlag(command).values(), ...(command.operands?.path ? [command.operands.path] : [])];
    assertEquals(paths.length, new Set(paths).size, command.name);
  }
});

Deno.test("every setting that a pipeline has a default for has a flag", () => {
  const defaults: Readonly<Record<string, object>> = {
    compare: COMPARE_DEFAULTS,
    demo: TRANSFER_DEFAULTS,
    pretrain: PRETRAIN_DEFAULTS,
    search: SEARCH_DEFAULTS,
    traditional: TRADITIONAL_DEFAULTS,
    train: TRAIN_DEFAULTS,
    transfer: TRANSFER_DEFAULTS,
    "zoo derive": DERIVE_DEFAULTS,
  };
  for (const [name, settings] of Object.entries(defaults)) {
    const command = COMMANDS.find((command) => command.name === name)!;
    assertEquals(flattenValues(command, settings).unknown, [], name);
    assert(pathsByFlag(command).size > 0);
  }
});
