import type { Flag, Values } from "./flag.ts";

/** Names of the presets, from the fastest to the most accurate. */
export const PRESET_NAMES = ["quick", "good", "best"] as const;

/** Name of a preset. */
export type PresetName = typeof PRESET_NAMES[number];

/** Settings of each command that has presets, by the camelCase name of the flag; `good` is what it does anyway. */
export const PRESETS: Readonly<Record<string, Readonly<Record<PresetName, Values>>>> = {
  transfer: {
    quick: { epochs: 2, alphaEvery: 2, trainEpochs: 8 },
    good: {},
    best: { epochs: 20, trainEpochs: 60 },
  },
  search: {
    quick: { epochs: 4, head: "refitted" },
    good: {},
    best: { epochs: 24, learningRate: 0.05, head: "refitted" },
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

/** The flag by which a preset is chosen. */
export const PRESET_FLAG = {
  kind: "choice",
  of: PRESET_NAMES,
  help: "settings that go together, docs/lab/presets.md has their figures; flags and --config override them",
  default: "good",
  path: "preset",
} as const satisfies Flag;
