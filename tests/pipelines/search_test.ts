import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { Interrupted, openRun } from "../../src/run/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, timeless } from "./_runs.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
await writeDigits(data);

Deno.test("search() finds the same architecture, weights and losses with 1, 2 and 3 threads", async () => {
  const results: unknown[] = [];
  const weights: Uint8Array[] = [];
  for (const threads of [1, 2, 3]) {
    const out = `${folder}/threads-${threads}`;
    results.push(timeless(await runSearch(out, { data }, { threads })));
    weights.push(await Deno.readFile(`${out}/supernet.safetensors`));
  }
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
  assertEquals(weights[1], weights[0]);
  assertEquals(weights[2], weights[0]);
});

Deno.test("search() of second order leaves a finished run behind", async () => {
  const result = await runSearch(`${folder}/second`, { data, search: { order: 2 }, seed: 3 });
  assertEquals(result.curve.length, 1);
  assert(Number.isFinite(result.curve[0]!.validLoss));
  const run = await openRun(`${folder}/second`);
  assertEquals(run.genotype, JSON.parse(JSON.stringify(result.genotype)));
  const events = await run.events();
  assertEquals(events.map(({ type, epoch }) => [type, epoch]), [["start", 0], ["epoch", 1]]);
  // Two kinds of cell, each with an operation of eight on every edge.
  for (const { strengths } of events as { strengths?: number[] }[]) {
    assertEquals(strengths!.length % 16, 0);
    assertAlmostEquals(strengths!.slice(0, 8).reduce((sum, share) => sum + share), 1, 1e-3);
  }
  assert(String(events[0]!.strengths) !== String(events[1]!.strengths));
});

Deno.test("search() goes on after an interruption to the same end", async () => {
  const options = { data, search: { epochs: 2, head: "refitted" } } as const;
  const whole = await runSearch(`${folder}/whole`, options);
  assertEquals([whole.start?.epoch, whole.curve.length], [0, 2]);
  const out = `${folder}/interrupted`;
  for (const steps of [2, 1, 3]) {
    let left = steps;
    const interrupt = {
      get requested() {
        return left === 0;
      },
    };
    const onEvent = () => void (left = Math.max(0, left - 1));
    await assertRejects(() => runSearch(out, options, { resume: true, interrupt, onEvent }), Interrupted);
  }
  const resumed = await runSearch(out, options, { resume: true, threads: 2 });
  assertEquals(timeless(resumed), timeless(whole));
  assertEquals(
    await Deno.readFile(`${out}/supernet.safetensors`),
    await Deno.readFile(`${folder}/whole/supernet.safetensors`),
  );
});

Deno.test("search() refuses to go on when the images have changed", async () => {
  const changing = `${folder}/changing`;
  await writeDigits(changing);
  let steps = 0;
  const interrupt = {
    get requested() {
      return steps > 1;
    },
  };
  const onEvent = () => void steps++;
  const out = `${folder}/changed`;
  await assertRejects(() => runSearch(out, { data: changing }, { interrupt, onEvent }), Interrupted);
  await writeDigits(changing, { train: 95 });
  await assertRejects(
    () => runSearch(out, { data: changing }, { resume: true }),
    RangeError,
    "the dataset has changed",
  );
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("search() by a method that decides near the end does not stop when it seems to have settled", async () => {
  // Without a learning rate no validation is better than the first.
  const settled = { epochs: 4, patience: 1, learningRate: 0 };
  const epochsOf = async (method: string) => {
    const { curve, space } = await runSearch(`${folder}/${method}`, { data, search: { ...settled, method } });
    return { epochs: curve.length, space: space as { candidates?: Record<string, string[][]> } };
  };
  assertEquals((await epochsOf("darts")).epochs, 2);
  const { epochs, space } = await epochsOf("is-darts");
  assertEquals(epochs, 4);
  assertEquals(Object.values(space.candidates!).flat().map(({ length }) => length), Array(10).fill(1));
});
