import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openDataset, pixelsInMemory } from "../../src/data/mod.ts";
import { openEmbedder } from "../../src/zoo/embedding.ts";
import { describeSources, sampleSignature, signDataset, signSources } from "../../src/zoo/sign_sources.ts";
import { withEngine } from "../engine/_tiny.ts";
import { inDigits } from "../pipelines/_folder.ts";

Deno.test("signDataset() embeds the chosen images, grey ones as their colour replicas, of any size", () =>
  withEngine(async (engine) => {
    using embedder = await openEmbedder(engine);
    const digits = await openDataset("uci-digits");
    const chosen = Uint32Array.of(4, 2, 9);
    const found = signDataset(embedder, digits, chosen);
    const labels = Uint8Array.from(chosen, (image) => digits.train.labels[image]!);
    assertEquals([found.name, found.classes, found.labels], ["uci-digits", digits.classes, labels]);
    const size = digits.height * digits.width;
    const colours = Uint8Array.from(
      { length: 10 * size * 3 },
      (_, at) => digits.train.pixels.read(Math.floor(at / 3), Math.floor(at / 3) + 1)[0]!,
    );
    const train = { pixels: pixelsInMemory(colours), labels: digits.train.labels };
    assertEquals(signDataset(embedder, { ...digits, channels: 3, train }, chosen), found);
    const other = signDataset(embedder, digits, Uint32Array.of(4, 3, 9));
    assertNotEquals(other.features.slice(128, 256), found.features.slice(128, 256));
  }));

Deno.test("sampleSignature() takes as many images of each class, by the seed", () =>
  withEngine(async (engine) => {
    using embedder = await openEmbedder(engine);
    const digits = await openDataset("uci-digits");
    const found = sampleSignature(embedder, digits, { images: 50, seed: 3 });
    for (let label = 0; label < 10; label++) assertEquals(found.labels.filter((other) => other === label).length, 5);
    assertEquals(sampleSignature(embedder, digits, { images: 50, seed: 3 }), found);
    assertNotEquals(sampleSignature(embedder, digits, { images: 50, seed: 4 }).features, found.features);
  }));

Deno.test("signSources() takes as many images of each dataset as of one alone, as far as it has them", () =>
  withEngine((engine) =>
    inDigits(async (_, data) => {
      const datasets = [await openDataset("uci-digits"), await openDataset(data)];
      const found = await signSources(engine, datasets, 0);
      assertEquals(found.map(({ name, labels }) => [name, labels.length]), [["uci-digits", 500], ["few-digits", 96]]);
      assert(found.every(({ features, labels }) => features.length === labels.length * 128));
    })
  ));

Deno.test("describeSources() says of each dataset what a card keeps, in their order", async () => {
  const digits = await openDataset("uci-digits");
  const [source] = describeSources([digits], [{ mean: [0.25], std: [0.5] }]);
  const { name, classes, source: origin, licence, fingerprint } = digits;
  assertEquals(source, { name, classes, origin, licence, fingerprint, mean: [0.25], std: [0.5] });
});
