import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { initialiseNetwork } from "../../../src/network/mod.ts";
import { buildSupernet, costOfSupernet, groupsOf } from "../../../src/spaces/mod.ts";
import { type Candidates, type DartsSpace, listEdges, PRIMITIVES } from "../../../src/spaces/darts/space.ts";
import { TINY_SPACE, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 2 });

/** Edge by edge other lists, of one to three operations, poolings and skips among them. */
function unevenCandidates(space: DartsSpace): Candidates {
  const of = (shift: number) =>
    listEdges(space.nodes).map(({ index }) => {
      const count = 1 + (index + shift) % 3;
      const kept = Array.from({ length: count }, (_, i) => 1 + (3 * index + shift + 2 * i) % (PRIMITIVES.length - 1));
      return PRIMITIVES.filter((_, operation) => kept.includes(operation));
    });
  return { normal: of(0), reduce: of(1) };
}

Deno.test("a pruned supernet computes what the whole one does without weight on what was pruned away", () => {
  const space: DartsSpace = { ...TINY_SPACE, candidates: unevenCandidates(TINY_SPACE) };
  const holds = groupsOf(space).exists;
  const batch = tinyBatch(tinyTask(engine), 0, 24);
  const [whole, pruned] = [TINY_SPACE, space].map((one) => engine.compile(buildSupernet(one), { batch: 24 }));
  try {
    const names = pruned!.parameters.map(({ name }) => name);
    assertEquals(names, costOfSupernet(space).tensors.map(({ name }) => name));
    assert(names.length < whole!.parameters.length / 2);
    initialiseNetwork(whole!, 3);
    for (const name of names) pruned!.write(name, whole!.read(name));
    const mixing = Float32Array.from(holds, (held, i) => held ? 0.2 + 0.1 * Math.sin(i) : 0);
    for (const network of [whole!, pruned!]) network.setMixing(mixing);
    const [expected, found] = [whole!, pruned!].map((network) => network.backward(batch, { weightGradients: true }));
    // Terms of weight 0 add nothing, but sums are made in another order.
    assertAlmostEquals(found!.loss, expected!.loss, 1e-6);
    for (const name of names) {
      const [a, b] = [whole!.read(name, "gradient"), pruned!.read(name, "gradient")];
      const scale = Math.max(...a.map(Math.abs));
      b.forEach((value, i) => assertAlmostEquals(value, a[i]!, 1e-4 * scale + 1e-7, `${name}[${i}]`));
    }
    const [a, b] = [whole!.mixingGradient(), pruned!.mixingGradient()];
    holds.forEach((held, i) => {
      if (held) assertAlmostEquals(b[i]!, a[i]!, 1e-5);
      else assertEquals(b[i], 0);
    });
    assert(a.some((value, i) => !holds[i] && Math.abs(value) > 1e-4), "the whole one would like others, too");
  } finally {
    whole!.free();
    pruned!.free();
  }
});
