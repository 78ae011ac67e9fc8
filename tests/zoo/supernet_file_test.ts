import { Engine } from "../../src/engine/mod.ts";
import { decodeSafetensors, encodeSafetensors, FormatError } from "../../src/formats/mod.ts";
import { collectState, initialiseNetwork } from "../../src/network/mod.ts";
import { registerMethod, Supernet } from "../../src/search/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { decodeSupernet, encodeSupernet } from "../../src/zoo/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { BETAS, PRUNING } from "../search/methods/_toys.ts";
import { assertEquals, assertThrows } from "@std/assert";

registerMethod(BETAS);
registerMethod(PRUNING);
const engine = await Engine.start({ build: "strict", threads: 1 });
const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 2 });
initialiseNetwork(network, 1);
const STATE = collectState(network, { batchesTracked: 3 });
const file = "supernet.safetensors";

function supernetOf(method: string, remembered?: unknown): Supernet {
  const { alpha } = Supernet.blank(method, TINY_SPACE, { engine, seed: 2 });
  return Supernet.of(method, { space: TINY_SPACE, alpha, state: STATE, remembered });
}

const partsOf = ({ space, method, alpha, state }: Supernet) => [space, method.name, method.state(), alpha, state];

Deno.test("decodeSupernet() gives back what encodeSupernet() took, whatever the method learns and remembers", () => {
  for (const supernet of [supernetOf("darts"), supernetOf("betas"), supernetOf("pruning", { begun: 5 })]) {
    const bytes = encodeSupernet(supernet);
    assertEquals(partsOf(decodeSupernet(bytes, { file })), partsOf(supernet));
    assertEquals(encodeSupernet(decodeSupernet(bytes, { file })), bytes);
  }
  const { tensors } = decodeSafetensors(encodeSupernet(supernetOf("betas")), { file });
  assertEquals(tensors.get("edge_betas")!.shape, [10]);
});

Deno.test("decodeSupernet() reads a file that says nothing of itself by its card", () => {
  const supernet = supernetOf("darts");
  const bytes = encodeSafetensors(decodeSafetensors(encodeSupernet(supernet), { file }).tensors);
  const card = { space: TINY_SPACE, method: "darts" };
  assertEquals(partsOf(decodeSupernet(bytes, { file, card })), partsOf(supernet));
  assertThrows(() => decodeSupernet(bytes, { file }), TypeError, "Cannot read space: found null");
});

Deno.test("decodeSupernet() names what is missing, strange, of another shape, or not finite", () => {
  const change = (change: (tensors: ReturnType<typeof decodeSafetensors>["tensors"]) => void) => {
    const { tensors, metadata } = decodeSafetensors(encodeSupernet(supernetOf("betas")), { file });
    change(tensors);
    return () => decodeSupernet(encodeSafetensors(tensors, metadata), { file });
  };
  const floats = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
  assertThrows(change((tensors) => tensors.delete("edge_betas")), RangeError, "edge_betas is missing");
  assertThrows(change((tensors) => tensors.delete("stem.0.weight")), RangeError, "stem.0.weight is missing");
  assertThrows(change((tensors) => tensors.set("alphas", floats(1))), RangeError, "alphas is unknown to the space");
  assertThrows(change((tensors) => tensors.set("stem.1.bias", floats(1))), RangeError, "stem.1.bias has shape [1]");
  assertThrows(
    change((tensors) => tensors.set("classifier.bias", floats(0, NaN, 0))),
    RangeError,
    "number 1 of classifier.bias is NaN, expected a finite number",
  );
  assertThrows(() => decodeSupernet(new Uint8Array(3), { file }), FormatError, file);
});
