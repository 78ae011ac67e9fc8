import { assertEquals } from "@std/assert";
import { NASBENCH201 } from "../../../src/spaces/nasbench201/kind.ts";
import { buildDerivedNetwork, buildSupernet, deriveGenotype, inheritState } from "../../../src/spaces/mod.ts";
import { EVERY, smallSpace, STRENGTHS } from "./_space.ts";

Deno.test("NASBENCH201 derives the strongest operation of each edge, none like the others", () => {
  const space = smallSpace();
  const diagonal = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3", "none"];
  assertEquals(NASBENCH201.derive(STRENGTHS, space), { operations: diagonal as never });
  assertEquals(NASBENCH201.derive(new Float32Array(30), space).operations, Array(6).fill("none"));
  assertEquals(deriveGenotype(STRENGTHS, space), { operations: diagonal });
});

Deno.test("NASBENCH201 describes how far a space was pruned, and makes it whole again", () => {
  const space = smallSpace();
  const pruned = NASBENCH201.prune(space, STRENGTHS, 3);
  assertEquals([space, pruned].map(NASBENCH201.describe), ["nasbench201", "nasbench201, 3 an edge"]);
  assertEquals(NASBENCH201.whole(pruned), space);
  assertEquals(NASBENCH201.prune(pruned, STRENGTHS, 1).candidates!.map(String), [
    ...NASBENCH201.derive(STRENGTHS, space).operations,
  ]);
});

Deno.test("NASBENCH201 names its stem, and its networks inherit all that a supernet has", () => {
  const space = smallSpace({ stem: "stride4", height: 33, width: 20 });
  const { parameters, norms } = buildSupernet(space);
  assertEquals(parameters[0]!.name, NASBENCH201.stem(space));
  const zeros = (shape: readonly number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  const buffersOf = (of: typeof norms) =>
    of.flatMap(({ names, channels }) =>
      names.flatMap((name) => ["mean", "var"].map((kind) => ({ name: `${name}.running_${kind}`, shape: [channels] })))
    );
  const state = new Map([...parameters, ...buffersOf(norms)].map(({ name, shape }) => [name, zeros(shape)]));
  const derived = buildDerivedNetwork({ space, genotype: EVERY });
  const network = { parameters: derived.parameters, buffers: buffersOf(derived.norms) };
  const inherited = inheritState(network, state, { genotype: EVERY, space });
  const left = [...network.parameters, ...network.buffers].filter(({ name }) => !inherited.has(name));
  // Weights and biases of normalisations within cells: three cells, three convolutions.
  assertEquals(left.map(({ name }) => name.replace(/^cells\.\d\.layers\.\d\.op\.2\./, "")).sort(), [
    ...Array(9).fill("bias"),
    ...Array(9).fill("weight"),
  ]);
});
