import { assert, assertEquals } from "@std/assert";
import { Engine, type Network, type Program, ProgramBuilder } from "../../src/engine/mod.ts";
import { initialiseNetwork } from "../../src/network/mod.ts";
import { buildSupernet, samplePath } from "../../src/spaces/mod.ts";
import { createDarts } from "../../src/search/mod.ts";
import { COUNT, SIDE, tinyBatch as batchOfAll } from "../engine/_tiny.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 2 });

const MIXING = 8;

/** Every instruction, before and behind terms, and a node that is a term's input. */
function programOfAll(): Program {
  const builder = new ProgramBuilder({ height: SIDE, width: SIDE, channels: 1 });
  const normalise = (x: Parameters<typeof builder.normalise>[0], name: string) =>
    builder.normalise(x, { names: [name], affine: true });
  const convolution = { out: 5, kernel: 3, stride: 1, padding: 1 } as const;
  const separable = { out: 5, kernel: 3, dilation: 1 } as const;
  const stem = normalise(
    builder.convolution(builder.image, { ...convolution, relu: false, weight: "stem" }),
    "stem bn",
  );
  const a = normalise(builder.convolution(stem, { ...convolution, relu: true, weight: "a" }), "a bn");
  const first = { ...separable, stride: 1, depthwise: "b dw", pointwise: "b pw" } as const;
  const b = normalise(builder.depthwisePointwise(stem, first), "b bn");
  const second = { ...separable, stride: 1, depthwise: "b2 dw", pointwise: "b2 pw" } as const;
  const b2 = normalise(builder.depthwisePointwise(b, second), "b2 bn");
  const inner = builder.combine([{ x: a, mix: 0 }, { x: b2, mix: 1 }]);
  const c = normalise(builder.pointwise([inner, stem], { out: 5, relu: true, weight: "c" }), "c bn");
  const d = normalise(builder.pool(stem, { kind: "average", kernel: 3, stride: 1, padding: 1 }), "d bn");
  const node = builder.combine([{ x: c, mix: 2 }, { x: d, mix: 3 }, { x: stem, mix: 4 }]);
  const r = normalise(builder.factorizedReduce([node, stem], { out: 6, weights: ["r1", "r2"] }), "r bn");
  const last = { out: 6, kernel: 5, dilation: 1, stride: 2, depthwise: "q dw", pointwise: "q pw" } as const;
  const q = normalise(builder.depthwisePointwise(node, last), "q bn");
  const wide = { out: 6, kernel: 3, dilation: 2, stride: 2, depthwise: "e dw", pointwise: "e pw" } as const;
  const e = builder.depthwisePointwise(stem, wide);
  const output = builder.combine([{ x: r, mix: 5 }, { x: q, mix: 6 }, { x: e, mix: 7 }]);
  const features = builder.globalAveragePool([output, stem]);
  builder.classifier(features, { weight: "w", bias: "bias", classes: 3 });
  return builder.build(MIXING);
}

/** Gradients by parameter. A sum of nothing is 0, one of zeros may be −0: both become 0. */
function gradients(network: Network): [string, number[]][] {
  return network.parameters.map(({ name }) => [name, Array.from(network.read(name, "gradient"), (value) => value + 0)]);
}

function statistics(network: Network): Float32Array[] {
  return network.buffers.map(({ name }) => network.read(name));
}

Deno.test("live gradients are all gradients, whichever terms have no weight", () => {
  const program = programOfAll();
  const batch = batchOfAll(engine);
  for (let terms = 0; terms < 2 ** MIXING; terms++) {
    // Fresh memory, so that what is left out cannot be what a pass before has left.
    const [all, live] = [0, 1].map(() => engine.compile(program, { batch: COUNT }));
    for (const network of [all!, live!]) {
      network.initialise(terms);
      network.setMixing(Float32Array.from({ length: MIXING }, (_, i) => terms >> i & 1 ? 0.3 + 0.1 * i : 0));
    }
    const expected = all!.backward(batch, { weightGradients: true, statisticsMomentum: 0 });
    assertEquals(live!.backward(batch, { weightGradients: "live" }), expected, `terms ${terms.toString(2)}`);
    assertEquals(gradients(live!), gradients(all!), `terms ${terms.toString(2)}`);
    all!.free();
    live!.free();
  }
});

for (const memoryBytes of [undefined, 3_200_000]) {
  Deno.test(`live gradients of a network of a supernet, between passes of other kinds${memoryBytes ? ", recomputed" : ""}`, () => {
    const batch = tinyBatch(tinyTask(engine), 0, 24);
    const [all, live] = [0, 1].map(() =>
      engine.compile(buildSupernet(TINY_SPACE), { batch: 24, ...(memoryBytes && { memoryBytes }) })
    );
    for (const network of [all!, live!]) initialiseNetwork(network, 3);
    const method = createDarts(TINY_SPACE);
    const alpha = method.initialAlpha(engine, 1);
    const mixture = method.mix(alpha, { purpose: "weights", seed: 0, epoch: 0, step: 0 }).weights;
    for (let draw = 0; draw < 4; draw++) {
      const path = samplePath(method.strengths(alpha), TINY_SPACE, draw);
      for (const network of [all!, live!]) network.setMixing(path);
      const before = statistics(live!);
      const expected = all!.backward(batch, { weightGradients: true, statisticsMomentum: 0 });
      assertEquals(live!.backward(batch, { weightGradients: "live" }), expected);
      assertEquals(gradients(live!), gradients(all!));
      assertEquals(statistics(live!), before);
      assert(gradients(live!).filter(([, values]) => values.some((value) => value !== 0)).length > 10);
      for (const network of [all!, live!]) {
        network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
        network.setMixing(mixture);
        network.backward(batch, { weightGradients: draw % 2 === 0 });
      }
      assertEquals(live!.mixingGradient(), all!.mixingGradient());
      assertEquals(statistics(live!), statistics(all!));
    }
    all!.free();
    live!.free();
  });
}
