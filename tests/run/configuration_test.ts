import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { compareConfiguration, readConfiguration, writeConfiguration } from "../../src/run/configuration.ts";
import { RunError } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

const KEPT = { command: "search", configuration: { epochs: 5, cropPadding: 4, data: ["a", "b"], out: { x: 1, y: 2 } } };

Deno.test("readConfiguration() gives back what was written", () =>
  inFolder(async (folder) => {
    assertEquals(await readConfiguration(folder), undefined);
    await writeConfiguration(folder, KEPT);
    assertEquals(await readConfiguration(folder), { format: 2, ...KEPT });
  }));

Deno.test("readConfiguration() refuses files that are not those of a run", () =>
  inFolder(async (folder) => {
    for (const text of ["{", "null", "3", `{"format":3}`, `{"format":2}`, `{"format":2,"command":"search"}`]) {
      await Deno.writeTextFile(join(folder, "config.json"), text);
      await assertRejects(() => readConfiguration(folder), RunError, "config.json: ");
    }
  }));

Deno.test("readConfiguration() refuses a run of an older version in one clear line", () =>
  inFolder(async (folder) => {
    const path = join(folder, "config.json");
    await Deno.writeTextFile(path, JSON.stringify({ format: 1, ...KEPT }));
    const message = `Cannot read ${path}: format is 1 as an older version wrote it, expected 2`;
    await assertRejects(() => readConfiguration(folder), RunError, message);
  }));

Deno.test("compareConfiguration() takes equal settings in any order", () => {
  compareConfiguration("runs/a", KEPT, {
    command: "search",
    configuration: { out: { y: 2, x: 1 }, data: ["a", "b"], cropPadding: 4, epochs: 5, memory: undefined },
  });
});

Deno.test("compareConfiguration() names the setting that differs and both values", () => {
  const nameOf = (path: string) => `--${path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const change = (configuration: Record<string, unknown>, command = "search") => () => {
    const given = { command, configuration: { ...KEPT.configuration, ...configuration } };
    compareConfiguration("runs/a", KEPT, given, nameOf);
  };
  assertThrows(change({ epochs: 10 }), RunError, "Cannot resume runs/a: --epochs is 10, expected 5 as in its");
  assertThrows(change({ cropPadding: 0 }), RunError, "--crop-padding is 0, expected 4");
  assertThrows(change({ data: ["b", "a"] }), RunError, `--data is ["b","a"], expected ["a","b"]`);
  assertThrows(change({ epochs: undefined }), RunError, "--epochs is not given, expected 5");
  assertThrows(change({ seed: 1 }), RunError, "--seed is 1, expected none");
  assertThrows(change({ out: { x: 1, y: 3 } }), RunError, "--out.y is 3, expected 2");
  assertThrows(change({}, "train"), RunError, "it is a run of search, expected one of train");
});
