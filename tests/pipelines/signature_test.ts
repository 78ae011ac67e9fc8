import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { sampleSignature, signSources } from "../../src/pipelines/signature.ts";
import { withEngine } from "../engine/_tiny.ts";
import { inDigits } from "./_folder.ts";

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
