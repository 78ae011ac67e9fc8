import { assert } from "@std/assert";
import type { AdamOptions } from "../../src/engine/mod.ts";
import { readFixture } from "../kernels/_fixtures.ts";
import { withEngine } from "./_tiny.ts";

interface Sequence extends AdamOptions {
  name: string;
  size: number;
  steps: number;
}

const { description, arrays } = await readFixture<{ adam: Sequence[] }>("kernels");
const read = (name: string) => Float32Array.from(arrays.get(name)!.data);

for (const { name, size, steps, ...options } of description.adam) {
  Deno.test(`AdamState.step() follows PyTorch's Adam: ${name}`, () =>
    withEngine((engine) => {
      const adam = engine.adam(size, options);
      const [gradients, after] = [read(`adam/${name}/gradients`), read(`adam/${name}/after`)];
      let values = read(`adam/${name}/initial`);
      for (let step = 0; step < steps; step++) {
        values = Float32Array.from(adam.step(values, gradients.slice(step * size, (step + 1) * size)));
        const wanted = after.slice(step * size, (step + 1) * size);
        const scale = Math.max(...wanted.map(Math.abs));
        const error = Math.max(...values.map((value, i) => Math.abs(value - wanted[i]!))) / scale;
        assert(error < 1e-5, `step ${step}: relative error ${error}`);
      }
    }));
}
