import { assertEquals } from "@std/assert";
import { DARTS } from "../../../src/spaces/darts/kind.ts";
import { makeDartsSpace, PAPER_SPACE, STEMS } from "../../../src/spaces/darts/space.ts";
import { buildDerivedNetwork, randomGenotype } from "../../../src/spaces/mod.ts";

Deno.test("DARTS describes how far a space was pruned, and makes it whole again", () => {
  const pruned = DARTS.prune(PAPER_SPACE, new Float32Array(224), 3);
  assertEquals([PAPER_SPACE, pruned].map(DARTS.describe), ["darts", "darts, 3 an edge"]);
  assertEquals(DARTS.whole(pruned), PAPER_SPACE);
});

Deno.test("DARTS names the stem as its networks do, and keeps as many candidates as an edge can have", () => {
  for (const stem of STEMS) {
    const space = makeDartsSpace({ cells: 3, channels: 2, stem });
    const program = buildDerivedNetwork({ space, genotype: randomGenotype(1, space) });
    assertEquals(program.parameters[0]!.name, DARTS.stem(space));
  }
  const space = makeDartsSpace({ cells: 3, channels: 2 });
  assertEquals(DARTS.prune(space, new Float32Array(224), DARTS.mostCandidates).candidates!.normal[0]!.length, 7);
});
