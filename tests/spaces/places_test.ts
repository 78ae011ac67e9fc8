import { assert, assertEquals, assertThrows } from "@std/assert";
import { fillPlaces, leastCosts, type PlaceOption } from "../../src/spaces/mod.ts";

/** Places with options that look random, in whole numbers so that sums are exact. */
function somePlaces(seed: number, { places = 4, ways = 4, costs = 2 } = {}) {
  let state = seed;
  const draw = (below: number) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % 65536 % below;
  const options = Array.from({ length: places }, () =>
    Array.from({ length: ways }, (): PlaceOption => ({
      strength: draw(6),
      costs: Array.from({ length: costs }, () => draw(7)),
    })));
  return { base: Array.from({ length: costs }, () => draw(5)), options };
}

function everyChoice({ options }: { options: readonly (readonly PlaceOption[])[] }): PlaceOption[][] {
  return options.reduce<PlaceOption[][]>((all, ways) => all.flatMap((one) => ways.map((way) => [...one, way])), [[]]);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const strengthOf = (chosen: readonly PlaceOption[]) => sum(chosen.map(({ strength }) => strength));

Deno.test("fillPlaces() finds what trying every choice finds, ties and several costs among them", () => {
  let tried = 0;
  for (let seed = 1; seed <= 12; seed++) {
    for (const costs of [1, 2, 3]) {
      const places = somePlaces(seed, { costs });
      const costOf = (chosen: readonly PlaceOption[]) =>
        places.base.map((base, i) => base + sum(chosen.map((option) => option.costs[i]!)));
      for (const most of [[8, 14, 12], [16, 12, 20], [100, 100, 100]].map((row) => row.slice(0, costs))) {
        const all = everyChoice(places).filter((chosen) => costOf(chosen).every((cost, i) => cost <= most[i]!));
        const best = all.map(strengthOf).toSorted((a, b) => b - a).slice(0, 4);
        const found = fillPlaces(places, { most, count: 4 });
        assertEquals(found.map(strengthOf), best);
        assert(found.every((chosen) => costOf(chosen).every((cost, i) => cost <= most[i]!)));
        assertEquals(fillPlaces(places, { most, count: 1 }).map(strengthOf), best.slice(0, 1));
        tried += best.length;
      }
      assertEquals(
        leastCosts(places),
        places.base.map((_, i) => Math.min(...everyChoice(places).map((chosen) => costOf(chosen)[i]!))),
      );
    }
  }
  assert(tried > 200);
});

Deno.test("fillPlaces() gives nothing where nothing fits, and the smaller one of equally strong ones", () => {
  const option = (strength: number, cost: number): PlaceOption => ({ strength, costs: [cost] });
  const places = { base: [1], options: [[option(1, 3), option(1, 2)]] };
  assertEquals(fillPlaces(places, { most: [2], count: 1 }), []);
  assertEquals(fillPlaces(places, { most: [9], count: 1 }), [[option(1, 2)]]);
  assertEquals(fillPlaces(places, { most: [9], count: 5 }).length, 2);
});

Deno.test("fillPlaces() refuses what would take minutes", () => {
  // Strength is the sum of what limits: no choice beats another.
  const options = Array.from(
    { length: 15 },
    (_, place) => [0, 1].map((bit): PlaceOption => ({ strength: bit * 2 ** place, costs: [bit * 2 ** place] })),
  );
  const error = assertThrows(() => fillPlaces({ base: [0], options }, { most: [1e9], count: 1 }), RangeError);
  assert(error.message.includes("limits at once"), error.message);
});
