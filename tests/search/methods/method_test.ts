import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { deriveSeed, keyedRandom } from "../../../src/network/mod.ts";
import { groupsOf } from "../../../src/spaces/mod.ts";
import { PRIMITIVES } from "../../../src/spaces/darts/space.ts";
import {
  BilevelSearch,
  initialAlpha,
  type SearchMethod,
  softmaxRows,
  softmaxRowsBackward,
} from "../../../src/search/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { tinySearch } from "../_tiny_search.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

/** A method that samples, cools down, warms up and remembers: all that the interface has to carry. */
function createSampling(): SearchMethod & { draws: string[] } {
  const columns = PRIMITIVES.length;
  const draws: string[] = [];
  let temperature = NaN;
  let drawn = 0;
  return {
    draws,
    name: "sampling",
    parameters: groupsOf(TINY_SPACE).tensors,
    initialAlpha: (source, seed) => initialAlpha(source, groupsOf(TINY_SPACE).tensors, seed),
    mix: (alpha, { purpose, seed, epoch, step }) => {
      drawn++;
      draws.push(`${purpose} ${epoch}.${step} at ${temperature}`);
      const random = keyedRandom(deriveSeed(seed, `${purpose} ${epoch} ${step}`));
      const noise = () => -Math.log(-Math.log((random(2 ** 24) + 0.5) / 2 ** 24));
      const weights = softmaxRows(alpha.map((value) => (value + noise()) / temperature), columns);
      return {
        weights,
        gradient: (mixing) => softmaxRowsBackward(weights, mixing, columns).map((value) => value / temperature),
      };
    },
    strengths: (alpha) => softmaxRows(alpha, columns),
    startEpoch: (epoch, epochs) => temperature = 2 - epoch / epochs,
    updatesAlpha: (epoch) => epoch > 0,
    state: () => ({ drawn }),
    restore: (state) => drawn = (state as { drawn: number }).drawn,
  };
}

Deno.test("SearchMethod lets a method sample, cool down and warm up without the loop knowing it", () => {
  const method = createSampling();
  const search = new BilevelSearch(tinySearch(engine, { method }));
  const alpha = search.alpha;
  const losses: (number | undefined)[] = [];
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) losses.push(search.takeStep().alphaLoss);
    search.finishEpoch();
    if (search.clock.epoch === 1) assertEquals(search.alpha, alpha);
  }
  assertEquals(losses.map((loss) => loss !== undefined), [...Array(4).fill(false), ...Array(4).fill(true)]);
  assertEquals(method.draws.slice(0, 5), [
    "weights 0.0 at 2",
    "weights 0.1 at 2",
    "weights 0.2 at 2",
    "weights 0.3 at 2",
    "evaluation 0.4 at 2",
  ]);
  assertEquals(method.draws.slice(5, 7), ["alpha 1.0 at 1.5", "weights 1.0 at 1.5"]);
  assertEquals(search.state().method, { drawn: 4 + 1 + 8 + 1 });
  assert(search.alpha.some((value, i) => value !== alpha[i]));
});
