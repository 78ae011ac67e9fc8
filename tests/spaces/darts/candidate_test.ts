import { assertEquals, assertThrows } from "@std/assert";
import { ProgramBuilder, type Tensor } from "../../../src/engine/mod.ts";
import { factorizedReduction, pooling, reluConvNorm, startCandidate } from "../../../src/spaces/darts/candidate.ts";
import type { Primitive } from "../../../src/spaces/darts/space.ts";

function setUp() {
  const builder = new ProgramBuilder({ height: 7, width: 7, channels: 1 });
  const stem = { out: 6, kernel: 3, stride: 1, padding: 1, relu: false, weight: "stem" };
  return { builder, x: builder.convolution(builder.image, stem) };
}

/** Names that an operation adds at a stride, with and without affine normalisation. */
function namesOf(operation: Primitive, stride: 1 | 2, affine: boolean): { names: string[]; y: Tensor; x: Tensor } {
  const { builder, x } = setUp();
  const y = startCandidate(builder, x, operation, { prefix: "p", stride, affine }).finish();
  return { names: builder.build(0).parameters.slice(1).map(({ name }) => name), y, x };
}

Deno.test("startCandidate() names the tensors of each operation as the reference does", () => {
  const weights = (...positions: number[]) => positions.map((i) => `p.op.${i}.weight`);
  assertEquals(namesOf("sep_conv_3x3", 1, false).names, weights(1, 2, 5, 6));
  assertEquals(namesOf("sep_conv_5x5", 2, false).names, weights(1, 2, 5, 6));
  assertEquals(namesOf("dil_conv_3x3", 1, false).names, weights(1, 2));
  assertEquals(namesOf("dil_conv_5x5", 2, true).names, [
    "p.op.1.weight",
    "p.op.2.weight",
    "p.op.3.weight",
    "p.op.3.bias",
  ]);
  assertEquals(namesOf("skip_connect", 2, true).names, [
    "p.conv_1.weight",
    "p.conv_2.weight",
    "p.bn.weight",
    "p.bn.bias",
  ]);
});

Deno.test("startCandidate() passes the state itself through a skip at stride 1", () => {
  const { names, x, y } = namesOf("skip_connect", 1, true);
  assertEquals(names, []);
  assertEquals(y, x);
});

Deno.test("startCandidate() halves odd sizes upwards at stride 2, once", () => {
  for (const operation of ["skip_connect", "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"] as const) {
    const { y } = namesOf(operation, 2, false);
    assertEquals([y.height, y.width, y.channels], [4, 4, 6], operation);
  }
});

Deno.test("startCandidate() refuses operations that have no weights and are no skip", () => {
  const { builder, x } = setUp();
  const start = () => startCandidate(builder, x, "none", { prefix: "p", stride: 1, affine: false });
  assertThrows(start, RangeError, "Cannot lower p: found none, expected a convolution or skip_connect");
});

Deno.test("pooling(), reluConvNorm() and factorizedReduction() give the sizes of the reference", () => {
  const { builder, x } = setUp();
  const size = ({ height, width, channels }: Tensor) => [height, width, channels];
  assertEquals(size(pooling(builder, x, "max_pool_3x3", 2)), [4, 4, 6]);
  assertEquals(size(pooling(builder, x, "avg_pool_3x3", 1)), [7, 7, 6]);
  assertEquals(size(reluConvNorm(builder, [x, x], { prefix: "a", out: 3, affine: true })), [7, 7, 3]);
  assertEquals(size(factorizedReduction(builder, [x], { prefix: "b", out: 8, affine: false })), [4, 4, 8]);
});
