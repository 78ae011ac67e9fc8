import { assertEquals } from "@std/assert";
import { groupsOfNasBench201 } from "../../../src/spaces/nasbench201/groups.ts";
import { NASBENCH201 } from "../../../src/spaces/nasbench201/kind.ts";
import { smallSpace, STRENGTHS } from "./_space.ts";

Deno.test("groupsOfNasBench201() lays alpha out as the reference does; pruning keeps the layout", () => {
  const whole = groupsOfNasBench201(smallSpace());
  assertEquals(whole.tensors, [{ name: "arch_parameters", shape: [6, 5] }]);
  assertEquals(whole.sums, [0, 1, 1, 2, 2, 2]);
  assertEquals(whole.exists, Array(30).fill(true));
  const pruned = groupsOfNasBench201(NASBENCH201.prune(smallSpace(), STRENGTHS, 2));
  assertEquals([pruned.tensors, pruned.sums], [whole.tensors, whole.sums]);
  // The first edge keeps `none`, which is the strongest, and the last operation.
  assertEquals(pruned.exists.slice(0, 5), [true, false, false, false, true]);
});
