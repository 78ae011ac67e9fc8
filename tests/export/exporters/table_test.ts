import { assertEquals, assertThrows } from "@std/assert";
import {
  DEFAULT_REQUEST,
  type Exporter,
  exporterOf,
  listExporters,
  registerExporter,
} from "../../../src/export/mod.ts";
import { toyModel } from "../_model.ts";

Deno.test("registerExporter() adds a row behind the others, each name once", () => {
  const own: Exporter = { name: "own", describe: "classes", extension: "txt", write: ({ classes }) => classes.join() };
  registerExporter(own);
  assertEquals(listExporters().map(({ name }) => name), ["onnx", "rootstock", "safetensors", "dot", "own"]);
  assertEquals(exporterOf("own").write(toyModel(), DEFAULT_REQUEST), 'no,the "yes"');
  assertThrows(() => registerExporter({ ...own }), RangeError, '"own": there is one of this name already');
});

Deno.test("exporterOf() names the formats that there are, and the nearest", () => {
  const message = 'format is "safetensor", expected one of onnx, rootstock, safetensors, dot';
  assertThrows(() => exporterOf("safetensor"), RangeError, message);
  assertThrows(() => exporterOf("safetensor"), RangeError, "(did you mean safetensors?)");
});
