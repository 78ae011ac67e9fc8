import { assertEquals, assertRejects } from "@std/assert";
import { sizesOf } from "../../src/spaces/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { FormatError } from "../../src/formats/mod.ts";
import { listZoo } from "../../src/zoo/entry.ts";
import { openSource, openSupernet } from "../../src/zoo/source.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch } from "../pipelines/_runs.ts";

Deno.test("openSource() opens the supernet of a run, and refuses one that is cut", () =>
  inDigits(async (folder, data) => {
    const run = `${folder}/run`;
    await runSearch(run, { data });
    const { name, supernet } = await openSource(run);
    assertEquals([name, supernet.method.name, sizesOf(supernet.space).cells], [run, "darts", 3]);
    assertEquals([...supernet.state.keys()].some((tensor) => tensor.startsWith("alpha")), false);

    const file = `${run}/supernet.safetensors`;
    const bytes = await Deno.readFile(file);
    for (let length = 0; length < bytes.length; length += 1024) {
      await Deno.writeFile(file, bytes.subarray(0, length));
      await assertRejects(() => openSource(run), FormatError, file);
    }
    await assertRejects(() => openSupernet(data), RunError, "supernet.safetensors");
    assertEquals(await listZoo(`${folder}/no-zoo`), { cards: [], problems: [] });
  }));
