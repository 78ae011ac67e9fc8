import type { Values } from "./flag.ts";

/** Names of the presets, from the fastest to the most accurate. */
export const PRESET_NAMES = ["quick", "good", "best"] as const;

/** Name of a preset. */
export type PresetName = typeof PRESET_NAMES[number];

const TRANSFER: Readonly<Record<PresetName, Values>> = {
  quick: { epochs: 2, alphaEvery: 2, trainEpochs: 8 },
  good: {},
  best: { epochs: 20, trainEpochs: 60 },
};

/** Settings of each command that has presets, by the camelCase name of the flag. What they give: docs/lab/presets.md. */
export const PRESETS: Readonly<Record<string, Readonly<Record<PresetName, Values>>>> = {
  transfer: TRANSFER,
  // Finetunes and trains as a transfer does.
  pareto: TRANSFER,
  // Without a preset the head is random, as in DARTS.
  search: {
    quick: { epochs: 4, head: "refitted" },
    good: { epochs: 10, head: "refitted" },
    best: { epochs: 24, head: "refitted", learningRate: 0.05 },
  },
};

/**
 * Looks up the settings of a preset.
 *
 * @param command Name of the command.
 * @param preset Name of the preset, if one was chosen.
 * @returns Values by the camelCase name of the flag.
 */
export function settingsOfPreset(command: string, preset: unknown): Values {
  return PRESETS[command]?.[preset as PresetName] ?? {};
}

/** The flag by which a preset is chosen; commands say what each gave. */
export const PRESET_FLAG = { kind: "choice", of: PRESET_NAMES, path: "preset" } as const;
