import { assert } from "@std/assert";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { type EpochOutcome, hasSettled } from "../../src/transfer/mod.ts";

const [A, B] = [randomGenotype(1), randomGenotype(2)];

function history(...epochs: [typeof A, number][]): EpochOutcome[] {
  return epochs.map(([genotype, validationLoss]) => ({ genotype, validationLoss }));
}

Deno.test("hasSettled() waits until neither genotype nor loss has moved for the patience", () => {
  assert(hasSettled(history([A, 1], [A, 1], [A, 0.995]), { space: "darts", patience: 2 }));
  assert(!hasSettled(history([A, 1], [A, 1]), { space: "darts", patience: 2 }));
});

Deno.test("hasSettled() goes on while the loss falls by more than the improvement", () => {
  assert(!hasSettled(history([A, 1], [A, 1], [A, 0.98]), { space: "darts", patience: 2 }));
  assert(hasSettled(history([A, 1], [A, 1], [A, 0.98]), { space: "darts", patience: 2, improvement: 0.05 }));
});

Deno.test("hasSettled() goes on while the genotype changes", () => {
  assert(!hasSettled(history([A, 1], [A, 1], [B, 1]), { space: "darts", patience: 2 }));
  assert(!hasSettled(history([A, 1], [B, 1], [B, 1]), { space: "darts", patience: 2 }));
  assert(hasSettled(history([A, 1], [B, 1], [B, 1], [B, 1]), { space: "darts", patience: 2 }));
});

Deno.test("hasSettled() compares with the best loss before, not the last", () => {
  assert(hasSettled(history([A, 0.5], [A, 1], [A, 0.6], [A, 0.6]), { space: "darts", patience: 2 }));
});

Deno.test("hasSettled() never stops with patience 0", () => {
  assert(!hasSettled(history([A, 1], [A, 1], [A, 1]), { space: "darts", patience: 0 }));
});
