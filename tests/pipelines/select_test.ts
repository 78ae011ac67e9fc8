import { assert, assertEquals, assertRejects } from "@std/assert";
import { select } from "../../src/pipelines/mod.ts";
import { SELECT_DEFAULTS } from "../../src/zoo/mod.ts";
import { listZoo, signZooEntry } from "../../src/zoo/mod.ts";
import type { PipelineEvent } from "../../src/stages/mod.ts";
import { runTransfer } from "./_runs.ts";
import { inTwoZoo, unsign } from "./_zoo.ts";

Deno.test("select() ranks supernets by how near their data is, on any number of threads", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const options = { ...SELECT_DEFAULTS, target: data, zoo, build: "strict" } as const;
    const found = await select({ ...options, threads: 1 });
    assertEquals(found.ranking.map(({ name }) => name), ["digits", "clothes"]);
    assert(found.ranking[1]!.distance > 0);
    const distances = ({ ranking }: typeof found) => ranking.map(({ distance, closest }) => [distance, closest]);
    assertEquals(distances(await select({ ...options, threads: 2 })), distances(found));
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

    // What is broken is a line; the others are ranked.
    await Deno.mkdir(`${zoo}/notes`);
    const path = `${zoo}/digits/signature.safetensors`;
    const signature = await Deno.readFile(path);
    signature[signature.length - 1]! ^= 1;
    await Deno.writeFile(path, signature);
    const { ranking, problems } = await select(options);
    assertEquals(ranking.map(({ name }) => name), ["clothes"]);
    assertEquals(problems.length, 2);
    assert(problems[0]!.startsWith(`Left out: Cannot read ${zoo}/notes/card.json: found no such file`), problems[0]);
    assert(problems[1]!.startsWith(`Left out: Cannot read ${path}: checksum is`), problems[1]);
    const told: string[] = [];
    const onEvent = (event: PipelineEvent) => void (event.type === "stage" && told.push(event.text));
    const chosen = await runTransfer(`${folder}/auto`, { target: data, source: { name: "auto", zoo } }, { onEvent });
    assertEquals(chosen.source, "clothes");
    assertEquals(told.filter((text) => text.startsWith("Left out")), problems);
  }));
