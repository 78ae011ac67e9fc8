import { assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import {
  collectMomentum,
  collectState,
  cosinePlan,
  initialiseNetwork,
  loadMomentum,
  loadState,
} from "../../../src/network/mod.ts";
import { buildSupernet, type Space } from "../../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../../src/spaces/darts/space.ts";
import {
  BilevelSearch,
  createMethod,
  DARTS_SETTINGS,
  listMethods,
  methodRow,
  type SavedSearch,
  spaceForMethod,
} from "../../../src/search/mod.ts";
import { TINY_SPACE } from "../../network/_tiny_task.ts";
import { tinySearch } from "../_tiny_search.ts";

Deno.test("createMethod() creates every method of the list", () => {
  for (const { name } of listMethods()) {
    assertEquals(createMethod(name, spaceForMethod(name, makeDartsSpace())).name, name);
  }
});

Deno.test("createMethod() names the methods there are", () => {
  const error = assertThrows(() => createMethod("toString", makeDartsSpace()), RangeError);
  assertMatch(error.message, /method is "toString", expected one of darts, beta-darts, /);
});

Deno.test("every method is listed with a line and a paper", () => {
  for (const { description, paper } of listMethods()) {
    assertEquals([description.length > 20, description.length < 110, /arXiv \d{4}\.\d{5}$/.test(paper)], [
      true,
      true,
      true,
    ]);
  }
});

/** A search of three epochs by a method, and what it is beside its state. */
function prepare(engine: Engine, name: string, space: Space) {
  const compile = (space: Space, seed: number) => {
    const network = engine.compile(buildSupernet(space), { batch: 8 });
    initialiseNetwork(network, seed);
    return network;
  };
  const { operationStopping, ...own } = methodRow(name).settings ?? {};
  const settings = {
    ...DARTS_SETTINGS,
    ...own,
    batch: 8,
    recalibrationBatches: 1,
    // Soon enough for so few steps.
    operationStopping: operationStopping && { steps: 2, threshold: 0.1 },
  };
  const method = createMethod(name, space);
  const plan = cosinePlan({ epochs: 3, first: 0.025, last: 0.001 });
  const options = tinySearch(engine, { method, settings, plan });
  options.network.free();
  let network = compile(space, 1);
  const rebuild = (space: Space) => {
    network.free();
    network = compile(space, 98);
    return { network, method: createMethod(name, space) };
  };
  return { search: new BilevelSearch({ ...options, space, network, rebuild }), network: () => network };
}

function finish({ search, network }: ReturnType<typeof prepare>): unknown[] {
  const log: unknown[] = [];
  while (!search.clock.isDone) {
    while (!search.clock.isEpochOver) log.push(search.takeStep());
    log.push(search.finishEpoch());
  }
  const end = [collectState(network(), search.clock), collectMomentum(network()), search.state()];
  network().free();
  return [log.at(-1), log.at(-2), ...end];
}

for (const { name } of listMethods()) {
  Deno.test(`a search by ${name} ends in the same bits resumed, and on another number of threads`, async () => {
    const engine = await Engine.start({ build: "strict", threads: 1 });
    const space = spaceForMethod(name, TINY_SPACE);
    const wanted = finish(prepare(engine, name, space));
    // Whoever prunes half-way has done so.
    const first = prepare(engine, name, space);
    for (let step = 0; step < 5; step++) {
      if (first.search.clock.isEpochOver) first.search.finishEpoch();
      first.search.takeStep();
    }
    const saved = first.search.save();
    const progress: SavedSearch["progress"] = JSON.parse(JSON.stringify(saved.progress));
    const [state, momentum] = [collectState(first.network()), collectMomentum(first.network())];
    first.network().free();
    const later = prepare(engine, name, progress.space);
    loadState(later.network(), state);
    loadMomentum(later.network(), momentum);
    later.search.load({ ...saved, progress });
    assertEquals(finish(later), wanted);
    engine.close();
    const other = await Engine.start({ build: "strict", threads: 2 });
    assertEquals(finish(prepare(other, name, space)), wanted);
    other.close();
  });
}

Deno.test("searches by different methods differ", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const states = listMethods().map(({ name }) => {
    const { search, network } = prepare(engine, name, spaceForMethod(name, TINY_SPACE));
    for (let step = 0; step < 5; step++) {
      if (search.clock.isEpochOver) search.finishEpoch();
      search.takeStep();
    }
    return [search.alpha.join(), network().read("classifier.weight").join()].join();
  });
  states.forEach((state, i) => states.slice(i + 1).forEach((other) => assertNotEquals(state, other)));
  engine.close();
});
