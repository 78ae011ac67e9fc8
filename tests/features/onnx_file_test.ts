import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { assertEquals, assertThrows } from "@std/assert";
import { describeOnnx } from "../../src/features/onnx_file.ts";
import { ONNX } from "./_onnx.ts";

Deno.test("describeOnnx() counts weights, not shapes, and finds the metadata", () => {
  const maps = describeOnnx(ONNX.maps.bytes);
  assertEquals(maps.parameters, ONNX.weights);
  assertEquals(Object.fromEntries(maps.metadata), {
    "rootstock.mean": "0.5,0.25,0.75",
    "rootstock.std": "0.5,1.0,0.125",
    "rootstock.macs": "972",
  });
  const rows = describeOnnx(ONNX.rows.bytes);
  assertEquals([rows.parameters, rows.metadata.size], [ONNX.weights, 0]);
});

Deno.test("describeOnnx() counts tensors whose sizes are packed, of each floating-point type alone", () => {
  const tensor = (type: number) => {
    const writer = new BinaryWriter();
    writer.tag(1, WireType.LengthDelimited).fork().int64(5).int64(7).join();
    return writer.tag(2, WireType.Varint).int32(type).finish();
  };
  const graph = new BinaryWriter();
  for (const type of [1, 7, 10, 11, 16, 3]) graph.tag(5, WireType.LengthDelimited).bytes(tensor(type));
  const model = new BinaryWriter().tag(7, WireType.LengthDelimited).bytes(graph.finish()).finish();
  assertEquals(describeOnnx(model).parameters, 4 * 35);
});

Deno.test("describeOnnx() refuses a file that is cut off", () => {
  assertThrows(() => describeOnnx(ONNX.maps.bytes.subarray(0, -30)));
});
