import { assertEquals, assertRejects } from "@std/assert";
import { sizesOf } from "../../src/spaces/mod.ts";
import { openEntryNetwork } from "../../src/zoo/entry_network.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { listZoo, openSignatures, verifyZoo } from "../../src/zoo/mod.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { readModel } from "../../src/zoo/model_file.ts";
import { runTransfer } from "./_runs.ts";
import { runPretraining, writeSources } from "./_sources.ts";
import { inTwoZoo, runDerivation, runTraditional } from "./_zoo.ts";

Deno.test("deriveEntry() adds a trained network to an entry and leaves the rest of it alone", () =>
  inTwoZoo(async ({ folder, zoo, data: other }) => {
    const data = `${folder}/few-digits`;
    const entry = { name: "digits", zoo };
    const supernet = await Deno.readFile(`${zoo}/digits/supernet.safetensors`);
    const before = (await listZoo(zoo)).cards.find(({ name }) => name === "digits")!;
    const result = await runDerivation(`${folder}/run`, { entry, data });
    const { network, files, ...rest } = (await listZoo(zoo)).cards.find(({ name }) => name === "digits")!;
    const { files: filesBefore, ...restBefore } = before;
    assertEquals(rest, restBefore);
    assertEquals(Object.keys(files), [...Object.keys(filesBefore), "network.safetensors"]);
    assertEquals(await Deno.readFile(`${zoo}/digits/supernet.safetensors`), supernet);
    assertEquals((await openSignatures("digits", zoo))!.length, 1);
    const { testAccuracy, parameters, macs } = result;
    assertEquals([network!.testAccuracy, network!.parameters, network!.macs], [testAccuracy, parameters, macs]);
    assertEquals([network!.sources, network!.epochs, network!.channels], [["few-digits"], 1, 4]);
    assertEquals(network!.recipe.inherit, "weights");
    const model = await openEntryNetwork("digits", zoo);
    assertEquals([model.entry, model.genotype, model.space.classes], ["digits", result.genotype, 10]);
    assertEquals(
      await Deno.readFile(`${zoo}/digits/network.safetensors`),
      await Deno.readFile(`${folder}/run/network.safetensors`),
    );

    // Wider than the supernet: nothing to inherit; the network of before is replaced.
    const wide = await runDerivation(`${folder}/wide`, { entry, data, sizes: { channels: 6 } });
    assertEquals([wide.card.network!.channels, wide.card.network!.recipe.inherit], [6, "none"]);
    assertEquals(sizesOf((await openEntryNetwork("digits", zoo)).space).channels, 6);

    const foreign = () => runDerivation(`${folder}/foreign`, { entry, data: other });
    await assertRejects(foreign, RangeError, "holds other images, expected few-digits");
    const few = () => runDerivation(`${folder}/few`, { entry, data, sharing: { imagesPerEpoch: 10 } });
    await assertRejects(few, RangeError, "it has a single dataset");
    const path = `${zoo}/digits/card.json`;
    const card = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...card, sources: [...card.sources, ...card.sources] }));
    const several = () => runDerivation(`${folder}/several`, { entry, data });
    await assertRejects(several, RangeError, "found 1 datasets, expected its 2");
  }));

Deno.test("deriveEntry() goes on after an interruption to the same network", () =>
  inTwoZoo(async ({ folder, zoo }) => {
    const options = { entry: { name: "digits", zoo }, data: `${folder}/few-digits` };
    let steps = 0;
    const session: Partial<SessionOptions> = {
      onEvent: ({ type }) => void (steps += Number(type === "step")),
      interrupt: {
        get requested() {
          return steps === 3;
        },
      },
    };
    await assertRejects(() => runDerivation(`${folder}/stopped`, options, session), Interrupted);
    assertEquals((await listZoo(zoo)).cards.every(({ network }) => network === undefined), true);
    await runDerivation(`${folder}/stopped`, options, { resume: true });
    const resumed = await Deno.readFile(`${zoo}/digits/network.safetensors`);
    await runDerivation(`${folder}/whole`, options);
    assertEquals(await Deno.readFile(`${zoo}/digits/network.safetensors`), resumed);
  }));

Deno.test("deriveEntry() trains the network of several datasets together, and traditional transfer starts from it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [{ digits, hands }, zoo] = [await writeSources(folder), `${folder}/zoo`];
    await runPretraining(`${folder}/pretrained`, {
      data: `${digits},${hands}`,
      entry: { zoo },
      search: { epochs: 1 },
    });
    const entry = { name: "joint", zoo };
    const options = { entry, data: `${digits},${hands}`, sharing: { imagesPerEpoch: 48 } };
    const result = await runDerivation(`${folder}/derived`, options);
    const network = await Deno.readFile(`${zoo}/joint/network.safetensors`);
    const { sources, recipe } = result.card.network!;
    assertEquals(sources, ["few-digits", "few-hands"]);
    assertEquals([recipe.sampling, recipe.imagesPerEpoch], ["balanced", 48]);
    // The mean of the shares of 20 and 20 test images.
    assertEquals(Number.isInteger(Math.round(400 * (result.testAccuracy as number)) / 10), true);
    const model = await openEntryNetwork("joint", zoo);
    assertEquals([model.classes.length, model.space.inputChannels, model.data], [20, 3, "few-digits,few-hands"]);
    assertEquals((await verifyZoo(undefined, zoo)).map(({ isSound }) => isSound), [true]);

    await runDerivation(`${folder}/again`, options, { threads: 3 });
    assertEquals(await Deno.readFile(`${zoo}/joint/network.safetensors`), network);
    const turned = { ...options, data: `${hands},${digits}` };
    await assertRejects(() => runDerivation(`${folder}/turned`, turned), RangeError, "holds other images");

    const onward = await runTraditional(`${folder}/onward`, { target: hands, source: entry });
    assertEquals(onward.genotype, result.genotype);

    // With alpha at rest the architecture stays the entry's, and the network starts with the entry's weights.
    const still = {
      target: hands,
      source: entry,
      search: { epochs: 1, alphaLearningRate: 0 },
      training: { learningRate: 0, inherit: "network" },
    } as const;
    const grown = await runTransfer(`${folder}/grown`, still);
    assertEquals(grown.genotype, result.genotype);
    const { state } = await readModel(`${folder}/grown`);
    for (const [name, { data }] of model.state) {
      if (/weight$|bias$/.test(name) && !name.startsWith("classifier.")) {
        assertEquals(state.get(name)!.data, data, name);
      }
    }
    await runDerivation(`${folder}/wide`, { ...options, sizes: { channels: 6 } });
    const wide = () => runTransfer(`${folder}/grown-wide`, still);
    await assertRejects(wide, RangeError, "it has 6 channels, expected 4");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
