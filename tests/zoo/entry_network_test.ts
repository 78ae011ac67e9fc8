import { assertThrows } from "@std/assert";
import { checkModel } from "../../src/zoo/entry_network.ts";
import { readModel } from "../../src/zoo/model_file.ts";
import { RunError } from "../../src/run/mod.ts";
import { inTrained } from "../pipelines/_folder.ts";

Deno.test("checkModel() names the tensor that is missing, of another shape, or not finite", () =>
  inTrained(async ({ trained }) => {
    const model = await readModel(trained);
    checkModel(model, "x");
    const change = (change: (state: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) => () => {
      const state = new Map(model.state) as Map<string, { shape: readonly number[]; data: Float32Array }>;
      change(state);
      checkModel({ ...model, state }, "x");
    };
    assertThrows(change((state) => state.delete("stem.0.weight")), RunError, "Cannot read x: stem.0.weight is missing");
    const bias = { shape: [10], data: new Float32Array(10).fill(Infinity) };
    assertThrows(change((state) => state.set("classifier.bias", bias)), RunError, "number 0 of classifier.bias is Inf");
    const short = { shape: [9], data: new Float32Array(9) };
    assertThrows(change((state) => state.set("classifier.bias", short)), RunError, "has shape [9], expected [10]");
    const space = { ...model.space, nodes: 3 };
    assertThrows(() => checkModel({ ...model, space }, "x"), RunError, "Cannot read x: Cannot build network");
  }));
