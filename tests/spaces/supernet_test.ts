import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { collectState, initialiseNetwork, loadState } from "../../src/network/mod.ts";
import {
  buildSupernet,
  costOfSupernet,
  groupsOf,
  makeSpace,
  pruneSpace,
  pruneState,
  registerSpace,
  type Space,
} from "../../src/spaces/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { LADDER } from "./_ladder.ts";

registerSpace(LADDER);
const engine = await Engine.start({ build: "strict", threads: 1 });
const SPACES: Space[] = [
  TINY_SPACE,
  makeSpace({ name: "ladder", classes: 3, inputChannels: 1, height: 9, width: 9 }),
];

/** Strengths that look random and are the same each time. */
function strengthsOf(space: Space): Float32Array {
  return Float32Array.from({ length: groupsOf(space).exists.length }, (_, i) => Math.abs(Math.sin(1 + i * i)));
}

Deno.test("buildSupernet() holds the tensors that costOfSupernet() lists, and as many mixing weights as there are candidates", () => {
  for (const space of SPACES) {
    const program = buildSupernet(space);
    const cost = costOfSupernet(space);
    assertEquals(program.parameters.map(({ name }) => name), cost.tensors.map(({ name }) => name));
    assertEquals(program.norms.flatMap(({ names }) => names), [...cost.norms]);
    const { tensors, exists, sums } = groupsOf(space);
    assertEquals(program.mixingCount, exists.length);
    assertEquals(tensors.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0), exists.length);
    assertEquals(tensors.reduce((sum, { shape: [rows] }) => sum + rows, 0), sums.length);
  }
});

Deno.test("pruneState() leaves exactly what the supernet of a pruned space loads", () => {
  for (const space of SPACES) {
    const whole = engine.compile(buildSupernet(space), { batch: 2 });
    initialiseNetwork(whole, 1);
    const state = collectState(whole, { batchesTracked: 3 });
    const smaller = pruneSpace(space, strengthsOf(space), 1);
    const pruned = engine.compile(buildSupernet(smaller), { batch: 2 });
    const kept = pruneState(state, smaller);
    assert(kept.size < state.size);
    loadState(pruned, kept);
    assertEquals(collectState(pruned, { batchesTracked: 3 }), new Map(kept));
    assertEquals(groupsOf(smaller).tensors, groupsOf(space).tensors);
    whole.free();
    pruned.free();
  }
});
