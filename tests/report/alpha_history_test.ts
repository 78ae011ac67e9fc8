import { assert, assertEquals } from "@std/assert";
import { alphaHistoryOf } from "../../src/report/alpha_history.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

const space = makeDartsSpace({ nodes: 1, cells: 2, channels: 4 });
const genotype = {
  normal: [["sep_conv_3x3", 0], ["skip_connect", 1]],
  normal_concat: [2],
  reduce: [["max_pool_3x3", 0], ["none", 1]],
  reduce_concat: [2],
};
const strengths = Array.from({ length: 32 }, (_, i) => i / 32);

Deno.test("alphaHistoryOf() finds moments, and names and marks candidates as the cells do", () => {
  const events = [
    { type: "start", epoch: 0, strengths },
    { type: "validation", epoch: 0.5, strengths },
    { type: "epoch", epoch: 1, strengths },
    { type: "epoch", epoch: 1, stage: "train" },
  ];
  const { frames, matrices } = alphaHistoryOf(events, { space, genotype })!;
  assertEquals(frames, [{ epoch: 0, strengths }, { epoch: 1, strengths }]);
  assertEquals(matrices.map(({ title, offset, sums }) => [title, offset, sums]), [
    ["Normal cell", 0, [0, 0]],
    ["Reduction cell", 16, [1, 1]],
  ]);
  assertEquals(matrices[0]!.groups, ["the one before to node 1", "previous cell to node 1"]);
  const chosen = matrices.map(({ groups, candidates, isChosen }) =>
    groups.flatMap((_, row) => candidates.flatMap((name, column) => isChosen(row, column) ? [`${row} ${name}`] : []))
  );
  assertEquals(chosen, [["0 separable conv 3×3", "1 skip"], ["0 max pool 3×3"]]);
});

Deno.test("alphaHistoryOf() believes no file: numbers and space must fit each other", () => {
  const none = (event: Record<string, unknown>, of: unknown = space) =>
    assertEquals(alphaHistoryOf([{ type: "epoch", epoch: 1, ...event }], { space: of, genotype }), undefined);
  none({});
  none({ strengths: "many" });
  none({ strengths: strengths.slice(1) });
  none({ strengths: strengths.with(3, null as unknown as number) });
  none({ strengths, epoch: "<b>" });
  none({ strengths }, { name: "darts", nodes: "four" });
  none({ strengths }, null);
  assert(alphaHistoryOf([{ type: "epoch", epoch: 1, strengths }], { space, genotype }));
});
