import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { checkValue } from "../../src/cli/flag_values.ts";
import { toCamelCase } from "../../src/cli/flags.ts";
import { PRESET_NAMES, PRESETS, settingsOfPreset } from "../../src/cli/presets.ts";

Deno.test("every setting of a preset is a flag of its command, and within its bounds", () => {
  for (const [name, presets] of Object.entries(PRESETS)) {
    const { flags } = COMMANDS.find((command) => command.name === name)!;
    const byName = new Map(Object.entries(flags).map(([name, flag]) => [toCamelCase(name), flag]));
    assertEquals(Object.keys(presets), [...PRESET_NAMES]);
    for (const settings of Object.values(presets)) {
      for (const [setting, value] of Object.entries(settings)) {
        assert(byName.has(setting), `${name} has no ${setting}`);
        assertEquals(checkValue(byName.get(setting)!, value), value);
      }
    }
    const preset = flags.preset!;
    assert(preset.kind === "choice");
    assertEquals(preset.of, [...PRESET_NAMES]);
  }
});

Deno.test("commands without a table have no presets", () => {
  for (const { name, flags } of COMMANDS) assertEquals("preset" in flags, name in PRESETS, name);
  assertEquals(settingsOfPreset("zoo list", "best"), {});
  assertEquals(settingsOfPreset("transfer", undefined), {});
});
