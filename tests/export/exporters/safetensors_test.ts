import { assert, assertEquals } from "@std/assert";
import { safetensorsExporter } from "../../../src/export/exporters/safetensors.ts";
import { decodeSafetensors } from "../../../src/formats/mod.ts";
import { DEFAULT_REQUEST } from "../../../src/export/exporters/exporter.ts";
import { toyModel } from "../_model.ts";

Deno.test("safetensors holds the tensors under their own names, without the auxiliary head, and what a reader needs", () => {
  const model = toyModel();
  const auxiliary = { shape: [1], data: Float32Array.of(1) };
  const state = new Map([...model.state, ["auxiliary_head.classifier.bias", auxiliary] as const]);
  const bytes = safetensorsExporter.write({ ...model, state }, DEFAULT_REQUEST);
  assert(bytes instanceof Uint8Array);
  const { tensors, metadata } = decodeSafetensors(bytes, { file: "x" });
  assertEquals(new Map(tensors), new Map(model.state));
  const { format, genotype, ...rest } = metadata;
  assertEquals([format, genotype], ["pt", "convolution-skip-average"]);
  const { space, classes, mean, std } = model;
  const parsed = Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, JSON.parse(text)]));
  assertEquals(parsed, { space, classes, mean, std });
  assertEquals(safetensorsExporter.write(model, DEFAULT_REQUEST), bytes);
});
