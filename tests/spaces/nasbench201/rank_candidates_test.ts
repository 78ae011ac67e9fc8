import { assertEquals } from "@std/assert";
import { rankCandidates } from "../../../src/spaces/nasbench201/rank_candidates.ts";
import { smallSpace } from "./_space.ts";

Deno.test("rankCandidates() puts the strongest first, of equal ones the lower index, of those that are there", () => {
  const strengths = new Float32Array(30);
  strengths.set([1, 3, 2, 3, 0], 5);
  const ranked = ["skip_connect", "nor_conv_3x3", "nor_conv_1x1", "none", "avg_pool_3x3"];
  assertEquals(rankCandidates(strengths, smallSpace(), 1), ranked as never);
  const candidates = Array(6).fill(["none", "nor_conv_3x3"]);
  assertEquals(rankCandidates(strengths, smallSpace({ candidates }), 1), ["nor_conv_3x3", "none"]);
});
