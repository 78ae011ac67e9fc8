import { searchCommand } from "../../src/cli/commands/search.ts";
import { zooDeriveCommand } from "../../src/cli/commands/zoo.ts";
import { UsageError } from "../../src/cli/flags.ts";
import { layerSettings } from "../../src/cli/layers.ts";
import type { Values } from "../../src/cli/flag.ts";
import { PRESETS } from "../../src/cli/presets.ts";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("layerSettings() lays flags over the file, and the file over the preset", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, "preset: best\nepochs: 7\nseed: 3\n");
    const best = PRESETS.search!.best;
    const layer = async (values: Values) => (await layerSettings(searchCommand, { values, operands: [] })).values;
    assertEquals(await layer({ config: path, seed: 5 }), {
      ...best,
      preset: "best",
      epochs: 7,
      seed: 5,
    });
    assertEquals(await layer({ config: path, preset: "quick", epochs: 1 }), {
      ...PRESETS.search!.quick,
      preset: "quick",
      epochs: 1,
      seed: 3,
    });
    assertEquals(await layer({ data: "x" }), { data: "x" });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("layerSettings() refuses a preset that there is not", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, "preset: bets\n");
    const resolve = () => layerSettings(searchCommand, { values: { config: path }, operands: [] });
    await assertRejects(
      resolve,
      UsageError,
      'preset is "bets": expected one of quick, good, best (did you mean best?)',
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("layerSettings() takes the operand of a file where none is given", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, "entry: {name: broad}\n");
    const operandsOf = async (operands: string[]) =>
      (await layerSettings(zooDeriveCommand, { values: { config: path }, operands })).operands;
    assertEquals(await operandsOf([]), ["broad"]);
    assertEquals(await operandsOf(["gtsrb20"]), ["gtsrb20"]);
  } finally {
    await Deno.remove(path);
  }
});
