import { assert, assertAlmostEquals } from "@std/assert";
import { firstIndices } from "../../src/batches/mod.ts";
import { openDataset } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";
import { decodeSignatures, encodeSignatures, measureSource, openEmbedder, signDataset } from "../../src/zoo/mod.ts";
import { readFixture } from "../kernels/_fixtures.ts";

interface Description {
  images: Record<string, number>;
  cases: { target: string; source: string; distance: number }[];
}

const { description: { images, cases }, arrays } = await readFixture<Description>("signature");

for (const build of ["strict", "relaxed", "single"] as const) {
  Deno.test(`select's distance agrees with PyTorch and POT from pictures to signature and from signature to distance (${build})`, async () => {
    const engine = await Engine.start({ build, threads: 1 });
    using embedder = await openEmbedder(engine);
    const sign = async (name: string) => signDataset(embedder, await openDataset(name), firstIndices(images[name]!));
    for (const [name, { data }] of arrays) {
      const { features } = await sign(name);
      assert(data.length === 20 * 128);
      for (let at = 0; at < data.length; at++) assertAlmostEquals(features[at]!, data[at]!, 1e-5, `${name}, ${at}`);
    }
    for (const { target, source, distance } of cases) {
      const signatures = decodeSignatures(encodeSignatures([await sign(source)]), { file: "x" });
      const found = measureSource(engine, await sign(target), { name: source, side: 32, signatures });
      assertAlmostEquals(found.distance, distance, 0.001 * distance);
    }
    engine.close();
  });
}
