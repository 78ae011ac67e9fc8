import { assertEquals, assertRejects } from "@std/assert";
import { searchCommand } from "../../src/cli/commands/search.ts";
import { PRESETS } from "../../src/cli/presets.ts";
import { layerSettings } from "../../src/cli/layers.ts";
import { UsageError } from "../../src/cli/flags.ts";

Deno.test("layerSettings() lays flags over the file, and the file over the preset", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, "preset: best\nepochs: 7\nseed: 3\n");
    const best = PRESETS.search!.best;
    assertEquals(await layerSettings(searchCommand, { config: path, seed: 5 }), {
      ...best,
      preset: "best",
      epochs: 7,
      seed: 5,
    });
    assertEquals(await layerSettings(searchCommand, { config: path, preset: "quick", epochs: 1 }), {
      ...PRESETS.search!.quick,
      preset: "quick",
      epochs: 1,
      seed: 3,
    });
    assertEquals(await layerSettings(searchCommand, { data: "x" }), { data: "x" });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("layerSettings() refuses a preset that there is not", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, "preset: bets\n");
    const resolve = () => layerSettings(searchCommand, { config: path });
    await assertRejects(
      resolve,
      UsageError,
      'preset is "bets": expected one of quick, good, best (did you mean best?)',
    );
  } finally {
    await Deno.remove(path);
  }
});
