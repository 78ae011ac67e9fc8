/**
 * Times the embedding library in a process of its own, for `bench embed`. Arguments: network; `all` to finetune as well.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import type { Model } from "../src/embed/mod.ts";
import type { EmbedTime, EmbedTimes } from "./embed.ts";

const MANY = 50;

const [network = "", finetunes] = Deno.args;
const bytes = await Deno.readFile(network);

/** A picture of a colour, with some noise. */
function draw(number: number) {
  const data = new Uint8Array(4 * 32 * 32);
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : (number * 37 + i * i * (i % 4 + 1)) % 256;
  return { data, width: 32, height: 32 };
}

/** Milliseconds of the clock and of the processor. */
async function timed(work: () => Promise<unknown>): Promise<EmbedTime> {
  const [start, before] = [performance.now(), cpuUsage()];
  await work();
  const { user, system } = cpuUsage(before);
  return { wall: performance.now() - start, processor: (user + system) / 1000 };
}

const picture = draw(0);
let model: Model;
const first = await timed(async () => {
  const { load } = await import("../src/embed/mod.ts");
  model = await load(bytes);
  await model.predict(picture);
});
const many = await timed(async () => {
  for (let i = 0; i < MANY; i++) await model.predict(picture);
});
const times: EmbedTimes = { first, later: { wall: many.wall / MANY, processor: many.processor / MANY } };
const lesson = Array.from({ length: 100 }, (_, i) => draw(i));
const labels = lesson.map((_, i) => `class ${i % 5}`);
const learnt = finetunes === undefined ? {} : {
  head: await timed(() => model.finetune(lesson, labels, { epochs: 0 })),
  all: await timed(() => model.finetune(lesson, labels)),
};
console.log(JSON.stringify({ ...times, ...learnt }));
