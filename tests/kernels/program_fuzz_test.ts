import { assert, assertGreater, assertInstanceOf } from "@std/assert";
import { type Augmentation, type BatchSource, Engine, type Network, type Program } from "../../src/engine/mod.ts";
import { type Case, programOf, readFixture, sourceOf } from "./_fixtures.ts";

const MUTATIONS = 12_000;
const BATCH = 2;
// Accepted programs run within this, so that a mutated size cannot exhaust memory.
const MEMORY_BYTES = 8 * 2 ** 20;
const SEED = 20_260_701;
const NO_AUGMENTATION: Augmentation = { cropPadding: 0, flip: false, cutout: 0 };

Deno.test(`compile() refuses or runs each of ${MUTATIONS} mutated programs, without a trap`, async () => {
  const { description: { cases }, arrays } = await readFixture<{ cases: Case[] }>("kernels");
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const seeds = cases.filter(({ count }) => count >= BATCH).map((description) => {
    const source = sourceOf(engine, description, arrays, NO_AUGMENTATION);
    const batch = { ...source, indices: source.indices.slice(0, BATCH), labels: source.labels!.slice(0, BATCH) };
    return { program: programOf(description), batch };
  });
  const random = generator(SEED);
  let [refused, ran, declined] = [0, 0, 0];
  for (let i = 0; i < MUTATIONS; i++) {
    const { program, batch } = seeds[random(seeds.length)]!;
    const words = mutate(program.words, random);
    let network: Network;
    try {
      network = engine.compile({ ...program, words }, { batch: BATCH, memoryBytes: MEMORY_BYTES });
    } catch (error) {
      refuse(error, i);
      refused++;
      continue;
    }
    if (runs(network, batch, i)) ran++;
    else declined++;
    network.free();
    infer(engine, { ...program, words }, batch, i);
  }
  engine.close();
  assertGreater(refused, 1000);
  assertGreater(ran, 100);
  assert(refused + ran + declined === MUTATIONS);
});

/** Forward, backward and update; a request that does not fit the mutated network is declined by an error. */
function runs(network: Network, batch: BatchSource, i: number): boolean {
  try {
    network.backward(batch, { weightGradients: true });
    network.setMixing(Float32Array.from({ length: network.mixingCount }, (_, term) => (term + i) % 2));
    network.backward(batch, { weightGradients: "live" });
    network.sgdStep({ learningRate: 0.01, momentum: 0.9, weightDecay: 0, clip: 5 });
    return true;
  } catch (error) {
    refuse(error, i);
    return false;
  }
}

/** The same program for inference. */
function infer(engine: Engine, program: Program, batch: BatchSource, i: number): void {
  try {
    const network = engine.compile(program, { batch: BATCH, memoryBytes: MEMORY_BYTES, isInference: true });
    network.forward(batch, { training: false });
    network.free();
  } catch (error) {
    refuse(error, i);
  }
}

/** A refusal is an Error of one line; a trap is a WebAssembly.RuntimeError. */
function refuse(error: unknown, i: number): void {
  assertInstanceOf(error, Error, `mutation ${i}, seed ${SEED}`);
  assert(!(error instanceof WebAssembly.RuntimeError), `mutation ${i}, seed ${SEED}: ${error.message}`);
  assert(!error.message.includes("\n"), `mutation ${i}, seed ${SEED}: ${error.message}`);
}

/** Changes one to three words, or the length; many small changes stay plausible and reach the later checks. */
function mutate(original: Uint32Array, random: (below: number) => number): Uint32Array {
  const words = original.slice();
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(words.length);
    switch (random(8)) {
      case 0:
        words[at] = words[at]! ^ (1 << random(32));
        break;
      case 1:
        words[at] = random(2 ** 32);
        break;
      case 2:
        words[at] = words[at]! + 1;
        break;
      case 3:
        words[at] = words[at]! - 1;
        break;
      case 4:
        words[at] = words[random(words.length)]!;
        break;
      case 5:
        words[at] = [0, 1, 2, 8, 255, 1024, 65_535, 2 ** 31, 2 ** 32 - 1][random(9)]!;
        break;
      case 6: {
        const other = random(words.length);
        [words[at], words[other]] = [words[other]!, words[at]!];
        break;
      }
      default:
        if (random(4) === 0) return words.slice(0, at);
        words[at] = random(16);
    }
  }
  return words;
}

/** A small seeded generator (xorshift32): integers below a bound. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor((state >>> 0) / 2 ** 32 * below);
  };
}
