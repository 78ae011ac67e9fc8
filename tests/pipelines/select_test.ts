import { assert, assertEquals, assertRejects } from "@std/assert";
import { select } from "../../src/pipelines/mod.ts";
import { SELECT_DEFAULTS } from "../../src/zoo/mod.ts";
import { listZoo, signZooEntry } from "../../src/zoo/mod.ts";
import { inTwoZoo, unsign } from "./_zoo.ts";

Deno.test("select() ranks supernets by how near their data is, by either features and on any number of threads", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const options = { ...SELECT_DEFAULTS, target: data, zoo, build: "strict" } as const;
    for (const features of ["pixels", "supernet"] as const) {
      const found = await select({ ...options, features, threads: 1 });
      assertEquals(found.ranking.map(({ name }) => name), ["digits", "clothes"], features);
      assert(found.ranking[1]!.distance > 0);
      const distances = ({ ranking }: typeof found) => ranking.map(({ distance, closest }) => [distance, closest]);
      assertEquals(distances(await select({ ...options, features, threads: 2 })), distances(found));
    }
    const near = (await select({ ...options, images: 50 })).ranking[0]!;
    assertEquals(near.sources.map(({ name }) => name), ["few-digits"]);
    assert(near.closest.some(({ target, source }) => target === source), JSON.stringify(near.closest));

    await unsign(`${zoo}/digits`);
    const rest = await select(options);
    assertEquals([rest.ranking.map(({ name }) => name), rest.unsigned], [["clothes"], ["digits"]]);
    const sign = (...data: string[]) => signZooEntry("digits", { data, seed: 0, zoo });
    await assertRejects(() => sign(`${folder}/few-clothes`), RangeError, "holds other images, expected few-digits");
    await assertRejects(() => sign(), RangeError, "found 0 datasets, expected its 1");
    const card = await sign(`${folder}/few-digits`);
    assertEquals((await listZoo(zoo)).cards.find(({ name }) => name === "digits"), card);
    assertEquals((await select(options)).unsigned, []);
  }));
