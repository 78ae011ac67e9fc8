import { assert, assertEquals } from "@std/assert";
import { pixelsInMemory } from "../../../src/data/mod.ts";
import { INPUT_KINDS } from "../../../src/export/mod.ts";
import { classifyWithOnnx } from "../../../src/export/onnx/run.ts";
import { writeOnnx } from "../../../src/export/onnx/write.ts";
import { bestOf, engineLogits, noise } from "../_networks.ts";
import { CASES } from "./_cases.ts";
import { RUNTIME } from "../../onnx/_onnxruntime.ts";
import { openerForTests } from "./_open_onnx.ts";

Deno.test("a calibrated network mostly says what it said before, whatever it reads, and equal networks give equal files", async () => {
  const model = CASES["every operation, odd and unequal sides, grey"]!();
  const open = await openerForTests();
  const [height, width, count] = [13, 11, 40];
  const pixels = noise(count * height * width);
  const images = { pixels: pixelsInMemory(pixels), count, shape: [height, width, 1] } as const;
  const expected = bestOf(await engineLogits(model, pixels), 2);
  for (const input of INPUT_KINDS) {
    const request = { input, precision: "int8", images, runtime: RUNTIME } as const;
    const file = await writeOnnx(model, request);
    const found = await classifyWithOnnx(file, images, { open, input });
    const agreed = found.filter((label, i) => label === expected[i]).length;
    assert(agreed >= 0.9 * count, `${input}: ${agreed} of ${count}`);
    const exact = await classifyWithOnnx(await writeOnnx(model, { input, precision: "f32" }), images, { open, input });
    assertEquals(exact, expected);
    if (input === "uint8") assertEquals(await writeOnnx(model, request), file);
  }
});
