import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { PROFILE_KINDS } from "../../src/engine/mod.ts";
import { COUNT, tinyBatch, tinyProgram, withEngine } from "./_tiny.ts";

Deno.test("Network.profile() counts the work of profiled runs and leaves results alone", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    network.setMixing(new Float32Array([0.5, 0.5]));
    const run = () => network.backward(tinyBatch(engine), { weightGradients: true }).loss;
    const loss = run();
    assert(network.profile().every(({ seconds, calls }) => seconds === 0 && calls === 0));
    network.setProfiled(true);
    assertEquals(run(), loss);
    const profile = network.profile();
    assertEquals(profile.map(({ kind }) => kind), [...PROFILE_KINDS]);
    const row = (kind: string) => profile.find((row) => row.kind === kind)!;
    assertEquals(row("batch assembly").calls, COUNT);
    assertNotEquals(row("pointwise forward").flops, 0);
    assert(profile.every(({ seconds }) => seconds >= 0));
    network.setProfiled(false);
    run();
    assert(network.profile().every(({ calls }) => calls === 0));
  }));

Deno.test("Network.features() are what the classifier reads", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: COUNT });
    network.initialise(1);
    network.setMixing(new Float32Array([0.5, 0.5]));
    network.forward(tinyBatch(engine), { training: true });
    const [features, logits] = [network.features(), network.logits()];
    const [weight, bias] = [network.read("classifier.weight"), network.read("classifier.bias")];
    assertEquals(features.length, COUNT * 5);
    for (let image = 0; image < COUNT; image++) {
      for (let k = 0; k < 3; k++) {
        let sum = bias[k]!;
        for (let f = 0; f < 5; f++) sum += weight[k * 5 + f]! * features[image * 5 + f]!;
        assert(Math.abs(sum - logits[image * 3 + k]!) < 1e-5);
      }
    }
  }));

Deno.test("Engine.fitClassifier() separates what a line separates, and refuses what does not fit", () =>
  withEngine((engine) => {
    const features = Float32Array.from(
      { length: 40 },
      (_, i) => (i % 2 === 0 ? 1 : -1) * (i % 4 < 2 ? 1 : -1) + i / 100,
    );
    const labels = Uint32Array.from({ length: 20 }, (_, i) => i % 2);
    const { weights, biases, accuracy, loss } = engine.fitClassifier(features, labels, 2);
    assertEquals([weights.length, biases.length, accuracy], [4, 2, 1]);
    assert(loss < 0.1);
    for (
      const [wrong, message] of [[labels.slice(1), "19 images"], [labels.map((k) => k + 1), "out of range"]] as const
    ) {
      let text = "";
      try {
        engine.fitClassifier(features, wrong, 2);
      } catch (error) {
        text = (error as Error).message;
      }
      assert(text.includes(message), text);
    }
  }));
