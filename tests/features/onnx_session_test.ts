import { assertEquals, assertRejects } from "@std/assert";
import { openOnnx } from "../../src/features/onnx_session.ts";
import { RunError } from "../../src/run/mod.ts";
import { fetchOnnxRuntime } from "../onnx/_onnxruntime.ts";
import { ONNX } from "./_onnx.ts";

await fetchOnnxRuntime();

Deno.test("openOnnx() tells the sizes that a file fixes, and runs images", async () => {
  await using maps = await openOnnx(ONNX.maps.bytes, "maps.onnx");
  assertEquals([maps.batch, maps.height, maps.width], [undefined, undefined, undefined]);
  const { dims, data } = await maps.run(new Float32Array(3 * 3 * 8 * 10), [3, 3, 8, 10]);
  assertEquals([dims, data.length], [[3, 4, 4, 5], 3 * 4 * 4 * 5]);
  await using rows = await openOnnx(ONNX.rows.bytes, "rows.onnx");
  assertEquals([rows.batch, rows.height, rows.width], [2, ONNX.side, ONNX.side]);
  await assertRejects(() => rows.run(new Float32Array(3 * 64), [1, 3, 8, 8]), RunError, "images of [1, 3, 8, 8]");
});
