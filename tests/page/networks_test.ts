import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { Networks } from "../../page/networks.ts";
import { type FinetuneProgress, load } from "../../src/embed/mod.ts";
import { drawCell } from "../../src/report/cell_diagram.ts";
import { NETWORK } from "../embed/_pictures.ts";

const bytes = await Deno.readFile(NETWORK);
const plain = (grey: number) => ({
  data: new Uint8Array(4 * 32 * 32).map((_, i) => i % 4 === 3 ? 255 : grey),
  width: 32,
  height: 32,
});
const pictures = [0, 20, 40, 60, 190, 210, 230, 250].map(plain);
const labels = pictures.map((_, i) => i < 4 ? "dark" : "light");

Deno.test("a network is opened, asked, taught and saved by its number", async () => {
  const networks = new Networks();
  const { id, classes, side, isColour, cells } = await networks.open(bytes);
  assertEquals([id, classes.length, side, isColour, cells.length], [0, 20, 32, true, 2]);
  // The page's policy would refuse a style.
  assert(!cells.some((cell) => drawCell(cell).includes("style=")));
  const told: FinetuneProgress[] = [];
  const learnt = await networks.learn(id, { pictures, labels, isQuick: true }, (progress) => told.push(progress));
  assertEquals([learnt!.facts.id, learnt!.facts.classes, learnt!.before], [1, ["dark", "light"], 0]);
  assertEquals(told.map(({ stage }) => stage), ["head"]);
  const { answers } = await networks.ask(1, [plain(30), plain(220)], 1);
  assertEquals(answers.map(([first]) => first!.label), ["dark", "light"]);
  const { id: again } = await networks.open(await networks.save(1));
  assertEquals((await networks.ask(again, pictures, 2)).answers, (await networks.ask(1, pictures, 2)).answers);
  // The second class alone comes into question.
  const narrowed = await networks.ask(1, pictures, 2, { name: "light", first: 1, end: 2 });
  assertEquals(narrowed.answers, pictures.map(() => [{ label: "light", probability: 1 }]));
  assert(await networks.time(1, plain(30)) > 0);
  await assertRejects(() => networks.ask(7, pictures, 1), RangeError, "Cannot find the network 7");
});

Deno.test("learning that is stopped gives nothing; what cannot be learnt is refused", async () => {
  const networks = new Networks();
  const { id } = await networks.open(bytes);
  const stopped = networks.learn(id, { pictures, labels, isQuick: false }, () => networks.stop());
  assertEquals(await stopped, undefined);
  const course = { pictures: pictures.slice(0, 3), labels: labels.slice(0, 3), isQuick: false };
  await assertRejects(() => networks.learn(id, course, () => {}), RangeError, "at least 4");
});

Deno.test("classes of one name are one class", async () => {
  const photos = await Deno.readFile(new URL("../../data/zoo/photos/network.safetensors", import.meta.url));
  const networks = new Networks();
  const { id, classes } = await networks.open(photos);
  const [all] = await (await load(photos)).predictBatch([plain(90)]);
  const { answers: [merged] } = await networks.ask(id, [plain(90)], 331);
  assertEquals([all!.length, classes.length, merged!.length], [331, 323, 323]);
  for (const { label, probability } of merged!) {
    const parts = all!.filter((one) => one.label === label).map((one) => one.probability);
    assertAlmostEquals(probability, parts.reduce((sum, part) => sum + part), 1e-12);
  }
});
