import { assert, assertEquals, assertRejects } from "@std/assert";
import { chooseSource } from "../../src/stages/choose_source.ts";
import { RunError } from "../../src/run/mod.ts";
import { runTransfer } from "../pipelines/_runs.ts";
import { inTwoZoo, unsign } from "../pipelines/_zoo.ts";
import { startSession } from "./_session.ts";

Deno.test("transfer() starts from the nearest supernet or from one by the seed, and says which", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const auto = await runTransfer(`${folder}/auto`, { target: data, source: { name: "auto", zoo } });
    assertEquals([auto.source, auto.sourceChoice], ["digits", "auto"]);
    assertEquals((auto.sourceRanking as { name: string }[]).map(({ name }) => name), ["digits", "clothes"]);
    const given = await runTransfer(`${folder}/given`, { target: data, source: { name: "digits", zoo } });
    assertEquals([given.source, given.sourceChoice, given.sourceRanking], ["digits", "given", undefined]);
    assertEquals([auto.genotype, auto.testLoss], [given.genotype, given.testLoss]);

    const choose = async (seed: number, source: string, resume = false) => {
      const options = { target: data, source: { name: source, zoo }, seed };
      const out = `${folder}/${source}-${seed}`;
      await using session = await startSession("transfer", out, { configuration: options, resume });
      const before = session.seconds();
      const choice = await chooseSource(session, options);
      // A choice takes its seconds even when it was made by a process that was killed before its first checkpoint.
      assert(session.seconds() - before >= (choice.sourceSeconds ?? 0) - 0.001);
      return choice;
    };
    const drawn = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((seed) => choose(seed, "random")));
    assertEquals(new Set(drawn.map(({ source }) => source)), new Set(["digits", "clothes"]));
    assertEquals(new Set(drawn.map(({ sourceChoice }) => sourceChoice)), new Set(["random"]));

    const single = await choose(8, "single");
    assertEquals([single.source, single.sourceChoice, single.sourceRanking?.length], ["digits", "single", 2]);
    const chosen = await choose(9, "auto");
    await unsign(`${zoo}/digits`);
    assertEquals(await choose(9, "auto", true), chosen, "a resumed run goes on with its choice");
    assertEquals((await choose(10, "auto")).source, "clothes");
    const path = `${zoo}/clothes/card.json`;
    const card = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...card, sources: [...card.sources, ...card.sources] }));
    await assertRejects(() => choose(10, "single"), RunError, "and a single dataset");
    await Deno.writeTextFile(path, JSON.stringify(card));
    await unsign(`${zoo}/clothes`);
    await assertRejects(() => choose(11, "auto"), RunError, "found 2 entries without a signature");
    await Deno.remove(zoo, { recursive: true });
    await assertRejects(() => choose(12, "random"), RunError, "found no entry");
  }));
