import type { Command } from "./command.ts";
import { readConfigFile } from "./config_file.ts";
import type { Values } from "./flags.ts";
import { settingsOfPreset } from "./presets.ts";

/**
 * Puts the settings of a command together: flags override the file of `--config`, that overrides the preset.
 *
 * @param command The command.
 * @param given Flags that were given.
 * @returns Values of all that was given in one way or another.
 * @throws {UsageError} If the file cannot be used.
 */
export async function layerSettings(command: Command, { config, ...given }: Values): Promise<Values> {
  const file = config === undefined ? {} : await readConfigFile(String(config), command.flags);
  const preset = given.preset ?? file.preset;
  return { ...settingsOfPreset(command.name, preset), ...file, ...given };
}
