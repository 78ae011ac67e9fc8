import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { exportModel } from "../../src/pipelines/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { rootstock } from "../cli/_command.ts";
import { fetchOnnxRuntime, RUNTIME } from "../onnx/_onnxruntime.ts";
import { inTrained } from "./_folder.ts";

const NETWORK = fileURLToPath(new URL("../../data/zoo/fashion-mnist/network.safetensors", import.meta.url));

Deno.test("exportModel() rounds a network of the zoo for onnxruntime, and it loses less than a point", async () => {
  await fetchOnnxRuntime();
  const folder = await Deno.makeTempDir();
  try {
    const request = { precision: "int8", runtime: RUNTIME } as const;
    const [out, counts] = [`${folder}/x.onnx`, { calibration: 64, test: 200 }];
    const { accuracy, bytes } = await exportModel({ from: NETWORK, format: "onnx", out, request, images: { counts } });
    assertEquals(accuracy!.count, 200);
    assert(accuracy!.before > 0.85, `before ${accuracy!.before}`);
    assert(Math.abs(accuracy!.before - accuracy!.after) <= 0.01, `${accuracy!.before} became ${accuracy!.after}`);
    assertEquals(bytes, (await Deno.stat(`${folder}/x.onnx`)).size);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("export --precision int8 prints what it costs, and says what is missing", () =>
  inTrained(async ({ folder, trained }) => {
    await fetchOnnxRuntime();
    const out = `${folder}/x.onnx`;
    const printed = await rootstock([
      "export",
      "--from",
      trained,
      "--format",
      "onnx",
      "--precision",
      "int8",
      "--out",
      out,
    ]);
    assertEquals([printed.code, printed.error], [0, ""]);
    assertMatch(printed.out, /x\.onnx\naccuracy on 40 test images: \d+\.\d %, as int8 \d+\.\d %\n$/);
    const request = { precision: "int8", runtime: `${folder}/nowhere` } as const;
    const write = () => exportModel({ from: trained, format: "onnx", out: `${folder}/y.onnx`, request });
    await assertRejects(write, RunError, "deno task onnxruntime");
  }));
