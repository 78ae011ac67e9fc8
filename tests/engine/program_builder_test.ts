import { assertEquals, assertThrows } from "@std/assert";
import { ProgramBuilder } from "../../src/engine/mod.ts";
import { tinyProgram, withEngine } from "./_tiny.ts";

const convolution = { out: 4, kernel: 3, stride: 2, padding: 1, relu: false };

Deno.test("ProgramBuilder works out sizes of tensors", () => {
  const builder = new ProgramBuilder({ height: 7, width: 6, channels: 3 });
  const size = ({ height, width, channels }: { height: number; width: number; channels: number }) => [
    height,
    width,
    channels,
  ];
  assertEquals(size(builder.image), [7, 6, 3]);
  const x = builder.convolution(builder.image, { ...convolution, weight: "a" });
  assertEquals(size(x), [4, 3, 4]);
  assertEquals(size(builder.pointwise([x, x], { out: 5, relu: true, weight: "b" })), [4, 3, 5]);
  assertEquals(size(builder.factorizedReduce([x], { out: 6, weights: ["c", "d"] })), [2, 2, 6]);
  const depthwise = { out: 4, kernel: 5, dilation: 2, stride: 2, depthwise: "e", pointwise: "f" } as const;
  assertEquals(size(builder.depthwisePointwise(x, depthwise)), [2, 2, 4]);
  assertEquals(size(builder.pool(x, { kind: "average", kernel: 3, stride: 2, padding: 1 })), [2, 2, 4]);
});

Deno.test("ProgramBuilder.build() describes the same network by the same words", () => {
  assertEquals(tinyProgram(), tinyProgram());
});

Deno.test("ProgramBuilder refuses a classifier that reads no pooled features, and a name used twice", () => {
  const builder = new ProgramBuilder({ height: 4, width: 4, channels: 1 });
  const x = builder.convolution(builder.image, { ...convolution, weight: "a" });
  const head = { weight: "w", bias: "b", classes: 2 };
  assertThrows(() => builder.classifier(x, head), TypeError, "expected the result of globalAveragePool");
  const pooled = builder.globalAveragePool([x]);
  assertThrows(() => builder.classifier(pooled, { ...head, weight: "a" }), RangeError, "a is used twice");
});

Deno.test("ProgramBuilder's programs are refused by the kernels in one line when sizes are wrong", () =>
  withEngine((engine) => {
    const program = tinyProgram();
    for (let i = 0; i < program.words.length; i++) {
      const words = program.words.slice();
      words[i] = 0x7fffffff;
      try {
        engine.compile({ ...program, words }, { batch: 1 }).free();
      } catch (error) {
        const text = String(error);
        assertEquals(text.includes("\n") || text.includes("unreachable"), false, text);
      }
    }
  }));
