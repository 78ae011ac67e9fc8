import { assert, assertEquals, assertRejects } from "@std/assert";
import type { DartsSpace } from "../../src/spaces/darts/space.ts";
import { fileURLToPath } from "node:url";
import { evaluate } from "../../src/pipelines/mod.ts";
import { openSource } from "../../src/zoo/source.ts";
import { runTransfer, timeless } from "../pipelines/_runs.ts";
import { runPretraining, writeSources } from "../pipelines/_sources.ts";
import { runKilled } from "../pipelines/_killed.ts";

const folder = await Deno.makeTempDir();
const [{ digits, hands }, zoo] = [await writeSources(folder), `${folder}/zoo`];
const data = `${digits},${hands}`;
await runPretraining(`${folder}/first`, { data, entry: { zoo, name: "first" } });
const ON = { data, entry: { zoo, name: "next" }, start: { from: "first" } };

Deno.test("pretrain() goes on from an entry: nothing is lost if nothing is learnt", async () => {
  const still = { ...ON, search: { epochs: 1, learningRate: 0, alphaLearningRate: 0 } };
  await runPretraining(`${folder}/still`, still);
  const [before, after] = [await openSource("first", zoo), await openSource("next", zoo)];
  assertEquals(after.supernet.alpha, before.supernet.alpha);
  for (const [name, { data }] of before.supernet.state) {
    if (!/running_|num_batches/.test(name)) assertEquals(after.supernet.state.get(name)!.data, data, name);
  }
  // Other datasets, or the same in another order: the body goes on, with new heads.
  await runPretraining(`${folder}/turned`, { ...still, data: `${hands},${digits}` });
  const turned = await openSource("next", zoo);
  assertEquals(turned.supernet.state.get("stem.0.weight"), before.supernet.state.get("stem.0.weight"));
  assert(
    String(turned.supernet.state.get("classifier.weight")!.data) !==
      String(before.supernet.state.get("classifier.weight")!.data),
  );
});

Deno.test("pretrain() prunes, a transfer keeps to what is left, and a search from scratch does not", async () => {
  const pruned = await runPretraining(`${folder}/pruned`, { ...ON, start: { from: "first", keep: 2 } });
  const { candidates } = pruned.card.space as DartsSpace;
  assert([...candidates!.normal, ...candidates!.reduce].every(({ length }) => length === 2));
  const { from, keep, continues } = pruned.card.recipe as {
    from: string;
    keep: number;
    continues: { command: string };
  };
  assertEquals([from, keep, continues.command], ["first", 2, "pretrain"]);
  const other = await runPretraining(`${folder}/pruned-3`, { ...ON, start: { from: "first", keep: 2 } }, {
    threads: 3,
  });
  assertEquals(timeless(other), timeless(pruned));
  const out = `${folder}/transferred`;
  const result = await runTransfer(out, { target: hands, source: { name: "next", zoo } });
  assertEquals((result.space as { candidates: unknown }).candidates, candidates);
  assertEquals(
    (await evaluate({ from: out, batch: 16, build: "strict", threads: 2 })).testAccuracy,
    result.testAccuracy,
  );
  // The run holds a pruned supernet, from which another transfer starts.
  assertEquals(((await openSource(out)).supernet.space as DartsSpace).candidates, candidates);
  const scratch = (name: string) => ({ target: hands, source: { name, zoo, prior: "none" as const } });
  const fromPruned = await runTransfer(`${folder}/scratch-pruned`, scratch("next"));
  const fromWhole = await runTransfer(`${folder}/scratch-whole`, scratch("first"));
  assertEquals(timeless(fromPruned.curve), timeless(fromWhole.curve));
});

Deno.test("pretrain() on from an entry killed at random moments and resumed ends in the same result", async () => {
  const whole = await runPretraining(`${folder}/whole`, { ...ON, start: { from: "first", keep: 3 } });
  const script = fileURLToPath(new URL("../pipelines/_pretrain_script.ts", import.meta.url));
  await runKilled(script, [`${folder}/killed`, data, zoo, "first"]);
  const result = JSON.parse(await Deno.readTextFile(`${folder}/killed/result.json`));
  assertEquals(timeless(result), timeless(whole));
});

Deno.test("pretrain() goes on from the mean of several supernets, which is no other for being the mean of one with itself", async () => {
  const still = { ...ON, search: { epochs: 1, learningRate: 0, alphaLearningRate: 0 } };
  await runPretraining(`${folder}/other`, { ...ON, entry: { zoo, name: "other" }, seed: 5 });
  await runPretraining(`${folder}/mean`, {
    ...still,
    start: { from: "first,other" },
    entry: { zoo, name: "mean" },
  });
  const [first, other, mean] = await Promise.all(["first", "other", "mean"].map((name) => openSource(name, zoo)));
  const mid = (a: Float32Array, b: Float32Array) => a.map((value, i) => Math.fround(value / 2 + b[i]! / 2));
  assertEquals(mean!.supernet.alpha, mid(first!.supernet.alpha, other!.supernet.alpha));
  // Body and heads.
  for (const name of ["stem.0.weight", "cells.1.preprocess0.op.1.weight", "classifier.weight", "classifier.bias"]) {
    const [a, b, c] = [first, other, mean].map((source) => source!.supernet.state.get(name)!.data as Float32Array);
    assertEquals(c, mid(a!, b!), name);
  }
  const { from, continues } = mean!.recipe as { from: string; continues: { seed: number }[] };
  assertEquals([from, continues.map(({ seed }) => seed)], ["first,other", [0, 5]]);
  const alone = await runPretraining(`${folder}/alone`, ON);
  const twice = await runPretraining(`${folder}/twice`, { ...ON, start: { from: "first,first" } });
  assertEquals(timeless(twice.curve), timeless(alone.curve));
});

Deno.test("pretrain() takes the architecture prior of a small supernet over to a wide one", async () => {
  const still = { ...ON, search: { epochs: 1, learningRate: 0, alphaLearningRate: 0 } };
  const { space: small } = (await openSource("first", zoo)).supernet;
  const channels = 2 * (small as DartsSpace).channels;
  const sizes = { space: "darts", channels, cells: 3, nodes: (small as DartsSpace).nodes };
  const start = { from: "first", keep: 2, prior: "alpha" as const };
  await runPretraining(`${folder}/wide`, { ...still, sizes, start, entry: { zoo, name: "wide" } });
  const [first, wide] = [await openSource("first", zoo), await openSource("wide", zoo)];
  assertEquals(wide.supernet.alpha, first.supernet.alpha);
  const { candidates, ...space } = wide.supernet.space as DartsSpace;
  assertEquals([space.channels, space.cells], [channels, 3]);
  assert([...candidates!.normal, ...candidates!.reduce].every(({ length }) => length === 2));
  assertEquals((wide.recipe as { prior: string }).prior, "alpha");
  await assertRejects(
    () => runPretraining(`${folder}/refused-wide`, { ...ON, sizes, start: { from: "first" } }),
    RangeError,
    `Cannot go on with ${channels} channels`,
  );
});

Deno.test("pretrain() refuses what it cannot go on from", async () => {
  const nobody = { ...ON, start: { from: "nobody" } };
  await assertRejects(() => runPretraining(`${folder}/refused`, nobody), Deno.errors.NotFound, "nobody");
  await runPretraining(`${folder}/sparse`, {
    ...ON,
    start: { from: "first", keep: 2 },
    entry: { zoo, name: "sparse" },
  });
  await assertRejects(
    () => runPretraining(`${folder}/refused-mean`, { ...ON, start: { from: "first,sparse" } }),
    RangeError,
    "Cannot take the mean of first and sparse: their spaces differ",
  );
  await assertRejects(
    () => runPretraining(`${folder}/refused-too`, { ...ON, start: { keep: 2 } }),
    RangeError,
    "Cannot prune a supernet that has learnt nothing",
  );
  await assertRejects(
    () => runPretraining(`${folder}/refused-prior`, { ...ON, start: { prior: "alpha" } }),
    RangeError,
    "Cannot take over an architecture prior of nothing",
  );
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
