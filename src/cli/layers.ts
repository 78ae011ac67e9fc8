import type { Command } from "./command.ts";
import { readConfigFile } from "./config_file.ts";
import type { Given } from "./flag.ts";
import { settingsOfPreset } from "./presets.ts";

/**
 * Puts the settings of a command together: flags override the file of `--config`, that overrides the preset.
 *
 * @param command The command.
 * @param given What was given on the command line.
 * @returns All that was given in one way or another.
 * @throws {UsageError} If the file cannot be used.
 */
export async function layerSettings(command: Command, { values, operands }: Given): Promise<Given> {
  const { config, ...flags } = values;
  const file = config === undefined ? undefined : await readConfigFile(String(config), command);
  const preset = settingsOfPreset(command.name, flags.preset ?? file?.values.preset);
  return {
    values: { ...preset, ...file?.values, ...flags },
    operands: operands.length > 0 ? operands : file?.operands ?? [],
  };
}
