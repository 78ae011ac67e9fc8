import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { recalibrate } from "../../src/search/mod.ts";
import { BatchOrder, batchSources, everyImage } from "../../src/batches/mod.ts";
import { TINY_SPACE, tinyTask } from "../network/_tiny_task.ts";

const engine = await Engine.start({ build: "strict", threads: 1 });

function tinyNetwork() {
  const network = engine.compile(buildSupernet(TINY_SPACE), { batch: 16 });
  network.initialise(5);
  network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
  const data = tinyTask(engine, { count: 40 });
  const order = new BatchOrder(engine, everyImage(data.indices), { batch: 16, seed: 3 });
  const sources = (count: number) => batchSources(data, order, { epoch: 0, count, seed: 3 });
  return { network, sources, read: () => network.buffers.map(({ name }) => network.read(name)) };
}

Deno.test("recalibrate() makes running statistics the means over the batches, whatever they were", () => {
  const { network, sources, read } = tinyNetwork();
  const each = [...sources(3)].map((source) => {
    network.forward(source, { training: true, statisticsMomentum: 1 });
    return read();
  });
  const counts: number[] = [];
  const passed = recalibrate(network, sources(3), ({ indices }) => counts.push(indices.length));
  assertEquals([passed, counts], [3, [16, 16, 8]]);
  read().forEach((buffer, b) =>
    buffer.forEach((value, i) => {
      const mean = each.reduce((sum, batch) => sum + batch[b]![i]!, 0) / 3;
      assertAlmostEquals(value, mean, 1e-5 * (1 + Math.abs(mean)));
    })
  );
});

Deno.test("recalibrate() leaves a network alone without batches, and starts over after the last of an order", () => {
  const { network, sources, read } = tinyNetwork();
  const before = read();
  assertEquals(recalibrate(network, sources(0)), 0);
  assertEquals(read(), before);
  const first = [...sources(7)].map(({ indices }) => indices);
  assertEquals(first.slice(3, 6), first.slice(0, 3));
});
