import { assert, assertEquals } from "@std/assert";
import { fromBinary } from "@bufbuild/protobuf";
import { fileURLToPath } from "node:url";
import { ModelProtoSchema } from "../../../src/onnx/mod.ts";
import { writeOnnx } from "../../../src/export/onnx/write.ts";
import { readModel } from "../../../src/zoo/mod.ts";
import { bestOf, engineLogits, largestDifference, testPixels } from "../_networks.ts";
import { openerForTests } from "./_open_onnx.ts";

const ZOO = fileURLToPath(new URL("../../../data/zoo/", import.meta.url));

Deno.test("an exported network of the zoo says in onnxruntime what it says here, of 200 pictures", async () => {
  const model = await readModel(`${ZOO}fashion-mnist/network.safetensors`);
  const pixels = await testPixels("fashion-mnist-12k", 200);
  const expected = await engineLogits(model, pixels);
  const open = await openerForTests();
  const file = await writeOnnx(model, { input: "uint8", precision: "f32" });
  await using session = await open(file);
  const { logits, probabilities } = await session.run({ shape: [200, 28, 28, 1], data: pixels });
  const difference = largestDifference(logits!, expected);
  assert(difference <= 1e-4, `logits differ by ${difference}`);
  assertEquals(bestOf(logits!, 10), bestOf(expected, 10));
  assertEquals(bestOf(probabilities!, 10), bestOf(expected, 10));
  const sums = Array.from({ length: 200 }, (_, i) => probabilities!.slice(10 * i, 10 * i + 10).reduce((a, b) => a + b));
  assert(sums.every((sum) => Math.abs(sum - 1) < 1e-5));

  const { irVersion, opsetImport, graph, metadataProps } = fromBinary(ModelProtoSchema, file);
  assertEquals([irVersion, opsetImport.map(({ version }) => version)], [8n, [17n]]);
  const operators = new Set(graph!.node.map(({ opType }) => opType));
  assert(!operators.has("BatchNormalization") && operators.has("Conv"));
  const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  assertEquals(JSON.parse(metadata.classes!), model.classes);
  const { height, channels, layout, mean } = JSON.parse(metadata.preprocessing!);
  assertEquals([height, channels, layout, mean], [28, "grey", "NHWC", model.mean]);
});
