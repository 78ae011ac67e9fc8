import { assertEquals, assertThrows } from "@std/assert";
import { buildDerivedNetwork, costOfDerivedNetwork } from "../../../src/spaces/mod.ts";
import { EVERY, smallSpace } from "./_space.ts";

Deno.test("the architecture of the paper's figures has the published number of parameters", () => {
  // NATS-Bench: |nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|…| of 3×3 convolutions has 1.53 MB and 220.1 MFLOPs.
  const space = smallSpace({ channels: 16, cellsPerStage: 5, inputChannels: 3, height: 32, width: 32 });
  const genotype = { operations: Array(6).fill("nor_conv_3x3") };
  const { parameters, multiplyAdds } = costOfDerivedNetwork({ space, genotype });
  assertEquals([parameters / 1e6, multiplyAdds / 1e6].map((millions) => Number(millions.toFixed(2))), [1.53, 220.12]);
});

Deno.test("buildDerivedNetwork() keeps what leads nowhere, and refuses an auxiliary head", () => {
  const space = smallSpace();
  const dead = { operations: ["nor_conv_3x3", "none", "none", "skip_connect", "none", "none"] };
  const names = buildDerivedNetwork({ space, genotype: dead }).parameters.map(({ name }) => name);
  assertEquals(names.includes("cells.0.layers.0.op.1.weight"), true);
  assertThrows(
    () => buildDerivedNetwork({ space, genotype: EVERY, auxiliaryWeight: 0.4 }),
    RangeError,
    "have no auxiliary head",
  );
});
