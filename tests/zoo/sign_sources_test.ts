import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { describeSources, sampleSignature, signSources } from "../../src/zoo/sign_sources.ts";
import { withEngine } from "../engine/_tiny.ts";
import { inDigits } from "../pipelines/_folder.ts";

Deno.test("sampleSignature() takes as many images of each class, by the seed", () =>
  withEngine(async (engine) => {
    const digits = await openDataset("uci-digits");
    const found = sampleSignature(engine, digits, { images: 50, seed: 3 });
    for (let label = 0; label < 10; label++) assertEquals(found.labels.filter((other) => other === label).length, 5);
    assertEquals(sampleSignature(engine, digits, { images: 50, seed: 3 }), found);
    assertNotEquals(sampleSignature(engine, digits, { images: 50, seed: 4 }).pixels, found.pixels);
  }));

Deno.test("signSources() takes as many images of each dataset as of one alone, as far as it has them", () =>
  withEngine((engine) =>
    inDigits(async (_, data) => {
      const datasets = [await openDataset("uci-digits"), await openDataset(data)];
      const found = signSources(engine, datasets, 0);
      assertEquals(found.map(({ name, labels }) => [name, labels.length]), [["uci-digits", 500], ["few-digits", 96]]);
      assert(found.every(({ pixels, labels }) => pixels.length === labels.length * 784));
    })
  ));

Deno.test("describeSources() says of each dataset what a card keeps, in their order", async () => {
  const digits = await openDataset("uci-digits");
  const [source] = describeSources([digits], [{ mean: [0.25], std: [0.5] }]);
  const { name, classes, source: origin, licence, fingerprint } = digits;
  assertEquals(source, { name, classes, origin, licence, fingerprint, mean: [0.25], std: [0.5] });
});
