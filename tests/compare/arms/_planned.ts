import type { ArmRow } from "../../../src/compare/arms/arm.ts";
import { COMPARE_DEFAULTS, type CompareOptions } from "../../../src/compare/options.ts";
import { mergeSettings, type SomeSettings } from "../../../src/run/mod.ts";
import { card } from "../_card.ts";

/** Plans a run of an arm for target `t`, seed 3 and the sizes of entry `body`: 5 epochs, 3 of training. */
export async function planned(row: ArmRow, options: SomeSettings<CompareOptions> = {}) {
  const base: CompareOptions = { ...COMPARE_DEFAULTS, targets: ["t"] };
  const some = { transfer: { search: { epochs: 5, alphaEvery: 2 }, training: { epochs: 3 } } };
  const found = { body: () => Promise.resolve(card("body")), searchSeconds: () => Promise.resolve(60) };
  return await row.plan(
    { target: "t", seed: 3, source: row.source ?? "", ...found },
    mergeSettings(base, some, options),
  );
}
