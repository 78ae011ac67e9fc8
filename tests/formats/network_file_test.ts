import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, type FormatError, type TensorLike } from "../../src/formats/mod.ts";
import {
  decodeNetwork,
  encodeNetwork,
  type NetworkFile,
  networkMetadata,
  PRECISIONS,
} from "../../src/formats/network_file.ts";
import { attackNetwork } from "./_attack.ts";

const file = "x.rootstock";
const NETWORK: NetworkFile = {
  description: {
    space: { name: "any" },
    genotype: { any: 1 },
    classes: ["a", "b"],
    mean: [0.5],
    std: [0.25],
    data: "toys",
    fingerprint: "f",
    images: { fit: "crop" },
    about: { name: "toy", licence: "CC0-1.0", card: "# Toy\n" },
  },
  tensors: new Map<string, TensorLike>([
    ["b.weight", { shape: [2, 3], data: Float32Array.of(1, -0.5, 0.1, 3, 2, 1) }],
    ["a.weight", { shape: [3, 1, 1, 2], data: Float32Array.of(0, 0, 1e-3, -4e-3, 7, 65504) }],
    ["a.bias", { shape: [3], data: Float32Array.of(1e9, 1e-9, 0.1) }],
    ["a.num_batches_tracked", { shape: [], data: BigInt64Array.of(7n) }],
  ]),
};

Deno.test("decodeNetwork() gives back what encodeNetwork() wrote: all of it, or rounded within half a step of a filter", async () => {
  for (const precision of PRECISIONS) {
    const bytes = await encodeNetwork(NETWORK, { precision });
    assertEquals(await encodeNetwork(NETWORK, { precision }), bytes);
    const { description, tensors } = await decodeNetwork(bytes, { file });
    assertEquals(description, NETWORK.description);
    assertEquals([...tensors.keys()].sort(), [...NETWORK.tensors.keys()].sort());
    for (const [name, { shape, data }] of NETWORK.tensors) {
      const found = tensors.get(name)!;
      assertEquals(found.shape, shape);
      if (precision === "f32" || shape.length < 2) assertEquals(found.data, data);
      else checkRounded(found.data as Float32Array, data as Float32Array, shape[0]!, precision);
    }
  }
  const types = decodeSafetensors(await encodeNetwork(NETWORK, { precision: "int8" }), { file }).tensors;
  assertEquals(types.get("scales")!.shape, [5]);
  assert(types.get("a.weight")!.data instanceof Int8Array && types.get("a.bias")!.data instanceof Float32Array);
});

function checkRounded(found: Float32Array, expected: Float32Array, rows: number, precision: "f16" | "int8"): void {
  const size = expected.length / rows;
  expected.forEach((number, i) => {
    const row = expected.subarray(Math.floor(i / size) * size, (Math.floor(i / size) + 1) * size);
    const step = precision === "f16" ? Math.abs(number) * 2 ** -10 : Math.max(...row.map(Math.abs)) / 127;
    assert(Math.abs(found[i]! - number) <= 0.5001 * step, `${precision}: ${number} became ${found[i]}`);
  });
}

Deno.test("encodeNetwork() names the tensor that 16 bits cannot hold", async () => {
  const tensors = new Map([["w", { shape: [1, 1], data: Float32Array.of(65520) }]]);
  const write = () => encodeNetwork({ ...NETWORK, tensors }, { precision: "f16" });
  await assertRejects(write, RangeError, "Cannot write w as f16: it holds 65520, expected at most 65504");
});

/** What is wrong with a file of these tensors and metadata. */
async function fault(
  tensors: ReadonlyMap<string, TensorLike>,
  metadata: Record<string, string> = networkMetadata(NETWORK.description),
): Promise<string> {
  const error = await assertRejects(() => decodeNetwork(encodeSafetensors(tensors, metadata), { file })) as FormatError;
  assertEquals(error.name, "FormatError");
  assert(error.message.startsWith(`Cannot read ${file}: `) && !error.message.includes("\n"), error.message);
  return error.message.slice(`Cannot read ${file}: `.length);
}

Deno.test("decodeNetwork() refuses scales that are not those of its filters, and numbers that are not finite", async () => {
  const rounded: TensorLike = { shape: [2, 1], data: Int8Array.of(1, 2) };
  const scales = (...numbers: number[]): TensorLike => ({ shape: [numbers.length], data: Float32Array.from(numbers) });
  const missing = "scales are missing or too few, expected one for each filter in integers";
  assertEquals(await fault(new Map([["w", rounded]])), missing);
  assertEquals(await fault(new Map([["w", rounded], ["scales", scales(1)]])), missing);
  assertEquals(await fault(new Map([["w", rounded], ["scales", { shape: [2], data: Int32Array.of(1, 1) }]])), missing);
  const many = "found 3 scales, expected 2, one for each filter in integers";
  assertEquals(await fault(new Map([["w", rounded], ["scales", scales(1, 1, 1)]])), many);
  const infinite = "number 1 of w is Infinity, expected a finite number";
  assertEquals(await fault(new Map([["w", rounded], ["scales", scales(1, Infinity)]])), infinite);
  const half: TensorLike = { shape: [1], data: Uint16Array.of(0x7e00) };
  assertEquals(await fault(new Map([["h", half]])), "number 0 of h is NaN, expected a finite number");
});

Deno.test("decodeNetwork() refuses a description that is none", async () => {
  const told = (changes: object) => ({
    ...networkMetadata(NETWORK.description),
    model: JSON.stringify({ ...NETWORK.description, ...changes }),
  });
  const unfit = "classes, mean, std and data do not fit each other";
  const wrong = [{ classes: [1] }, { mean: ["a"] }, { mean: [] }, { std: [0] }, { data: 3 }, { fingerprint: 3 }];
  for (const changes of wrong) assertEquals(await fault(NETWORK.tensors, told(changes)), unfit);
  for (const about of [3, null, [], { card: 3 }, { name: [] }]) {
    assertEquals(await fault(NETWORK.tensors, told({ about })), "name, licence and card are not texts");
  }
  const { model: _, ...silent } = networkMetadata(NETWORK.description);
  for (const model of ["{", "3", "null", "[]"]) {
    assertEquals(await fault(NETWORK.tensors, { ...silent, model }), "model is not described, expected JSON");
  }
  assertEquals(await fault(NETWORK.tensors, silent), "model is not described, expected JSON");
  assertEquals(await fault(NETWORK.tensors, { format: "x" }), 'format is "x", expected rootstock-network-1');
  assertEquals(await fault(NETWORK.tensors, {}), "format is not given, expected rootstock-network-1");
});

Deno.test("damaged files are refused in one line, or are what was written", async () => {
  const { read, refused } = await attackNetwork(NETWORK, { count: 300, seed: 7 });
  assert(read > 0 && refused > 100, `${read} read, ${refused} refused`);
});
