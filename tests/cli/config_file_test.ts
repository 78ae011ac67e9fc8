import { type ConfiguredCommand, readConfigFile } from "../../src/cli/config_file.ts";
import { UsageError } from "../../src/cli/flags.ts";
import type { Values } from "../../src/cli/flag.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";

const COMMAND: ConfiguredCommand = {
  name: "transfer",
  operands: { name: "NAME", least: 0, most: 1, path: "entry.name" },
  flags: {
    target: { kind: "text", value: "NAME", help: "", path: "target" },
    source: { kind: "text", value: "NAME", help: "", path: "source.name" },
    epochs: { kind: "integer", from: 1, to: 100, help: "", path: "search.epochs" },
    "alpha-learning-rate": { kind: "number", from: 0, to: 10, help: "", path: "search.alphaLearningRate" },
    "train-epochs": { kind: "integer", from: 1, to: 100, help: "", path: "training.epochs" },
    arms: { kind: "list", value: "A[,B…]", help: "", path: "arms" },
    seeds: { kind: "list", numbers: { from: 0, to: 99 }, value: "N[,M…]", help: "", path: "seeds" },
    memory: { kind: "bytes", help: "" },
    resume: { kind: "switch", help: "" },
    config: { kind: "text", help: "" },
  },
};

/** Writes a file, and does something with its path. */
async function withFile<T>(name: string, text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    return await use(`${folder}/${name}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const read = (text: string, name = "settings.yaml") => withFile(name, text, (path) => readConfigFile(path, COMMAND));

async function assertRefuses(text: string, message: string, name = "settings.yaml"): Promise<void> {
  const error = await assertRejects(() => read(text, name), UsageError, `${name}: ${message}`);
  assertMatch(error.message, /^Cannot use [^\n]{1,400}$/);
}

Deno.test("readConfigFile() reads nested groups, camelCase and the names of flags alike", async () => {
  const expected: Values = { target: "x", source: "broad", epochs: 3, alphaLearningRate: 0.01, trainEpochs: 5 };
  for (
    const text of [
      "target: x\nsource: {name: broad}\nsearch:\n  epochs: 3\n  alphaLearningRate: 1e-2\ntraining: {epochs: 5}\n",
      "target: x\nsource: broad\nepochs: 3\nalphaLearningRate: 0.01\ntrainEpochs: 5 # a comment\n",
      "target: x\nsource: broad\nepochs: 3\nalpha-learning-rate: .01\ntrain-epochs: 5\n",
      "target: x\nsource.name: broad\nsearch:\n  epochs: 3\n  alpha-learning-rate: 0.01\ntraining.epochs: 5\n",
    ]
  ) assertEquals(await read(text), { values: expected, operands: [] }, text);
});

Deno.test("readConfigFile() reads JSON, and the config.json of a run with its operand", async () => {
  const settings = { search: { epochs: 3 }, arms: ["a", "b"], seeds: [0, 7], memory: "1GiB" };
  const values = { epochs: 3, arms: ["a", "b"], seeds: [0, 7], memory: 2 ** 30 };
  assertEquals(await read(JSON.stringify(settings), "s.json"), { values, operands: [] });
  const configuration = { ...settings, entry: { name: "broad" } };
  const run = { format: 2, command: "transfer", configuration };
  assertEquals(await read(JSON.stringify(run), "config.json"), { values, operands: ["broad"] });
});

Deno.test("readConfigFile() passes over what a run of the same command has no flag for, not of another", async () => {
  const configuration = { search: { epochs: 3, patience: 4 } };
  const runOf = (command: string) => JSON.stringify({ format: 2, command, configuration });
  assertEquals((await read(runOf("transfer"), "config.json")).values, { epochs: 3 });
  await assertRefuses(runOf("search"), "unknown setting search.patience of a run of search", "config.json");
});

Deno.test("readConfigFile() takes an empty file as no settings", async () => {
  for (const text of ["", "  \n", "# nothing yet\n", "{}"]) {
    assertEquals(await read(text), { values: {}, operands: [] }, text);
  }
  await assertRefuses("", "Unexpected end of JSON input, expected JSON", "s.json");
});

Deno.test("readConfigFile() refuses settings that there are not, and suggests the nearest", async () => {
  for (
    const [text, message] of [
      ["epoch: 3", "unknown setting epoch (did you mean epochs?)"],
      ["search: {learningRate: 1}", "unknown setting search.learningRate"],
      [
        "search: {alphalearningrate: 1}",
        "unknown setting search.alphalearningrate (did you mean search.alphaLearningRate?)",
      ],
      ["trainEpoch: 3", "unknown setting trainEpoch (did you mean trainEpochs?)"],
      ["train-epoch: 3", "unknown setting train-epoch (did you mean train-epochs?)"],
      ["serach: {epochs: 1}", "unknown setting serach"],
      ["resume: true", "unknown setting resume"],
      ["config: other.yaml", "unknown setting config"],
      ["__proto__: {epochs: 1}", "unknown setting __proto__"],
      ["constructor: 1", "unknown setting constructor"],
    ] as const
  ) await assertRefuses(text, message);
});

Deno.test("readConfigFile() refuses wrong types and bounds as flags do, and what is given twice", async () => {
  for (
    const [text, message] of [
      ["search: {epochs: 0}", "search.epochs is 0: expected a whole number from 1 to 100"],
      ["epochs: many", 'epochs is "many": expected a whole number'],
      ["epochs:", "epochs is null: expected a whole number"],
      ["search: 3", "unknown setting search"],
      ["target: {a: 1}", "target is a group of settings: expected NAME"],
      ["epochs: 3\nsearch: {epochs: 3}", "epochs and search.epochs are the same setting, expected one"],
      ["arms: [a, a]", "arms names a twice: expected each once"],
      ["arms: [[a]]", "arms is a list: expected names"],
      ["seeds: [0, 100]", 'seeds holds "100": expected whole numbers from 0 to 99'],
      ["- 1\n- 2", "it holds a list, expected settings by their names"],
      ["just words", 'it holds "just words", expected settings by their names'],
    ] as const
  ) await assertRefuses(text, message);
});

Deno.test("readConfigFile() names the line where a file is malformed", async () => {
  await assertRefuses("epochs: 3\nsearch: [1,\nx", "deficient indentation in line 3, expected YAML");
  await assertRefuses("epochs: 3\nepochs: 4", "duplicated mapping key in line 2, expected YAML");
  await assertRefuses("epochs: !!js/function x", "unknown scalar tag");
  await assertRefuses("a\n---\nb", "it holds 2 documents, expected one");
  await assertRefuses('{\n"epochs": 3\n"seed": 1}', "Expected ',' or '}' after property value in JSON", "s.json");
});

Deno.test("readConfigFile() is not blown up by aliases, depth or size", async () => {
  let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (let i = 0; i < 20; i++) {
    bomb += `a${i}: &a${i} [${Array(10).fill(`*a${i || ""}`.replace("*a0", "*a")).join(",")}]\n`;
  }
  await assertRejects(() => read(bomb), UsageError, "Cannot use");
  await assertRefuses("a: ".repeat(3) + "[".repeat(5000), "");
  await assertRefuses(`epochs: ${"[".repeat(50)}${"]".repeat(50)}`, "");
  await assertRefuses("search: &a\n  epochs: *a", "");
  await assertRefuses(`# ${"x".repeat(2 ** 20)}`, "it has 1048578 bytes, expected at most 1048576");
});

Deno.test("readConfigFile() refuses what is no file that it can read", async () => {
  await assertRejects(
    () => readConfigFile("no-such.yaml", COMMAND),
    UsageError,
    "Cannot use no-such.yaml: found no such",
  );
  await assertRejects(() => readConfigFile(".", COMMAND), UsageError, "it is a folder");
  if (Deno.build.os === "linux") {
    await assertRejects(() => readConfigFile("/dev/zero", COMMAND), UsageError, "it is a device");
  }
});
