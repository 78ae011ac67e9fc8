import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { EpochClock, evaluateNetwork, HeadProbe, Validator } from "../../src/search/mod.ts";
import { deriveSeed } from "../../src/network/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { BatchOrder, everyImage } from "../../src/batches/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

/** A network of random weights with its validator: 96 images to learn from, two parts of 32 to validate on. */
function setUp({ refitsHead = false, batches = 2, heldOut = [[96, 128], [128, 160]] } = {}) {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  network.initialise(5);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  const data = tinyTask(engine, { count: 160 });
  const weights = everyImage(data.indices.slice(0, 96));
  const parts = heldOut.map(([first, end]) => data.indices.slice(first, end));
  const order = new BatchOrder(engine, weights, { batch: 16, seed: 3 });
  const options = { engine, network, data, weights, heldOut: parts, batch: 16, refitsHead, seed: 1 };
  const recalibration = { batches, order, seed: 3 };
  const clock = new EpochClock({ purpose: "search", epochs: 2, stepsPerEpoch: 6, batchesTracked: 0 });
  const evaluate = () => parts.map((indices) => evaluateNetwork(network, data, { indices, batch: 16 }));
  return {
    options: { ...options, recalibration },
    validator: new Validator({ ...options, recalibration }),
    clock,
    evaluate,
  };
}

Deno.test("Validator evaluates each dataset's part, and lets running statistics follow the weights before", () => {
  const { validator, clock, evaluate } = setUp();
  const before = evaluate();
  assertEquals(validator.evaluate(), before);
  const after = validator.validate(clock);
  assertEquals([after, after.length, clock.batchesTracked], [evaluate(), 2, 2]);
  assertNotEquals(after, before);
  validator.adoptHead();
  assertEquals([evaluate(), validator.head], [after, undefined]);
});

Deno.test("Validator leaves statistics alone where no batches are to be passed", () => {
  const { validator, clock, evaluate } = setUp({ batches: 0 });
  const before = evaluate();
  assertEquals([validator.validate(clock), clock.batchesTracked], [before, 0]);
});

Deno.test("Validator lets the better of two heads count, fitted in an order that the moment decides", () => {
  const refitted = () => setUp({ refitsHead: true, heldOut: [[96, 160]] });
  const { options, validator, clock, evaluate } = refitted();
  const own = evaluate();
  const [validation] = validator.validate(clock);
  assertEquals(clock.batchesTracked, 6);
  assert(validation!.accuracy > own[0]!.accuracy);
  // The same as a probe with the seed of that moment.
  const { network, data } = refitted().options;
  const parts = { indices: options.weights.at(0), heldOut: options.heldOut[0]! };
  const probe = new HeadProbe(engine, network, { data, ...parts, batch: 16 });
  const seed = deriveSeed(deriveSeed(1, "head batches"), "epoch 0, step 0");
  assertEquals(validation, probe.tryHeads(seed).validation);
  assertEquals(validator.head, probe.kept);

  const other = refitted();
  other.validator.restore(validator.head);
  for (const each of [validator, other.validator]) each.adoptHead();
  assertEquals(options.network.read("classifier.weight"), other.options.network.read("classifier.weight"));
});

Deno.test("Validator refuses to refit the heads of several datasets", () => {
  const { options } = setUp();
  const [part] = options.data.parts;
  const data = { ...options.data, parts: [part!, part!] };
  const attempt = () => new Validator({ ...options, data, refitsHead: true });
  assertThrows(attempt, RangeError, "expected a single one");
});
