import { assertEquals } from "@std/assert";
import { listZoo, pretrain, PRETRAIN_DEFAULTS, Session, showZooEntry } from "../../src/pipelines/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runTransfer, TINY } from "./_runs.ts";

Deno.test("pretrain() writes a zoo entry from which a transfer starts", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [data, zoo] = [`${folder}/few-digits`, `${folder}/zoo`];
    await writeDigits(data);
    const configuration = { ...PRETRAIN_DEFAULTS, ...TINY, data, zoo, name: "few", epochs: 1 };
    {
      const options = {
        command: "pretrain",
        out: `${folder}/run`,
        configuration,
        build: "strict",
        threads: 1,
      } as const;
      await using session = await Session.start(options);
      const { card } = await pretrain(session, configuration);
      assertEquals(card.sources[0]!.name, "few-digits");
    }
    assertEquals((await listZoo(zoo)).map(({ name }) => name), ["few"]);
    assertEquals((await showZooEntry("few", zoo)).space.cells, TINY.cells);
    const result = await runTransfer(`${folder}/grafted`, { target: data, source: "few", zoo });
    assertEquals(result.curve.length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
