import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { verifyZoo } from "../../src/zoo/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { inTwoZoo, runDerivation } from "../pipelines/_zoo.ts";

Deno.test("verifyZoo() finds whole entries sound, and says in one line what is wrong with others", () =>
  inTwoZoo(async ({ folder, zoo }) => {
    await runDerivation(`${folder}/run`, {
      entry: { name: "digits", zoo },
      data: `${folder}/few-digits`,
    });
    const sound = await verifyZoo(undefined, zoo);
    assertEquals(sound.map(({ name, isSound }) => [name, isSound]), [["clothes", true], ["digits", true]]);
    assertEquals(sound[1]!.files, ["supernet.safetensors", "signature.safetensors", "network.safetensors"]);
    assertEquals(await verifyZoo("digits", zoo), [sound[1]!]);
    assertEquals((await verifyZoo(`${zoo}/digits`)).map(({ isSound }) => isSound), [true]);

    const path = `${zoo}/digits`;
    const contents = new Map<string, Uint8Array>();
    for (const { name } of Deno.readDirSync(path)) contents.set(name, await Deno.readFile(`${path}/${name}`));
    const card = JSON.parse(new TextDecoder().decode(contents.get("card.json")));
    /** What is said of the entry after a change to its folder, which is mended afterwards. */
    const afterwards = async (change: () => Promise<void>) => {
      await change();
      const [clothes, digits] = await verifyZoo(undefined, zoo);
      assertEquals([clothes!.isSound, digits!.isSound], [true, false]);
      await Deno.remove(path, { recursive: true });
      await Deno.mkdir(path);
      for (const [name, bytes] of contents) await Deno.writeFile(`${path}/${name}`, bytes);
      assert(!digits!.problem!.includes("\n"));
      return digits!.problem!;
    };
    const writeCard = (properties: object) =>
      Deno.writeTextFile(`${path}/card.json`, JSON.stringify({ ...card, ...properties }));
    for (const [name, bytes] of contents) {
      const missing = await afterwards(() => Deno.remove(`${path}/${name}`));
      assertStringIncludes(missing, `Cannot read ${path}/${name}: found no such file`);
      const cut = await afterwards(() => Deno.writeFile(`${path}/${name}`, bytes.subarray(0, bytes.length - 9)));
      assertStringIncludes(cut, `Cannot read ${path}/${name}: `);
      if (name === "card.json") continue;
      const changed = bytes.slice();
      changed[changed.length - 3]! ^= 4;
      const corrupted = await afterwards(() => Deno.writeFile(`${path}/${name}`, changed));
      if (name === "README.md") {
        assertStringIncludes(corrupted, `Cannot read ${path}/${name}: it is not what the card says`);
        continue;
      }
      assertStringIncludes(corrupted, `Cannot read ${path}/${name}: checksum is`);
    }
    const cases: [change: () => Promise<void>, words: string][] = [
      [() => writeCard({ name: "other" }), "name is other, expected digits as the folder"],
      [() => writeCard({ sources: [] }), "sources is [], expected at least one"],
      [
        () => writeCard({ space: { ...card.space, channels: 5 } }),
        "stem.0.weight has shape [12, 1, 3, 3], expected [15",
      ],
      [() => writeCard({ network: undefined }), "network is missing, expected it beside network.safetensors"],
      [() => writeCard({ network: { ...card.network, channels: 5 } }), "it has 4 channels, expected 5 as on the card"],
      [
        () => writeCard({ network: { ...card.network, sources: [] } }),
        "10 classes apart, expected the 0 of its sources",
      ],
      [
        () => writeCard({ sources: [{ ...card.sources[0], name: "others" }] }),
        "it signs few-digits of 10 classes, expected others of 10 classes as on the card",
      ],
      [
        () => writeCard({ sources: [{ ...card.sources[0], licence: "CC BY-NC 4.0" }] }),
        "card.json: terms are not those of the licences",
      ],
      [
        () => writeCard({ metrics: { ...card.metrics, validAccuracy: 1 } }),
        "README.md: it is not what the card says, expected it anew",
      ],
      [() => Deno.writeTextFile(`${path}/notes.txt`, "x"), "notes.txt: the card does not list it"],
      [
        () => writeCard({ files: { ...card.files, "network.safetensors": undefined } }),
        "files lacks network.safetensors, expected it beside network",
      ],
    ];
    for (const [change, words] of cases) assertStringIncludes(await afterwards(change), words);

    // An entry of before there were terms and model cards.
    const { terms: _, ...former } = card;
    for (const source of former.sources) delete source.terms;
    await Deno.writeTextFile(`${path}/card.json`, JSON.stringify(former));
    await Deno.remove(`${path}/README.md`);
    assertEquals((await verifyZoo("digits", zoo)).map(({ isSound }) => isSound), [true]);

    await Deno.mkdir(`${zoo}/empty`);
    const empty = (await verifyZoo(undefined, zoo)).find(({ name }) => name === "empty")!;
    assertStringIncludes(empty.problem!, `Cannot read ${zoo}/empty/card.json: found no such file`);
    await assertRejects(() => verifyZoo(undefined, `${folder}/absent`), RunError, "found no entry");
  }));
