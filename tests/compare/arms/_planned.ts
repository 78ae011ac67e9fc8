import type { ArmRow } from "../../../src/compare/arms/arm.ts";
import { COMPARE_DEFAULTS, type CompareOptions } from "../../../src/compare/options.ts";
import { mergeSettings, type SomeSettings } from "../../../src/run/mod.ts";
import { card } from "../_card.ts";

/** Plans a run of an arm for target `t`, seed 3 and the sizes of entry `body`: 5 epochs, 3 of training. */
export function planned(row: ArmRow, options: SomeSettings<CompareOptions> = {}) {
  const base: CompareOptions = { ...COMPARE_DEFAULTS, targets: ["t"] };
  const some = { transfer: { search: { epochs: 5, alphaEvery: 2 }, training: { epochs: 3 } } };
  const place = { target: "t", seed: 3, source: row.source ?? "", body: () => card("body"), searchSeconds: () => 60 };
  return row.plan(place, mergeSettings(base, some, options));
}
