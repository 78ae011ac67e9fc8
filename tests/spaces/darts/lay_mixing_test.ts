import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine, type Network } from "../../../src/engine/mod.ts";
import { collectState, initialiseNetwork, loadState } from "../../../src/network/mod.ts";
import { buildDerivedNetwork, buildSupernet, inheritState, layMixing } from "../../../src/spaces/mod.ts";
import { type DartsGenotype, genesOf } from "../../../src/spaces/darts/genotype.ts";
import { CELL_TYPES, countMixing, edgeIndex, mixingIndex, PRIMITIVES } from "../../../src/spaces/darts/space.ts";
import { TINY_SPACE as space, tinyBatch, tinyTask } from "../../network/_tiny_task.ts";

Deno.test("layMixing() lets a network that is cut out compute what the supernet does with nothing but its terms", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  // Operations that end in a normalisation in both networks: all convolutions, and skips that halve.
  const genotype: DartsGenotype = {
    normal: [["sep_conv_3x3", 0], ["dil_conv_5x5", 1], ["sep_conv_5x5", 2], ["dil_conv_3x3", 0]],
    normal_concat: [2, 3],
    reduce: [["skip_connect", 1], ["sep_conv_5x5", 0], ["dil_conv_3x3", 2], ["skip_connect", 0]],
    reduce_concat: [2, 3],
  };
  const batch = tinyBatch(tinyTask(engine), 0, 24);
  const [supernet, derived] = [buildSupernet(space), buildDerivedNetwork({ space, genotype })]
    .map((graph) => engine.compile(graph, { batch: 24 }));
  initialiseNetwork(supernet!, 3);
  initialiseNetwork(derived!, 4);
  const mixing = Float32Array.from({ length: countMixing(space) }, (_, i) => 0.5 + 0.4 * Math.sin(i));
  // The two terms of each node that stay, in the shares that they have of their sum.
  const kept = new Float32Array(mixing.length);
  for (const type of CELL_TYPES) {
    const { genes } = genesOf(genotype, type);
    const places = genes.map(([operation, from], k) =>
      mixingIndex(space, type, edgeIndex(k >> 1, from), PRIMITIVES.indexOf(operation))
    );
    places.forEach((place, k) => kept[place] = mixing[place]! / (mixing[place]! + mixing[places[k ^ 1]!]!));
  }
  const state = collectState(supernet!);
  const laid = layMixing(state, mixing, { space, genotype });
  for (const [name, tensor] of state) assertEquals(laid.get(name), tensor);
  loadState(derived!, inheritState(derived!, laid, { genotype, space }), { isPartial: true });
  supernet!.setMixing(kept);
  const logitsOf = (network: Network) => {
    network.forward(batch, { training: true });
    return network.logits();
  };
  const wanted = logitsOf(supernet!);
  assert(wanted.some((value) => Math.abs(value) > 0.01));
  logitsOf(derived!).forEach((value, i) => assertAlmostEquals(value, wanted[i]!, 1e-5));

  // Cut out of the plain state, all its terms count alike, which gives other logits.
  initialiseNetwork(derived!, 4);
  loadState(derived!, inheritState(derived!, state, { genotype, space }), { isPartial: true });
  assert(logitsOf(derived!).some((value, i) => Math.abs(value - wanted[i]!) > 1e-3));
  engine.close();
});
