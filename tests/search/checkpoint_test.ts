import { assertEquals, assertThrows } from "@std/assert";
import { type DartsSpace, makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { createDarts, decodeSearchState, encodeSearchState, type SearchState } from "../../src/search/mod.ts";

const METHOD = createDarts(makeDartsSpace({ nodes: 2 }));

const STATE: SearchState = {
  space: makeDartsSpace({ nodes: 2 }),
  epoch: 3,
  step: 17,
  batchesTracked: 410,
  alpha: Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
  moments: {
    first: Float32Array.from({ length: 80 }, (_, i) => Math.cos(i)),
    second: Float32Array.from({ length: 80 }, (_, i) => 1 / (1 + i)),
    steps: 205,
  },
  method: null,
  tally: { loss: 0.1 + 0.2, correct: 12, count: 64 },
  partTallies: [{ loss: 0.1 + 0.7, correct: 12, count: 64 }],
  head: undefined,
  mean: undefined,
  stopping: undefined,
};

Deno.test("decodeSearchState() gives back what encodeSearchState() took, through JSON, bit for bit", () => {
  const mean = new Map([["stem.0.weight", { shape: [2], data: Float32Array.of(0.1, -3) }]]);
  const stopping = { steps: 3, sums: { "cells.0._ops.1._ops.4": 0.1 + 0.7 }, stopped: ["cells.0._ops.2._ops.3"] };
  for (const state of [STATE, { ...STATE, mean }, { ...STATE, stopping }]) {
    const { tensors, progress } = encodeSearchState(state, METHOD);
    assertEquals(decodeSearchState(tensors, JSON.parse(JSON.stringify(progress)), METHOD), state);
  }
});

Deno.test("decodeSearchState() reads a checkpoint of before there was a choice of stems", () => {
  const { tensors, progress } = encodeSearchState(STATE, METHOD);
  const { stem: _, ...old } = progress.space as DartsSpace;
  assertEquals(decodeSearchState(tensors, { ...progress, space: old }, METHOD), STATE);
});

Deno.test("encodeSearchState() names the tensors of alpha as the reference does", () => {
  const { tensors } = encodeSearchState(STATE, METHOD);
  assertEquals([...tensors].map(([name, { shape }]) => [name, ...shape]), [
    ["alphas_normal", 5, 8],
    ["alphas_reduce", 5, 8],
    ["alpha_moments.first.alphas_normal", 5, 8],
    ["alpha_moments.first.alphas_reduce", 5, 8],
    ["alpha_moments.second.alphas_normal", 5, 8],
    ["alpha_moments.second.alphas_reduce", 5, 8],
  ]);
});

Deno.test("decodeSearchState() names a tensor that is missing or of another shape", () => {
  const { tensors, progress } = encodeSearchState(STATE, METHOD);
  const refused = (change: (copy: typeof tensors) => void, message: string) => {
    const copy = new Map(tensors);
    change(copy);
    assertThrows(() => decodeSearchState(copy, progress, METHOD), RangeError, message);
  };
  refused((copy) => copy.delete("alphas_reduce"), "alphas_reduce is missing");
  refused(
    (copy) => copy.set("alphas_normal", { shape: [40], data: new Float32Array(40) }),
    "alphas_normal holds floats of shape [40], expected floats of [5, 8]",
  );
});
